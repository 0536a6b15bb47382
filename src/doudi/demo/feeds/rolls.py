"""民政、农业农村：谁在册，谁退出，谁被拒。

The rolls of those who are helped, and who left or was refused.
"""

import polars as pl

from doudi.demo.chunk import Chunk
from doudi.demo.feeds.shape import enrolment, events, latest, roll
from doudi.demo.months import day_in

__all__ = [
    "child_welfare_roll",
    "dibao_roll",
    "enrolled_elsewhere",
    "fanpin_roll",
    "low_income_roll",
    "refused_or_left",
    "staff_kin",
    "tekun_roll",
]

_no, _hh, _tier = pl.col.no, pl.col.hh, pl.col.tier
_TOWN = pl.col.township.cast(pl.String)
_KIND = pl.when(pl.col.urban).then(pl.lit("城市")).otherwise(pl.lit("农村"))
_ALONE = pl.col.alone_since.is_not_null()
# A child born into an enrolled family is enrolled from birth.
_SINCE = pl.max_horizontal("since", "birth")
_ENROLLED = pl.coalesce("alone_since", _SINCE)
_REVIEW = 5  # months between two reviews of a 低保 household


def _case(prefix: str) -> pl.Expr:
    return prefix + _hh.cast(pl.String).str.zfill(8)


def dibao_roll(c: Chunk) -> pl.LazyFrame:
    """Grain: one person and review; the amount is the household's and repeats on its lines. Reviewed every five months."""
    people = enrolment(c.draw, c.who((_tier == "低保") | _ALONE)).with_columns(
        since=_ENROLLED, heads=pl.when(_ALONE).then(1).otherwise(pl.len().over("hh")).cast(pl.Int64)
    )
    steady = c.draw.chance(700_000, "dibao.steady", _hh)
    each = pl.when(pl.col.urban).then(48_000).otherwise(41_000) + c.draw.below(24, "dibao.amount", _hh) * 1000
    return pl.concat(
        roll(
            people.filter(_hh % _REVIEW == at % _REVIEW),
            first=pl.max_horizontal(latest(pl.col.since), pl.lit(at)),
            last=pl.min_horizontal("leaves", pl.lit(at + _REVIEW - 1)),
            id=pl.col.id,
            name=pl.col.name,
            case_no=pl.when(_ALONE).then(_case("DD")).otherwise(_case("DB")),
            kind=_KIND,
            single=pl.when(_ALONE).then(pl.lit("是")).otherwise(pl.lit("否")),
            amount_month=each * pl.col.heads,
            division=_TOWN,
            status=pl.when(pl.col.leaves < at + _REVIEW).then(pl.lit("渐退")).otherwise(pl.lit("在保")),
            members_counted=pl.col.heads,
            members_paid=pl.col.heads,
            income_class=pl.when(steady).then(pl.lit("稳定")).otherwise(pl.lit("不固定")),
            since=pl.col.since,
            reviewed=pl.max_horizontal("since", pl.lit(day_in(at, 20))),
        )
        for at in range(c.window.first - _REVIEW + 1, c.window.last + 1)
    )


def tekun_roll(c: Chunk) -> pl.LazyFrame:
    """Grain: one person without means or kin."""
    lot = c.draw.below(100, "tekun", _no)
    return roll(
        enrolment(c.draw, c.who(_tier == "特困")),
        first=latest(pl.col.since),
        id=pl.col.id,
        name=pl.col.name,
        kind=_KIND,
        support=pl.when(lot < 22).then(pl.lit("集中")).otherwise(pl.lit("分散")),
        care=pl.when(lot < 12).then(pl.lit("全护理")).when(lot < 34).then(pl.lit("半护理")).otherwise(pl.lit("全自理")),
        amount_month=pl.when(pl.col.urban).then(161_300).otherwise(139_500).cast(pl.Int64),
        division=_TOWN,
        status=pl.lit("在保"),
        since=pl.col.since,
    )


def low_income_roll(c: Chunk) -> pl.LazyFrame:
    """Grain: one person. 刚性支出困难 holds for twelve months; the family of a 单人保 person is 低保边缘."""
    rigid = _tier == "刚性支出困难"
    people = c.who(_tier.is_in(["低保边缘", "单人保", "刚性支出困难", "其他困难"]))
    return roll(
        enrolment(c.draw, people),
        first=latest(_SINCE),
        last=pl.min_horizontal("leaves", latest(pl.col.alone_since) - 1),
        id=pl.col.id,
        name=pl.col.name,
        category=pl.when(_tier == "单人保").then(pl.lit("低保边缘")).otherwise(_tier),
        case_no=_case("DS"),
        division=_TOWN,
        since=_SINCE,
        until=pl.when(rigid).then(pl.col.since.dt.offset_by("12mo")),
    )


