"""Units, grains and sizes are checked when the book is loaded, so that no run can meet a rule that makes no sense."""

import pytest

from doudi.errors import Refusal
from doudi.policy.expr import Compare, Multiply
from policy.expressions import small_book, with_words

BOOK = small_book()


def typed(text, grain="person"):
    return with_words(BOOK, [("x", grain, text)]).words["x"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("工资 < 月数", "policy.unit_mismatch"),
        ("工资 + 相隔月数(出生, 监测日) > 0", "policy.unit_mismatch"),
        ("工资 < 5", "policy.unit_mismatch"),
        ("患病 < 工资", "policy.wrong_type"),
        ("工资 and 患病", "policy.wrong_type"),
        ("类别 < 工资", "policy.wrong_type"),
        ("工资 in (甲)", "policy.wrong_type"),
        ("类别 in (甲, 丁)", "policy.unknown_code"),
        ("类别 == 丁", "policy.unknown_word"),
        ("收入 > 0", "policy.unknown_word"),
        ("求和(工资) > 0", "policy.unknown_function"),
        ("若(患病, 工资) > 0", "policy.wrong_arity"),
        ("合计(工资 - 租金) > 0", "policy.signed_product"),
        ("(工资 - 租金) * 月数 > 0", "policy.signed_product"),
        ("若(患病, 工资, 类别) > 0", "policy.wrong_type"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_load(text, code):
    with pytest.raises(Refusal) as refused:
        typed(text)
    assert refused.value.code == code


def test_zero_compares_with_anything_and_a_count_with_a_written_number():
    assert typed("工资 > 0").type.kind == "bool"
    assert typed("人数(患病) >= 2", "household").type.kind == "bool"


def test_ratios_are_cleared_out_of_comparisons():
    node = typed("工资 < 倍数 * 线").node
    assert isinstance(node, Compare)
    assert node.left.type.dens == node.right.type.dens == ("half",)
    assert isinstance(node.left, Multiply)


def test_a_product_that_could_overflow_is_refused():
    with pytest.raises(Refusal) as refused:
        typed("工资 * 工资 * 工资 * 工资 * 工资 > 0 * 工资 * 工资 * 工资 * 工资 * 工资")
    assert refused.value.code == "policy.may_overflow"


def test_a_household_rule_must_say_how_it_asks_its_members():
    assert typed("有人(患病)", "household").grain == "household"
