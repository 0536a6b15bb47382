"""The life of an alert across runs: one pure function, and what must hold whatever happens."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.diff import Alert, Hit, alert_id, diff
from doudi.errors import Fault

FIRST, SECOND, THIRD, FOURTH = (date(2026, month, 28) for month in (1, 2, 3, 4))
SICK = "eligible.new_illness"
HIT = Hit("household:r1", SICK, "橙", 500)


def test_a_first_hit_opens_a_new_alert_named_by_subject_indicator_and_day():
    (alert,), closed = diff([], [HIT], {}, FIRST)
    assert (alert.status, alert.opened_on, alert.level, alert.distance, alert.reopens) == (
        "new",
        FIRST,
        "橙",
        500,
        None,
    )
    assert alert.alert_id == alert_id("household:r1", SICK, FIRST)
    assert len(alert.alert_id) == 16
    assert closed == []


def test_a_hit_that_stands_continues_under_its_id_with_todays_level_and_distance():
    (opened,), _ = diff([], [HIT], {}, FIRST)
    (alert,), _ = diff([opened], [Hit("household:r1", SICK, "红", 900)], {}, SECOND)
    assert (alert.status, alert.alert_id, alert.opened_on) == ("continuing", opened.alert_id, FIRST)
    assert (alert.level, alert.distance) == ("红", 900)


def test_what_is_only_unknown_now_is_unconfirmed_not_cleared():
    (opened,), _ = diff([], [HIT], {}, FIRST)
    (alert,), closed = diff([opened], [], {HIT.key: "unknown"}, SECOND)
    assert (alert.status, alert.alert_id, alert.cleared_on) == ("unconfirmed", opened.alert_id, None)
    assert closed == []


def test_what_nobody_answered_for_is_unconfirmed():
    (opened,), _ = diff([], [HIT], {}, FIRST)
    assert [alert.status for alert in diff([opened], [], {}, SECOND)[0]] == ["unconfirmed"]


def test_an_unconfirmed_alert_that_is_hit_again_continues():
    (opened,), _ = diff([], [HIT], {}, FIRST)
    (doubtful,), _ = diff([opened], [], {}, SECOND)
    (alert,), _ = diff([doubtful], [HIT], {}, THIRD)
    assert (alert.status, alert.alert_id) == ("continuing", opened.alert_id)


def test_a_no_on_fresh_data_clears_and_is_remembered():
    (opened,), _ = diff([], [HIT], {}, FIRST)
    (alert,), closed = diff([opened], [], {HIT.key: "no"}, SECOND)
    assert (alert.status, alert.cleared_on) == ("cleared", SECOND)
    assert [old.alert_id for old in closed] == [opened.alert_id]


def test_cleared_then_true_again_is_a_new_alert_that_names_the_old_one():
    (opened,), _ = diff([], [HIT], {}, FIRST)
    _, closed = diff([opened], [], {HIT.key: "no"}, SECOND)
    nothing, still_closed = diff(closed, [], {}, THIRD)
    assert nothing == []
    (again,), closed_now = diff(still_closed, [HIT], {}, FOURTH)
    assert (again.status, again.opened_on, again.reopens) == ("new", FOURTH, opened.alert_id)
    assert again.alert_id != opened.alert_id
    assert closed_now == []


def test_a_previous_run_that_is_not_earlier_is_our_own_fault():
    (opened,), _ = diff([], [HIT], {}, FIRST)
    with pytest.raises(Fault, match="早于"):
        diff([opened], [HIT], {}, FIRST)


# --- whatever happens --------------------------------------------------------------------------------------------------

KEYS = st.tuples(st.sampled_from(["person:a", "person:b", "household:a"]), st.sampled_from(["x.one", "x.two"]))
DAY = st.fixed_dictionaries({"hits": st.sets(KEYS), "no": st.sets(KEYS)})


def lived(days):
    """Runs day after day; yields (alerts, closed, hits, noes) of each."""
    known: list[Alert] = []
    at = FIRST
    for day in days:
        hits = [Hit(subject, indicator, "橙") for subject, indicator in day["hits"]]
        alerts, closed = diff(known, hits, dict.fromkeys(day["no"], "no"), at)
        yield alerts, closed, day, at, known
        known = [alert for alert in alerts if alert.status != "cleared"] + closed
        at += timedelta(days=1)


@pytest.mark.slow
@given(st.lists(DAY, max_size=6))
def test_every_hit_has_exactly_one_standing_alert(days):
    for alerts, _, day, _, _ in lived(days):
        standing = [alert.key for alert in alerts if alert.status in ("new", "continuing")]
        assert sorted(standing) == sorted(day["hits"])


@pytest.mark.slow
@given(st.lists(DAY, max_size=6))
def test_only_a_no_clears(days):
    for alerts, _, day, _, _ in lived(days):
        assert {alert.key for alert in alerts if alert.status == "cleared"} <= day["no"] - day["hits"]


@pytest.mark.slow
@given(st.lists(DAY, max_size=6))
def test_no_open_alert_is_ever_lost(days):
    for alerts, _, _, _, known in lived(days):
        assert {alert.alert_id for alert in known if alert.status != "cleared"} <= {alert.alert_id for alert in alerts}


@pytest.mark.slow
@given(st.lists(DAY, max_size=6))
def test_running_again_on_the_same_day_changes_nothing(days):
    for alerts, closed, day, at, known in lived(days):
        hits = [Hit(subject, indicator, "橙") for subject, indicator in sorted(day["hits"], reverse=True)]
        assert diff(known[::-1], hits, dict.fromkeys(day["no"], "no"), at) == (alerts, closed)


@pytest.mark.slow
@given(st.lists(DAY, max_size=6))
def test_an_id_is_never_given_twice(days):
    opened = [alert.alert_id for alerts, _, _, _, _ in lived(days) for alert in alerts if alert.status == "new"]
    assert len(opened) == len(set(opened))
