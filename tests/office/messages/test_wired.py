"""From the event to the message: what other offices do reaches whom it concerns, through config/subscriptions.py."""

from datetime import date, timedelta

import pytest

import personas
from doudi.office.accounts.models import SupervisionGrant
from doudi.office.accounts.selectors import viewer_for
from doudi.office.accounts.services.supervision import decide_supervision
from doudi.office.common.actor import machine
from doudi.office.common.events import Event, tell
from doudi.office.common.scope import whole_city
from doudi.office.config.preparing import preparing
from doudi.office.documents import kinds as exports
from doudi.office.documents import services as documents
from doudi.office.exchange import services as exchange
from doudi.office.exchange.models import Batch, Hold, Upload
from doudi.office.messages import selectors
from doudi.office.messages.models import Message
from doudi.office.messages.selectors import Asked
from doudi.office.monitoring.asked import Asked as AskedAlerts
from doudi.office.monitoring.models import Run
from doudi.office.monitoring.selectors import alerts, news

AT = personas.AT


def told(kind=""):
    """(name, kind, text) of every message, each as its recipient reads it."""
    found = []
    for name in personas.everybody():
        with whole_city():
            viewer = viewer_for(personas.user(name), AT)
            rows = Message.objects.filter(recipient_id=viewer.user_id if viewer else 0)
            kinds = list(rows.order_by("pk").values_list("kind", flat=True))
        if kinds:
            with whole_city():
                texts = [card.text for card in reversed(selectors.messages(viewer, Asked()).cards)]
            found += [(name, each, text) for each, text in zip(kinds, texts, strict=True) if kind in ("", each)]
    return found


# --- exports -----------------------------------------------------------------------------------------------


@pytest.fixture
def asked(office_db, monkeypatch, settings):
    """Asks for an export of two rows as 张敏, of which more than one needs a second person."""
    monkeypatch.setattr(exports, "_KINDS", {})
    exports.register("listed", lambda _viewer, _asked: iter(()))
    settings.DOUDI_EXPORT_ROWS = 1

    def asking(rows=2):
        with whole_city():
            for name in ("张审", "周涛", "赵强", "吴静"):
                personas.user(name)
            viewer = viewer_for(personas.user("张敏"), AT)
            return documents.ask_export(
                viewer=viewer,
                at=AT,
                kind="listed",
                title="预警列表",
                columns=["x"],
                rows_count=rows,
                asked={},
                why="核查",
            )

    return asking


def test_an_export_that_waits_is_told_to_its_second_persons(asked):
    asked()
    assert [(name, kind) for name, kind, _ in told()] == [("张审", "export_waits"), ("周涛", "export_waits")]


def test_an_export_that_needs_nobody_tells_nobody(asked):
    asked(rows=1)
    assert told() == []


def test_its_decision_comes_back_to_who_asked_and_the_other_is_relieved(asked):
    card = asked()
    with whole_city():
        documents.approve_export(viewer=viewer_for(personas.user("张审"), AT), at=AT, ref=card.ref)
    assert [(name, text) for name, kind, text in told("export_decided")] == [
        ("张敏", "您申请的 2 条导出已批准，可以取走，只能取一次。")
    ]
    with whole_city():
        zhou = viewer_for(personas.user("周涛"), AT)
        assert selectors.unread(zhou) == 0


# --- supervision -------------------------------------------------------------------------------------------


def test_a_supervision_that_was_opened_is_told_to_the_audit_administrator_and_to_nobody_else(whole_city):
    personas.user("许审")
    grant = SupervisionGrant.objects.create(
        supervisor=personas.user("何督"), notice_no="示范审通〔二〕号", purpose="试", division=370502000000,
        asked_by=personas.user("秦系"), asked_at=AT, from_day=date(2026, 7, 1), until_day=date(2026, 7, 31),
    )  # fmt: skip
    SupervisionGrant.objects.exclude(pk=grant.pk).delete()
    decide_supervision(grant=grant, approve=True, actor=personas.actor("尤安"), at=AT)
    ((name, kind, text),) = told()
    assert (name, kind) == ("许审", "supervision")
    assert text.startswith("东营区开通了一项外部监督，2026-07-01 起、2026-07-31 前有效，只能查看；")


def test_one_that_was_declined_is_told_to_nobody(whole_city):
    personas.user("许审")
    grant = SupervisionGrant.objects.create(
        supervisor=personas.user("何督"), notice_no="示范审通〔二〕号", purpose="试", division=370502000000,
        asked_by=personas.user("秦系"), asked_at=AT, from_day=date(2026, 7, 1), until_day=date(2026, 7, 31),
    )  # fmt: skip
    decide_supervision(grant=grant, approve=False, actor=personas.actor("尤安"), at=AT, why="文号不符")
    assert told() == []


# --- deliveries --------------------------------------------------------------------------------------------


def batch(name="medical_settlement_2026-06_r1", department="医保", rejected=4):
    return Batch.objects.create(
        batch=name, feed="medical_settlement", period="2026-06", revision=1, department=department, file="x",
        received_at=AT, physical=9, accepted=5, repeated=0, superseded=0, rejected=rejected, repaired=0, conflicts=0,
        record={},
    )  # fmt: skip


