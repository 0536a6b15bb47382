"""困难：哪些户在册，哪些人病、残、亡。

Grain: one household's `tier` (null = not on any roll), then one person's illness, disability and death. About three in a
hundred households are on a roll; illness and disability gather where hardship is, since that is why they are on it.
"""

import polars as pl

from doudi.demo.draw import Draw
from doudi.demo.months import Window, month_of

__all__ = ["DISEASES", "with_health", "with_tiers"]

DISEASES = (
    "恶性肿瘤",
    "终末期肾病",
    "脑卒中后遗症",
    "冠心病介入治疗",
    "再生障碍性贫血",
    "器官移植抗排异",
    "重性精神疾病",
)
_KINDS = (
    ("肢体",) * 50 + ("听力",) * 16 + ("视力",) * 14 + ("智力",) * 9 + ("精神",) * 8 + ("言语",) * 1 + ("多重",) * 2
)

_no, _hh, _age = pl.col.no, pl.col.hh, pl.col.age


def with_tiers(draw: Draw, window: Window, households: pl.DataFrame) -> pl.DataFrame:
    """Adds `tier`, `overlay` (also 防返贫), `since` (date enrolled) and `leaves` (month of exit, null = none)."""
    alone_and_old = (pl.col.shape == 2) & ~pl.col.urban
    hard = pl.col.shape.is_in([1, 2, 11, 14])
    lot = draw.below(10_000, "hh.tier", _hh)
    dibao = pl.when(hard).then(330).otherwise(150)
    tier = (
        pl.when(pl.col.shape >= 15).then(None)
        .when(alone_and_old & (lot < 500)).then(pl.lit("特困"))
        .when(lot < dibao).then(pl.lit("低保"))
        .when(lot < dibao + 60).then(pl.lit("低保边缘"))
        .when((lot < dibao + 95) & (pl.col.size > 1)).then(pl.lit("单人保"))
        .when(lot < dibao + 120).then(pl.lit("刚性支出困难"))
        .when(lot < dibao + 140).then(pl.lit("其他困难"))
        .when((lot < dibao + 170) & ~pl.col.urban).then(pl.lit("防返贫"))
    )  # fmt: skip
    # 刚性支出困难 holds twelve months at most, so its people were all enrolled within the last ten.
    ago = (
        pl.when(pl.col.tier == "刚性支出困难")
        .then(draw.between(1, 9, "hh.since", _hh))
        .otherwise(draw.between(1, 70, "hh.since", _hh))
    )
    leaving = pl.col.tier.is_in(["低保", "低保边缘"]) & draw.chance(25_000, "hh.leaves", _hh) & (ago > 24)
    return households.with_columns(tier=tier).with_columns(
        overlay=(pl.col.tier == "防返贫")
        | ((pl.col.tier == "低保") & ~pl.col.urban & draw.chance(200_000, "hh.overlay", _hh)),
        since=pl.lit(window.today).dt.offset_by("-1mo").dt.month_start().dt.offset_by("-" + ago.cast(pl.String) + "mo"),
        leaves=pl.when(leaving).then(
            window.opening + draw.below(window.last - window.opening + 1, "hh.leaves.at", _hh)
        ),
    )


def with_health(draw: Draw, window: Window, people: pl.DataFrame) -> pl.DataFrame:
    """Adds `died`, `disease`, `ill_since`, `disability`, `grade`, `card_since` (null = no card), `severe`, `alone_since`.

    `alone_since` is the day on which a member of a 低保边缘 family was enrolled alone (单人保), null = never.
    """
    poor = pl.col.tier.is_not_null()
    return (
        people.with_columns(died=_death(draw, window))
        .with_columns(_illness(draw, window, poor))
        .with_columns(_disability(draw, poor))
        .with_columns(disability=pl.when(_kept_alone()).then(pl.lit("肢体")).otherwise(pl.col.disability))
        .with_columns(
            grade=_grade(draw, poor),
            card_since=pl.when(draw.chance(pl.when(poor).then(1_000_000).otherwise(400_000), "card", _no) & pl.col.disability.is_not_null())
            .then(_long_ago(draw, window, "card.since", 0, 110)),
        )
        .with_columns(severe=(pl.col.card_since.is_not_null() & pl.col.grade.is_in(["一级", "二级"])).fill_null(value=False))
        .with_columns(alone_since=_alone_since())
    )  # fmt: skip


