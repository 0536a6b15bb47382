"""Whatever happens to any feeds, round after round: a run that carries over is the run that makes everything anew."""

from datetime import date

import pytest

from engine.town import EVERYTHING_CARRIED, Town, something_happens

pytestmark = pytest.mark.slow


def test_whatever_happens_round_after_round_the_run_is_the_run_from_nothing(tmp_path, book):
    town = Town(tmp_path, book)
    town.lake.at = date(2026, 3, 8)
    town.run()
    made = []
    for _ in range(4):
        something_happens(town)
        something_happens(town)
        how = town.agrees()
        assert how.keys() >= EVERYTHING_CARRIED
        made += how.values()
    assert {"沿用", "增量", "全做"} == set(made)
