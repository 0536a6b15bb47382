"""Amounts on record: medical bills, tax, pensions, cars, homes, assets. Fen; what is registered is mostly a floor."""

from __future__ import annotations

from datetime import date

import polars as pl

from twin.lake import Lake

CARS = ("小型轿车", "客车", "货车")


def medical(lake: Lake, months_12: date) -> pl.DataFrame:
    """What each paid himself in the window, and for his costliest stay. A reversal and what it names cancel out."""
    paid = ("basic_paid_fen", "major_paid_fen", "aid_paid_fen")
    lines = lake.held(
        "medical_settlement",
        "settlement_no_token",
        "reverses_token",
        "date",
        "kind",
        "total_fen",
        *paid,
        "insurer_paid_fen",
    )
    gone = lines["reverses_token"].drop_nulls().unique()
    counted = lines.filter(
        (pl.col("date") >= months_12) & pl.col("reverses_token").is_null() & ~pl.col("settlement_no_token").is_in(gone)
    )
    own = pl.col("total_fen") - sum(pl.col(name) for name in paid) - pl.col("insurer_paid_fen").fill_null(0)
    stay = pl.when(pl.col("kind") == "住院").then("own")
    return (
        counted.lazy()
        .select("person_key", "kind", own=own)
        .select("person_key", "own", stay=stay)
        .group_by("person_key")
        .agg(
            self_paid=pl.col("own").sum().clip(lower_bound=0),
            stay_paid=pl.col("stay").max().fill_null(0).clip(lower_bound=0),
        )
        .collect()
    )


def taxed(lake: Lake, months_12: date, running_from: date | None) -> pl.DataFrame:
    """Gross income by item over the window, and the wage of the latest month still held to be running."""
    start = min(months_12, running_from or months_12)
    lines = lake.held("income_tax", "month", "item", "income_fen", where=pl.col("month") >= start)
    recent, item = pl.col("month") >= months_12, pl.col("item")
    income = pl.col("income_fen")
    work = (
        lines.lazy()
        .select(
            "person_key",
            earned=pl.when(recent & (item == "工资薪金")).then(income),
            labour=pl.when(recent & (item == "劳务报酬")).then(income),
            rent=pl.when(recent & (item == "财产租赁")).then(income),
            interest=pl.when(recent & (item == "利息股息红利")).then(income),
        )
        .group_by("person_key")
        .agg(pl.col("earned", "labour", "rent", "interest").sum().clip(lower_bound=0))
        .select("person_key", earned=pl.col("earned") + pl.col("labour"), yields=pl.col("rent") + pl.col("interest"))
    )
    never = pl.lit(None, dtype=pl.Boolean)
    running = lines.filter((item == "工资薪金") & (never if running_from is None else pl.col("month") >= running_from))
    latest = running.filter(pl.col("month") == pl.col("month").max().over("person_key"))
    wage = latest.lazy().group_by("person_key").agg(wage_now=income.sum().clip(lower_bound=0))
    return work.join(wage, on="person_key", how="left").collect()


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
