"""Every act that the source records has a Chinese word, and so has every workflow."""

import ast

import pytest

from architecture.source import dotted, found, modules
from doudi.office.audit.words import ACTS, OUTCOMES, SUBJECTS, act_word
from office.workflows import workflows

RECORDING = ("record", "record_reading", "record_readings", "record_refusal")


def literals(node):
    """The texts that an expression may be, as far as the source says."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from literals(body)
            yield from literals(orelse)


def told(tree, keyword):
    """Every literal given as `keyword`: in any call as `act=…`, since a service may hand it on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            recording = dotted(node.func).rpartition(".")[2] in RECORDING
            for given in node.keywords:
                if given.arg == keyword and (recording or keyword == "act"):
                    for text in literals(given.value):
                        yield node.lineno, text


def wordless(keyword, words):
    return [
        f"{name}:{line} {text} has no Chinese word in office/audit/words.py"
        for name, tree in modules("office")
        for line, text in told(tree, keyword)
        if text not in words
    ]


def test_every_act_that_is_recorded_has_a_word():
    rows = wordless("act", ACTS)
    assert not rows, found(rows)


def test_every_kind_of_subject_has_a_word():
    rows = wordless("subject_kind", SUBJECTS)
    assert not rows, found(rows)


def test_every_workflow_has_a_word_for_its_moves_and_its_rows():
    keys = {workflow.key for workflow in workflows()}
    assert {f"{key}.move" for key in keys} - set(ACTS) == set()
    assert keys - set(SUBJECTS) == set()


@pytest.mark.parametrize(
    ("line", "acts"),
    [
        ("record(act='a.b')", ["a.b"]),
        ("services.record(act='a.b' if x else 'a.c')", ["a.b", "a.c"]),
        ("record(act=code)", []),
    ],
)
def test_an_act_is_found_in_the_source(line, acts):
    assert [text for _, text in told(ast.parse(line), "act")] == acts


def test_a_move_is_told_by_its_own_word():
    assert act_word("export.move", {"move": "批准"}) == "导出：批准"


def test_an_act_without_a_word_is_shown_as_its_code():
    assert act_word("x.y", {}) == "x.y"


def test_every_outcome_has_a_word_and_a_tone():
    assert {tone for _, tone in OUTCOMES.values()} <= {"neutral", "working", "good", "warn", "bad"}
