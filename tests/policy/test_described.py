"""Described households: one clear sentence for each thing that is wrong, and the place it stands in."""

import pytest

from doudi.errors import Refusal
from doudi.policy.book_yaml import parse_yaml
from doudi.policy.cases import read_case
from policybook.shipped import shipped_book


@pytest.fixture(scope="module")
def book():
    return shipped_book()


def described(book, text):
    return read_case(book, parse_yaml(text)[0], "某户.yaml")


def test_the_least_that_can_be_described_is_one_person_and_a_day(book):
    assert (
        described(book, "- {监测日: 2026-06-30, 成员: [{称呼: 甲, 与户主关系: 户主}]}").household.persons[0].label
        == "甲"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {监测日: 2026-06-30, 成员: []}", "成员"),
        ("- {监测日: 2026-06-30, 成员: [{称呼: 甲}, {称呼: 甲}]}", "各不相同的 称呼"),
        ("- {监测日: 昨天, 成员: [{称呼: 甲}]}", "监测日 应是日期"),
        ("- {监测日: 2026-06-30, 成员: [{称呼: 甲, 年龄: 3}]}", "词表里没有的“年龄”"),
        ("- {监测日: 2026-06-30, 成员: [{称呼: 甲, 父亲: 乙}]}", "不在成员里"),
        ("- {监测日: 2026-06-30, 成员: [{称呼: 甲, 工资收入: 10 / 3}]}", "钱精确到分"),
        ("- {监测日: 2026-06-30, 成员: [{称呼: 甲, 工资收入: 10 / 0}]}", "除以了零"),
        ("- {监测日: 2026-06-30, 成员: [{称呼: 甲, 工资收入: __import__}]}", "不是能算的数"),
        ("- {监测日: 2026-06-30, 成员: [{称呼: 甲, 残疾类别: 牙齿}]}", "应是 视力、听力"),
        ("- {监测日: 2026-06-30, 参数: {月亮: 3}, 成员: [{称呼: 甲}]}", "词表里没有的“月亮”"),
        ("- {监测日: 2026-06-30, 收入: 3, 成员: [{称呼: 甲}]}", "不认识的键 收入"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_with_its_place(book, text, said):
    with pytest.raises(Refusal) as refused:
        described(book, text)
    assert said in refused.value.sentence
    assert "某户.yaml" in refused.value.sentence
