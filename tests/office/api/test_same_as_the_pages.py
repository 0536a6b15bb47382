"""The API says what the pages say: the same rows, the same words, the same veil, page by page and person by person."""

import random
from datetime import date

import pytest

import personas
from doudi.landing.contract import load_contract
from doudi.office.accounts.scope import within
from doudi.office.api.shapes.household import hidden_of
from doudi.office.common.clock import right_now
from doudi.office.common.scope import whole_city
from doudi.office.exchange.selectors import coverage_of
from doudi.office.monitoring.asked import ORDERS, SIZES
from doudi.office.monitoring.models import Alert
from doudi.office.registry.models import Household

FIELDS = ("fact", "value", "at_least", "at_most", "unit", "threshold")
READERS = ("张敏", "张审", "李伟", "王芳", "周涛", "吴静", "何督")


def some(rows, many):
    """Some of these, always the same."""
    return random.Random(20260630).sample(sorted(rows), min(many, len(rows)))


def theirs(model, name, **which):
    with whole_city():
        return list(model.objects.filter(within(personas.viewer(name)), **which).values_list("pk", flat=True))


def card(row):
    """A row of the API as the card that it was made from says it."""
    return (
        row["alert_id"], row["household_ref"], row["who"] or "", row["indicator"] or "", row["title"], row["level"],
        row["disposition"] or "", row["status"], date.fromisoformat(row["opened_on"]), row["days"],
        int(row["division"]), row["place"], row["owner"], row["age"], tuple(row["stale"]),
    )  # fmt: skip


def drawn(card_):
    """The same of the page's own card."""
    return (
        card_.alert_id, card_.household_ref, card_.who or "", card_.indicator, card_.title, card_.level, card_.disposition,
        card_.status, card_.opened_on, card_.days, card_.division, card_.place, card_.owner, card_.age, card_.stale,
    )  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_an_alert_says_what_its_page_says(city_db, sits, name):
    desk = sits(name)
    asked = some(theirs(Alert, name), 12)
    assert asked
    for pk in asked:
        page = desk.client.get(f"/alerts/{pk}").context["page"]
        told = desk.read(f"alerts/{pk}")
        assert card(told) == drawn(page.card)
        assert [card(row) for row in told["others"]] == [drawn(each) for each in page.others]
        assert [(each["says"] or each["withheld"], each["says"] is None) for each in told["reasons"]] == [
            (each.says, each.hidden) for each in page.reasons
        ]
        for each, card_ in zip(told["reasons"], page.reasons, strict=True):
            assert {name: each[name] for name in FIELDS} == {name: card_.promised.get(name) for name in FIELDS}
        assert [(each["department"] or "", each["record"] or "", each["day"] or "") for each in told["reasons"]] == [
            (each.department, each.record, each.day) for each in page.reasons
        ]
        assert [(each["id"], each["meaning"]) for each in told["clauses"]] == [(c.id, c.meaning) for c in page.clauses]
        assert [each["says"] for each in told["history"]] == [each.says for each in page.changes]
        assert (told["clears_when"] or "", told["distance"] or "") == (page.clears_when, page.distance)
        assert (told["person_id"], told["about"] or "") == (page.person_id or None, page.about)
        assert tuple(told["asks"]) == page.asks


def test_an_amount_is_told_in_fen_and_is_the_one_in_the_sentence(city_db, sits):
    desk, amounts = sits("张敏"), []
    for pk in theirs(Alert, "张敏"):
        told = desk.read(f"alerts/{pk}")["reasons"]
        amounts += [each for each in told if each["unit"] == "fen" and each["value"] is not None and each["says"]]
    assert amounts
    for each in amounts:
        assert isinstance(each["value"], int)
        assert f"{each['value'] // 100:,}.{each['value'] % 100:02d}" in each["says"]


@pytest.mark.parametrize("name", READERS)
def test_what_is_hidden_is_hidden_for_programs_too(city_db, sits, name):
    desk = sits(name)
    for pk in theirs(Alert, name)[:40]:
        hidden = [each for each in desk.read(f"alerts/{pk}")["reasons"] if each["says"] is None]
        assert all(each[field] is None for each in hidden for field in (*FIELDS, "record", "line", "day", "department"))


@pytest.mark.parametrize("name", READERS)
def test_what_a_role_may_not_read_is_named_with_its_reason(city_db, sits, name):
    desk = sits(name)
    for pk in some(theirs(Alert, name), 12):
        told = desk.read(f"alerts/{pk}")
        named = {each["field"] for each in told["withheld"]}
        missing = {field for field in ("indicator", "disposition", "clears_when") if told[field] is None}
        assert missing <= named
        assert all(each["reason"].endswith(("。", "）")) for each in told["withheld"])
        assert (not told["reasons"]) == ("reasons" in named)


