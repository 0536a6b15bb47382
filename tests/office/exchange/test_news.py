"""What the exchange tells others of deliveries: once a landing, of whom each speaks, and nothing of their lines."""

from datetime import timedelta

import pytest

from doudi.office.common import events
from doudi.office.common.scope import whole_city
from doudi.office.exchange import selectors, services
from office.exchange.people import AT, FENG, ROLL, SETTLED, broken_roll, landed, roll, sent, settlements

pytestmark = pytest.mark.usefixtures("own_office_db")


@pytest.fixture
def told(monkeypatch):
    """The facts of each event of these names, as it is told; nobody else hears them."""
    found = []
    for name in ("exchange.refused", "exchange.held", "exchange.late", "exchange.landed"):
        monkeypatch.setitem(events._WIRED, name, [lambda event: found.append((event.name, dict(event.facts)))])
    return found


def test_files_turned_away_in_one_landing_are_told_at_once(told):
    uploads = [sent(name, b"a,b\n1,2\n") for name in ("x.csv", "y.csv")]
    services.land_waiting(at=AT)
    assert [(name, set(facts["uploads"])) for name, facts in told] == [
        ("exchange.refused", {str(upload.pk) for upload in uploads})
    ]


def test_what_another_department_sends_is_told_as_turned_away(told):
    upload = landed(SETTLED, settlements(), FENG)
    assert told == [("exchange.refused", {"uploads": [str(upload.pk)]})]
    (news,) = selectors.turned_away([upload.pk])
    assert (news.department, news.sender_id, news.places) == ("残联", FENG.user_id, (FENG.division,))


def test_a_good_file_is_told_as_landed_alone(told):
    landed(ROLL, roll())
    assert [name for name, _ in told] == ["exchange.landed"]


def test_lines_to_put_right_are_counted_and_told_of_the_county_of_which_they_speak(told):
    upload = landed(ROLL, broken_roll())
    (news,) = selectors.rejected_lines([upload.batch_id])
    assert (news.feed, news.period, news.lines, news.department) == ("dibao_roll", "2026-03", 2, "民政")
    assert news.places == (370502000000, 370503000000)
    assert selectors.rejected_lines([landed(ROLL, roll(9, 20)).batch_id]) == ()


def test_a_roll_that_shrank_is_told_as_held_once(told):
    landed("dibao_roll_2026-02.csv", roll(40), at=AT - timedelta(days=30))
    landed(ROLL, roll(3))
    landed(SETTLED, settlements())
    held = [facts["deliveries"] for name, facts in told if name == "exchange.held"]
    assert len(held) == 1
    (news,) = selectors.held_deliveries(held[0])
    assert (news.feed, news.period, news.places) == ("dibao_roll", "2026-03", (370502000000,))


def test_what_is_late_is_told_with_the_days_and_what_never_came_without(told):
    landed(ROLL, roll())
    later = AT + timedelta(days=300)
    with whole_city():
        many = services.tell_late(at=later)
    assert told[-1] == (
        "exchange.late",
        {"feeds": list(dict.fromkeys(each.feed for each in selectors.late_deliveries(later)))},
    )
    assert many == len(told[-1][1]["feeds"])
    days = {(each.feed, each.period): each.days_late for each in selectors.late_deliveries(later)}
    assert days["dibao_roll", "2026-03"] > 0
    assert days["medical_settlement", ""] is None


def test_what_is_fresh_is_not_late(told):
    landed(ROLL, roll())
    assert ("dibao_roll", "2026-03") not in {(each.feed, each.period) for each in selectors.late_deliveries(AT)}
