"""接头：把入库的“在效”变成引擎的输入。

Landing's standing, contract and batches → `doudi.engine.inputs.Inputs`. The two wings do not know each other.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from doudi.engine.inputs import FeedInput, Freshness, Inputs, LakeFile
from doudi.landing import load_contract, read_acceptances, read_batches, standing
from doudi.landing.contract import Column, Feed
from doudi.landing.lake import Acceptance, BatchRecord, Lake
from doudi.landing.lines import TOKEN_KINDS, column_in_lake
from doudi.landing.standing import FeedStanding

__all__ = ["lake_columns", "read_inputs"]

_SQL: Final = {
    "id": "BIGINT", "text": "VARCHAR", "code": "VARCHAR", "date": "DATE", "month": "DATE", "yuan": "BIGINT",
    "int": "BIGINT", "decimal": "BIGINT",
}  # fmt: skip
_OF_THE_ID: Final = (("birth", "DATE"), ("male", "BOOLEAN"))


def read_inputs(
    home: Path,
    at: date,
    known: str | None = None,
    *,
    only: Callable[[BatchRecord], bool] = lambda _: True,
    released: Callable[[Acceptance], bool] = lambda _: True,
) -> Inputs:
    """What a run at `at` is given: events up to `at`, batches received up to `known`, of those that `only` lets by."""
    records = [record for record in read_batches(home, known) if only(record)]
    accepted = [one for one in read_acceptances(home, known) if released(one)]
    now = standing(records, load_contract(), at, accepted)
    return Inputs(home, {name: _feed_input(home, each) for name, each in now.feeds.items()}, at, known)


def lake_columns(feed: Feed) -> tuple[tuple[str, str], ...]:
    """The feed's own columns in the lake: name and SQL type."""
    own = tuple((column_in_lake(column), _sql_type(column)) for column in feed.columns)
    return own + (_OF_THE_ID if feed.name == "population" else ())


def _sql_type(column: Column) -> str:
    numbered = column.name == "name" or column.name in TOKEN_KINDS or column.is_division
    return "BIGINT" if numbered else _SQL[column.kind]


def _feed_input(home: Path, each: FeedStanding) -> FeedInput:
    feed, lake = each.feed, Lake(home)
    return FeedInput(
        feed=feed.name,
        delivers=feed.delivers,
        absence=feed.absence,
        use=feed.use,
        territory=feed.territory,
        stale_after_days=feed.stale_after_days,
        key=feed.key,
        columns=lake_columns(feed),
        files=tuple(
            LakeFile(r.batch, lake.lines_file(feed.name, r.batch), r.period, r.revision, r.file, r.received_at)
            for r in each.batches
        ),
        in_force=each.in_force,
        freshness=tuple(
            Freshness(c.scope.county, c.scope.department, c.scope.programme, c.fresh, c.last_period, c.months)
            for c in each.coverage
        ),
    )
