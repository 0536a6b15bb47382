"""The tiers of low income: 特困 and 单人保 of persons; 低保, 边缘, 刚性支出, 其他困难 and 防返贫 of households.

No register proves an income or a property to be low enough, so what a city's records can say is mostly no or unknown.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from twin.bounds import UNKNOWN, Span, most_times, verdict
from twin.floors import YEAR, disposable
from twin.settings import Settings


def _unless(proven: pl.Expr) -> pl.Expr:
    """No where the contrary is proven, else unknown."""
    return pl.when(proven).then(statement=False)


def obligors(settings: Settings) -> list[list[pl.Expr]]:
    """可作义务人: an adult who is neither without means himself nor excused from supporting others."""
    col = pl.col
    most = disposable(settings).hi
    comfortable = pl.lit(value=False) if most is None else col("income") >= most
    poor = _unless(comfortable | col("obligor_over"))
    incapable = (
        col("tekun")
        | (col("dibao") & ~col("under_60"))
        | (~col("under_70") & poor)
        | (col("severe_or_mental_three") & poor)
        | _unless(col("obligor_over"))
    )
    without_labour = ~col("under_60") | col("under_16") | col("tekun_card")
    enough = col("tekun_income") >= YEAR * col("tekun_std_hi")
    helpless = without_labour & _unless(enough | col("tekun_over"))
    return [
        [
            without_labour.alias("without_labour"),
            (~col("minor") & ~incapable & ~helpless).alias("able_obligor"),
        ]
    ]


def tekun(people: pl.LazyFrame) -> pl.LazyFrame:
    """符合特困, with the household's `able_lo` and `able_hi` beside the person."""
    col = pl.col
    himself = col("able_obligor") & col("counted")
    least, most = (himself.fill_null(value=unsure).cast(pl.Int64) for unsure in (False, True))
    another = verdict(col("able_lo") > most, col("able_hi") <= least)
    kept = col("tekun") & (col("under_18_kept") | (col("school") & col("keeps_tekun")))
    tests = (
        (col("without_labour") | kept)
        & _unless(col("tekun_income") >= YEAR * col("tekun_std_hi"))
        & _unless(col("tekun_over"))
        & _unless(another)
        & ~col("orphan")
        & ~col("unsupported")
        & ~col("death_recorded")
        & ~col("prison_recorded")
    )
    return people.with_columns(tests.alias("assessed_tekun"))


def household_words(settings: Settings) -> list[list[pl.Expr]]:
    """Lines, incomes and property of households: what is proven to be over, and what can still be under."""
    col = pl.col
    disp = disposable(settings)
    line_hi = most_times(YEAR * col("possible"), col("std_hi"))
    multiple = settings.ratio("margin_multiple")
    single = settings.ratio("single_household_multiple")
    deducted = settings.truth("hardship_deductible")
    hardship = pl.when(~deducted).then(0).otherwise("hardship_hi")
    disposable_hi = most_times(col("possible"), disp.hi)
    year = YEAR * col("running")
    share = settings.ratio("medical_share")
    paid = Span(col("self_paid"), col("self_paid_hi"))
    heavy = (
        pl.lit(None, dtype=pl.Boolean)
        if share is None
        else (disp * Span(col("core"), col("possible"))).times(share.numerator) < paid.times(share.denominator)
    )

    def reaches(amount: pl.Expr, ratio: Fraction | None, line: pl.Expr) -> pl.Expr:
        if ratio is None:
            return pl.lit(value=False)
        over: pl.Expr = amount * ratio.denominator >= line * ratio.numerator
        return over.fill_null(value=False)

    known = [
        line_hi.alias("line_hi"),
        disposable_hi.alias("disposable_hi"),
        (col("income") - hardship).fill_null(0).clip(lower_bound=0).alias("net_income"),
        hardship.alias("hardship"),
        heavy.alias("heavy_medical"),
        *_over(settings),
    ]
    lines = [
        (year - col("hardship")).alias("running_net"),
        (col("income") >= col("disposable_hi")).fill_null(value=False).alias("gross_over_disposable"),
        (year >= col("disposable_hi")).fill_null(value=False).alias("surely_over_disposable"),
        (col("net_income") >= col("line_hi")).fill_null(value=False).alias("net_over_dibao"),
        reaches(col("net_income"), multiple, col("line_hi")).alias("net_over_margin"),
        reaches(col("net_income"), single, col("line_hi")).alias("net_over_single"),
        (col("income") - col("deductible_hi") >= col("line_hi")).fill_null(value=False).alias("spent_over_dibao"),
        reaches(year - col("hardship"), multiple, col("line_hi")).alias("surely_over_margin"),
    ]
    return [known, lines]


