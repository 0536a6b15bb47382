"""Who lives with whom: every person's household, its head, its county, and whether its certificates are urban.

A household is the members of one case; then those of one watched household; then one household register, unless it is
a collective or an oversized one; else the person alone. Registered people whom no case names belong to the only case
(the only watched household) of their register. Its key is its head's.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from twin.beside import with_home
from twin.lake import NAMED, Lake
from twin.settings import Settings

ON_CASE, WATCHED, REGISTER, ALONE = range(4)
STOPPED = "停发"
APART = 0x5851F42D4C957F2D  # odd, so that the sources' multiples differ
DIVISIONS = ("live_division", "hukou_division")
A_COUNTY = 10**6
A_RANK = 10**13


@dataclass(frozen=True)
class Rolls:
    """Lines in force of the rolls that both households and facts are made of, and the parents on record."""

    population: pl.DataFrame
    dibao: pl.DataFrame
    tekun: pl.DataFrame
    low: pl.DataFrame
    fanpin: pl.DataFrame
    child: pl.DataFrame
    left: pl.DataFrame
    death: pl.DataFrame
    kin: pl.DataFrame


def read_rolls(lake: Lake) -> Rolls:
    """Reads them; whoever is named otherwise than by the police is doubted."""
    population = lake.held(
        "population", "name_token", "birth", "male", "relation", "household_no_token", "book_kind", "live_division",
        "hukou_division",
    )  # fmt: skip
    named = {
        "dibao_roll": ("case_no_token", "status", "since", "kind", "division", "scope"),
        "tekun_roll": ("status", "since", "kind", "support", "division", "scope"),
        "low_income_roll": ("case_no_token", "category", "since", "division", "scope"),
        "fanpin_roll": ("household_no_token", "cleared"),
        "refused_or_left": ("happened", "date"),
    }
    told = {feed: lake.held(feed, "name_token", *columns) for feed, columns in named.items()}
    names = population.select("person_key", pl.col("name_token").alias("police"))
    for feed in NAMED:
        other = told[feed].join(names, on="person_key").filter(pl.col("name_token") != pl.col("police"))
        lake.doubt(feed, other["person_key"])
    paid = pl.col("status").fill_null("在保") != STOPPED
    return Rolls(
        population,
        told["dibao_roll"].with_columns(paid=paid),
        told["tekun_roll"].with_columns(paid=paid),
        told["low_income_roll"],
        told["fanpin_roll"],
        lake.held("child_welfare_roll", "kind"),
        told["refused_or_left"],
        lake.held("death", "date"),
        lake.held("kinship", "relative_key", "kind", where=pl.col("kind").is_in(["父亲", "母亲"]), settled=True),
    )


def _persons(rolls: Rolls, counties: tuple[int, ...]) -> pl.DataFrame:
    """The population roll, those whom the other rolls name, and the dead parents of whom a child is on record."""
    nobody = pl.lit(None, dtype=pl.Int32).alias("scope")
    dead = rolls.kin.join(rolls.death, left_on="relative_key", right_on="person_key", how="semi")
    enrolled = (
        pl.concat(
            [
                *(roll.select("person_key", "scope") for roll in (rolls.dibao, rolls.tekun, rolls.low)),
                *(roll.select("person_key", nobody) for roll in (rolls.fanpin, rolls.child)),
                dead.select(pl.col("relative_key").alias("person_key"), nobody),
            ]
        )
        .group_by("person_key")
        .agg(pl.col("scope").min())
    )
    lives, hukou = ((pl.col(f"{where}_division") // A_COUNTY).cast(pl.Int32) for where in ("live", "hukou"))
    resident = pl.when(lives.is_in(counties)).then(lives).when(hukou.is_in(counties)).then(hukou)
    people = rolls.population.join(enrolled, on="person_key", how="left").with_columns(registered=pl.lit(value=True))
    others = enrolled.join(rolls.population, on="person_key", how="anti").with_columns(registered=pl.lit(value=False))
    return pl.concat([people, others], how="diagonal").with_columns(own_county=pl.coalesce("scope", resident, 0))


def _anchored(persons: pl.DataFrame, rolls: Rolls, largest: int | None) -> pl.DataFrame:
    """Each person with `source` and `token` of the home he belongs to, and the `case` that names him."""
    cases = (
        pl.concat(
            [
                rolls.dibao.filter("paid").select("person_key", "case_no_token", "since", rank=pl.lit(1)),
                rolls.low.select("person_key", "case_no_token", "since", rank=pl.lit(2)),
            ]
        )
        .sort("rank", "since", "case_no_token")
        .unique("person_key", keep="first", maintain_order=True)
        .select("person_key", case="case_no_token")
    )
    watched = rolls.fanpin.group_by("person_key").agg(watch=pl.col("household_no_token").min())
    a_family = pl.col("book_kind").fill_null("家庭户") != "集体户"
    small = pl.len().over("household_no_token") <= pl.lit(largest, dtype=pl.Int64)
    named = (
        persons.lazy().join(cases.lazy(), on="person_key", how="left").join(watched.lazy(), on="person_key", how="left")
    )
    anchors = named.with_columns(book=pl.when(a_family & small).then("household_no_token")).collect()
    sole = (
        anchors.filter(pl.col("book").is_not_null() & (pl.col("case").is_not_null() | pl.col("watch").is_not_null()))
        .group_by("book")
        .agg(
            *(
                pl.when(pl.col(one).min() == pl.col(one).max()).then(pl.col(one).min()).alias(f"sole_{one}")
                for one in ("case", "watch")
            )
        )
    )
    case, watch = pl.coalesce("case", "sole_case"), pl.coalesce("watch", "sole_watch")
    source = (
        pl.when(case.is_not_null()).then(ON_CASE)
        .when(watch.is_not_null()).then(WATCHED)
        .when(pl.col("book").is_not_null()).then(REGISTER)
        .otherwise(ALONE)
    )  # fmt: skip
    # A person's own watched household comes before his register's only one, but after any case.
    token = pl.coalesce("case", "sole_case", "watch", "sole_watch", "book", "person_key")
    return (
        anchors.lazy()
        .join(sole.lazy(), on="book", how="left")
        .with_columns(source.cast(pl.UInt8).alias("source"), token.alias("token"))
        .collect()
    )


def _beside_children(persons: pl.DataFrame, kin: pl.DataFrame) -> pl.DataFrame:
    """A parent whom no register of people names any more stays beside his eldest child."""
    strays = persons.filter((pl.col("source") == ALONE) & ~pl.col("registered")).select(relative_key="person_key")
    eldest = (
        kin.join(strays, on="relative_key", how="semi")
        .join(persons.select("person_key", "birth", "name_token", "source", "token"), on="person_key")
        .sort("birth", "name_token", "person_key", nulls_last=True)
        .unique("relative_key", keep="first", maintain_order=True)
        .select(pl.col("relative_key").alias("person_key"), pl.col("source", "token").name.prefix("child_"))
    )
    told = persons.lazy().join(eldest.lazy(), on="person_key", how="left")
    return told.with_columns(
        source=pl.coalesce("child_source", "source"), token=pl.coalesce("child_token", "token")
    ).collect()


def households(lake: Lake, rolls: Rolls, settings: Settings) -> pl.DataFrame:
    """One row per person, household by household, the head first.

    `home` numbers the households; `household_key` is the head's; `county` the one that manages the household, 0 = none
    of the city's; `urban` null = no certificate, or certificates that differ; `same_case` null = he or the head is on none.
    """
    persons = _anchored(_persons(rolls, lake.counties), rolls, settings.whole("largest_household"))
    persons = _beside_children(persons, rolls.kin)
    not_head, no_case = pl.col("relation").ne_missing("户主"), pl.col("case").is_null()
    born = pl.col("birth").to_physical().cast(pl.Int64) + 2**20
    first = (not_head.cast(pl.Int64) * 2 + no_case.cast(pl.Int64)) * 2**24 + born.fill_null(2**22)
    # Tokens are 64 random bits: kept apart by source they meet no more often than two of one source would.
    keys = persons.select(first.alias("first"), token=pl.col("token") ^ (pl.col("source").cast(pl.Int64) * APART))
    order = keys.select(pl.arg_sort_by("token", "first")).to_series()
    ranked = keys.lazy().select(pl.all().gather(order)).with_columns(
        opens=(pl.col("token") != pl.col("token").shift()).fill_null(value=True)
    )  # fmt: skip
    kept = ("person_key", "name_token", "own_county", "registered", "birth", "male", "relation", "case", *DIVISIONS)
    ordered = pl.concat([persons.select(pl.col(*kept).gather(order)), ranked.collect()], how="horizontal").with_columns(
        home=pl.col("opens").cast(pl.UInt32).cum_sum() - 1
    )
    heads = _heads(ordered)
    ordered = with_home(ordered, heads, "household_key").with_columns(
        head=pl.col("person_key") == pl.col("household_key")
    )
    return _managed(lake, rolls, ordered)


def _heads(ordered: pl.DataFrame) -> pl.DataFrame:
    """One row per home: its head's key. Of several who rank alike the smaller name token leads: keys follow the landing."""
    opening = ordered.lazy().filter("opens").select("home", "person_key", least="first")
    rank_alike = (pl.col("first") == pl.col("first").shift()) & ~pl.col("opens")
    contested = ordered.lazy().filter(rank_alike).select("home").unique()
    leading = (
        ordered.lazy()
        .join(contested, on="home", how="semi")
        .filter(pl.col("first") == pl.col("first").min().over("home"))
        .sort("name_token", "person_key", nulls_last=True)
        .unique("home", keep="first", maintain_order=True)
        .select("home", leader="person_key")
    )
    told = opening.join(leading, on="home", how="left").sort("home")
    return told.select("home", household_key=pl.coalesce("leader", "person_key")).collect()


