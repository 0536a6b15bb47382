"""The fifteen indicators: subjects for whom each holds or may hold, and whom no exclusion silences."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from twin.bounds import UNKNOWN, Span, earlier, either, exact, later, verdict
from twin.lake import Lake
from twin.settings import Settings
from twin.sources import first_of, serial

HEATING = "取暖补贴"
DEPARTMENT = "民政"


def _rows(
    kind: str, indicator: str, verdict_of: pl.Expr, subjects: pl.LazyFrame, silenced: pl.Expr | None = None
) -> pl.LazyFrame:
    """Yes and unknown rows of one indicator; a proven exclusion silences, an unknown one does not."""
    kept = subjects.with_columns(verdict=verdict_of).filter(pl.col("verdict").ne_missing(other=False))
    if silenced is not None:
        kept = kept.filter(silenced.ne_missing(other=True))
    key = pl.col(f"{kind}_key").alias("subject_key")
    return kept.select(pl.lit(kind).alias("subject_kind"), key, pl.lit(indicator).alias("indicator"), "verdict")


def of_persons(people: pl.LazyFrame, homes: pl.LazyFrame, settings: Settings) -> list[pl.LazyFrame]:
    """The indicators about persons. `homes` are the households' words."""
    col, under = pl.col, settings.under
    line = settings.number("stay_line")
    stays = Span(col("stay_paid"), col("stay_paid_hi")) > line
    rigid_days = settings.whole("rigid_prompt_days")
    served = UNKNOWN if rigid_days is None else col("rigid_since") <= settings.at - timedelta(days=rigid_days)
    expiring = col("rigid") & served & under(col("rigid_since"), "rigid_valid_months")
    supported = col("dibao") | col("tekun")
    alone = col("minor") | col("in_work") | col("own_income_over") | col("own_over")
    with_home = people.join(
        homes.select("home", "some_dependant", "some_on_any", "some_on_four", "surely_not_rigid", "surely_not_margin"),
        on="home",
    )
    return [
        _rows("person", "eligible.costly_stay", stays, with_home, col("some_on_any") | col("surely_not_rigid")),
        _rows("person", "eligible.new_illness", col("fresh_ill"), with_home, col("some_on_four") | col("surely_not_rigid")),
        _rows("person", "eligible.earner_jobless", col("fresh_jobless") & col("some_dependant"), with_home,
              col("some_on_four") | col("surely_not_margin")),
        _rows("person", "eligible.severe_unregistered", col("severe") & ~col("minor"), with_home,
              col("some_on_any") | (col("surely_not_margin") & alone)),
        _rows("person", "eligible.unsupported_child", col("unraised"), people, col("on_child")),
        _rows("person", "ineligible.dead", col("on_any") & col("death_recorded") & col("dead"), people),
        _rows("person", "ineligible.two_places", supported & (col("many_places") | col("elsewhere")), people),
        _rows("person", "ineligible.rigid_expiring", expiring, people),
        _rows("person", "supervision.kin_undeclared", col("on_any") & col("staff_kin") & col("undeclared"), people),
        _living_allowance(people, settings),
    ]  # fmt: skip


def of_households(people: pl.LazyFrame, homes: pl.LazyFrame, lake: Lake, settings: Settings) -> list[pl.LazyFrame]:
    """The indicators about households."""
    col = pl.col
    hardships = (
        col("some_ill") | col("heavy_medical"), col("some_severe"), col("some_fresh_jobless"), col("some_student"),
        col("some_hit"), col("some_dangerous"),
    )  # fmt: skip
    count = Span(
        pl.sum_horizontal(one.fill_null(value=False).cast(pl.Int64) for one in hardships),
        pl.sum_horizontal(one.fill_null(value=True).cast(pl.Int64) for one in hardships),
    )
    paid = Span(col("self_paid"), col("self_paid_hi")) > settings.number("medical_line_outside")
    not_rigid, not_margin = col("surely_not_rigid"), col("surely_not_margin")
    return [
        _rows("household", "eligible.self_paid", paid, homes, col("some_on_any") | not_rigid),
        _rows("household", "eligible.parent_died", col("some_lost_parent"), homes, col("some_on_four") | not_margin),
        _rows("household", "complex.many_hardships", count >= settings.number("hardship_count"), homes, not_rigid),
        _new_hardship(people, homes),
        _heating(people, homes, lake, settings),
    ]


