"""What a person surely earns and surely owns. Registers prove that something is too much, never that it is little enough.

Income in fen per year, `running` in fen per month: gross amounts less the most that the book lets anybody deduct.
"""

from __future__ import annotations

import polars as pl

from twin.bounds import Span, either
from twin.lake import Lake
from twin.settings import Settings

YEAR, YUAN = 12, 100
ZERO = pl.lit(0, dtype=pl.Int64)
NEVER = pl.lit(None, dtype=pl.Int64)


def standard(settings: Settings, urban: str) -> Span:
    """The monthly 低保 standard per head that applies; both where nobody knows which."""
    return either(pl.col(urban), settings.number("dibao_urban"), settings.number("dibao_rural"))


def _most(span: Span) -> pl.Expr:
    return NEVER if span.hi is None else span.hi


def disposable(settings: Settings) -> Span:
    """Last year's disposable income per head."""
    return either(
        pl.col("urban"), settings.number("disposable_income_urban"), settings.number("disposable_income_rural")
    )


def _cut(settings: Settings, ratio: str, amount: pl.Expr) -> pl.Expr:
    """A share of an amount, cut to the fen."""
    part = settings.ratio(ratio)
    return NEVER if part is None else amount * part.numerator // part.denominator


def _rounded_up(settings: Settings, ratio: str, amount: pl.Expr) -> pl.Expr:
    """A share of an amount, up to the next yuan."""
    part = settings.ratio(ratio)
    if part is None:
        return NEVER
    yuan = part.denominator * YUAN
    return (amount * part.numerator + (yuan - 1)) // yuan * YUAN


def _remaining(amount: pl.Expr) -> pl.Expr:
    """No less than nothing; nothing proven where a deduction has no ceiling."""
    return amount.fill_null(0).clip(lower_bound=0)


def recorded(lake: Lake) -> list[pl.Expr]:
    """Amounts that may be believed: floors are 0 without a record; `self_paid_hi` is null where more may have been paid."""
    whole = lake.silent("medical_settlement", window=YEAR)
    complete = lake.fresh("medical_settlement", window=YEAR)
    amounts = {
        "medical_settlement": ("self_paid", "stay_paid"),
        "income_tax": ("earned", "yields", "wage_now"),
        "social_insurance": ("base_fen",),
        "pension": ("pension",),
        "vehicle": ("cars", "motorcycles", "car_value"),
        "real_estate": ("homes", "shops"),
        "business": ("capital",),
        "financial_check": ("assets",),
    }
    flags = {"public_payroll": ("public_payroll",), "business": ("trader",), "housing_fund": ("fund_active",)}
    unless = {feed: ~lake.doubts(feed) for feed in (*amounts, *flags)}
    ceilings = [
        pl.when(unless["medical_settlement"])
        .then(pl.when(pl.col(name).is_not_null() & complete).then(name).when(pl.col(name).is_null() & whole).then(ZERO))
        .alias(f"{name}_hi")
        for name in ("self_paid", "stay_paid")
    ]
    return [
        *(
            pl.when(unless[feed]).then(name).fill_null(0).alias(name)
            for feed, names in amounts.items()
            for name in names
        ),
        *(
            pl.when(unless[feed]).then(name).fill_null(value=False).alias(name)
            for feed, names in flags.items()
            for name in names
        ),
        *ceilings,
        pl.when(unless["social_insurance"]).then("insured_month").alias("insured_month"),
        *(pl.when(unless["pension"]).then(name).alias(name) for name in ("basic", "contributory")),
    ]


