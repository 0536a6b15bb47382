"""Who is told what: one message a person and event, nobody twice, nobody whom it does not concern."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

import personas
from doudi.office.common.roles import ADMINISTRATORS, LABELS, Role
from doudi.office.common.scope import whole_city
from doudi.office.documents.states import APPROVERS, ASKERS, may_decide
from doudi.office.messages import kinds, selectors, services
from doudi.office.messages.kinds import KINDS
from doudi.office.messages.models import Message, Muted
from doudi.office.messages.services.sending import settle

AT, DAY = personas.AT, date(2026, 6, 30)
PEOPLE = (
    "张敏",
    "张审",
    "李伟",
    "王芳",
    "赵强",
    "孙丽",
    "周涛",
    "吴静",
    "郑医",
    "冯联",
    "秦系",
    "尤安",
    "许审",
    "何督",
)


@pytest.fixture
def staff(whole_city):
    """Everybody of PEOPLE has an account; name → his key."""
    return {name: personas.user(name).pk for name in PEOPLE}


def told(kind=None):
    """The names of those who have a message, of that kind if one is said; once for each message."""
    from doudi.office.accounts.models import User  # noqa: PLC0415  # Django must be up before models are read

    names = dict(User.objects.values_list("pk", "shown_name"))
    rows = Message.objects.filter(**({"kind": kind} if kind else {}))
    return sorted(names[row.recipient_id] for row in rows)


def found(homes=2, keys=(7, 8)):
    return SimpleNamespace(
        homes=homes, alerts=3, red=1, by_disposition={"政策未落实": 2, "情形复杂": 1, "可能符合未纳入": 0}, keys=keys
    )


def above(village):
    return [village // step * step for step in (1, 10**3, 10**6, 10**8, 10**10, 10**12)]


def run(village=370502001011, number=1):
    services.tell_run(at=AT, run=number, day=DAY, news={code: found() for code in above(village)})


def delivery(ref="medical_settlement_2026-06_r1", department="医保", places=(), **told):
    given = {"feed": "medical_settlement", "period": "2026-06", "lines": 5, "sender_id": None, "days_late": None} | told
    return SimpleNamespace(ref=ref, department=department, places=places, **given)


# --- a run -------------------------------------------------------------------------------------------------


def test_a_run_tells_those_in_whose_jurisdiction_something_is_new_and_nobody_else(staff):
    run()
    assert told() == sorted(["张敏", "张审", "李伟", "王芳", "周涛", "吴静"])


def test_the_neighbour_county_is_not_told(staff):
    run(370503001000)
    assert told() == sorted(["赵强", "周涛", "吴静"])


def test_a_run_that_found_nothing_new_tells_nobody(staff):
    services.tell_run(at=AT, run=1, day=DAY, news={})
    assert told() == []


def test_the_same_run_twice_makes_no_second_message(staff):
    run()
    before = told()
    run()
    assert told() == before


def test_each_run_is_told_once(staff):
    run()
    run(number=2)
    assert told().count("王芳") == 2


def test_who_does_without_the_kind_is_not_sent_any(staff):
    services.mute(viewer=personas.viewer("王芳", user_id=staff["王芳"]), kind=kinds.DIGEST)
    run()
    assert "王芳" not in told()
    assert "张敏" in told()
    services.unmute(viewer=personas.viewer("王芳", user_id=staff["王芳"]), kind=kinds.DIGEST)
    run(number=2)
    assert told().count("王芳") == 1


def test_who_left_is_not_told(staff):
    from doudi.office.accounts.models import User  # noqa: PLC0415  # as above

    User.objects.filter(pk=staff["王芳"]).update(state="suspended")
    run()
    assert "王芳" not in told()


def test_a_message_holds_keys_and_counts_and_no_word_about_anybody(staff):
    run()
    row = Message.objects.filter(recipient_id=staff["张敏"]).get()
    assert (row.kind, row.subject, row.households, row.division) == ("digest", "1", [7, 8], 370502000000)
    assert row.facts == {"day": "2026-06-30", "households": 2, "alerts": 3, "red": 1,
                         "by": [["政策未落实", 2], ["情形复杂", 1]]}  # fmt: skip


# --- deliveries ----------------------------------------------------------------------------------------------


def test_a_held_delivery_is_told_to_its_departments_people_and_to_no_other_department(staff):
    services.tell_deliveries(at=AT, kind=kinds.DELIVERY_HELD, news=[delivery()])
    assert told() == ["郑医"]


def test_several_deliveries_of_one_landing_are_one_message(staff):
    services.tell_deliveries(at=AT, kind=kinds.DELIVERY_LINES, news=[delivery(f"b{n}") for n in range(5)])
    row = Message.objects.get()
    assert (row.facts["more"], row.facts["lines"], row.subject) == (4, 25, "")


def test_the_same_landing_twice_makes_no_second_message(staff):
    for _ in range(2):
        services.tell_deliveries(at=AT, kind=kinds.DELIVERY_LINES, news=[delivery()])
    assert told() == ["郑医"]


def test_what_civil_affairs_keeps_is_told_to_the_county_of_which_it_speaks(staff):
    news = [delivery("dibao_roll_2026-06_r1", "民政", (370502000000,), feed="dibao_roll")]
    services.tell_deliveries(at=AT, kind=kinds.DELIVERY_HELD, news=news)
    assert told() == ["张敏"]


def test_what_speaks_of_the_whole_city_is_told_to_the_citys_desk(staff):
    services.tell_deliveries(at=AT, kind=kinds.DELIVERY_HELD, news=[delivery("x", "民政", feed="dibao_roll")])
    assert told() == ["周涛"]


def test_a_file_that_was_turned_away_is_told_to_who_sent_it_and_not_to_his_neighbour(staff):
    news = [delivery("u-1", "", (370502000000,), feed="", period="", sender_id=staff["张审"])]
    services.tell_deliveries(at=AT, kind=kinds.DELIVERY_REFUSED, news=news)
    assert told() == ["张审"]


def test_a_file_of_a_department_is_told_to_all_of_that_department_there(staff):
    news = [delivery("u-2", "医保", (370500000000,), sender_id=staff["郑医"])]
    services.tell_deliveries(at=AT, kind=kinds.DELIVERY_REFUSED, news=news)
    assert told() == ["郑医"]


def test_a_late_feed_is_told_once_for_each_period_that_it_stands_at(staff):
    late = [delivery("medical_settlement", period="2026-04", days_late=days) for days in (3, 9)]
    services.tell_late(at=AT, news=late)
    services.tell_late(at=AT + timedelta(days=1), news=late)
    row = Message.objects.get()
    assert row.facts["late"] == [{"feed": "medical_settlement", "period": "2026-04", "senders": 2, "days": 9}]
    services.tell_late(at=AT, news=[delivery("medical_settlement", period="2026-05", days_late=1)])
    assert told() == ["郑医", "郑医"]


def test_all_that_became_late_on_one_morning_is_one_message_and_the_next_tells_only_what_is_new(staff):
    first = [delivery(feed=f"f{n}", period="2026-04", days_late=n or None) for n in range(7)]
    services.tell_late(at=AT, news=first)
    services.tell_late(at=AT + timedelta(days=1), news=[*first, delivery(feed="death", period="2026-05", days_late=1)])
    assert [len(row.facts["late"]) for row in Message.objects.order_by("pk")] == [7, 1]
    zheng = personas.viewer("郑医", user_id=staff["郑医"])
    new, old = (card.text for card in selectors.messages(zheng, selectors.Asked()).cards)
    assert "死亡登记（最近一期 2026-05，迟 1 天）。" in new
    assert "f0（从未收到）" in old
    assert " 等 7 种。" in old


def test_a_decision_on_a_held_delivery_is_told_as_it_fell(staff):
    services.tell_deliveries(at=AT, kind=kinds.DELIVERY_DECIDED, news=[delivery()], accepted=False)
    card = selectors.messages(personas.viewer("郑医", user_id=staff["郑医"]), selectors.Asked()).cards[0]
    assert "不予采用" in card.text


# --- exports, supervision --------------------------------------------------------------------------------------


def waits(export, place, asker_id):
    services.tell_export_waits(
        at=AT, export=export, asker_id=asker_id, rows=812, decides=lambda role, over: may_decide(role, over, place)
    )


def test_an_export_is_put_before_those_who_may_decide_it_and_not_before_who_asked(staff):
    waits("e1", 370502000000, staff["张审"])
    assert told() == ["周涛"]
    waits("e2", 370502000000, staff["张敏"])
    assert told() == sorted(["周涛", "周涛", "张审"])


def test_an_export_of_the_neighbour_county_is_not_put_before_this_countys_reviewer(staff):
    waits("e1", 370503000000, staff["赵强"])
    assert told() == ["周涛"]


def test_who_asked_is_told_of_the_decision_and_for_the_others_it_is_settled(staff):
    waits("e1", 370502000000, staff["张敏"])
    services.tell_export_decided(at=AT, export="e1", asker_id=staff["张敏"], rows=812, approved=True)
    assert told(kinds.EXPORT_DECIDED) == ["张敏"]
    assert not Message.objects.filter(kind=kinds.EXPORT_WAITS, read_at=None).exists()


def test_a_supervision_is_told_to_the_audit_administrator_of_the_place(staff):
    services.tell_supervision(at=AT, grant="1", division=370502000000, from_day=DAY, until_day=DAY + timedelta(days=30))
    assert told() == ["许审"]


def test_a_supervision_elsewhere_is_not(staff):
    services.tell_supervision(at=AT, grant="1", division=370600000000, from_day=DAY, until_day=DAY + timedelta(days=30))
    assert told() == []


def test_what_is_settled_stays_read_for_who_read_it(staff):
    waits("e1", 370502000000, staff["张敏"])
    assert settle(kind=kinds.EXPORT_WAITS, cause="e1", at=AT) == 2
    assert settle(kind=kinds.EXPORT_WAITS, cause="e1", at=AT) == 0


# --- the table of kinds ------------------------------------------------------------------------------------------


def test_no_administrator_is_told_of_business():
    wrong = [kind.title for kind in KINDS.values() if kind.business and kind.to & ADMINISTRATORS]
    assert wrong == []


def test_exports_go_to_the_roles_that_the_workflow_of_exports_names():
    assert KINDS[kinds.EXPORT_WAITS].to == APPROVERS
    assert KINDS[kinds.EXPORT_DECIDED].to == ASKERS


def test_a_role_that_a_kind_is_not_for_never_has_one(staff):
    from doudi.office.accounts.selectors import staff as everybody  # noqa: PLC0415  # as above
    from doudi.office.messages.services.sending import To, send  # noqa: PLC0415  # as above

    send(kind=kinds.DIGEST, at=AT, to=[To(one, "x", {}) for one in everybody(list(Role))])
    assert set(told()) == {name for name in PEOPLE if personas.everybody()[name].role in KINDS[kinds.DIGEST].to}


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_whoever_is_sent_a_kind_may_go_where_it_leads(kind):
    from django.urls import resolve  # noqa: PLC0415  # as above

    from doudi.office.common.doors import door_of  # noqa: PLC0415  # as above
    from doudi.office.messages.texts import leads  # noqa: PLC0415  # as above

    for subject in ("1", "") if kind.key not in (kinds.EXPORT_WAITS, kinds.EXPORT_DECIDED) else ("1",):
        door = door_of(resolve(leads(kind.key, subject).address.partition("?")[0]).func)
        assert kind.to <= door.roles, [LABELS[role] for role in kind.to - door.roles]


# --- age --------------------------------------------------------------------------------------------------------


def test_what_is_older_than_the_setting_is_cleared_and_the_rest_stays(staff, settings):
    settings.DOUDI_MESSAGE_DAYS = 90
    run()
    Message.objects.filter(recipient_id=staff["张敏"]).update(at=AT - timedelta(days=91))
    assert services.purge(at=AT) == 1
    assert "张敏" not in told()
    assert "王芳" in told()
    assert services.purge(at=AT) == 0


def test_which_kinds_somebody_does_without_stays_when_messages_go(staff):
    services.mute(viewer=personas.viewer("王芳", user_id=staff["王芳"]), kind=kinds.DIGEST)
    run()
    with whole_city():
        services.purge(at=AT + timedelta(days=4000))
    assert Muted.objects.count() == 1
