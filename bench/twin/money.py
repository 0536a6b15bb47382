"""Amounts on record: medical bills, tax, pensions, cars, homes, assets. Fen; what is registered is mostly a floor."""

from __future__ import annotations

from datetime import date

import polars as pl

from twin.lake import Lake

CARS = ("小型轿车", "客车", "货车")


def medical(lake: Lake, months_12: date) -> pl.DataFrame:
    """What each paid himself in the window, and for his costliest stay. A reversal and the bill of his that it names cancel out."""
    paid = ("basic_paid_fen", "major_paid_fen", "aid_paid_fen")
    read = lake.scan(
        "medical_settlement",
        "settlement_no_token",
        "reverses_token",
        "date",
        "kind",
        "total_fen",
        *paid,
        "insurer_paid_fen",
    )
    named, recent = pl.col("reverses_token").is_not_null(), pl.col("date") >= months_12
    lines = read.filter(named | recent).collect().lazy()
    gone = lines.filter(named).select("person_key", settlement_no_token="reverses_token")  # noqa: S106  # a column
    counted = lines.filter(recent & ~named).join(gone, on=["person_key", "settlement_no_token"], how="anti")
    own = pl.col("total_fen") - sum(pl.col(name) for name in paid) - pl.col("insurer_paid_fen").fill_null(0)
    stay = pl.when(pl.col("kind") == "住院").then("own")
    return (
        counted.select("person_key", "kind", own=own)
        .select("person_key", "own", stay=stay)
        .group_by("person_key")
        .agg(
            self_paid=pl.col("own").sum().clip(lower_bound=0),
            stay_paid=pl.col("stay").max().fill_null(0).clip(lower_bound=0),
        )
        .collect()
    )


def taxed(lake: Lake, months_12: date, running_from: date | None) -> list[pl.DataFrame]:
    """Gross income by item over the window, and the wage of the latest month still held to be running."""
    start = min(months_12, running_from or months_12)
    lines = lake.held("income_tax", "month", "item", "income_fen", where=pl.col("month") >= start)
    recent, item, income = pl.col("month") >= months_12, pl.col("item"), pl.col("income_fen")
    kinds = {"wage": "工资薪金", "labour": "劳务报酬", "rent": "财产租赁", "interest": "利息股息红利"}
    gross = (
        lines.lazy()
        .select(
            "person_key", *(pl.when(recent & (item == kind)).then(income).alias(name) for name, kind in kinds.items())
        )
        .group_by("person_key")
        .agg(pl.col(*kinds).sum().clip(lower_bound=0))
        .select("person_key", earned=pl.col("wage") + pl.col("labour"), yields=pl.col("rent") + pl.col("interest"))
    )
    never = pl.lit(value=False)
    running = (item == "工资薪金") & (never if running_from is None else pl.col("month") >= running_from)
    months = lines.lazy().filter(running).group_by("person_key", "month").agg(wage_now=income.sum().clip(lower_bound=0))
    wage = months.sort("month").unique("person_key", keep="last").select("person_key", "wage_now")
    return [gross.collect(), wage.collect()]


def pensions(lake: Lake) -> pl.DataFrame:
    """Monthly pension; `basic` = the part paid by the centre, null = blank; only the residents' scheme has one."""
    lines = lake.held("pension", "scheme", "amount_month_fen", "basic_month_fen")
    resident = pl.col("scheme") == "居民"
    basic = pl.when(resident).then("basic_month_fen").otherwise(pl.col("basic_month_fen").fill_null(0))
    # Contributors' schemes have no part to leave out; of two schemes at once nobody knows which rule holds.
    return (
        lines.lazy()
        .with_columns(basic=basic, resident=resident)
        .group_by("person_key")
        .agg(
            pension=pl.col("amount_month_fen").sum(),
            basic=pl.when(pl.col("basic").is_not_null().all()).then(pl.col("basic").sum()),
            schemes=pl.col("scheme").n_unique(),
            contributory=~pl.col("resident").first(),
        )
        .select(
            "person_key", "pension", "basic", contributory=pl.when(pl.col("schemes") == 1).then("contributory")
        )
        .collect()
    )  # fmt: skip


def property_on_record(lake: Lake) -> list[pl.DataFrame]:
    """Cars in use and what they are worth, homes and shops, and the assets of the latest authorised inquiry."""
    cars = lake.held("vehicle", "kind", "value_fen", "status").filter(pl.col("status").fill_null("正常") == "正常")
    car = pl.col("kind").is_in(CARS)
    homes = lake.held("real_estate", "certificate_token", "use", where=None)
    home, shop = pl.col("use") == "住宅", pl.col("use") == "商业"
    checks = lake.held("financial_check", "balance_fen", "asked")
    latest = checks.filter(pl.col("asked") == pl.col("asked").max().over("person_key"))
    return [
        cars.lazy()
        .select("person_key", car=car, motorcycle=pl.col("kind") == "摩托车", value=pl.when(car).then("value_fen"))
        .group_by("person_key")
        .agg(
            cars=pl.col("car").sum().cast(pl.Int64),
            motorcycles=pl.col("motorcycle").sum().cast(pl.Int64),
            car_value=pl.col("value").sum(),
        )
        .collect(),
        # The key of the register is certificate and owner: each line is another home.
        homes.lazy()
        .filter(home | shop)
        .select("person_key", home=home, shop=shop)
        .group_by("person_key")
        .agg(homes=pl.col("home").sum().cast(pl.Int64), shops=pl.col("shop").sum().cast(pl.Int64))
        .collect(),
        latest.group_by("person_key").agg(assets=pl.col("balance_fen").max()),
    ]
