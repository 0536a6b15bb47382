"""Which lines stand behind a fact, who may see them, and where the two readers would part."""

from datetime import date

import pytest

from doudi.engine.plan import fact_relations
from doudi.engine.reasons import Judged, agree
from doudi.errors import Fault
from engine.lake import TOWN
from engine.test_run import minibook, monitor, on_roll  # noqa: F401  # fixtures


@pytest.mark.parametrize("relation", fact_relations(), ids=lambda relation: relation.name)
def test_every_fact_says_where_its_lines_stand(relation):
    assert all(relation.evidence_of(fact) for fact in relation.facts)


def test_the_dead_are_alerted_with_the_line_of_the_roll_and_the_line_of_the_death(lake, monitor):  # noqa: F811  # a fixture
    lake = on_roll(lake.person(1)).add(
        "death", {"id": 9, "date": date(2026, 1, 1)}, {"id": 1, "date": date(2026, 2, 2)}
    )
    _, alerts = monitor(lake)
    told = {(reason["feed"], reason["line"], reason["date"]) for reason in alerts["ineligible.dead"]["reasons"]}
    assert {("dibao_roll", 2, "2024-01-01"), ("death", 3, "2026-02-02")} <= told
    assert alerts["ineligible.dead"]["subject_ref"] == "person:ref1"
    assert alerts["ineligible.dead"]["division"] == str(TOWN)


def test_a_verdict_that_only_sql_gives_is_a_fault(minibook):  # noqa: F811  # a fixture
    indicator = minibook.indicators[0]
    with pytest.raises(Fault, match="SQL 说是，Python 说不是"):
        agree(Judged(None, ()), indicator, "household:ref1")
