"""生计：谁上学，谁上班，谁领养老金，收入多少。

Grain: one person. `job` 单位职工 / 灵活就业 / 公益性岗位 / 财政供养, null = none on record; `wage_fen` a month;
`job_from`, `job_until` month numbers (null = open); `stage` of schooling; `pension` scheme and `pension_fen` a month.
"""

import polars as pl

from doudi.demo.draw import Draw
from doudi.demo.months import Window, date_in

__all__ = ["with_livings"]

_no, _age = pl.col.no, pl.col.age


def with_livings(draw: Draw, window: Window, people: pl.DataFrame) -> pl.DataFrame:
    """Adds the columns named above, `jobless_since` (date, null = not registered) and `prisoner_since`."""
    span = window.last - window.opening + 1
    lost = draw.chance(9000, "job.lost", _no)
    hired = draw.chance(30_000, "job.new", _no)
    return (
        people.with_columns(stage=_stage(draw))
        .with_columns(job=_job(draw))
        .with_columns(
            wage_fen=_wage(draw),
            job_from=pl.when(hired).then(window.opening + draw.below(span, "job.from", _no)),
            job_until=pl.when(lost & ~hired).then(window.opening + draw.below(span, "job.until", _no)),
            pension=_pension(draw),
        )
        .with_columns(
            pension_fen=_pension_fen(draw), jobless_since=_jobless(draw), prisoner_since=_prison(draw, window)
        )
    )


def _stage(draw: Draw) -> pl.Expr:
    lot = draw.below(100, "stage", _no)
    return (
        pl.when(pl.col.collective).then(None)
        .when(_age.is_between(3, 5) & (lot < 70)).then(pl.lit("学前"))
        .when(_age.is_between(6, 11)).then(pl.lit("小学"))
        .when(_age.is_between(12, 14)).then(pl.lit("初中"))
        .when(_age.is_between(15, 17) & (lot < 62)).then(pl.lit("高中"))
        .when(_age.is_between(15, 17) & (lot < 97)).then(pl.lit("中职"))
        .when(_age.is_between(18, 21) & (pl.col.relation != "户主") & (lot < 25)).then(pl.lit("大专"))
        .when(_age.is_between(18, 21) & (pl.col.relation != "户主") & (lot < 68)).then(pl.lit("本科"))
    )  # fmt: skip


def _job(draw: Draw) -> pl.Expr:
    """Work on record. On the rolls few have any: a public-welfare post, or the contributions of 灵活就业, which prove nothing."""
    lot = draw.below(1000, "job", _no)
    poor = pl.col.tier.is_not_null()
    able = _age.is_between(18, pl.when(pl.col.male).then(59).otherwise(54)) & pl.col.stage.is_null() & ~pl.col.severe
    staff = pl.when(pl.col.collective).then(900).when(pl.col.urban).then(660).otherwise(520)
    return (
        pl.when(~able).then(None)
        .when(poor & (lot < 70)).then(pl.lit("公益性岗位"))
        .when(poor & (lot < 160)).then(pl.lit("灵活就业"))
        .when(poor).then(None)
        .when(lot < 40).then(pl.lit("财政供养"))
        .when(lot < staff).then(pl.lit("单位职工"))
        .when(lot < staff + 130).then(pl.lit("灵活就业"))
    )  # fmt: skip


def _wage(draw: Draw) -> pl.Expr:
    """Fen a month: 4,500 and up with a long tail; a public-welfare post earns the least."""
    lot = draw.below(1000, "wage", _no)
    high = 450_000 + lot * lot * lot // 900 + lot * 150
    return (
        pl.when(pl.col.job == "公益性岗位").then(110_000).when(pl.col.job == "灵活就业").then(448_700).otherwise(high)
    )


def _pension(draw: Draw) -> pl.Expr:
    lot = draw.below(1000, "pension", _no)
    retired = _age >= pl.when(pl.col.male).then(60).otherwise(pl.when(pl.col.urban).then(55).otherwise(60))
    town = pl.col.urban & pl.col.tier.is_null()
    return (
        pl.when(~retired).then(None)
        .when(town & (lot < 90)).then(pl.lit("机关事业"))
        .when(town & (lot < 850)).then(pl.lit("职工"))
        .when(pl.col.tier.is_null() & (lot < 150)).then(pl.lit("职工"))
        .when(_age >= 60).then(pl.lit("居民"))
    )  # fmt: skip


def _pension_fen(draw: Draw) -> pl.Expr:
    lot = draw.below(1000, "pension.fen", _no)
    return (
        pl.when(pl.col.pension == "居民").then(19_800 + lot * 9)
        .when(pl.col.pension == "机关事业").then(420_000 + lot * 400)
        .when(pl.col.pension == "职工").then(260_000 + lot * 250)
    )  # fmt: skip


def _jobless(draw: Draw) -> pl.Expr:
    """Registered as jobless: the day after the job ended, and a few who lost theirs before the records begin."""
    month = date_in(pl.col.job_until, 1).dt.month_end()
    ended = month + pl.duration(days=draw.between(1, 20, "jobless.day", _no))
    lost = pl.col.job.is_in(["单位职工", "公益性岗位"]) & pl.col.job_until.is_not_null()
    return pl.when(lost).then(ended)


def _prison(draw: Draw, window: Window) -> pl.Expr:
    """Two in ten thousand adults, none of them on the rolls: who is, is planted."""
    held = draw.chance(200, "custody", _no) & _age.is_between(20, 60) & pl.col.tier.is_null()
    return pl.when(held).then(pl.lit(window.today) - pl.duration(days=draw.between(400, 1500, "custody.since", _no)))
