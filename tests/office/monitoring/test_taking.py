"""A finished run becomes rows: an alert lives on from run to run, and what changed of it is written down."""

import pytest
from django.db import connection

from doudi.errors import Fault
from doudi.office.monitoring.models import Alert, AlertChange, Run
from office.monitoring.conftest import COUNTY, FIRST, FOURTH, SECOND, THIRD, VILLAGE


def changes(alert_id):
    rows = AlertChange.objects.filter(alert_id=alert_id).order_by("id")
    return [(row.day.isoformat(), row.what, row.old, row.new) for row in rows]


def only():
    return Alert.objects.get()


def test_an_alert_lives_through_its_whole_life(town, take):
    one = town.alert(1, opened=FIRST)
    take(town.run(FIRST, one))
    assert (only().status, only().managing_division, only().birth_year) == ("new", VILLAGE, 1960)
    take(town.run(SECOND, one | {"status": "continuing"}))
    take(town.run(THIRD, one | {"status": "unconfirmed"}))
    take(town.run(FOURTH, one | {"status": "cleared", "cleared_on": FOURTH}))
    row = only()
    assert (row.status, row.cleared_on.isoformat(), row.opened_on.isoformat()) == ("cleared", FOURTH, FIRST)
    assert (row.first_run.day.isoformat(), row.last_run.day.isoformat()) == (FIRST, FOURTH)
    assert changes(row.pk) == [
        (FIRST, "status", "", "new"),
        (THIRD, "status", "continuing", "unconfirmed"),
        (FOURTH, "status", "unconfirmed", "cleared"),
    ]


def test_that_a_new_alert_goes_on_is_no_news(town, take):
    one = town.alert(1, opened=FIRST)
    take(town.run(FIRST, one))
    take(town.run(SECOND, one | {"status": "continuing"}))
    assert changes(one["alert_id"]) == [(FIRST, "status", "", "new")]
    assert only().status == "continuing"


def test_a_cleared_alert_of_which_the_next_run_says_nothing_stays_cleared(town, take):
    one = town.alert(1, opened=FIRST)
    take(town.run(FIRST, one))
    take(town.run(SECOND, one | {"status": "cleared", "cleared_on": SECOND}))
    take(town.run(THIRD))
    assert (only().status, only().cleared_on.isoformat()) == ("cleared", SECOND)


def test_what_comes_back_is_another_alert_that_names_the_old_one(town, take):
    one = town.alert(1, opened=FIRST)
    take(town.run(FIRST, one))
    take(town.run(SECOND, one | {"status": "cleared", "cleared_on": SECOND}))
    again = town.alert(1, opened=THIRD, reopens=one["alert_id"])
    run = take(town.run(THIRD, again))
    assert Alert.objects.get(pk=again["alert_id"]).reopens == one["alert_id"]
    assert Alert.objects.count() == 2
    assert Run.objects.get(pk=run).changes["reopened"] == 1


def test_a_higher_level_is_a_change_of_its_own(town, take):
    one = town.alert(1, opened=FIRST, level="橙")
    take(town.run(FIRST, one))
    take(town.run(SECOND, one | {"status": "continuing", "level": "红"}))
    assert changes(one["alert_id"])[1:] == [(SECOND, "level", "橙", "红")]
    assert (only().level, only().level_rank) == ("红", 0)


def test_an_alert_that_a_second_run_of_the_day_no_longer_tells_is_cleared(town, take):
    one, two = town.alert(1, opened=FIRST), town.alert(2, opened=FIRST)
    take(town.run(FIRST, one, two))
    run = take(town.run(FIRST, one))
    gone = Alert.objects.get(pk=two["alert_id"])
    assert (gone.status, gone.cleared_on.isoformat()) == ("cleared", FIRST)
    assert Run.objects.get(pk=run).changes["cleared"] == 1


def test_and_one_that_a_third_run_tells_again_is_open_again(town, take):
    one = town.alert(1, opened=FIRST)
    take(town.run(FIRST, one))
    take(town.run(FIRST))
    take(town.run(FIRST, one))
    assert (only().status, only().cleared_on) == ("new", None)
    assert [change[2:] for change in changes(one["alert_id"])] == [("", "new"), ("new", "cleared"), ("cleared", "new")]


def test_the_same_run_taken_over_twice_changes_nothing(town, take):
    alerts = [town.alert(key, opened=FIRST) for key in (1, 2, 5)]
    take(town.run(FIRST, *alerts))
    before = list(Alert.objects.order_by("pk").values_list("pk", "status", "first_run"))
    take(FIRST)
    assert list(Alert.objects.order_by("pk").values_list("pk", "status", "first_run")) == before
    assert AlertChange.objects.count() == 3


def test_a_source_that_is_out_of_date_in_the_county_is_marked(town, take):
    here, there = town.alert(1, opened=FIRST), town.alert(5, opened=FIRST)
    take(town.run(FIRST, here, there, stale={"medical_settlement": [370502]}))
    marked = dict(Alert.objects.values_list("household_key", "stale_feeds"))
    assert marked == {1: ["medical_settlement"], 5: []}


def test_an_alert_about_a_delivery_has_no_household_and_lies_with_its_county(town, take):
    take(town.run(FIRST, town.alert(None, "supervision.delivery_missing", opened=FIRST)))
    assert (only().household_key, only().managing_division, only().birth_year) == (None, COUNTY, None)


def test_no_figure_and_no_reason_stands_plain_in_the_row(town, take):
    take(town.run(FIRST, town.alert(1, opened=FIRST)))
    row = Alert.objects.filter().values().get()
    sealed = bytes(row.pop("sealed"))
    assert "medical_settlement" not in str(row)
    assert "3000000" not in str(row)
    assert b"reasons" not in sealed
    assert len(sealed) > 200


def test_an_import_that_fails_half_way_leaves_the_old_state(town, take, monkeypatch):
    one, two = town.alert(1, opened=FIRST), town.alert(2, opened=SECOND)
    take(town.run(FIRST, one))
    town.run(SECOND, one | {"status": "continuing"}, two)

    def killed(**_):
        raise Fault("test.killed", "断了")

    monkeypatch.setattr("doudi.office.monitoring.services.running.make_move", killed)
    with pytest.raises(Fault):
        take(SECOND)
    assert [(row.pk, row.status) for row in Alert.objects.all()] == [(one["alert_id"], "new")]
    assert Run.objects.count() == 1


def test_whoever_takes_a_run_over_may_tell_the_planner_what_the_tables_hold_now(whole_city):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE has_table_privilege(oid, 'MAINTAIN') AND relkind = 'r'")
        mine = {name for (name,) in cursor.fetchall()}
    assert {"monitoring_alert", "monitoring_alert_change", "registry_person", "registry_search_token"} <= mine
    assert "audit_entry" not in mine
