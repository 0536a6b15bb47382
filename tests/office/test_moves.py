"""`make_move` performs every move: table, compare-and-set, journal, event, in one transaction; of two at once one wins."""

import threading
from datetime import datetime, time, timedelta

import pytest
from django.db import connections, transaction

import personas
from doudi.errors import Fault, Refusal
from doudi.office.accounts.models import SupervisionGrant
from doudi.office.accounts.states import GRANT
from doudi.office.audit.models import Entry
from doudi.office.audit.selectors import overdue
from doudi.office.audit.services import make_due_moves, make_move
from doudi.office.common import events
from doudi.office.common.actor import machine
from doudi.office.common.clock import BEIJING
from doudi.office.common.codes import WHOLE
from doudi.office.common.scope import enter_scope
from doudi.office.documents.models import Export
from doudi.office.documents.states import APPROVED, ASKED, EXPORT

AT = personas.AT
REVIEWER = personas.viewer("张审").actor


def waiting(**told):
    """An export that waits for its second person; any workflow's row would do."""
    given = {"state": ASKED, "kind": "x", "title": "表", "columns": [], "rows_count": 9, "asked": {}, "purpose": "核查"}
    given |= {
        "division": personas.OWN,
        "asker_id": 1,
        "asker": "zhangmin",
        "asker_shown": "张敏",
        "asker_role": "county_officer",
    }
    return Export.objects.create(**{"asked_at": AT, "expires_at": AT + timedelta(days=7)} | given | told)


def move(row, name="批准", actor=REVIEWER, **given):
    make_move(workflow=EXPORT, row=row, move=name, actor=actor, at=AT, **given)


def journal():
    enter_scope(*WHOLE)
    return list(
        Entry.objects.values_list("act", "subject", "division", "why", "detail__move", "detail__from", "detail__to")
    )


def test_a_move_changes_the_row_and_writes_the_journal(office_db):
    row = waiting()
    move(row, why="可以", decider_id=2, decision_why="可以")
    assert (row.state, row.decider_id) == (APPROVED, 2)
    row.refresh_from_db()
    assert (row.state, row.decision_why) == (APPROVED, "可以")
    assert journal() == [("export.move", row.ref, personas.OWN, "可以", "批准", ASKED, APPROVED)]


def test_a_move_tells_its_event_in_the_same_transaction(office_db, monkeypatch):
    monkeypatch.setattr(events, "_WIRED", {})
    told = []
    events.subscribe("export.moved", told.append)
    row = waiting()
    move(row)
    assert [(event.name, event.at, event.facts["to"], event.facts["pk"]) for event in told] == [
        ("export.moved", AT, APPROVED, str(row.pk))
    ]


def test_an_error_of_whoever_hears_of_it_undoes_the_move(office_db, monkeypatch):
    monkeypatch.setattr(events, "_WIRED", {})

    def broken(event):
        raise Refusal("test.no", "办不了。")

    events.subscribe("export.moved", broken)
    row = waiting()
    with pytest.raises(Refusal, match="办不了"):
        move(row)
    assert row.state == ASKED
    row.refresh_from_db()
    assert row.state == ASKED
    assert journal() == []


@pytest.mark.parametrize(
    ("name", "who", "given", "sentence"),
    [
        ("取走", "张审", {}, "现在是“待批准”，不能再“取走”"),
        ("批准", "张敏", {}, "不归您的岗位办"),
        ("不批准", "张审", {"why": " "}, "须写明理由"),
        ("批准", "张审", {"decided_at": AT + timedelta(days=8)}, "已经过期"),
    ],
)
def test_a_refused_move_changes_and_writes_nothing(office_db, name, who, given, sentence):
    row = waiting()
    with pytest.raises(Refusal, match=sentence):
        move(row, name, personas.viewer(who).actor, **given)
    assert row.state == ASKED
    row.refresh_from_db()
    assert row.state == ASKED
    assert journal() == []


