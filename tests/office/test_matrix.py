"""Every address × everybody who works here × his own, a sibling's, the parent's and a child's household.

What each is answered stands in matrix.yaml. Who is not named there is answered as if there were no such page.
"""

import pytest
from django.test import Client
from django.urls import reverse

import personas
from doudi.office.accounts.selectors import viewer_for
from doudi.office.common.clock import right_now
from doudi.office.common.roles import Role
from doudi.office.common.scope import whole_city
from doudi.office.documents import services as documents
from doudi.office.monitoring.models import Alert, HouseholdFacts
from doudi.office.registry.models import Household, Person
from office import city, matrix, samples
from office.addresses import addresses

EVERY = sorted(addresses(), key=lambda each: each[1])


@pytest.fixture(scope="module")
def moved_in(office_server, grown_city, django_db_blocker, tmp_path_factory):
    """A copy of the city, with one alerted household of it moved to each door; refs and alerts by the door's word."""
    home = tmp_path_factory.mktemp("matrix")
    with (
        django_db_blocker.unblock(),
        city.copied(office_server, grown_city, "own_matrix", home),
        city.at_home(home),
        whole_city(),
    ):
        yield _move_in(home)


@pytest.fixture
def ground(moved_in, settings):
    """What `moved_in` gives; the test's settings are those of the copy."""
    settings.HOME, settings.DOUDI_HEAD = moved_in["home"], moved_in["home"] / "office" / "heads.jsonl"
    return moved_in


def _move_in(home):
    rows = Alert.objects.exclude(household_key=None).order_by("household_key").values_list("household_key", "pk")
    alerts = {}
    for key, pk in rows:
        alerts.setdefault(key, pk)
    keys = dict(zip(matrix.DOORS, list(alerts), strict=False))
    for word, code in matrix.DOORS.items():
        place = {"hukou_division": code, "residence_division": code, "managing_division": code}
        for table, column in (
            (Household, "pk"),
            (Person, "household"),
            (Alert, "household_key"),
            (HouseholdFacts, "pk"),
        ):
            table.objects.filter(**{column: keys[word]}).update(**place)
    homes = {home.pk: home.ref.hex for home in Household.objects.filter(pk__in=keys.values())}
    heads = {
        each.household_id: each.ref.hex for each in Person.objects.filter(household__in=keys.values(), is_head=True)
    }
    return {
        "home": home,
        "some": {**samples.of("张敏"), "export": _export()},
        "household": {word: homes[key] for word, key in keys.items()},
        "alert": {word: alerts[key] for word, key in keys.items()},
        "person": {word: heads[key] for word, key in keys.items()},
    }


def _export():
    """An export that 张敏 has asked for and not yet said what for."""
    who = viewer_for(personas.user("张敏"), right_now())
    asked = {"kind": "monitoring.alerts", "title": "预警清单", "columns": ["预警"], "rows_count": 3, "asked": {}}
    return documents.ask_export(viewer=who, at=right_now(), **asked).ref


@pytest.mark.parametrize(("route", "name"), EVERY, ids=[name for _, name in EVERY])
def test_every_address_has_its_line(route, name):
    assert name in matrix.table(), matrix.missing_line(name, route)


def test_every_line_has_its_address():
    assert set(matrix.table()) - {name for _, name in EVERY} == set()


@pytest.mark.parametrize("name", [*matrix.PEOPLE, *matrix.NEIGHBOURS])
def test_everybody_is_answered_what_the_table_says(ground, name):
    client, role = seated(name), personas.everybody()[name].role
    wrong = []
    for address, line in matrix.table().items():
        for path, seen, how in paths(ground, address, line, name):
            for method in ("get", "post"):
                if (address, method) == ("logout", "post"):
                    continue  # it would end the sitting; accounts has its own tests
                want = matrix.expected(line, method, name, role)
                if not seen and want not in (403, 405):
                    want = 404
                got = getattr(client, method)(path).status_code
                if got != want:
                    wrong.append(f"{name} {method} {address} {how}: {got}, not {want}")
    assert not wrong, "\n".join(wrong)


def test_who_is_not_logged_in_gets_no_further_than_the_login(ground):
    client, wrong = Client(), []
    for address, line in matrix.table().items():
        for path, _, _ in paths(ground, address, line, "张敏"):
            answer = client.get(path)
            if line.get("anybody"):
                if answer.status_code == 404 and line.get("get") != 404:
                    wrong.append(f"{address}: 404")
            elif answer.status_code != 302 or not answer["Location"].startswith("/login"):
                wrong.append(f"{address}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_no_form_is_taken_without_its_token(ground):
    wrong = []
    with whole_city():
        client = personas.log_in(Client(enforce_csrf_checks=True), "张敏")
    for address, line in matrix.table().items():
        if line.get("cookieless"):  # what looks at no cookie needs no token against other sites' forms
            continue
        for path, seen, _ in paths(ground, address, line, "张敏"):
            if seen and matrix.expected(line, "post", "张敏", Role.COUNTY_OFFICER) not in (404, 405):
                wrong += [address] if client.post(path).status_code != 403 else []
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("name", "hidden"), [("赵强", 370502), ("张敏", 370503), ("孙丽", 370502001)])
def test_the_neighbour_sees_nothing_anywhere(ground, name, hidden):
    """No ref of a household or person, no alert of the other place in any body that he is shown."""
    lo, hi = hidden * 10 ** (12 - len(str(hidden))), (hidden + 1) * 10 ** (12 - len(str(hidden))) - 1
    there = {f"{column}__range": (lo, hi) for column in ("hukou_division", "residence_division", "managing_division")}
    with whole_city():
        secrets = {ref.hex for ref in Household.objects.filter(**there).values_list("ref", flat=True)}
        secrets |= {ref.hex for ref in Person.objects.filter(**there).values_list("ref", flat=True)}
        secrets |= set(Alert.objects.filter(**there).values_list("pk", flat=True))
    assert secrets
    typed = {value for kind in ("household", "alert", "person") for value in ground[kind].values()}
    client, seen = seated(name), []
    for address, line in matrix.table().items():
        for path, _, _ in paths(ground, address, line, name):
            body = client.get(path).content.decode("utf-8", "replace")
            hidden = secrets - typed if address.startswith("oversight:") else secrets  # his own attempts he may read
            seen += [f"{address}: {secret}" for secret in hidden if secret in body.replace(path, "")]
    assert not seen, "\n".join(seen)


def seated(name):
    with whole_city():
        return personas.log_in(Client(), name)


def paths(ground, address, line, name):
    """(path, does it lie in the person's jurisdiction, how) for each relation, or once when nothing is named."""
    of = line.get("of")
    if of not in {"household", "alert", "member"}:
        found = ground["some"] | {"division": personas.everybody()[name].division}
        yield reverse(address, args=[found[of]] if of else []), True, of or ""
        return
    for relation, word in matrix.RELATIONS.get(name, matrix.ELSEWHERE).items():
        if word is None:
            continue
        args = [ground["alert" if of == "alert" else "household"][word]]
        if of == "member":
            args.append(ground["person"][word])
        role = personas.everybody()[name].role
        yield reverse(address, args=args), matrix.SEEN[relation] or role not in matrix.roles("readers"), relation
