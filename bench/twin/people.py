"""What is known of each person, in three values: recorded facts, silence that proves something, and who counts."""

from __future__ import annotations

import polars as pl

from twin.bounds import UNKNOWN
from twin.lake import Lake
from twin.settings import Settings

MENTAL = ("智力", "精神")
YES = pl.lit(value=True)


def _told(lake: Lake, recorded: pl.Expr, said: pl.Expr, *feeds: str) -> pl.Expr:
    """What the record says; without a record 'no' where silence proves it, else unknown. A doubted feed says nothing."""
    return (
        pl.when(lake.doubts(*feeds)).then(UNKNOWN)
        .when(recorded).then(said)
        .when(lake.silent(*feeds)).then(statement=False)
    )  # fmt: skip


def believed(lake: Lake) -> list[pl.Expr]:
    """Every fact under its name; a value that may not be believed becomes null."""
    rolls = {"dibao": "dibao_roll", "tekun": "tekun_roll", "fanpin": "fanpin_roll"}
    kinds = {
        "low_income_roll": ("margin", "rigid", "other"),
        "child_welfare_roll": ("on_child", "orphan", "unsupported"),
        "disability_allowance": ("living",),
    }
    values = {
        "population": ("birth", "male", "relation"),
        "dibao_roll": ("dibao_since",),
        "tekun_roll": ("tekun_since", "scattered"),
        "low_income_roll": ("rigid_since",),
        "serious_illness": ("diagnosed",),
        "unemployment": ("jobless_since",),
        "student_roll": ("school", "studies", "keeps_tekun"),
        "disaster": ("disaster_date",),
        "staff_kin": ("staff_kin", "undeclared"),
        "enrolled_elsewhere": ("elsewhere",),
        "death": ("death_date",),
        "assistance": ("last_aid",),
    }
    town, case = "dibao_roll", "low_income_roll"
    return [
        *(_told(lake, pl.col(name).is_not_null(), pl.col(name), feed).alias(name) for name, feed in rolls.items()),
        *(_told(lake, pl.col(name), YES, feed).alias(name) for feed, names in kinds.items() for name in names),
        *(
            _told(lake, pl.col(f"{name}_date").is_not_null(), YES, "refused_or_left").alias(name)
            for name in ("left", "refused")
        ),
        *(
            pl.when(~lake.doubts(feed)).then(pl.col(name)).alias(name)
            for feed, names in values.items()
            for name in names
        ),
        _told(lake, pl.col("places").is_not_null(), pl.col("places") > 1, "dibao_roll", "tekun_roll").alias(
            "many_places"
        ),
        _told(lake, pl.col("disaster_date").is_not_null(), pl.col("house_lost"), "disaster").alias("house_lost"),
        pl.when(~lake.doubts(town, case)).then("same_case").alias("same_case"),
        *(
            pl.when(~lake.doubts("refused_or_left")).then(f"{name}_date").alias(f"{name}_date")
            for name in ("left", "refused")
        ),
        _dead(lake).alias("dead"),
        _tekun_urban(lake).alias("tekun_urban"),
        *_on_record(lake),
        *_certificate(lake),
    ]


def _on_record(lake: Lake) -> list[pl.Expr]:
    """What the register itself shows is always known; a content that is doubted is not."""
    recorded = {
        "death": "death_date", "custody": "custody_since", "ill": "diagnosed", "jobless": "jobless_since",
        "disaster": "disaster", "dangerous": "dangerous", "student": "poor_student", "aid": "last_aid",
    }  # fmt: skip
    feeds = {
        "ill": "serious_illness", "jobless": "unemployment", "dangerous": "housing_need", "student": "hardship_student",
    }  # fmt: skip
    return [
        *(pl.col(column).is_not_null().alias(f"{name}_recorded") for name, column in recorded.items()),
        pl.col("prison").fill_null(value=False).alias("prison_recorded"),
        # On the register, and the register may be believed.
        *(
            pl.when(pl.col(recorded[name]).is_null())
            .then(statement=False)
            .when(~lake.doubts(feed))
            .then(YES)
            .alias(name)
            for name, feed in feeds.items()
        ),
        (pl.col("custody_since").is_not_null() & ~lake.doubts("custody")).alias("custody_sure"),
    ]


def _dead(lake: Lake) -> pl.Expr:
    return (
        pl.when(lake.doubts("death", "population")).then(UNKNOWN)
        .when(pl.col("death_date").is_not_null()).then(YES)
        .when(pl.col("registered") & lake.fresh("population", "death", county="own_county")).then(statement=False)
    )  # fmt: skip


