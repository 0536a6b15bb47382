"""A system that reads: what it reads is journalled under its name and purpose; it sees nothing of the neighbours, in either line."""

import logging

import pytest
from django.db.models import Q
from django.test import Client as Browser

import personas
from doudi.errors import Fault, Gap, Refusal
from doudi.office.accounts.models import Organisation
from doudi.office.api import services
from doudi.office.api.routes import alerts as alert_routes
from doudi.office.api.states import CLIENT_ROLES
from doudi.office.audit.models import Entry
from doudi.office.common.codes import WHOLE
from doudi.office.common.roles import Role
from doudi.office.common.scope import enter_scope
from doudi.office.monitoring.models import Alert
from doudi.office.monitoring.selectors import drawing, facts, filtering, listing
from doudi.office.registry.models import Household
from office.api.answers import problem
from office.monitoring.conftest import FIRST

AT = personas.AT
PLACES = {
    Role.PROVINCE_OFFICER: 370000000000, Role.CITY_OFFICER: 370500000000, Role.COUNTY_OFFICER: 370502000000,
    Role.COUNTY_REVIEWER: 370502000000, Role.TOWN_OFFICER: 370502001000, Role.DEPARTMENT_OFFICER: 370500000000,
}  # fmt: skip
# Who in the pages' personas reads in that role over that place.
LIKE = {
    Role.PROVINCE_OFFICER: "吴静", Role.CITY_OFFICER: "周涛", Role.COUNTY_OFFICER: "张敏", Role.COUNTY_REVIEWER: "张审",
    Role.TOWN_OFFICER: "李伟", Role.DEPARTMENT_OFFICER: "郑医",
}  # fmt: skip


class System:
    """A system that was let in and reads with its token."""

    def __init__(self, role, division, organisation, code="reader"):
        asked = services.Asked(f"系统{code}", code, organisation, role, division, "按协议统计")
        client = services.ask_client(actor=personas.actor("秦系"), at=AT, asked=asked)
        made = services.decide_client(client=client, approve=True, actor=personas.actor("尤安"), at=AT)
        form = {"grant_type": "client_credentials", "client_id": made.client_id, "client_secret": made.secret}
        self.headers = {"Authorization": f"Bearer {Browser().post('/api/token', form).json()['access_token']}"}

    def get(self, path, **asked):
        return Browser(raise_request_exception=False).get(f"/api/v1/{path}", asked, headers=self.headers)


@pytest.fixture
def alerted(town, take, monkeypatch):
    """Household key → (alert, ref): one alert of each of the five households; that of key 5 lies in the next county."""
    monkeypatch.setattr(facts, "cards_of", lambda *_: {})  # no engine stands behind these runs
    take(town.run(FIRST, *(town.alert(key, opened=FIRST) for key in range(1, 6))))
    refs = dict(Household.objects.values_list("pk", "ref"))
    return {row.household_key: (row.pk, refs[row.household_key].hex) for row in Alert.objects.all()}


@pytest.fixture
def system(alerted):
    """Lets a system in, in that role."""

    def let_in(role=Role.COUNTY_OFFICER, division=None, code="reader"):
        enter_scope(*WHOLE)
        home = {
            "name": "省平台处",
            "kind": "医保" if role is Role.DEPARTMENT_OFFICER else "民政",
            "division": 370000000000,
        }
        organisation, _ = Organisation.objects.get_or_create(**home)
        return System(role, division or PLACES[role], organisation.pk, code)

    return let_in


def journal(**which):
    enter_scope(*WHOLE)
    return list(Entry.objects.filter(**which).order_by("pk").values_list("actor", "actor_id", "outcome", "why"))


def test_what_it_reads_is_journalled_under_its_name_and_purpose(system, alerted):
    reader, (alert, ref) = system(), alerted[1]
    assert reader.get(f"alerts/{alert}").status_code == 200
    assert reader.get(f"households/{ref}").status_code == 200
    mine = ("api:reader", None, "done", "按协议统计")
    assert journal(act="monitoring.alert_read", subject=alert) == [mine]
    assert journal(act="registry.read", subject=ref) == [mine]