def _death(draw: Draw, window: Window) -> pl.Expr:
    """Deaths fall evenly over the months delivered, by yearly rates per million that rise with age."""
    months = window.last - window.opening + 1
    old = pl.when(_age < 70).then(9000).when(_age < 80).then(28_000).otherwise(85_000)
    yearly = pl.when(_age < 40).then(400).when(_age < 60).then(2500).otherwise(old)
    month = window.opening + draw.below(months, "death.month", _no)
    dies = draw.chance(yearly * months // 12, "death", _no) & (month_of(pl.col.birth) < month)
    return pl.when(dies).then(
        pl.date(month // 12, month % 12 + 1, 1) + pl.duration(days=draw.below(28, "death.day", _no))
    )


def _illness(draw: Draw, window: Window, poor: pl.Expr) -> list[pl.Expr]:
    """One in seventy at large, one in ten on the rolls; one illness in fifteen began in the months delivered."""
    rate = pl.when(_age < 40).then(2500).when(_age < 60).then(14_000).otherwise(38_000)
    ill = draw.chance(pl.when(poor).then(rate * 5).otherwise(rate), "ill", _no)
    fresh = draw.chance(65_000, "ill.new", _no)
    days = (window.last - window.opening) * 30
    since = pl.when(fresh).then(pl.lit(window.today) - pl.duration(days=draw.below(days, "ill.day", _no))).otherwise(
        _long_ago(draw, window, "ill.since", window.months + 12, 80)
    )  # fmt: skip
    return [
        pl.when(ill).then(draw.pick(DISEASES, "ill.kind", _no)).alias("disease"),
        pl.when(ill).then(since).alias("ill_since"),
    ]


def _disability(draw: Draw, poor: pl.Expr) -> pl.Expr:
    rate = pl.when(_age < 18).then(11_000).when(_age < 60).then(38_000).otherwise(115_000)
    return (
        pl.when(draw.chance(pl.when(poor).then(rate * 2 + 90_000).otherwise(rate), "disabled", _no))
        .then(draw.pick(_KINDS, "disability.kind", _no))
        .alias("disability")
    )


def _grade(draw: Draw, poor: pl.Expr) -> pl.Expr:
    """The severe ones are nearly all on a roll: that is what the rolls are for."""
    lot = draw.below(1000, "disability.grade", _no)
    one, two, three = (pl.when(poor).then(high).otherwise(low) for high, low in ((180, 6), (460, 20), (730, 260)))
    return (
        pl.when(pl.col.disability.is_null()).then(None)
        .when(_kept_alone()).then(pl.lit("二级"))
        .when(lot < one).then(pl.lit("一级"))
        .when(lot < two).then(pl.lit("二级"))
        .when(lot < three).then(pl.lit("三级"))
        .otherwise(pl.lit("四级"))
    )  # fmt: skip


def _alone_since() -> pl.Expr:
    """Severely disabled, disabled in mind to the third grade, or seriously ill: each alone is enough."""
    mind = (
        pl.col.card_since.is_not_null() & pl.col.disability.is_in(["智力", "精神", "多重"]) & (pl.col.grade == "三级")
    )
    carded = pl.when(pl.col.severe | mind.fill_null(value=False)).then(pl.col.card_since)
    reason = pl.min_horizontal(carded, "ill_since")
    return pl.when(pl.col.tier.is_in(["低保边缘", "单人保"]) & reason.is_not_null()).then(
        pl.max_horizontal("since", reason)
    )


def _kept_alone() -> pl.Expr:
    """The one member of a 单人保 household who is enrolled: its head, severely disabled."""
    return (pl.col.tier == "单人保") & (pl.col.relation == "户主")


def _long_ago(draw: Draw, window: Window, question: str, least: int, most: int) -> pl.Expr:
    """A date `least` … `most` months before the window's end."""
    return pl.lit(window.today) - pl.duration(days=draw.between(least * 30, most * 30, question, _no))