def _over(settings: Settings) -> list[pl.Expr]:
    """Property that surely exceeds what the tier allows."""
    col = pl.col

    def beyond(amount: pl.Expr, limit: str) -> pl.Expr:
        most = settings.number(limit).hi
        return pl.lit(value=False) if most is None else (amount > most).fill_null(value=False)

    worth = settings.number("car_value_months").hi
    costly = (
        pl.lit(value=False)
        if worth is None
        else ((col("own_cars") >= 1) & (col("car_value") >= worth * col("std_hi"))).fill_null(value=False)
    )
    found = []
    for tier in ("dibao", "margin", "rigid"):
        months, capital = settings.number(f"{tier}_financial_months").hi, settings.number(f"{tier}_capital").hi
        rich = pl.lit(value=False)
        if months is not None:
            rich = (col("assets") > months * col("possible") * col("std_hi")).fill_null(value=False)
        owns = (
            rich
            | beyond(col("own_cars"), f"{tier}_cars")
            | beyond(col("homes"), f"{tier}_homes")
            | beyond(col("shops"), f"{tier}_shops")
            | (pl.lit(value=False) if capital is None else col("capital") >= capital)
        )
        found.append((owns if tier == "dibao" else owns | costly).alias(f"{tier}_property_over"))
    return found


def household_tiers(settings: Settings) -> list[list[pl.Expr]]:
    """The five tiers of households. `every_tekun` says whether all members are 特困: no, yes (nobody is there), unknown."""
    col = pl.col
    not_all = ~col("every_tekun")

    def fits(tier: str) -> pl.Expr:
        return pl.when(f"{tier}_property_over").then(statement=False).when("nobody").then(statement=True)

    dibao = (_unless(col("net_over_dibao")) & fits("dibao") & not_all) | (
        _unless(col("gross_over_disposable")) & _unless(col("spent_over_dibao")) & fits("dibao") & not_all
    )
    margin = _unless(col("net_over_margin")) & fits("margin") & not_all & ~col("assessed_dibao")
    rigid = (
        _unless(col("gross_over_disposable")) & UNKNOWN & fits("rigid") & not_all
        & ~col("assessed_dibao") & ~col("assessed_dibao_margin")
    )  # fmt: skip
    idle = (
        pl.when(col("may_work") == 0)
        .then(verdict(col("core") >= 1, col("possible") < 1))
        .when(col("possible") < 1)
        .then(statement=False)
    )
    # 重病 without a record is unknown of everybody who may count, so a household has none only when it has nobody.
    illness = pl.when(col("some_ill")).then(statement=True).when("nobody").then(statement=False)
    better = ~col("assessed_dibao") & ~col("assessed_dibao_margin") & ~col("assessed_rigid_expenditure")
    other = (
        settings.truth("other_hardship_open")
        & col("some_watched")
        & (illness | col("some_severe") | col("idle"))
        & better
    )
    line = settings.number("fanpin_line").hi
    outside = settings.number("medical_line_outside")
    risk = (
        illness | col("some_severe") | col("some_disaster_recorded") | col("idle")
        | (Span(col("self_paid"), col("self_paid_hi")) > outside)
    )  # fmt: skip
    fanpin_hi = most_times(col("possible"), line)
    low = _unless(col("net_income") >= fanpin_hi)
    sudden = _unless(col("net_income") - col("deductible_hi") >= fanpin_hi)
    return [
        [dibao.alias("assessed_dibao"), idle.alias("idle")],
        [margin.alias("assessed_dibao_margin")],
        [rigid.alias("assessed_rigid_expenditure")],
        [other.alias("assessed_other"), (~col("urban") & (low | sudden) & risk).alias("assessed_fanpin")],
    ]


def single(people: pl.LazyFrame) -> pl.LazyFrame:
    """符合单人保, with the household's `net_over_single`, `margin_property_over` and `assessed_dibao` beside the person."""
    col = pl.col
    ill = pl.when(col("ill")).then(statement=True)
    in_margin = (
        _unless(col("net_over_single")) & _unless(col("margin_property_over")) & col("counted")
        & (col("severe_or_mental_three") | ill)
    )  # fmt: skip
    alone = (
        ~col("minor") & ~col("in_work") & col("severe") & _unless(col("income") >= YEAR * col("std_hi"))
        & _unless(col("own_over")) & ~col("death_recorded") & ~col("custody_recorded")
    )  # fmt: skip
    better = ~col("assessed_tekun") & ~col("assessed_dibao")
    return people.with_columns(((in_margin | alone) & better).alias("assessed_single"))
