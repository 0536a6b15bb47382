"""A test that asserts nothing passes for ever: each one must be able to fail."""

import ast

import pytest

from architecture.source import ROOT, dotted, found, functions

RAISING = {"pytest.raises", "pytest.warns", "pytest.fail", "raises"}


def can_fail(function):
    """Whether the test asserts: by itself, by pytest.raises, by what it expects of a page, or by a helper named check_… or
    assert_…
    """
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            called = dotted(node.func)
            if called.startswith(("?.to_", "?.not_to_")) and dotted(getattr(node.func.value, "func", None)) == "expect":
                return True
            if called in RAISING or called.rpartition(".")[2].startswith(("check_", "assert_")):
                return True
    return False


def toothless(path):
    for function in functions(ast.parse(path.read_text("utf-8"))):
        if function.name.startswith("test") and not can_fail(function):
            yield f"{path}:{function.lineno} {function.name} cannot fail"


@pytest.mark.parametrize(
    "body",
    ["print('ok')", "answer = 42", "try:\n        run()\n    except ValueError: ...", "expect(page)", "page().to_go()"],
)
def test_a_toothless_test_is_seen(tmp_path, body):
    (tmp_path / "test_x.py").write_text(f"def test_x():\n    {body}\n")
    assert list(toothless(tmp_path / "test_x.py"))


@pytest.mark.parametrize(
    "body", ["assert 1", "check_it()", "expect(page).to_be_hidden()", "expect(page).not_to_have_text('')"]
)
def test_a_test_that_can_fail_is_not_complained_of(tmp_path, body):
    (tmp_path / "test_x.py").write_text(f"def test_x():\n    {body}\n")
    assert list(toothless(tmp_path / "test_x.py")) == []


def test_every_test_can_fail():
    rows = [row for path in sorted((ROOT / "tests").rglob("test_*.py")) for row in toothless(path)]
    assert not rows, found(rows)
