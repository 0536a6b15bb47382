"""理由读起来像人说的话：是与否的事实不说“是”“否”，量说出数和线。"""

import pytest

from doudi import policybook_dir
from doudi.policy.load import load_book
from doudi.readout.reasons import leading, say_reason, say_reasons


@pytest.fixture(scope="module")
def book():
    return load_book(policybook_dir())


def reason(book, name, **told):
    """A reason about the fact of that Chinese name."""
    return {"fact": next(word.id for word in book.words.values() if word.name == name)} | told


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("有在册登记", True, "户主有在册登记"),
        ("有在册登记", False, "户主没有在册登记"),
        ("在册低保", True, "户主在册低保"),
        ("在册低保", False, "户主未在册低保"),
        ("已死亡", True, "户主已死亡"),
        ("已死亡", False, "户主未死亡"),
        ("是工作人员近亲属", False, "户主不是工作人员近亲属"),
        ("在人口库", False, "户主不在人口库"),
        ("重病", True, "户主重病"),
        ("重病", False, "户主重病：否"),
    ],
)
def test_a_fact_that_is_yes_or_no_is_said_as_people_say_it(book, name, value, said):
    assert say_reason(reason(book, name, value=value, relation="户主"), book, sourced=False) == said


def test_what_a_delivery_does_not_name_is_denied_and_the_delivery_said(book):
    told = reason(
        book, "有在册登记", value=False, relation="配偶", absent=True, feed="dibao_roll", batch="dibao_roll_r1"
    )
    assert say_reason(told, book) == "配偶没有在册登记（dibao_roll_r1 中没有此人）"


def test_a_fact_about_the_household_names_nobody(book):
    assert say_reason(reason(book, "户有重病", value=True), book, sourced=False) == "户有重病"


def test_a_quantity_is_said_with_its_unit_and_its_line(book):
    told = reason(book, "个人自负医疗费", value=2_500_000, op=">=", threshold=2_000_000, relation="户主")
    assert say_reason(told, book, sourced=False) == "户主的个人自负医疗费 25,000.00 元 ≥ 20,000.00 元"


def test_what_cannot_be_told_keeps_its_answer(book):
    assert say_reason(reason(book, "重病", value=None, relation="户主"), book, sourced=False) == "户主的重病 无法判断"


def test_the_same_sentence_is_said_once(book):
    twice = [reason(book, "重病", value=True, relation="户主", feed="x")] * 2
    assert len(list(say_reasons(twice, book))) == 1


def test_a_crossed_line_tells_more_than_who_is_enrolled(book):
    enrolled = reason(book, "在册低保", value=True, relation="户主")
    crossed = reason(book, "个人自负医疗费", value=2_500_000, op=">=", threshold=2_000_000, relation="户主")
    assert leading([enrolled, crossed], book).startswith("户主的个人自负医疗费")
