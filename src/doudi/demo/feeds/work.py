"""人社、税务、公积金、财政：缴费、个税、失业、养老金。

Work and its proofs: social insurance, income tax, unemployment, pension, public payroll, housing fund.
"""

import polars as pl

from doudi.demo.chunk import Chunk
from doudi.demo.feeds.shape import latest, roll
from doudi.demo.months import labels

__all__ = ["housing_fund", "income_tax", "pension", "public_payroll", "social_insurance", "unemployment"]

_no = pl.col.no
_EMPLOYERS = tuple(
    f"示例{kind}{number:02d}" for kind in ("化工厂", "农机厂", "物流站", "纺织厂", "商贸部") for number in range(1, 9)
)


def _employer(c: Chunk) -> pl.Expr:
    return c.draw.pick(_EMPLOYERS, "employer", _no)


def _at_work() -> pl.Expr:
    """Employed in the month `at`."""
    return (
        pl.col.job.is_not_null()
        & (pl.col.job_from.fill_null(0) <= pl.col.at)
        & (pl.col.job_until.fill_null(10**6) >= pl.col.at)
    )


def social_insurance(c: Chunk) -> pl.LazyFrame:
    """Grain: one person and month. 财政供养 pay as employees of a unit."""
    own = pl.col.job == "灵活就业"
    number = "DW" + c.draw.between(1000, 9999, "employer.no", _no).cast(pl.String)
    return c.monthly(c.who(pl.col.job.is_not_null())).filter(_at_work()).select(
        id="id",
        month=labels(pl.col.at),
        base=pl.col.wage_fen,
        employer_no=pl.when(own).then(pl.lit("LH0000")).otherwise(number),
        employer=pl.when(~own).then(_employer(c)),
        payer_kind=pl.when(pl.col.job == "财政供养").then(pl.lit("单位职工")).otherwise(pl.col.job),
        _period=pl.col.at,
    )  # fmt: skip


def income_tax(c: Chunk) -> pl.LazyFrame:
    """Grain: one person, item and month. Wages above 6,000 yuan, and some fees for services."""
    staff = pl.col.job.is_in(["单位职工", "财政供养"]) & (pl.col.wage_fen > 600_000)
    helpers = pl.col.tier.is_null() & pl.col.age.is_between(22, 60) & c.draw.chance(12_000, "fees", _no)
    paid = c.monthly(c.who(staff)).filter(_at_work())
    fees = c.monthly(c.who(helpers)).filter(c.draw.chance(250_000, "fee", _no, pl.col.at))
    swing = c.draw.below(80_000, "tax.swing", _no, pl.col.at)
    when = {"month": labels(pl.col.at), "_period": pl.col.at}
    wages = paid.select(id="id", item=pl.lit("工资薪金"), payer=_employer(c), income=pl.col.wage_fen + swing, **when)
    services = fees.select(
        id="id", item=pl.lit("劳务报酬"), payer=pl.lit("示例劳务站"), income=60_000 + swing * 3, **when
    )
    return pl.concat([wages, services])


def unemployment(c: Chunk) -> pl.LazyFrame:
    """Grain: one registration; the insurance benefit lasts a year."""
    out = c.who(pl.col.jobless_since.is_not_null(), pl.col.jobless_since <= c.window.today)
    return roll(
        out,
        first=latest(pl.col.jobless_since),
        id=pl.col.id,
        since=pl.col.jobless_since,
        until=pl.lit(None, pl.Date),
        benefit_month=pl.lit(198_000, pl.Int64),
    )


def pension(c: Chunk) -> pl.LazyFrame:
    """Grain: one pensioner. The central basic part belongs to the residents' scheme alone."""
    return roll(
        c.who(pl.col.pension.is_not_null()),
        id=pl.col.id,
        scheme=pl.col.pension,
        amount_month=pl.col.pension_fen,
        basic_month=pl.when(pl.col.pension == "居民").then(pl.lit(19_000, pl.Int64)),
    )


def public_payroll(c: Chunk) -> pl.LazyFrame:
    """Grain: one person paid from the public purse."""
    return roll(
        c.who(pl.col.job == "财政供养"),
        first=pl.col.job_from,
        last=pl.col.job_until,
        id=pl.col.id,
        unit=c.draw.pick(("示例中学", "示例卫生院", "示例镇政府", "示例水务站"), "unit", _no),
    )


def housing_fund(c: Chunk) -> pl.LazyFrame:
    """Grain: one account; it is sealed in the month after the job ended."""
    holders = c.who(pl.col.job.is_in(["单位职工", "财政供养"]) & c.draw.chance(600_000, "fund", _no))
    account = {"id": pl.col.id, "base": pl.col.wage_fen}
    running = roll(holders, first=pl.col.job_from, last=pl.col.job_until, **account, status=pl.lit("正常"))
    sealed = roll(
        holders.filter(pl.col.job_until.is_not_null()), first=pl.col.job_until + 1, **account, status=pl.lit("封存")
    )
    return pl.concat([running, sealed])