def earned(settings: Settings) -> list[list[pl.Expr]]:
    """Steps: the standards; what is deducted at most; the incomes."""
    col = pl.col
    std, tekun = standard(settings, "urban"), standard(settings, "tekun_urban")
    stopped = col("death_recorded") | col("custody_recorded")
    running = settings.whole("wage_running_months")
    insured = pl.lit(value=False) if running is None else (col("insured_month") > settings.months_ago(running + 1))
    base_floor = _most(settings.number("contribution_base_floor"))
    wage = pl.max_horizontal(
        "wage_now",
        pl.when(insured.fill_null(value=False) & (col("base_fen") > base_floor)).then("base_fen").otherwise(0),
    )
    not_assisted = ~col("assisted")

    def pension_left(excluded: str) -> pl.Expr:
        kept = col("contributory") | ~settings.truth(excluded)
        return _remaining(col("pension") - pl.when(kept).then(ZERO).otherwise("basic"))

    cost = _rounded_up(settings, "work_cost_cap_ratio", YEAR * col("std_hi"))
    cost_month = _rounded_up(settings, "work_cost_cap_ratio", col("std_hi"))
    transfers = _rounded_up(settings, "transfer_cap_ratio", YEAR * col("std_hi"))
    transfers_month = _rounded_up(settings, "transfer_cap_ratio", col("std_hi"))
    assisted = pl.when(not_assisted).then(ZERO).otherwise(col("std_hi"))
    year_wage = _remaining(_cut(settings, "wage_floor_ratio", col("earned")) - cost - YEAR * assisted)
    month_wage = _remaining(_cut(settings, "wage_floor_ratio", col("wage")) - cost_month - assisted)
    property_income = _remaining(_cut(settings, "property_floor_ratio", col("yields")))
    work = year_wage + property_income - transfers
    return [
        [
            _most(std).alias("std_hi"), _most(tekun).alias("tekun_std_hi"),
            pl.when(stopped | col("jobless_recorded")).then(ZERO).otherwise(wage).alias("wage"),
            pl.when(stopped | col("jobless_recorded")).then(statement=False).when(
                insured | (col("wage_now") > 0) | col("public_payroll") | col("trader") | col("fund_active")
            ).then(statement=True).alias("in_work"),
            pension_left("basic_pension_excluded_dibao").alias("pension_left"),
            pension_left("basic_pension_excluded_tekun").alias("tekun_pension_left"),
        ],
        [
            _remaining(work + YEAR * col("pension_left")).alias("income"),
            _remaining(work + YEAR * col("tekun_pension_left")).alias("tekun_income"),
            _remaining(month_wage + pl.when(stopped).then(ZERO).otherwise("pension_left") - transfers_month).alias("running"),
            *_deductions(settings),
        ],
    ]  # fmt: skip


def _deductions(settings: Settings) -> list[pl.Expr]:
    """The most that illness, disability and schooling may have cost, null = no ceiling is known."""
    col = pl.col
    hardship_cap, education_cap, care_cap = (
        settings.number(name).hi for name in ("hardship_cap", "education_cap", "rehabilitation_cap")
    )
    caps = [NEVER if cap is None else cap for cap in (hardship_cap, education_cap, care_cap)]
    no_card = ~col("card")
    hardship = pl.min_horizontal(caps[0], pl.when(no_card).then("self_paid_hi"))
    deductible = col("self_paid_hi") + caps[1] + pl.when(no_card).then(ZERO).otherwise(caps[2])
    return [hardship.alias("hardship_hi"), deductible.alias("deductible_hi")]


def owned(settings: Settings) -> list[list[pl.Expr]]:
    """Is it proven that the person alone owns more than 低保, 特困, or an obligor without means, may own?"""
    col = pl.col

    def above(name: str, limit: str) -> pl.Expr:
        most = settings.number(limit).hi
        return pl.lit(value=False) if most is None else (col(name) > most).fill_null(value=False)

    def assets(months: str, std: str) -> pl.Expr:
        count = settings.number(months).hi
        return pl.lit(value=False) if count is None else (col("assets") > count * col(std)).fill_null(value=False)

    def capital(limit: str) -> pl.Expr:
        most = settings.number(limit).hi
        return pl.lit(value=False) if most is None else col("capital") >= most

    def over(tier: str, std: str) -> pl.Expr:
        return (
            assets(f"{tier}_financial_months", std)
            | above("own_cars", f"{tier}_cars")
            | above("homes", f"{tier}_homes")
            | above("shops", f"{tier}_shops")
            | capital(f"{tier}_capital")
        )

    counts = settings.truth("motorcycle_counts").fill_null(value=False)
    obligor = (
        assets("obligor_financial_months", "std_hi") | above("own_cars", "margin_cars") | above("homes", "margin_homes")
    )
    return [
        [(col("cars") + pl.when(counts).then("motorcycles").otherwise(0)).alias("own_cars")],
        [
            over("dibao", "std_hi").alias("own_over"),
            over("tekun", "tekun_std_hi").alias("tekun_over"),
            obligor.alias("obligor_over"),
        ],
    ]
