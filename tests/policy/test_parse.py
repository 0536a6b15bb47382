"""Rule text: what the language takes, and the sentence for everything it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.errors import Refusal
from doudi.policy.book_yaml import parse_yaml
from doudi.policy.parse import parse


@pytest.mark.parametrize(
    "text", ["a < b", "a and not (b or c)", "x in (甲, 乙)", "若(a, 1, 2) <= b * 3", "a\n  and b", "项数(a, b, c) >= 2"]
)
def test_the_language_takes_what_it_promises(text):
    assert parse(text) is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a＜b", "policy.foreign_sign"),
        ("a / b", "policy.foreign_sign"),
        ("a.b", "policy.foreign_sign"),
        ("a[0]", "policy.foreign_sign"),
        ("'x'", "policy.foreign_sign"),
        ("lambda: 0", "policy.foreign_sign"),
        ("1.5 * a", "policy.foreign_sign"),
        ("a < b < c", "policy.chained_comparison"),
        ("a if b else c", "policy.foreign_construct"),
        ("-a", "policy.foreign_construct"),
        ("True", "policy.foreign_construct"),
        ("a(b)(c)", "policy.foreign_construct"),
        ("a is b", "policy.foreign_construct"),
        ("a and", "policy.bad_syntax"),
        ("", "policy.bad_syntax"),
        ("Ａ < 1", "policy.unstable_name"),
        ("01 + a", "policy.bad_number"),
        ("9999999999999 < a", "policy.bad_number"),
        ("(" * 21 + "a" + ")" * 21, "policy.too_deep"),
        ("not " * 30 + "a", "policy.too_deep"),
        ("+".join("a" * 400), "policy.text_too_long"),
        ("a" * 2001, "policy.text_too_long"),
    ],
)
def test_what_the_language_does_not_know_is_refused_with_its_code(text, code):
    with pytest.raises(Refusal) as refused:
        parse(text)
    assert refused.value.code == code
    assert refused.value.sentence.endswith("。")


def test_a_full_width_operator_is_refused_with_the_ascii_one_offered():
    with pytest.raises(Refusal) as refused:
        parse("家庭年收入 ＜ 低保标准")
    assert "请写成“<”" in refused.value.sentence


@given(st.text(max_size=60))
def test_no_text_does_more_than_be_refused(text):
    try:
        parse(text)
    except Refusal as refused:
        assert refused.sentence.endswith("。")  # noqa: PT017  # whether it is refused is what varies


def test_yaml_reads_the_core_scalars_and_leaves_every_other_as_text():
    text = "a: 1\nb: yes\nc: 2024-01-01\nd: '1.5'\ne: null\nf: true\ng: 12:30:00\nh: 是"
    assert parse_yaml(text) == {
        "a": 1,
        "b": "yes",
        "c": "2024-01-01",
        "d": "1.5",
        "e": None,
        "f": True,
        "g": "12:30:00",
        "h": "是",
    }


@pytest.mark.parametrize(
    "text",
    [
        "a: 1.5",
        "a: 1e5",
        "a: .5",
        "a: 010",
        "a: 1\na: 2",
        "a: &x 1\nb: *x",
        "a: !!str 1",
        "? [1]\n: 2",
        "a: [1",
        "a: \x00",
    ],
)
def test_yaml_that_could_surprise_is_refused_with_its_line(text):
    with pytest.raises(Refusal) as refused:
        parse_yaml(text, "某文件.yaml")
    assert refused.value.code == "policy.bad_yaml"
    assert refused.value.sentence.startswith("某文件.yaml")