def _tekun_urban(lake: Lake) -> pl.Expr:
    """Which standard a 特困 person has: the roll's kind; without one 农村 if the household is, for nobody records its land."""
    rural = pl.when(~pl.col("urban")).then(statement=False)
    return (
        pl.when(lake.doubts("tekun_roll")).then(UNKNOWN)
        .when(pl.col("tekun")).then("tekun_town")
        .when(pl.col("tekun").is_not_null() | lake.silent("tekun_roll")).then(rural)
    )  # fmt: skip


def _certificate(lake: Lake) -> list[pl.Expr]:
    """The disability certificate by what it is used for. Silence of a fresh register: no certificate."""
    known = pl.col("card_kind").is_not_null()
    kind, grade = pl.col("card_kind"), pl.col("grade")
    mental = kind.is_in(MENTAL)
    uses = {
        "card": grade <= 4,
        "severe": grade <= 2,
        "assisted": mental | (grade <= 2),
        "severe_or_mental_three": (grade <= 2) | (mental & (grade == 3)),
        "unfit_parent": (grade <= 2) | (mental & (grade <= 4)),
        "tekun_card": (mental & (grade <= 3)) | ((kind == "肢体") & (grade <= 2)) | ((kind == "视力") & (grade <= 1)),
    }
    believed_card = pl.when(~lake.doubts("disability"))
    return [
        *(_told(lake, known, use, "disability").alias(name) for name, use in uses.items()),
        believed_card.then("issued").alias("issued"),
    ]


def derived(settings: Settings) -> list[list[pl.Expr]]:
    """Words that rest on the facts, in steps that build on each other."""
    under, col = settings.under, pl.col
    birth = col("birth")
    age = {
        "minor": under(birth, "adult_months"),
        "under_60": under(birth, "elderly_months"),
        "under_70": under(birth, "old_obligor_months"),
        "under_16": under(birth, "tekun_minor_months"),
        "under_18_kept": under(birth, "tekun_minor_keep_months"),
    }
    until = (
        pl.when("male").then(under(birth, "working_to_months_male")).otherwise(under(birth, "working_to_months_female"))
    )
    working = ~under(birth, "working_from_months") & until
    destroyed = col("house_lost")
    hit = col("disaster_recorded") & under(col("disaster_date"), "disaster_recent_months")
    core = (
        col("relation").is_in(["户主", "配偶"])
        | col("same_case")
        | (col("relation").is_in(["子", "女"]) & (age["minor"] | col("studies")))
    )
    four = col("dibao") | col("tekun") | col("margin") | col("rigid")
    left = col("left") & under(col("left_date"), "left_watch_months")
    refused = col("refused") & under(col("refused_date"), "refused_watch_months")
    return [
        [
            *(word.alias(name) for name, word in age.items()),
            working.alias("working_age"),
            hit.alias("hit"),
            (hit & destroyed).alias("destroyed"),
            four.alias("on_four"),
            (four | col("other") | col("fanpin")).alias("on_any"),
            (left | refused).alias("watched"),
            (col("ill") & under(col("diagnosed"), "new_illness_months")).alias("fresh_ill"),
            (col("severe") & under(col("issued"), "new_disability_months")).alias("fresh_severe"),
            # Away by death or custody: no. The core: yes. Everybody else may live with them, and nobody records it.
            pl.when(col("death_recorded") | col("custody_recorded"))
            .then(statement=False)
            .when(core)
            .then(YES)
            .alias("counted"),
        ],
        [
            (col("jobless") & col("working_age") & under(col("jobless_since"), "fresh_unemployment_months")).alias(
                "fresh_jobless"
            ),
            (col("minor") | col("severe") | col("ill")).alias("dependant"),
            (col("death_recorded") & col("dead") & under(col("death_date"), "recent_death_months")).alias(
                "died_lately"
            ),
            (col("unfit_parent") | col("ill") | col("custody_recorded") | col("death_recorded")).alias(
                "parent_recorded"
            ),
            # 有劳动能力 is never proven: no register says that a person can look after himself.
            pl.when(~col("working_age") | col("severe_or_mental_three") | col("ill") | col("school"))
            .then(statement=False)
            .alias("able"),
            col("counted").fill_null(value=False).alias("core"),
            col("counted").fill_null(value=True).alias("possible"),
        ],
    ]
