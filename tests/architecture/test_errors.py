"""docs/errors.md and the source name the same codes; each code is of one kind and of the agreed form."""

import importlib.util
import pickle

import pytest

from architecture.source import PACKAGE, ROOT, found
from doudi.errors import DoudiError, Fault, Gap, Refusal

specification = importlib.util.spec_from_file_location("error_codes", ROOT / "docs" / "error_codes.py")
error_codes = importlib.util.module_from_spec(specification)
specification.loader.exec_module(error_codes)


@pytest.fixture(scope="module")
def raised():
    return list(error_codes.raised(PACKAGE))


def test_the_page_of_codes_equals_the_source(raised):
    written = error_codes.page(raised)
    assert error_codes.PAGE.read_text("utf-8") == written, "run `python3 dev docs` and commit docs/errors.md"


def test_a_code_is_of_one_kind_only(raised):
    kinds = {}
    for row in raised:
        kinds.setdefault(row.code, set()).add(row.kind)
    rows = [f"{code}: {sorted(both)}" for code, both in kinds.items() if len(both) > 1]
    assert not rows, found(rows)


def test_every_refusal_ends_in_a_chinese_sentence(raised):
    rows = [f"{row.where} {row.code}: {row.sentence}" for row in raised if row.sentence.isascii()]
    assert not rows, found(rows)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("raise Refusal('a.b', '不行', n=1)", ("a.b", "Refusal", "不行")),
        ("raise errors.Gap('a.c', f'缺{x}月')", ("a.c", "Gap", "缺…月")),
        ("class Late(Refusal):\n  def __init__(self): super().__init__('a.d', '迟了')", ("a.d", "Refusal", "迟了")),
        ("class Late(Refusal): ...\nraise Late('a.e', '迟' '了')", ("a.e", "Refusal", "迟了")),
        ("def no(code, why): raise Gap(code, f'表{why}。')\nno('a.f', '缺行')", ("a.f", "Gap", "表缺行。")),
        (
            "class C:\n  def no(self, why, code='a.g'): raise Fault(code, why)\n  def x(self): self.no('乱了')",
            ("a.g", "Fault", "乱了"),
        ),
    ],
)
def test_a_code_is_found_however_it_is_raised(tmp_path, line, expected):
    (tmp_path / "x.py").write_text(line)
    assert [tuple(row[:3]) for row in error_codes.raised(tmp_path)] == [expected]


@pytest.mark.parametrize("line", ["raise Refusal(code, '不行')", "raise Fault('Oops', '不行')", "raise Gap()"])
def test_a_code_that_cannot_be_searched_for_is_refused(tmp_path, line):
    (tmp_path / "x.py").write_text(line)
    with pytest.raises(SystemExit, match=r"x\.py:1"):
        error_codes.raised(tmp_path)


@pytest.mark.parametrize("kind", [Refusal, Gap, Fault])
def test_an_error_keeps_code_sentence_and_facts_across_processes(kind):
    error = pickle.loads(pickle.dumps(kind("a.b", "句子", lines=3)))  # noqa: S301 - our own bytes, made on this line
    assert (error.code, str(error), error.facts) == ("a.b", "句子", {"lines": 3})
    assert isinstance(error, DoudiError)
