"""The policy book on the command line: checked, looked up, printed."""

import shutil
from datetime import date

import pytest

from cli.door import assert_refused, doudi, written
from doudi import policybook_dir
from doudi.cli.book_word import describe
from doudi.policy.load import load_book, load_canonical
from doudi.policy.view import view


@pytest.fixture(scope="module")
def book():
    return load_book(policybook_dir())


@pytest.fixture
def copied(tmp_path):
    """A policy book of one's own, with no cases, to break."""
    shutil.copytree(policybook_dir(), tmp_path / "book", ignore=shutil.ignore_patterns("cases"))
    return tmp_path / "book"


def case(income, expected):
    return f"""
- 案例: 试一试
  依据: [N5.9]
  监测日: 2024-06-30
  未写明: 无
  家庭: {{登记城乡类别: 城市}}
  成员: [{{称呼: 甲, 与户主关系: 户主, 出生日期: 1980-01-01, 工资收入: {income}}}]
  应得: {{收入低于低保标准: {expected}}}
"""


@pytest.mark.slow
def test_the_shipped_book_holds_with_every_case():
    answer = doudi("policy", "check", "--json")
    assert answer.json()["wrong"] == []
    assert answer.code == 0
    assert answer.json()["counts"]["案例"] > 0


def test_a_case_that_does_not_hold_fails_the_check_and_is_named(copied):
    written(copied, "cases/mine.yaml", case("12 * 1075", "是"))
    answer = doudi("policy", "check", copied)
    assert answer.code == 1
    assert "案例“试一试”：“收入低于低保标准”应为 是，得到 否。" in answer.err


def test_a_case_that_holds_is_not_named(copied):
    written(copied, "cases/mine.yaml", case("12 * 1075", "否"))
    assert "试一试" not in doudi("policy", "check", copied).err


def test_a_case_with_an_unknown_word_fails_the_check_without_hiding_the_others(copied):
    written(
        copied,
        "cases/mine.yaml",
        case("1", "否").replace("工资收入", "月光") + case("12 * 1075", "是").replace("试一试", "又一个"),
    )
    answer = doudi("policy", "check", copied)
    assert "月光" in answer.err
    assert "又一个" in answer.err


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("{id: N5.999, 要点: 没有人引用的一条}", "N5.999（没有人引用的一条）没有规则引用"),
        ("{id: N5.999, 要点: 有一条, not_formalised: 还没有写}", None),
        ("{id: N5.999, 要点: 有一条, feature: doudi monitor}", None),
    ],
)
def test_a_clause_is_cited_or_implemented_or_says_why_not(copied, clause, said):
    path = copied / "documents" / "N5.yaml"
    path.write_text(f"{path.read_text('utf-8').rstrip()}\n  - {clause}\n", "utf-8")
    assert (said or "N5.999") in doudi("policy", "check", copied).err or said is None


def test_a_book_that_cannot_be_read_is_refused_with_its_place(copied):
    written(copied, "tiers/mine.yaml", "words: [{id: x, 名: 某词, grain: household, define: 没有的词 + 1}]")
    assert_refused(doudi("policy", "check", copied), "没有的词")


def test_a_folder_that_is_no_book_is_refused(tmp_path):
    assert_refused(doudi("policy", "check", tmp_path), "政策簿缺少文件夹")


def test_every_word_tier_programme_indicator_and_clause_can_be_looked_up(book):
    seen = view(book, date(2026, 3, 31), "370502")
    entries = [*book.tiers, *book.programmes, *book.indicators, *book.words.values()]
    names = [each.id for each in entries] + [each.name for each in entries] + list(book.clauses())
    assert [name for name in names if not list(describe(seen, name))] == []


def test_what_is_looked_up_is_printed():
    for name in ("dibao", "取暖补贴", "eligible.self_paid", "N5.9"):
        assert name in doudi("policy", "show", name).out


def test_a_rule_is_shown_with_its_definition_clauses_parameters_and_facts():
    said = doudi("policy", "show", "低保家庭年线", "--at", "2024-06-30", "--county", "370502").out
    assert "定义：" in said
    assert "依据 N5.9" in said
    assert "参数 城市低保标准：1,075.00 元/月·人" in said


def test_a_parameter_is_shown_as_in_force_on_the_day_in_the_county():
    shown = {
        day: doudi("policy", "show", "城市低保标准", "--at", day).out.splitlines()
        for day in ("2024-06-30", "2031-01-01")
    }
    assert any("在 370500：1,075.00 元/月·人" in line for line in shown["2024-06-30"])
    assert any("在 370500：未找到" in line for line in shown["2031-01-01"])


def test_a_demo_value_is_marked_and_refused_in_production(monkeypatch):
    words = ("policy", "show", "城市低保标准", "--at", "2026-03-31")
    assert "在 370500：1,165.00 元/月·人［示范参数］" in doudi(*words).out
    monkeypatch.setenv("DOUDI_PRODUCTION", "1")
    assert "在 370500：未找到" in doudi(*words).out


def test_without_a_word_every_parameter_is_listed(book):
    said = doudi("policy", "show", "--at", "2026-03-31").out
    assert [p.name for p in book.parameters.values() if p.name not in said] == []


def test_a_word_that_is_none_is_refused_with_its_neighbours():
    assert_refused(doudi("policy", "show", "低保家庭年"), "低保家庭年线")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The printed book in both formats, in a folder that did not exist."""
    folder = tmp_path_factory.mktemp("pages") / "new"
    found = {}
    for suffix in ("html", "md"):
        out = folder / f"book.{suffix}"
        assert doudi("policy", "book", out, "--at", "2026-03-31").code == 0
        found[suffix] = out.read_text("utf-8")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["html", "md"])
def test_the_page_holds_every_document_rule_and_case(book, pages, suffix):
    text = pages[suffix]
    entries = [*book.tiers, *book.programmes, *book.indicators, *book.parameters.values()]
    assert [each.name for each in entries if each.name not in text] == []
    assert [clause for clause in book.clauses() if clause not in text] == []
    assert "示范参数" in text
    assert "不成立：" not in text


@pytest.mark.slow
def test_the_page_escapes_what_would_be_markup(pages):
    text = pages["html"]
    assert "&lt;" in text
    assert text.count("<table>") == text.count("</table>")


@pytest.mark.parametrize("name", ["book.pdf", "book"])
def test_a_page_in_an_unknown_format_is_refused(tmp_path, name):
    assert_refused(doudi("policy", "book", tmp_path / name), ".html")


def test_a_page_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").touch()
    assert_refused(doudi("policy", "book", tmp_path / "file" / "book.md"), "写不进去")


def test_the_book_a_run_kept_is_the_same_book_again(book):
    assert load_canonical(book.canonical).hash == book.hash