@pytest.mark.parametrize("name", READERS)
def test_a_household_says_what_its_page_says(city_db, sits, name):
    desk = sits(name)
    picked = some(theirs(Household, name, present=True), 4)
    with whole_city():
        refs = [ref.hex for ref in Household.objects.filter(pk__in=picked).values_list("ref", flat=True)]
    assert refs
    for ref in refs:
        page = desk.client.get(f"/households/{ref}").context["page"]
        told = desk.read(f"households/{ref}")
        assert (told["head_name"], told["household_no"], told["members"]) == (
            page.card.head_name or None, page.card.household_no or None, page.card.members,
        )  # fmt: skip
        assert [(each["name"], each["person_id"], each["age_years"]) for each in told["people"]] == [
            (each.card.name or None, each.card.person_id or None, each.card.age_years) for each in page.members
        ]
        words = None if told["tiers"] is None else "、".join(tier["name"] for tier in told["tiers"]) or "不在册"
        assert words == page.tiers
        assert [card(row) for row in told["alerts"]] == [drawn(each) for each in page.alerts]
        assert tuple(told["asks"]) == page.asks
        assert (told["facts"] is None) == (page.told is None)
        assert told["withheld"] == [each.dict() for each in hidden_of(personas.viewer(name))]
        if page.told:
            assert [[line["says"] for line in each["facts"]] for each in told["facts"]["persons"]] == [
                [list(line.says) for line in each.facts] for each in page.told.persons
            ]
            assert [(each["name"], each["who"], each["verdict"]) for each in told["facts"]["tiers"]] == [
                (each.name, each.who, each.verdict) for each in page.told.tiers
            ]
            assert [(each["due"], each["received"], each["missing"]) for each in told["facts"]["due"]] == [
                (each.due, each.received, each.missing) for each in page.told.due
            ]


def whole(desk, **asked):
    """Every row of the list, page by page, as `next` leads."""
    rows, path = [], None
    while True:
        answer = desk.read("alerts", **asked) if path is None else desk.client.get(path).json()
        rows += answer["alerts"]
        path = answer["next"]
        if path is None:
            return rows
        assert path.startswith("/api/v1/alerts?")
        assert len(answer["alerts"]) == int(asked.get("size", SIZES[0]))


@pytest.mark.parametrize("order", ORDERS)
def test_all_pages_together_are_the_list_each_row_once(city_db, sits, order):
    desk = sits("周涛")
    everything = theirs(Alert, "周涛")
    assert len(everything) > 2 * min(SIZES)
    asked = {"view": "all", "status": "any", "order": order}
    lists = {size: [row["alert_id"] for row in whole(desk, size=str(size), **asked)] for size in SIZES}
    for ids in lists.values():
        assert len(ids) == len(set(ids))
        assert set(ids) == set(everything)
        assert ids == lists[SIZES[0]], "the same order however large the pages"


@pytest.mark.parametrize("name", READERS)
def test_counts_add_up_to_the_list_and_to_those_below(city_db, sits, name):
    desk = sits(name)
    listed = whole(desk, view="all", size="100")
    for by in ("division", "level", "division,level,status", "disposition,indicator"):
        told = desk.read("counts", by=by)
        assert told["total"] == sum(each["alerts"] for each in told["counts"])
    managed = [row for row in listed if personas.viewer(name).covers(int(row["division"]))]
    assert told["total"] == len(managed), "counted where the household is managed"


def test_sources_and_runs_are_the_boards(city_db, sits):
    desk = sits("张敏")
    told = desk.read("coverage")
    board = coverage_of(personas.viewer("张敏"), right_now())
    assert [(each["feed"], each["state"], each["days_late"]) for each in told["senders"]] == [
        (each.feed, each.state, each.days_late) for each in board
    ]
    assert {each["feed"] for each in told["senders"]} == set(load_contract())
    never = [each for each in told["senders"] if each["state"] == "never"]
    assert all(each["last_period"] is None and each["lines"] is None and each["days_late"] is None for each in never)
    run = desk.read("runs")["runs"][0]
    assert (run["state"], run["day"]) == ("finished", "2026-06-30")
    assert run["finished_at"].endswith("+08:00")
    assert run["people"] > 0


def test_divisions_go_down_from_ones_own_and_never_beside(city_db, sits):
    desk = sits("张敏")
    own = desk.read("divisions")
    assert own["division"] == {"code": "370502000000", "name": "东营区"}
    towns = [each["code"] for each in own["children"]]
    assert all(code.startswith("370502") and len(code) == 12 for code in towns)
    assert desk.read("divisions", parent=towns[0])["division"]["code"] == towns[0]
    assert desk.read("divisions", parent="370502001")["division"]["code"] == "370502001000"
    for beside in ("370503", "3705", "37", "370502999999"):
        assert desk.get("divisions", parent=beside).status_code == 404
        assert desk.get("counts", place=beside).status_code == 404
