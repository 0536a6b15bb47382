"""Who may do what in which state stands in one file that is read by somebody who knows the procedure."""

import pytest

from doudi.errors import Fault
from doudi.office.common.roles import Role
from doudi.office.common.workflow import Move, Workflow
from office.workflows import pages, workflows

TABLES = {table.key: table for table in workflows()}


def test_state_times_role_times_move_is_what_was_reviewed():
    reviewed = pages.GOLDEN.read_text("utf-8")
    assert reviewed == pages.golden(), (
        "流程表变了。请由懂业务的人逐行看过差异：谁在什么状态下多了、少了哪一步；"
        "确认后运行 python docs/workflows.py --golden，连同改动一起提交。"
    )


def test_the_page_of_workflows_equals_the_source():
    assert pages.PAGE.read_text("utf-8") == pages.page(), "run `python3 dev docs` and commit docs/build/workflows.md"


@pytest.mark.parametrize("key", TABLES)
def test_every_state_is_reached_from_the_start(key):
    table, reached = TABLES[key], {TABLES[key].start}
    for _ in table.states:
        reached |= {move.new for move in table.moves if move.old in reached}
    assert reached == set(table.states)


@pytest.mark.parametrize("key", TABLES)
def test_every_move_has_somebody_who_may_make_it_and_nobody_who_may_not_log_in_with_a_supervisors_rights(key):
    assert [move.name for move in TABLES[key].moves if not move.by] == []
    assert [move.name for move in TABLES[key].moves if Role.SUPERVISOR in move.by and not _only_takes(key, move)] == []


def _only_takes(key, move):
    """An external supervisor changes nothing; a file of what he may read is still his to ask for and to take."""
    return key == "export" and move.name in {"提交", "取走"}


@pytest.mark.parametrize("key", TABLES)
def test_every_tone_is_one_that_a_tag_knows(key):
    assert {tone for _, tone in TABLES[key].states.values()} <= {"neutral", "working", "good", "warn", "bad"}


@pytest.mark.parametrize("move", [Move("走", "a", "nowhere", by=frozenset()), Move("走", "a", "b", by=frozenset())])
def test_a_table_with_a_state_that_is_none_or_a_move_told_twice_is_a_fault(move):
    states = {"a": ("甲", "neutral"), "b": ("乙", "good")}
    with pytest.raises(Fault, match="写重了"):
        Workflow("x", "例", "a", states, (Move("走", "a", "b", by=frozenset()), move))