def _managed(lake: Lake, rolls: Rolls, ordered: pl.DataFrame) -> pl.DataFrame:
    where = ordered.select("person_key", "home")
    paid = [(rolls.dibao.filter("paid"), 1), (rolls.tekun.filter("paid"), 2), (rolls.low, 3)]
    ranked = [roll.select("person_key", claim=pl.col("division") + rank * A_RANK) for roll, rank in paid]
    managed = (
        pl.concat(ranked).join(where, on="person_key").group_by("home").agg(managed=pl.col("claim").min() % A_RANK)
    )
    kinds = [
        roll.filter("paid").select(
            "person_key", pl.when(~pl.col("person_key").is_in(_keys(lake, feed).implode())).then("kind")
        )
        for roll, feed in ((rolls.dibao, "dibao_roll"), (rolls.tekun, "tekun_roll"))
    ]
    sure = pl.col("kind").is_not_null().all() & (pl.col("kind").n_unique() == 1)
    urban = (
        pl.concat(kinds).join(where, on="person_key").group_by("home")
        .agg(urban=pl.when(sure).then(pl.col("kind").first() == "城市"))
    )  # fmt: skip
    heads = (
        ordered.lazy()
        .filter("head")
        .join(managed.lazy(), on="home", how="left")
        .join(urban.lazy(), on="home", how="left")
    )
    county = (pl.coalesce("managed", "live_division", "hukou_division") // A_COUNTY).cast(pl.Int32)
    told = heads.select(
        "home",
        "urban",
        pl.when(county.is_in(lake.counties)).then(county).otherwise("own_county").alias("county"),
        head_case="case",
    )
    beside = with_home(ordered, told.sort("home").collect(), "urban", "county", "head_case")
    return beside.select(
        "person_key", "home", "household_key", "head", "county", "own_county", "urban", "registered", "birth", "male",
        "relation", same_case=pl.col("case") == pl.col("head_case"),
    )  # fmt: skip


def _keys(lake: Lake, feed: str) -> pl.Series:
    return pl.concat([pl.Series("person_key", [], dtype=pl.Int64), *lake.doubted.get(feed, [])])