def refused_or_left(c: Chunk) -> pl.LazyFrame:
    """Grain: one person refused or gone from a roll."""
    gone = c.who(pl.col.leaves.is_not_null(), _tier == "低保")
    left_on = pl.date(pl.col.leaves // 12, pl.col.leaves % 12 + 1, 25)
    refused = c.who(pl.col.relation == "户主", _tier.is_null(), ~pl.col.collective, c.draw.chance(1500, "refused", _hh))
    refused_on = pl.lit(c.window.today) - pl.duration(days=c.draw.between(10, 700, "refused.on", _hh))
    who = {"id": pl.col.id, "name": pl.col.name, "category": pl.lit("低保")}
    left = {"happened": pl.lit("退出"), "date": left_on, "reason": pl.lit("家庭收入提高")}
    not_confirmed = {"happened": pl.lit("不予确认"), "date": refused_on, "reason": pl.lit("家庭人均收入高于标准")}
    order = ["id", "name", "happened", "category", "date", "reason", "_period"]
    frames = [
        events(gone, c.window, when=left_on, **who, **left),
        events(refused, c.window, when=refused_on, **who, **not_confirmed),
    ]
    return pl.concat([frame.select(order) for frame in frames])


def fanpin_roll(c: Chunk) -> pl.LazyFrame:
    """Grain: one person of a household watched against falling back into poverty."""
    kinds = ("边缘易致贫户", "边缘易致贫户", "脱贫不稳定户", "突发严重困难户")
    return roll(
        enrolment(c.draw, c.who(pl.col.overlay)),
        first=latest(pl.col.since),
        id=pl.col.id,
        name=pl.col.name,
        household_no=_case("FP"),
        kind=c.draw.pick(kinds, "fanpin.kind", _hh),
        risk=c.draw.pick(("因病", "因残", "缺劳力", "因学"), "fanpin.risk", _hh),
        since=_SINCE,
        income_year=1_450_000 + c.draw.below(600, "fanpin.income", _hh) * 1000,
        cleared=pl.lit(None, pl.Date),
    )


def child_welfare_roll(c: Chunk) -> pl.LazyFrame:
    """Grain: one child; here grandchildren raised by enrolled grandparents."""
    children = c.who(_tier.is_not_null(), pl.col.relation == "孙子女", pl.col.age < 18)
    return roll(
        enrolment(c.draw, children),
        first=latest(pl.col.since),
        id=pl.col.id,
        kind=pl.lit("事实无人抚养儿童"),
        amount_month=pl.lit(215_000, pl.Int64),
        since=_SINCE,
    )


def enrolled_elsewhere(c: Chunk) -> pl.LazyFrame:
    """Grain: one person also enrolled in another place; two in a thousand of those enrolled here."""
    return roll(
        c.who(_tier == "低保", c.draw.chance(2000, "elsewhere", _no)),
        first=latest(_SINCE),
        id=pl.col.id,
        kind=pl.lit("低保"),
        division=pl.lit("371402000000"),
        since=_SINCE,
    )


def staff_kin(c: Chunk) -> pl.LazyFrame:
    """Grain: one member of staff and one relative: the spouse, and now and then somebody enrolled, declared."""
    staff = c.who(pl.col.job == "财政供养", c.draw.chance(150_000, "staff", _no))
    staff = staff.select("hh", "present_from", "present_until", staff_id="id")
    spouses = staff.join(c.who(pl.col.relation == "配偶").select("hh", "id"), on="hh", maintain_order="left_right")
    enrolled = c.who(_tier == "低保", pl.col.relation == "户主").select("id").with_row_index("pair")
    kin = staff.filter(pl.col.hh % 4 == 0).with_row_index("pair").join(enrolled, on="pair", maintain_order="left_right")
    posts = ("民政办经办", "村（居）委会主任", "村（居）会计", "乡镇分管负责人")
    lines = []
    for frame, relation in ((spouses.filter(pl.col.id != pl.col.staff_id), "配偶"), (kin, "兄弟姐妹")):
        post = c.draw.pick(posts, "staff.post", pl.col.hh)
        columns = {"staff_post": post, "kin_id": pl.col.id, "relation": pl.lit(relation), "declared": pl.lit("是")}
        lines.append(roll(frame, staff_id=pl.col.staff_id, **columns))
    return pl.concat(lines)