def say(name, **facts):
    tell(Event(name, machine("landing"), AT, facts))


def test_lines_to_put_right_are_told_to_the_department_and_good_batches_to_nobody(whole_city):
    for name in ("郑医", "冯联", "张敏"):
        personas.user(name)
    batch()
    batch("good", rejected=0)
    say("exchange.landed", batches=["medical_settlement_2026-06_r1", "good"])
    assert told() == [
        ("郑医", "delivery_lines", "医疗结算 2026-06 入库了，其中 4 行退回；请取走退回的行，更正后再送。")
    ]


def test_of_the_demo_citys_half_year_nobody_is_told_line_by_line(whole_city, doudi_home):
    personas.user("郑医")
    batch()
    with preparing(doudi_home, lambda _: None):
        say("exchange.landed", batches=["medical_settlement_2026-06_r1"])
    assert told() == []


def test_a_delivery_held_and_then_refused_is_told_twice_and_no_more(whole_city):
    personas.user("郑医")
    Hold.objects.create(
        delivery="medical_settlement_2026-06_r1", feed="medical_settlement", period="2026-06", revision=1, found_at=AT,
        senders=[{"county": None, "department": "医保", "programme": "", "before": 9, "now": 2}],
    )  # fmt: skip
    for _ in range(2):
        say("exchange.held", deliveries=["medical_settlement_2026-06_r1"])
        say("hold.moved", pk="medical_settlement_2026-06_r1", to="refused")
    assert [kind for _, kind, _ in told()] == ["delivery_held", "delivery_decided"]


def test_a_file_turned_away_is_told_to_who_sent_it_each_time_that_it_is(whole_city):
    sender = personas.user("张敏")
    upload = Upload.objects.create(
        name=b"x", size=1, received_at=AT, moved_at=AT, by="zhangmin", by_id=sender.pk, role="county_officer",
        division=370502000000, attempts=1, state="refused",
    )  # fmt: skip
    say("exchange.refused", uploads=[str(upload.pk)])
    say("exchange.refused", uploads=[str(upload.pk)])
    Upload.objects.update(attempts=2)
    say("exchange.refused", uploads=[str(upload.pk)])
    assert [(name, kind) for name, kind, _ in told()] == [("张敏", "delivery_refused")] * 2


# --- a run in the grown city --------------------------------------------------------------------------------


def test_after_the_citys_run_each_person_has_one_digest_that_says_what_his_list_holds(city_db):
    """Exactly those of its kind's roles whose list of new alerts is not empty, with that very number of households."""
    wrong = []
    for name, who in personas.everybody().items():
        with whole_city():
            viewer = viewer_for(personas.user(name), AT)
            mine = list(Message.objects.filter(recipient_id=viewer.user_id, kind="digest"))
            rows = alerts(viewer, AskedAlerts(status="new", size=2000), AT).rows if who.role in _DIGEST else ()
        listed = len([row for row in rows if row.lead.household_key is not None])
        said = [each.facts["households"] for each in mine]
        if said != ([listed] if rows else []):
            wrong.append(f"{name}: says {said}, lists {listed}")
    assert not wrong, wrong


_DIGEST = selectors.KINDS["digest"].to


def test_zhang_min_and_wang_fang_have_their_digest_and_no_neighbours_household_is_in_it(city_db):
    with whole_city():
        run = Run.objects.get()
        found = news(run.pk)
        for name in ("张敏", "王芳"):
            viewer = viewer_for(personas.user(name), AT)
            row = Message.objects.get(recipient_id=viewer.user_id, kind="digest")
            assert row.facts["households"] == found[viewer.division].homes > 0
            assert set(row.households) == set(found[viewer.division].keys)
            assert AT - timedelta(days=1) < row.at < AT


def test_the_same_run_told_again_tells_nobody_again(city_db):
    with whole_city():
        before = Message.objects.count()
        run = Run.objects.get()
        tell(Event("monitoring.finished", machine("monitor"), AT, {"run": run.pk, "day": run.day.isoformat()}))
        assert Message.objects.count() == before > 0


def test_the_first_morning_on_which_all_is_late_is_one_message_a_person_and_the_next_is_silent(city_db):
    for day in (300, 301):
        with whole_city():
            exchange.tell_late(at=AT + timedelta(days=day))
    with whole_city():
        rows = Message.objects.filter(kind="delivery_late").values_list("recipient_id", "facts")
        whom = [pk for pk, _ in rows]
        feeds = {pk: {each["feed"] for each in facts["late"]} for pk, facts in rows}
        assert len(whom) == len(set(whom)) > 5
        assert "medical_settlement" in feeds[personas.user("郑医").pk]
        assert "medical_settlement" not in feeds[personas.user("冯联").pk]
        assert "dibao_roll" in feeds[personas.user("张敏").pk]
        assert not {personas.user(name).pk for name in ("李伟", "王芳", "秦系", "许审", "何督")} & set(whom)
