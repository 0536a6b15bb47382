"""What the registers say of a person, one small table each: enrolment, health, work, house, aid. No row = not recorded."""

from __future__ import annotations

from datetime import date

import polars as pl

from twin.homes import Rolls
from twin.lake import Lake

GRADES = {"一级": 1, "二级": 2, "三级": 3, "四级": 4}
NO_GRADE = 9
NONE = "无"


def _same(column: str, *, paid: bool = False) -> pl.Expr:
    """The one thing that all lines say (all of those still paid); null where they differ."""
    value = pl.col(column).filter("paid") if paid else pl.col(column)
    return pl.when((value.n_unique() == 1) & value.is_not_null().all()).then(value.first())


def enrolment(rolls: Rolls, at: date) -> list[pl.DataFrame]:
    """The rolls of decisions taken: who is enrolled where, and since when."""
    dibao = rolls.dibao.group_by("person_key").agg(
        dibao=pl.col("paid").any(), dibao_since=pl.col("since").filter("paid").min()
    )
    tekun = rolls.tekun.group_by("person_key").agg(
        tekun=pl.col("paid").any(),
        tekun_town=_same("kind", paid=True) == "城市",
        scattered=_same("support", paid=True) == "分散",
        tekun_since=pl.col("since").filter("paid").min(),
    )
    town = pl.col("division") // 1000
    places = pl.concat(
        [
            rolls.dibao.filter("paid").select("person_key", town, pl.col("case_no_token")),
            rolls.tekun.filter("paid").select("person_key", town, pl.lit(None, dtype=pl.Int64).alias("case_no_token")),
        ]
    )
    category = pl.col("category")
    low = rolls.low.group_by("person_key").agg(
        margin=(category == "低保边缘").any(),
        rigid=(category == "刚性支出困难").any(),
        rigid_since=pl.col("since").filter(category == "刚性支出困难").max(),
        other=(category == "其他困难").any(),
    )
    fanpin = rolls.fanpin.select("person_key", fanpin=pl.col("cleared").is_null() | (pl.col("cleared") > at))
    child = rolls.child.group_by("person_key").agg(
        on_child=pl.lit(value=True),
        orphan=(pl.col("kind") == "孤儿").any(),
        unsupported=(pl.col("kind") == "事实无人抚养儿童").any(),
    )
    happened = pl.col("happened")
    left = rolls.left.group_by("person_key").agg(
        left_date=pl.col("date").filter(happened == "退出").max(),
        refused_date=pl.col("date").filter(happened == "不予确认").max(),
    )
    return [
        dibao, tekun, places.unique().group_by("person_key").agg(places=pl.len().cast(pl.Int64)),
        low, fanpin, child, left, rolls.death.select("person_key", death_date="date"),
    ]  # fmt: skip


def custody(lake: Lake, at: date) -> pl.DataFrame:
    """Terms that run on the day: since when, how many whole months are left, and whether one is a sentence."""
    terms = lake.held("custody", "kind", "since", "until")
    running = terms.filter((pl.col("since") <= at) & (pl.col("until").is_null() | (pl.col("until") > at)))
    until = pl.col("until")
    left = (
        until.dt.year().cast(pl.Int64) * 12 + until.dt.month() - (at.year * 12 + at.month) - (until.dt.day() < at.day)
    )
    return running.group_by("person_key").agg(
        custody_since=pl.col("since").min(),
        custody_left=pl.when(until.is_not_null().all()).then(left.max()),
        prison=(pl.col("kind") == "服刑").any(),
    )


def disability(lake: Lake, at: date) -> pl.DataFrame:
    """The certificate: kind and grade, or 无 and 9 when it is cancelled or has expired."""
    valid = (pl.col("status").fill_null("有效") == "有效") & (pl.col("until").is_null() | (pl.col("until") >= at))
    grade = pl.col("grade").replace_strict(GRADES, return_dtype=pl.Int64)
    return lake.held("disability", "kind", "grade", "issued", "until", "status").select(
        "person_key",
        card_kind=pl.when(valid).then("kind").otherwise(pl.lit(NONE)),
        grade=pl.when(valid).then(grade).otherwise(NO_GRADE),
        issued=pl.when(valid).then("issued"),
    )


def health(lake: Lake) -> list[pl.DataFrame]:
    """The seriously ill, with the latest diagnosis, and the disability certificates."""
    ill = lake.held("serious_illness", "diagnosed").group_by("person_key").agg(diagnosed=pl.col("diagnosed").max())
    return [ill, disability(lake, lake.at)]


