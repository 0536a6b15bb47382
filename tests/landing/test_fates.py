"""去处：又报一遍的、被取代的、自相矛盾的，都照约定数清。"""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.landing.fates import Rivals, fates, precedence_number

JAN, FEB, FEB2, MAR = (
    precedence_number("2026-01", 1), precedence_number("2026-02", 1), precedence_number("2026-02", 2),
    precedence_number("2026-03", 1),
)  # fmt: skip
PAIR = {"key_hash": pl.Int64, "content_hash": pl.Int64}
A, B, C = 1, 2, 3  # contents


def judged(contents, rivals, own=FEB):
    """What becomes of lines about one key with these contents, beside rivals (content, rank)."""
    lines = pl.DataFrame([(7, content) for content in contents], schema=PAIR, orient="row")
    others = pl.DataFrame([(7, *rival) for rival in rivals], schema=PAIR | {"rank": pl.Int64}, orient="row")
    found = fates(lines, Rivals(others, own))
    return found["fate"].to_list(), found["adds"].to_list(), found["disputed"].to_list()


@pytest.mark.parametrize(
    ("contents", "rivals", "expected"),
    [
        ([A], [], (["accepted"], [True], [False])),
        ([A, A], [], (["accepted", "repeated"], [True, False], [False, False])),
        ([A, B], [], (["accepted", "accepted"], [True, True], [True, True])),
        ([A, B, A], [], (["accepted", "accepted", "repeated"], [True, True, False], [True, True, True])),
        ([A], [(A, FEB)], (["repeated"], [False], [False])),
        ([A], [(B, FEB)], (["accepted"], [True], [True])),
        ([A], [(A, FEB), (B, FEB)], (["repeated"], [False], [True])),
        ([A], [(A, MAR)], (["repeated"], [True], [False])),
        ([A], [(B, MAR)], (["superseded"], [True], [False])),
        ([A], [(B, FEB2)], (["superseded"], [True], [False])),
        ([A], [(A, FEB2), (B, MAR)], (["repeated"], [True], [False])),
        ([A], [(A, JAN)], (["repeated"], [True], [False])),
        ([A], [(B, JAN)], (["accepted"], [True], [False])),
        ([A], [(A, JAN), (B, JAN)], (["accepted"], [True], [False])),
        ([A, B], [(A, JAN)], (["accepted", "accepted"], [True, True], [True, True])),
        ([A], [(A, JAN), (B, MAR)], (["superseded"], [True], [False])),
    ],
    ids=[
        "new", "twice in the file", "two contents in the file", "two contents and one again", "sent again in another part",
        "another part says otherwise", "a part repeats one side of a conflict", "a later month said so already",
        "a later month said otherwise", "a revision said otherwise", "said above, then changed later",
        "an earlier month said so already", "an earlier month said otherwise", "an earlier month said both",
        "a conflict of which an earlier month said one side", "an earlier month said so, a later one otherwise",
    ],
)  # fmt: skip
def test_the_fate_of_a_line(contents, rivals, expected):
    assert judged(contents, rivals) == expected


def test_what_was_said_earlier_changed_and_is_said_again_is_news():
    assert judged([A], [(A, JAN), (B, FEB)], own=MAR) == (["accepted"], [True], [False])


def test_keys_do_not_meddle_with_each_other():
    lines = pl.DataFrame({"key_hash": [1, 2, 1], "content_hash": [5, 5, 6]})
    rivals = Rivals(pl.DataFrame({"key_hash": [2], "content_hash": [5], "rank": [FEB]}), FEB)
    assert fates(lines, rivals)["fate"].to_list() == ["accepted", "repeated", "accepted"]
    assert fates(lines, rivals)["disputed"].to_list() == [True, False, True]


ranks = st.sampled_from([JAN, FEB, FEB2, MAR])


said = st.sampled_from([A, B, C])


@given(st.lists(st.tuples(said, ranks), max_size=6), st.lists(said, min_size=1, max_size=4), ranks)
def test_a_repeated_or_superseded_line_changes_nothing_and_an_accepted_one_may(landed, contents, own):
    """What holds for a key is the set of contents at its highest rank."""
    for content, fate in zip(contents, judged(contents, landed, own)[0], strict=True):
        before, after = holding(landed), holding([*landed, (content, own)])
        if fate != "accepted":
            assert before == after
        landed = [*landed, (content, own)]


def holding(landed):
    top = max((rank for _, rank in landed), default=0)
    return {content for content, rank in landed if rank == top}
