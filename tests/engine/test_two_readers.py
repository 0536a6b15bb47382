"""Python reader = SQL reader, on random rules over random households; and no bounded verdict is ever contradicted."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from doudi.policy.evaluate import Evaluation
from engine.two_readers import answers
from policy.expressions import completions, condition, households, money, small_book, the_view, with_words

BOOK = small_book()
# No shrinking: a difference already names the rule and the household, and shrinking whole books takes minutes.
BRISK = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
}


@st.composite
def books(draw):
    texts = []
    for number in range(4):
        texts += [
            (f"pm{number}", "person", draw(money(person=True))),
            (f"pb{number}", "person", draw(condition(person=True))),
        ]
        texts += [
            (f"hm{number}", "household", draw(money(person=False))),
            (f"hb{number}", "household", draw(condition(person=False))),
        ]
    return with_words(
        BOOK,
        [
            *texts,
            ("hp", "household", "人数(pb0 and pb1) >= 1 or 合计(pm0) > hm1"),
            ("ph", "person", "hb0 or pm1 < hm0"),
        ],
    )


def differences(book, pairs):
    told = []
    evaluations = [Evaluation(*pair) for pair in pairs]
    for (number, word, label), got in answers(book, pairs, list(book.order)).items():
        if label is not None and evaluations[number].persons[label].outside:
            continue  # a parent of another household has answers there, not here
        expected = evaluations[number].value(word, label)
        if got != expected:
            told.append(
                f"{word}（{label}）：{book.words[word].text}\n  SQL {got}，Python {expected}\n  {pairs[number][1]}"
            )
    return told


@pytest.mark.slow
@settings(max_examples=12, **BRISK)
@given(st.data())
def test_both_readers_answer_every_random_rule_alike(data):
    book = data.draw(books())
    pairs = [(the_view(book), data.draw(households(book))) for _ in range(10)]
    assert differences(book, pairs) == []


@pytest.mark.slow
@settings(max_examples=30, **BRISK)
@given(st.data())
def test_whatever_a_bounded_household_is_told_holds_for_every_exact_one_inside_it(data):
    book = data.draw(books())
    bounded = data.draw(households(book))
    exact = data.draw(completions(book, bounded))
    wide, narrow = Evaluation(the_view(book), bounded), Evaluation(the_view(book), exact)
    broken = []
    for word in book.order:
        meant = book.words[word]
        for label in wide.persons if meant.grain == "person" else [None]:
            outer, inner = wide.value(word, label), narrow.value(word, label)
            if not contains(outer, inner):
                broken.append((meant.text, label, outer, inner))
    assert broken == []


def contains(outer, inner):
    if not isinstance(outer, tuple):
        return outer is None or outer == inner
    low = outer[0] is None or (inner[0] is not None and outer[0] <= inner[0])
    high = outer[1] is None or (inner[1] is not None and inner[1] <= outer[1])
    return low and high
