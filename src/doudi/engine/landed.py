"""落地后的行：每个来源三个关系——收到的行、相争的行、在手的行；加上矛盾与“没有即无”。

Writes the texts of `10_landed` once per feed, from the templates in that folder, and the two small relations that say
what a feed's silence proves. In-force rolls are chosen here by reading only the files and counties that hold.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from doudi.engine.backends.duckdb import quoted, scan_of
from doudi.engine.inputs import COMMON_COLUMNS, FeedInput, Inputs, LakeFile, month_number, months_before
from doudi.engine.relations import read_relations
from doudi.engine.step import LakeRead, Step

__all__ = [
    "DELIVERY",
    "conflict_step",
    "deliveries",
    "delivery_step",
    "landed_steps",
    "literal",
    "monitoring_step",
    "silence_step",
]

WINDOW_MONTHS = 12


def literal(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> str:
    """A small relation written out; typed even when it has no rows."""
    if not rows:
        return "SELECT " + ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in columns) + " WHERE FALSE"
    names = [name for name, _ in columns]
    values = ",\n    ".join("(" + ", ".join(quoted(value) for value in row) + ")" for row in rows)
    picked = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in columns)
    return f"SELECT {picked}\nFROM (VALUES\n    {values}\n) AS given({', '.join(names)})"


def monitoring_step(inputs: Inputs, running_months: int | None, largest_household: int | None) -> Step:
    """One row: the monitoring date and the first day of each window."""
    at = inputs.at
    running = None if running_months is None else _first_of_month(at, running_months)
    row = (
        ("at_date", "DATE", at), ("from_12m", "DATE", months_before(at, 12)), ("from_24m", "DATE", months_before(at, 24)),
        ("running_from", "DATE", running), ("largest_household", "BIGINT", largest_household),
    )  # fmt: skip
    settings = tuple((name, f"CAST({quoted(value)} AS {kind})") for name, kind, value in row)
    told = ", ".join(f"{value} AS {name}" for name, value in settings)
    return Step("monitoring", "10_landed", f"SELECT {told}", (), stored=False, settings=settings)


def _first_of_month(day: date, months_back: int) -> date:
    serial = day.year * 12 + day.month - 1 - months_back
    return date(serial // 12, serial % 12 + 1, 1)


def landed_steps(feed: FeedInput, at: date) -> list[Step]:
    """lines_<feed>, contested_<feed>, rivals_<feed> and <feed> itself, the lines in force."""
    templates = {relation.name: relation.sql for relation in read_relations("10_landed")}
    lines, contested, rivals = f"lines_{feed.feed}", f"contested_{feed.feed}", f"rivals_{feed.feed}"
    files = _files_held(feed)
    names = tuple(name for name, _ in (*COMMON_COLUMNS, *feed.columns))
    read = LakeRead(feed.feed, tuple((file.batch, condition) for file, condition in files), names)
    settled = templates["rivals"].replace("FROM lines", f"FROM {lines}").replace("FROM contested", f"FROM {contested}")
    held = templates["held"].replace("rivals", rivals).replace("lines", lines)
    if feed.happened:
        # After the rivals are settled: a correction may have moved the event past the monitoring date.
        held += f"\n    AND {lines}.{feed.happened} <= {quoted(at)}"
    until = at if feed.happened else None
    return [
        Step(lines, "10_landed", _lines_sql(feed, files), (), stored=False, lake=read),
        Step(contested, "10_landed", _contested_sql(files), (), stored=False, lake=LakeRead(feed.feed, ())),
        # A person's rivals are his own lines, but for a key that two persons claim: `delta` looks for those.
        Step(rivals, "10_landed", settled, (lines, contested), shard="person"),
        Step(feed.feed, "10_landed", held, (lines, rivals), stored=False, shard="person", until=until),
    ]


def _contested_sql(files: Iterable[tuple[LakeFile, str]]) -> str:
    """The keys of which there may be two lines in these files."""
    named = [quoted(file.contested) for file, _ in files if file.contested]
    if not named:
        return literal([("key_hash", "BIGINT")], [])
    return f"SELECT key_hash FROM read_parquet([{', '.join(named)}])"


def _files_held(feed: FeedInput) -> list[tuple[LakeFile, str]]:
    """The files whose lines hold, each with the condition on them (empty = all), by name."""
    found = [(file, _lines_held(feed, file)) for file in sorted(feed.files, key=lambda file: file.batch)]
    return [(file, condition) for file, condition in found if condition is not None]


def _lines_sql(feed: FeedInput, files: Sequence[tuple[LakeFile, str]]) -> str:
    columns = [*COMMON_COLUMNS, *feed.columns]
    added = [] if "person_key" in feed.named_columns else ["kin_key AS person_key"]
    if not files:
        own = [("batch_no", "BIGINT"), ("period", "INTEGER"), ("revision", "INTEGER"), *columns]
        return literal([*own, ("person_key", "BIGINT")] if added else own, [])
    told = {
        "batch_no": ("BIGINT", [file.number for file, _ in files]),
        "period": ("INTEGER", [month_number(file.period) for file, _ in files]),
        "revision": ("INTEGER", [file.revision for file, _ in files]),
    }
    scanned = [(file.path, condition) for file, condition in files]
    return scan_of(scanned, [*(name for name, _ in columns), *added], told)


def _lines_held(feed: FeedInput, file: LakeFile) -> str | None:
    """The condition on the lines of this file that hold: empty = all of them, null = none, it is not read at all."""
    if feed.delivers == "events":
        return ""
    divided = any(county is not None for county, _, _ in feed.in_force)
    counties = [
        county for county, period, revision in feed.in_force if (period, revision) == (file.period, file.revision)
    ]
    if not counties or not divided:
        return "" if counties else None
    named = ", ".join(str(county) for county in sorted(county for county in counties if county is not None))
    either = [f"scope IN ({named})"] if named else []
    return " OR ".join(either + ["scope IS NULL"] * (None in counties))


def conflict_step(feeds: Iterable[FeedInput]) -> Step:
    """conflicts: who has two contents in one delivery, or another name than the police have."""
    parts, reads = [], ["in_population"]
    for feed in feeds:
        parts.append(
            f"SELECT '{feed.feed}' AS feed, person_key, '内容' AS kind, batch_no, line "
            f"FROM rivals_{feed.feed} WHERE contradicted"
        )
        reads.append(f"rivals_{feed.feed}")
        if "name_token" in feed.named_columns and feed.feed != "population":
            parts.append(
                f"SELECT '{feed.feed}', held.person_key, '姓名', held.batch_no, held.line FROM {feed.feed} AS held "
                "JOIN in_population AS known ON known.person_key = held.person_key AND known.name_token <> held.name_token"
            )
            reads.append(feed.feed)
    return Step("conflicts", "20_persons", "\nUNION ALL ".join(parts), tuple(reads))


def silence_step(inputs: Inputs) -> Step:
    """silence: per county of the city, which feeds are fresh, and which have every month of the last twelve.

    County 0, where people live whom no county claims, is not in it: nothing is proven about them by silence.
    """
    start = months_before(inputs.at, WINDOW_MONTHS)
    first = start.year * 12 + start.month - 1
    columns: list[tuple[str, str]] = [("county", "INTEGER")]
    for name in sorted(inputs.feeds):
        columns += [(f"fresh_{name}", "BOOLEAN"), (f"whole_{name}", "BOOLEAN")]
    rows = []
    for county in inputs.counties:
        row: list[Any] = [county]
        for name in sorted(inputs.feeds):
            row += [inputs[name].is_fresh(county), inputs[name].whole_since(county, first)]
        rows.append(row)
    return Step("silence", "20_persons", literal(columns, rows), (), stored=False)


DELIVERY = (
    ("delivery_key", "BIGINT"), ("county", "INTEGER"), ("feed", "VARCHAR"), ("named_county", "INTEGER"),
    ("department", "VARCHAR"), ("delivered_ever", "BOOLEAN"), ("days_since_delivery_lo", "BIGINT"),
    ("days_since_delivery_hi", "BIGINT"), ("delivery_limit_days_lo", "BIGINT"), ("delivery_limit_days_hi", "BIGINT"),
)  # fmt: skip


def deliveries(inputs: Inputs) -> list[tuple[Any, ...]]:
    """Rows of delivery_facts: one per feed and county, or department, that the contract expects a delivery from."""
    rows: list[tuple[Any, ...]] = []
    for name in sorted(inputs.feeds):
        feed = inputs[name]
        parts = [(row.county, row.department, row.last_period) for row in feed.freshness if row.programme is None]
        if any(county is not None for county, _, _ in parts):
            told = {county: last for county, _, last in parts}
            parts = [(county, None, told.get(county)) for county in inputs.counties]
        elif any(department is not None for _, department, _ in parts):
            parts = [part for part in parts if part[1] is not None]
        for county, department, last in parts or [(None, None, None)]:
            since = None if last is None else max(0, (inputs.at - _last_day(last)).days)
            limit = feed.stale_after_days
            rows.append(
                (
                    len(rows) + 1,
                    county or 0,
                    name,
                    county,
                    department,
                    last is not None,
                    since or 0,
                    since,
                    limit,
                    limit,
                )
            )
    return rows


def _last_day(period: str) -> date:
    serial = month_number(period) + 1
    return date(serial // 12, serial % 12 + 1, 1) - timedelta(days=1)


def delivery_step(inputs: Inputs) -> Step:
    """delivery_facts: how long ago each sender last delivered."""
    return Step("delivery_facts", "20_persons", literal(DELIVERY, deliveries(inputs)), (), grain=("delivery_key",))
