"""Whatever happens on one day, to lines and to rules: a second run that judges again only what changed is the run from nothing."""

import random
from dataclasses import replace

import pytest

from engine.town import Town, something_happens

pytestmark = pytest.mark.slow
SEED = 11


def test_whatever_happens_on_one_day_the_run_is_the_run_from_nothing(tmp_path, book):
    town = Town(tmp_path, book, SEED)
    town.run()
    parts, rules = [], random.Random(SEED)
    for _ in range(4):
        something_happens(town, days=(0,))
        parts.append(town.again())
        town.book = replace(book, indicators=tuple(one for one in book.indicators if rules.random() < 0.9))
        parts.append(town.again())
    assert any(part is not None and part.feeds for part in parts)
    assert any(part is not None and part.of_rules for part in parts)