def schooling(lake: Lake) -> list[pl.DataFrame]:
    """Schools: who studies full time below a master's; and who is on the roll of hardship students."""
    roll = lake.held("student_roll", "stage", "full_time").group_by("person_key")
    full, stage = _same("full_time") == "是", _same("stage")
    school = roll.agg(full_time=full, stage=stage)
    poor = lake.held("hardship_student").unique().with_columns(poor_student=pl.lit(value=True))
    return [
        school.select("person_key", school=pl.lit(value=True), studies=pl.col("full_time") & ~pl.col("stage").is_in(["研究生", NONE]),
                      keeps_tekun=pl.col("stage").is_in(["小学", "初中", "高中", "中职"])),
        poor,
    ]  # fmt: skip


def work(lake: Lake, months_24: date, at: date) -> list[pl.DataFrame]:
    """Employers' contributions, unemployment, public payroll, trade, housing fund."""
    # The highest base of the latest month in one pass: the day of the month stands above the base.
    day, above = pl.col("month").to_physical().cast(pl.Int64), 1 << 40
    paid = (
        lake.scan("social_insurance", "month", "payer_kind", "base_fen", where=pl.col("month") >= months_24)
        .filter(pl.col("payer_kind").is_in(["单位职工", "公益性岗位"]))
        .select("person_key", latest=day * above + pl.col("base_fen"))
        .group_by("person_key")
        .agg(pl.col("latest").max())
        .select(
            "person_key",
            insured_month=(pl.col("latest") // above).cast(pl.Int32).cast(pl.Date),
            base_fen=pl.col("latest") % above,
        )
        .collect()
    )
    jobless = lake.held("unemployment", "since", "until").filter(pl.col("until").is_null() | (pl.col("until") > at))
    business = lake.held("business", "credit_code_token", "role", "status", "capital_fen").filter(
        pl.col("status") == "存续"
    )
    companies = business.filter(pl.col("role").is_in(["法定代表人", "股东"])).group_by(
        "person_key", "credit_code_token"
    )
    return [
        paid,
        jobless.group_by("person_key").agg(jobless_since=pl.col("since").max()),
        lake.held("public_payroll").unique().with_columns(public_payroll=pl.lit(value=True)),
        business.filter(pl.col("role") == "个体经营者")
        .select("person_key")
        .unique()
        .with_columns(trader=pl.lit(value=True)),
        companies.agg(pl.col("capital_fen").max()).group_by("person_key").agg(capital=pl.col("capital_fen").sum()),
        lake.held("housing_fund", "status").select("person_key", fund_active=pl.col("status") == "正常"),
    ]


def hardship(lake: Lake, months_12: date) -> list[pl.DataFrame]:
    """Disasters, dangerous houses, temporary aid of the window; enrolment elsewhere, staff's kin, living allowance."""
    disaster = lake.held("disaster", "date", "house")
    recent = pl.col("date") >= months_12
    worst = (
        pl.when((pl.col("house") == "倒塌").any() | (pl.col("house") == "严重损坏").any()).then(statement=True)
        .when((pl.col("house") == "一般损坏").any() | (pl.col("house") == "无").all()).then(statement=False)
    )  # fmt: skip
    needs = lake.held("housing_need", "kind").filter(pl.col("kind").is_in(["危房C级", "危房D级"]))
    aid = lake.held("assistance", "programme", "date")
    temporary = aid.filter((pl.col("programme") == "临时救助") & recent)
    kin = lake.held("staff_kin", "declared").group_by("person_key")
    living = lake.held("disability_allowance", "kind").filter(pl.col("kind") == "困难残疾人生活补贴")
    return [
        disaster.select("person_key").unique().with_columns(disaster=pl.lit(value=True)),
        disaster.filter(recent).group_by("person_key").agg(disaster_date=pl.col("date").max(), house_lost=worst),
        needs.select("person_key").unique().with_columns(dangerous=pl.lit(value=True)),
        temporary.group_by("person_key").agg(last_aid=pl.col("date").max()),
        aid.filter(pl.col("programme") == "取暖补贴").group_by("person_key").agg(heated=pl.col("date").max()),
        lake.held("enrolled_elsewhere").unique().with_columns(elsewhere=pl.lit(value=True)),
        kin.agg(staff_kin=pl.lit(value=True), undeclared=(pl.col("declared") == "否").any(ignore_nulls=False)),
        living.select("person_key").unique().with_columns(living=pl.lit(value=True)),
    ]