def test_a_state_is_set_by_the_table_alone(office_db):
    with pytest.raises(Fault, match="只由流程表改"):
        move(waiting(), state="taken")


def test_of_two_people_at_two_connections_one_wins_and_the_other_is_told(own_office_db):
    """Both have read the row as it was; the second to write waits for the first and then finds it moved."""
    seen = waiting()
    both_read, outcomes = threading.Barrier(2, timeout=60), []

    def decides(name):
        try:
            with transaction.atomic():
                row = Export.objects.get(pk=seen.pk)
                both_read.wait()
                move(row, name, why="一起办的")
            outcomes.append(name)
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    people = [threading.Thread(target=decides, args=(name,)) for name in ("批准", "不批准")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    winner = next(name for name in outcomes if name in ("批准", "不批准"))
    assert sorted(outcomes) == sorted([winner, "audit.moved_meanwhile"])
    seen.refresh_from_db()
    assert seen.state == {"批准": "approved", "不批准": "refused"}[winner]
    with transaction.atomic():
        assert [row[4] for row in journal()] == [winner]


def test_the_winner_may_still_be_undone_and_then_the_other_wins(own_office_db):
    seen = waiting()
    moved, may_undo, outcomes = threading.Event(), threading.Event(), []

    def first():
        with transaction.atomic():
            move(Export.objects.get(pk=seen.pk))
            moved.set()
            may_undo.wait(20)
            transaction.set_rollback(True)
        connections.close_all()

    def second():
        row = Export.objects.get(pk=seen.pk)
        moved.wait(20)
        threading.Timer(0.2, may_undo.set).start()
        move(row, "不批准", why="用途不明")
        outcomes.append(row.state)
        connections.close_all()

    people = [threading.Thread(target=first), threading.Thread(target=second)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert outcomes == ["refused"]


# ── by when ─────────────────────────────────────────────────────────────────────────────────────────────────────────

WEEK = timedelta(days=7)


def late(at):
    return [(row.pk, due.name) for row, due in overdue(EXPORT, Export.objects.all(), at)]


def test_what_waits_is_overdue_from_its_moment_on_and_not_before(office_db):
    row = waiting()
    assert EXPORT.deadline(row, ASKED) == AT + WEEK
    assert late(AT + WEEK - timedelta(seconds=1)) == []
    assert late(AT + WEEK) == [(row.pk, "过期")]


def test_what_has_ended_has_no_deadline_and_is_never_overdue(office_db):
    row = waiting(state="taken")
    assert EXPORT.deadline(row, "taken") is None
    assert late(AT + WEEK) == []


def test_the_house_makes_every_move_that_is_due_under_a_machines_name_once(office_db):
    rows = [waiting(), waiting(state=APPROVED), waiting(expires_at=AT + 2 * WEEK)]
    made = {"workflow": EXPORT, "rows": Export.objects.all(), "actor": machine("documents"), "at": AT + WEEK}
    assert make_due_moves(**made) == 2
    assert make_due_moves(**made) == 0
    assert [Export.objects.get(pk=row.pk).state for row in rows] == ["expired", "expired", ASKED]
    assert {(actor, detail["move"]) for actor, detail in journalled()} == {("documents", "过期")}


def journalled():
    enter_scope(*WHOLE)
    return Entry.objects.filter(act="export.move").values_list("actor", "detail")


def test_a_day_is_over_at_its_first_moment_in_beijing(office_db):
    personas.user("何督")
    last = AT.date() + WEEK
    SupervisionGrant.objects.update(until_day=last)
    midnight = datetime.combine(last, time(), BEIJING)
    assert not list(overdue(GRANT, SupervisionGrant.objects.all(), midnight - timedelta(seconds=1)))
    assert [due.name for _, due in overdue(GRANT, SupervisionGrant.objects.all(), midnight)] == ["到期"]
