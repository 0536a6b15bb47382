"""The journal is read newest first, page by page, by whoever may, and filtered by what one looks for."""

from datetime import date, timedelta

import pytest

from doudi.errors import Refusal
from doudi.office.audit.selectors import Asked, entry, everything, how_many, in_scope, journal, of_subject, own
from doudi.office.audit.services import record, seal_journal
from doudi.office.common.codes import WHOLE
from doudi.office.common.scope import enter_scope
from office.audit.journal import AT, CLERK, NEIGHBOUR, later, written

COUNTY = (370502000000, 370502999999)


@pytest.fixture
def four(office_db):
    """Of two counties, two people, two days, one refused."""
    record(
        actor=CLERK,
        at=AT,
        act="registry.reveal",
        subject_kind="household",
        subject="h1",
        division=370502001011,
        why="核对",
    )
    record(actor=CLERK, at=AT + timedelta(days=1), act="accounts.login", outcome="refused")
    record(actor=NEIGHBOUR, at=AT, act="registry.reveal", subject_kind="household", subject="h2", division=370503001002)
    record(actor=NEIGHBOUR, at=AT + timedelta(days=2), act="accounts.login")
    enter_scope(*WHOLE)


def subjects(sight, **asked):
    return [(card.actor, card.act_word) for card in journal(sight, Asked(**asked)).cards]


def test_newest_come_first(four):
    days = [card.at.day for card in journal(everything(), Asked()).cards]
    assert days == [2, 1, 30, 30]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 4),
        ({"actor": "zhangmin"}, 2),
        ({"actor": "zhang"}, 0),
        ({"act": "registry.reveal"}, 2),
        ({"subject_kind": "household", "subject": "h2"}, 1),
        ({"refused": True}, 1),
        ({"since": date(2026, 7, 1)}, 2),
        ({"until": date(2026, 6, 30)}, 2),
        ({"since": date(2026, 7, 1), "until": date(2026, 7, 1)}, 1),
    ],
)
def test_a_filter_finds_what_was_asked(four, asked, count):
    assert len(journal(everything(), Asked(**asked)).cards) == count
    assert how_many(everything(), Asked(**asked), 100) == count


def test_counting_ends_somewhere(four):
    assert how_many(everything(), Asked(), 3) == 3


def test_in_scope_is_what_concerns_it_and_what_its_people_did_elsewhere_than_at_a_place(four):
    assert subjects(in_scope(*COUNTY)) == [("zhangmin", "登录"), ("zhangmin", "显示完整证件号与姓名")]


def test_ones_own_acts_are_ones_own(four):
    assert {actor for actor, _ in subjects(own(CLERK.user_id))} == {"zhangmin"}


def test_the_audit_administrator_reads_everything_without_any_scope(office_db):
    written(1, division=370502001011)
    assert len(journal(everything(), Asked()).cards) == 1
    assert len(journal(in_scope(*COUNTY), Asked()).cards) == 0  # row-level security


def test_an_entry_is_found_by_whoever_may_see_it(four):
    card = journal(own(NEIGHBOUR.user_id), Asked()).cards[0]
    assert entry(everything(), card.id).actor == "zhaoqiang"
    assert entry(own(CLERK.user_id), card.id) is None


def test_pages_follow_each_other_without_gap_or_repetition(office_db):
    written(25)  # all at one moment: the key decides
    found, after = [], ""
    while True:
        page = journal(everything(), Asked(), after=after, size=10)
        found += [card.subject for card in page.cards]
        after = page.after
        if not after:
            break
    assert found == [f"p{number}" for number in reversed(range(25))]


def test_a_page_that_is_exactly_full_is_the_last(office_db):
    written(10)
    assert journal(everything(), Asked(), size=10).after == ""


@pytest.mark.parametrize("after", ["x", "1", "_", "1_x", "99999999999999999999999_1", "１_"])
def test_a_key_that_nobody_gave_is_refused(office_db, after):
    with pytest.raises(Refusal, match="第一页"):
        journal(everything(), Asked(), after=after)


def test_the_history_of_a_subject_is_what_was_done_about_it(four):
    assert [card.why for card in of_subject("household", "h1")] == ["核对"]
    assert of_subject("household", "h3") == ()


def test_a_sealed_entry_tells_its_place_in_the_chain(own_office_db):
    written(1)
    card = journal(everything(), Asked()).cards[0]
    assert (card.position, card.link) == (None, None)
    seal_journal(at=later())
    sealed = entry(everything(), card.id)
    assert sealed.position == 1
    assert len(bytes.fromhex(sealed.link)) == 32


def test_what_was_told_long_afterwards_is_marked(office_db):
    written(1)  # of June, by a clock of today
    assert journal(everything(), Asked()).cards[0].late