def _living_allowance(people: pl.LazyFrame, settings: Settings) -> pl.LazyFrame:
    """Due since both the enrolment and the certificate; who is 特困 or on a child's benefit has another."""
    col, at = pl.col, pl.lit(settings.at)
    due = settings.due_by("monthly_due_day", "monthly_grace_days")
    ground = col("dibao") & col("card") & ~col("tekun") & ~col("orphan") & ~col("unsupported")
    starts = [
        pl.when(held).then(since).when(~held).then(at)
        for held, since in ((col("dibao"), col("dibao_since")), (col("card"), col("issued")))
    ]
    latest = pl.max_horizontal(starts)  # skips what is not known: a floor of the later of the two
    both = starts[0].is_not_null() & starts[1].is_not_null()
    begun = UNKNOWN if due is None else verdict(both & (latest <= due), latest > due)
    missing = ground & begun & ~col("living")
    return _rows("person", "unfulfilled.living_allowance", missing, people)


def _new_hardship(people: pl.LazyFrame, homes: pl.LazyFrame) -> pl.LazyFrame:
    """Enrolled households with a new hardship, unless temporary aid came no earlier than the latest of it."""
    col = pl.col
    birth = exact(col("birth"))

    def since(word: str, day: str) -> Span:
        return either(col(word), exact(col(day)), birth)

    last = later(
        since("fresh_ill", "diagnosed"), later(since("fresh_severe", "issued"), since("destroyed", "disaster_date"))
    )
    aided = pl.when("aid_recorded").then("last_aid").otherwise("birth")
    struck = homes.with_columns(when=col("some_on_four") & col("some_fresh_hardship")).filter(
        col("when").ne_missing(other=False)
    )
    latest = (
        people.join(struck.select("home"), on="home", how="semi")
        .filter("possible")
        .select("home", "core", aided=aided, last=last.hi)
        .group_by("home")
        .agg(
            aid=col("aided").filter("core").max(),
            last=pl.when(col("last").is_not_null().all() & col("core").any()).then(col("last").max()),
        )
    )
    told = struck.join(latest, on="home", how="left")
    return _rows(
        "household",
        "eligible.enrolled_new_hardship",
        col("when"),
        told,
        col("some_aid_recorded") & (col("aid") >= col("last")),
    )


def _heating(people: pl.LazyFrame, homes: pl.LazyFrame, lake: Lake, settings: Settings) -> pl.LazyFrame:
    """One subsidy per household and season: due when somebody's enrolment began before it, received by any member."""
    col, at = pl.col, pl.lit(settings.at)
    due = settings.due_by("heating_season_from", "heating_wait_days")
    scattered = col("tekun") & col("scattered")
    on_dibao = pl.when("dibao").then("dibao_since").when(~col("dibao")).then(at)
    on_tekun = either(scattered, exact(col("tekun_since")), exact(at))
    start = earlier(exact(on_dibao), on_tekun)
    entitled = homes.filter(col("some_on_benefit").ne_missing(other=False))
    told = (
        people.join(entitled.select("home"), on="home", how="semi")
        .select("home", "core", "possible", "heated", "aid_doubted", lo=start.lo, hi=start.hi)
        .group_by("home")
        .agg(
            start_lo=pl.when(
                col("core").any() & (col("lo").is_not_null() | ~col("possible")).all()
            ).then(col("lo").filter("possible").min()),
            start_hi=col("hi").filter("core").min(),
            heated=col("heated").max(),
            aid_doubted=col("aid_doubted").any(),
        )
    )  # fmt: skip
    subjects = entitled.join(told, on="home")
    if due is None:
        return _rows("household", "unfulfilled.heating", col("some_on_benefit") & UNKNOWN, subjects)
    begun = verdict(col("start_hi") <= due, col("start_lo") > due)
    silence = pl.lit(value=False) if _reported(lake, due) else UNKNOWN
    received = pl.when("aid_doubted").then(UNKNOWN).when(col("heated") >= due).then(statement=True).otherwise(silence)
    return _rows("household", "unfulfilled.heating", col("some_on_benefit") & begun & ~received, subjects)


def _reported(lake: Lake, due: date) -> bool:
    """May silence mean 'not paid'? The feed is fresh, no month since is missing, somebody's payment was reported since."""
    source = lake.sources["assistance"]
    rows, whole = source.coverage, source.whole
    if len(whole) != 1 or not whole[0].fresh or not whole[0].months:
        return False
    by_programme = [row for row in rows if row.scope.programme is not None]
    spoke = [
        row.last_period
        for row in by_programme or [row for row in rows if row.scope.department is not None]
        if row.last_period and (row.scope.programme == HEATING or (row.scope.department or "").startswith(DEPARTMENT))
    ]
    if not spoke:
        return False
    months = {serial(month) for month in whole[0].months}
    since = due.year * 12 + due.month - 1
    return months.issuperset(range(since, max(months) + 1)) and due < first_of(max(map(serial, spoke)) + 1)