def test_that_it_asked_for_what_is_not_its_own_is_journalled_too(system, alerted):
    reader, (alert, ref) = system(), alerted[5]
    for path in (f"alerts/{alert}", f"households/{ref}"):
        assert problem(reader.get(path), 404, "api.not_found")
    refused = ("api:reader", None, "refused", "按协议统计")
    assert journal(act="monitoring.alert_read", subject=alert) == [refused]
    assert journal(act="registry.read", subject=ref) == [refused]


@pytest.mark.parametrize("typed", ["370502199001010000", "37050219900101", "x" * 300, "..", "%00", "0"])
def test_what_is_no_ref_is_not_found_and_does_not_lie_in_the_journal(system, typed):
    reader = system()
    for path in (f"alerts/{typed}", f"households/{typed}"):
        answer = reader.get(path)
        assert answer.status_code in {404, 422}
    assert journal(act="monitoring.alert_read") == journal(act="registry.read") == []


@pytest.mark.parametrize("role", CLIENT_ROLES)
def test_it_reads_what_somebody_of_its_role_would_and_no_other_address_is_open(system, alerted, sits, role):
    reader, desk = system(role), sits(LIKE[role])
    alert, ref = alerted[1]
    for path in (
        "alerts?view=all",
        f"alerts/{alert}",
        f"households/{ref}",
        "counts?by=level",
        "runs",
        "coverage",
        "divisions",
    ):
        person, machine = desk.client.get(f"/api/v1/{path}"), reader.get(path)
        assert (person.status_code, _without_history(person)) == (machine.status_code, _without_history(machine)), path
    told = reader.get("me").json()
    assert (told["name"], told["role"], told["purpose"]) == ("api:reader", role.value, "按协议统计")


def _without_history(answer):
    told = answer.json()
    told.pop("history", None)  # the readings themselves stand there
    return told


def test_the_neighbour_sees_nothing_of_it_anywhere(system, alerted):
    here, there = system(), system(division=370503000000, code="next")
    secrets = {word for key in range(1, 5) for word in alerted[key]}
    seen = []
    for path in ("alerts?view=all&status=any", "counts?by=division", "divisions", "runs", "coverage", "me"):
        seen += [(path, word) for word in secrets if word in there.get(path).content.decode()]
    assert seen == []
    assert {row["alert_id"] for row in here.get("alerts?view=all").json()["alerts"]} == {
        alerted[k][0] for k in range(1, 5)
    }
    for alert, ref in (alerted[key] for key in range(1, 5)):
        assert there.get(f"alerts/{alert}").status_code == 404
        assert there.get(f"households/{ref}").status_code == 404


def test_without_the_first_line_the_second_still_stands(system, alerted, monkeypatch):
    reader = system()
    for office in (filtering, listing):
        monkeypatch.setattr(office, "within", lambda *_: Q())
    monkeypatch.setattr(drawing.registry, "households", lambda *_: {})
    rows = reader.get("alerts?view=all").json()["alerts"]
    assert {row["alert_id"] for row in rows} == {alerted[key][0] for key in range(1, 5)}


# --- what went wrong -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refusal("registry.search_too_short", "写得太短，请再写几个字。"), 422, "registry.search_too_short"),
        (Gap("monitoring.no_run", "还没有监测过，请等第一次运行。"), 409, "monitoring.no_run"),
    ],
)
def test_a_refusal_and_a_gap_are_told_by_their_own_code_and_sentence(system, monkeypatch, error, status, code):
    reader = system()
    monkeypatch.setattr(alert_routes, "alerts", _raising(error))
    assert problem(reader.get("alerts"), status, code)["detail"] == error.sentence


@pytest.mark.parametrize("error", [Fault("x.y", "内部的事。"), KeyError("370502199001011234"), ValueError("内部的事")])
def test_what_nobody_foresaw_is_a_number_and_nothing_else(system, alerted, monkeypatch, caplog, error):
    reader = system()
    monkeypatch.setattr(alert_routes.Alert, "whole", _raising(error))
    caplog.set_level(logging.ERROR)
    told = problem(reader.get(f"alerts/{alerted[1][0]}"), 500, "api.unforeseen")
    assert "内部" not in str(told)
    assert "3705" not in str(told)
    assert f"编号 {told['number']}" in caplog.text


def _raising(error):
    def fail(*_, **__):
        raise error

    return fail
