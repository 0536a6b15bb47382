"""已享：各项目在应发日（或事件日）之后的发放记录，一笔报两次只算一次。

`recorded_<programme>`: was a payment of the programme made in [due date, at]? Yes by a payment surely inside; no only
when the feed is fresh, no month since the due date is missing, and somebody's payment under this programme was reported
since: who reports a programme at all has reported it for everybody. Otherwise unknown. A household's programme counts
when any member received it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from doudi.engine.backends.duckdb import quoted
from doudi.engine.inputs import FeedInput, Inputs, month_number
from doudi.engine.step import Step
from doudi.policy.rule import Book, Programme

__all__ = ["event_words", "from_assistance", "receipt_steps", "renamed", "told_between"]


def from_assistance(book: Book, unit: str | None = None) -> list[Programme]:
    """The programmes whose receipt is read from a feed of payments, of one unit or of both."""
    return [p for p in book.programmes if p.received_feed and unit in (None, p.unit)]


def event_words(book: Book) -> tuple[str, ...]:
    """Ids of the derived dates that event programmes are due on: they are compiled before everything else."""
    words = {book.by_name[p.event] for p in from_assistance(book) if p.event}
    return tuple(sorted(word for word in words if book.words[word].node is not None))


def renamed(sql: str, names: Sequence[str]) -> str:
    """A compiled text that runs before the facts are complete: it reads the records, under names of its own."""
    text = re.sub(r"\b(person|household)_facts\b", r"\1_records", sql)
    return re.sub(rf"\b({'|'.join(map(re.escape, names))})\b", r"early_\1", text) if names else text


def told_between(feed: FeedInput, programme: Programme) -> tuple[date, date] | None:
    """The first and the last day that a due date may have for silence to mean 'not paid'; null = it never does.

    From the month since which the feed misses none, to the last month in which the programme (under any of its names;
    its department where deliveries are kept by department alone) was reported at all.
    """
    whole = [row for row in feed.freshness if row.department is None and row.programme is None]
    if len(whole) != 1 or not whole[0].fresh or not whole[0].months:
        return None
    named = [row for row in feed.freshness if row.programme is not None] or [
        row for row in feed.freshness if row.department is not None
    ]
    spoke = [
        row.last_period
        for row in named
        if row.programme in programme.received_codes or (row.department or "").startswith(programme.department)
    ]
    last = max((month_number(period) for period in spoke if period), default=None)
    if last is None:
        return None
    months = {month_number(month) for month in whole[0].months}
    first = max(months)
    while first - 1 in months:
        first -= 1
    after = date((last + 1) // 12, (last + 1) % 12 + 1, 1)
    return date(first // 12, first % 12 + 1, 1), after - timedelta(days=1)


def receipt_steps(inputs: Inputs, book: Book, early: Mapping[str, str]) -> list[Step]:
    """person_facts and household_facts: the records with the receipts beside them.

    `early` names, per grain, the compiled relation that has the derived event dates.
    """
    steps = []
    for grain in ("person", "household"):
        key, records, facts = f"{grain}_key", f"{grain}_records", f"{grain}_facts"
        programmes = from_assistance(book, grain)
        columns = "".join(f", receipts.recorded_{p.id}" for p in programmes)
        join = f"\nJOIN {grain}_receipts AS receipts ON receipts.{key} = records.{key}" if programmes else ""
        reads = [records]
        if programmes:
            steps.append(_receipts_step(inputs["assistance"], book, grain, programmes, early.get(grain)))
            reads.append(f"{grain}_receipts")
        text = f"SELECT records.*{columns}\nFROM {records} AS records{join}"
        steps.append(Step(facts, "30_households", text, tuple(reads), stored=False))
    return steps


def _receipts_step(feed: FeedInput, book: Book, grain: str, programmes: Sequence[Programme], early: str | None) -> Step:
    key, records = f"{grain}_key", f"{grain}_records"
    dates = [(p, *_due_ends(book, p, records, early)) for p in programmes]
    due = ", ".join(f"{lo} AS due_{p.id}_lo, {hi} AS due_{p.id}_hi" for p, lo, hi in dates)
    joined = f"{records} LEFT JOIN parameters ON parameters.county = {records}.county"
    derived = early is not None and any(early in lo for _, lo, _ in dates)
    joined += f" LEFT JOIN {early} ON {early}.{key} = {records}.{key}" if derived else ""
    found = ",\n    ".join(map(_found, programmes))
    verdicts = ",\n    ".join(_verdict(feed, p, key) for p in programmes)
    sql = f"""WITH due AS (
    SELECT {records}.{key}, {due}
    FROM {joined}
),
paid AS (
    SELECT members.{key}, programme, date
    FROM payments JOIN members ON members.person_key = payments.person_key
),
doubted AS (
    SELECT DISTINCT members.{key}
    FROM blind JOIN members ON members.person_key = blind.person_key
    WHERE blind.assistance
),
found AS (
    SELECT due.{key},
    {found}
    FROM due JOIN paid ON paid.{key} = due.{key}
    GROUP BY due.{key}
)
SELECT due.{key},
    {verdicts}
FROM due
LEFT JOIN found ON found.{key} = due.{key}
LEFT JOIN doubted ON doubted.{key} = due.{key}"""
    reads = [records, "payments", "members", "blind", "parameters", *([early] if derived and early else [])]
    return Step(f"{grain}_receipts", "30_households", sql, tuple(reads), grain=(key,))


def _due_ends(book: Book, programme: Programme, records: str, early: str | None) -> tuple[str, str]:
    """The columns that hold the earliest and the latest day this programme may have been due."""
    if programme.event is None:
        stem = f"parameters.due_date_{programme.id}"
    else:
        word = book.words[book.by_name[programme.event]]
        stem = f"{early if word.node is not None else records}.{word.id}"
    return f"{stem}_lo", f"{stem}_hi"


def _found(programme: Programme) -> str:
    """2 = a payment surely on or after the due date, 1 = perhaps one, 0 = none."""
    codes = ", ".join(quoted(code) for code in programme.received_codes)
    return (
        f"max(CASE WHEN programme NOT IN ({codes}) OR paid.date < due_{programme.id}_lo THEN 0 "
        f"WHEN paid.date >= due_{programme.id}_hi THEN 2 ELSE 1 END) AS found_{programme.id}"
    )


def _verdict(feed: FeedInput, programme: Programme, key: str) -> str:
    told = told_between(feed, programme)
    lo, hi = f"due.due_{programme.id}_lo", f"due.due_{programme.id}_hi"
    none = f" WHEN {lo} >= {quoted(told[0])} AND {hi} <= {quoted(told[1])} THEN FALSE" if told else ""
    return (
        f"CASE WHEN doubted.{key} IS NOT NULL THEN NULL WHEN found.found_{programme.id} = 2 THEN TRUE "
        f"WHEN found.found_{programme.id} = 1 THEN NULL{none} END AS recorded_{programme.id}"
    )
