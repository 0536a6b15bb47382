"""接头：把入库的“在效”变成引擎的输入。

Landing's standing, contract and batches → `doudi.engine.inputs.Inputs`. The two wings do not know each other.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from doudi.engine.inputs import FeedInput, Freshness, Inputs, LakeFile
from doudi.landing import load_contract, read_acceptances, read_batches, standing
from doudi.landing.lake import Acceptance, BatchRecord, Lake
from doudi.landing.lines import lake_columns
from doudi.landing.standing import FeedStanding

__all__ = ["lake_columns", "read_inputs"]


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
            LakeFile(
                r.batch,
                lake.lines_file(feed.name, r.batch),
                r.period,
                r.revision,
                r.file,
                r.received_at,
                lake.contested_file(feed.name, r.batch) if r.contested else None,
            )
            for r in each.batches
        ),
        in_force=each.in_force,
        freshness=tuple(
            Freshness(c.scope.county, c.scope.department, c.scope.programme, c.fresh, c.last_period, c.months)
            for c in each.coverage
        ),
    )
