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

    Most people never got a payment, and all that is said of them is what silence says. `<grain>_receipts` holds the
    others; the facts, a view, look there first. `early` names, per grain, the relation that has the derived event dates.
    """
    steps = []
    for grain in ("person", "household"):
        programmes = from_assistance(book, grain)
        if programmes:
            receipts = _Receipts(inputs["assistance"], book, grain, programmes, early.get(grain))
            steps += [receipts.step(), receipts.facts()]
        else:
            records = f"{grain}_records"
            steps.append(Step(f"{grain}_facts", "30_households", f"SELECT * FROM {records}", (records,), stored=False))
    return steps


class _Receipts:
    """Writes `<grain>_receipts` and the view over it."""

    def __init__(
        self, feed: FeedInput, book: Book, grain: str, programmes: Sequence[Programme], early: str | None
    ) -> None:
        self.grain, self.key, self.records = grain, f"{grain}_key", f"{grain}_records"
        self.programmes = programmes
        self.told = {p.id: told_between(feed, p) for p in programmes}
        self.ends = {p.id: _due_ends(book, p, self.records, early) for p in programmes}
        dated = early is not None and any(lo.startswith(f"{early}.") for lo, _ in self.ends.values())
        self.early = early if dated else None

    def step(self) -> Step:
        """Who was paid anything, or whose payments are doubted."""
        key, records = self.key, self.records
        due = ", ".join(f"{lo} AS due_{name}_lo, {hi} AS due_{name}_hi" for name, (lo, hi) in self.ends.items())
        found = ",\n        ".join(map(_found, self.programmes))
        verdicts = ",\n    ".join(self._verdict(programme) for programme in self.programmes)
        sql = f"""WITH paid AS (
    -- Whether a payment came since a day, the latest of its programme says.
    SELECT members.{key}, programme, max(date) AS date
    FROM payments JOIN members ON members.person_key = payments.person_key
    GROUP BY members.{key}, programme
),
doubted AS (
    SELECT DISTINCT members.{key}
    FROM blind JOIN members ON members.person_key = blind.person_key
    WHERE blind.assistance
),
due AS (
    SELECT asked.{key}, {due}
    FROM (SELECT {key} FROM paid UNION SELECT {key} FROM doubted) AS asked
    JOIN {records} ON {records}.{key} = asked.{key}
    {self._dates_of(records)}
),
found AS (
    SELECT
        due.{key},
        {found}
    FROM due JOIN paid ON paid.{key} = due.{key}
    GROUP BY due.{key}
)
SELECT
    due.{key},
    {verdicts}
FROM due
LEFT JOIN found ON found.{key} = due.{key}
LEFT JOIN doubted ON doubted.{key} = due.{key}"""
        reads = [records, "payments", "members", "blind", *self._dated_by()]
        return Step(f"{self.grain}_receipts", "30_households", sql, tuple(reads), grain=(key,))

    def facts(self) -> Step:
        """The view: the records, with what the receipts say, else with what silence says."""
        key, receipts = self.key, f"{self.grain}_receipts"
        columns = ",\n    ".join(self._said(programme) for programme in self.programmes)
        sql = (
            f"SELECT {self.records}.*,\n    {columns}\nFROM {self.records}\n"
            f"LEFT JOIN {receipts} ON {receipts}.{key} = {self.records}.{key}\n{self._dates_of(self.records)}"
        )
        reads = (self.records, receipts, *self._dated_by())
        return Step(f"{self.grain}_facts", "30_households", sql, reads, stored=False)

    def _dated_by(self) -> list[str]:
        return ["parameters", *([self.early] if self.early else [])]

    def _dates_of(self, records: str) -> str:
        """Joins what the due dates stand in to the records."""
        joins = [f"LEFT JOIN parameters ON parameters.county = {records}.county"]
        if self.early:
            joins.append(f"LEFT JOIN {self.early} ON {self.early}.{self.key} = {records}.{self.key}")
        return "\n".join(joins)

    def _said(self, programme: Programme) -> str:
        receipts, silent = f"{self.grain}_receipts", self._silent(programme, *self.ends[programme.id])
        column = f"recorded_{programme.id}"
        return f"CASE WHEN {receipts}.{self.key} IS NOT NULL THEN {receipts}.{column}{silent} END AS {column}"

    def _verdict(self, programme: Programme) -> str:
        name = programme.id
        silent = self._silent(programme, f"due.due_{name}_lo", f"due.due_{name}_hi")
        return (
            f"CASE WHEN doubted.{self.key} IS NOT NULL THEN NULL WHEN found.found_{name} = 2 THEN TRUE "
            f"WHEN found.found_{name} = 1 THEN NULL{silent} END AS recorded_{name}"
        )

    def _silent(self, programme: Programme, lo: str, hi: str) -> str:
        """The branch of a CASE where no payment means 'not paid'; empty = it never does."""
        told = self.told[programme.id]
        return f" WHEN {lo} >= {quoted(told[0])} AND {hi} <= {quoted(told[1])} THEN FALSE" if told else ""


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
