"""What a person may read: his own messages, while he has the scope, in the words that his role may see."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import personas
from doudi.errors import Refusal
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.common.roles import LABELS, Role
from doudi.office.common.scope import enter_scope, whole_city
from doudi.office.messages import cards, kinds, selectors, services
from doudi.office.messages.kinds import KINDS
from doudi.office.messages.models import Message
from doudi.office.messages.selectors import Asked
from office.messages.conftest import VILLAGE, above, news

AT = personas.AT
NAME, REF = "欧阳娜娜", "0" * 32


@pytest.fixture
def known(monkeypatch):
    """Households as the registry gives them: 7 lies in 王芳's village, 8 has left for the neighbour county."""

    def households(viewer, keys):
        places = {7: VILLAGE, 8: 370503001000}
        return {
            key: SimpleNamespace(ref=REF, head_name=viewer.shows(FieldClass.NAME, NAME), managing_division=places[key])
            for key in keys
            if viewer.covers(places[key])
        }

    monkeypatch.setattr(cards, "_households", lambda: households)


def first(viewer):
    viewer.enter()
    return selectors.messages(viewer, Asked()).cards[0]


# --- whose --------------------------------------------------------------------------------------------------


def test_everybody_reads_his_own_and_nobody_anothers(people, run):
    seen = people("张敏", "王芳", "赵强")
    run()
    number = first(seen["张敏"]).number
    for name in ("王芳", "赵强"):
        seen[name].enter()
        assert selectors.message(seen[name], number) is None
        assert not services.read(viewer=seen[name], at=AT, number=number)
    assert selectors.messages(seen["赵强"], Asked()).cards == ()


def test_the_database_shows_a_person_his_own_rows_alone_whatever_is_asked(people, run):
    seen = people("张敏", "王芳", "郑医", "秦系")
    run()
    for name, count in (("张敏", 1), ("王芳", 1), ("郑医", 0), ("秦系", 0)):
        seen[name].enter()
        assert Message.objects.count() == count, name
    with whole_city():
        assert Message.objects.count() == 2


def test_nobody_can_write_a_message_to_another_nor_hand_his_own_on(people, run):
    zhang = people("张敏", "王芳")["张敏"]
    run()
    zhang.enter()
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Message.objects.create(recipient_id=4711, kind=kinds.DIGEST, cause="x", at=AT, facts={})
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Message.objects.update(recipient_id=4711)


def test_a_part_of_the_city_is_no_machine_that_sees_all(people, run):
    people("张敏")
    run()
    enter_scope(370500000000, 370599999999)
    assert not Message.objects.exists()


def test_who_was_moved_to_another_county_does_not_read_of_the_former_any_more(people, run):
    zhang = people("张敏")["张敏"]
    run()
    moved = personas.viewer("赵强", user_id=zhang.user_id)
    moved.enter()
    assert selectors.unread(moved) == 0
    assert not Message.objects.exists(), "the database says so too"


def test_who_was_given_another_role_is_told_what_that_role_is_told(people, run):
    zhang = people("张敏")["张敏"]
    run()
    now = personas.viewer("秦系", user_id=zhang.user_id)
    now.enter()
    assert selectors.messages(now, Asked()).cards == ()


# --- what it says: role × field class -------------------------------------------------------------------------


def drawn(viewer):
    card = services.open_message(viewer=viewer, at=AT, number=first(viewer).number)
    return card.text + "".join(home.head_name or "" for home in card.homes)


@pytest.mark.parametrize("name", ["吴静", "周涛", "张敏", "张审", "李伟", "王芳"])
def test_a_digest_shows_each_class_as_the_golden_table_says(people, run, known, name):
    viewer = people(name)[name]
    run(keys=(7,))
    text = drawn(viewer)
    assert ("政策未落实" in text) == (viewer.sees(FieldClass.HARDSHIP) is Sight.PLAIN)
    assert (NAME in text) == (viewer.sees(FieldClass.NAME) is Sight.PLAIN)
    assert ("欧***" in text) == (viewer.sees(FieldClass.NAME) in {Sight.MASKED, Sight.VEILED})


def test_a_village_helper_is_told_whom_to_visit_and_not_why(people, run, known):
    text = drawn(_with(people, run, "王芳", (7,)))
    assert NAME in text
    assert not [word for word in ("政策", "情形", "红", "预警") if word in text]


def _with(people, run, name, keys):
    viewer = people(name)[name]
    run(keys=keys)
    return viewer


def test_a_household_that_left_the_scope_is_counted_and_not_named(people, run, known):
    wang = _with(people, run, "王芳", (7, 8))
    card = services.open_message(viewer=wang, at=AT, number=first(wang).number)
    assert (len(card.homes), card.gone) == (1, 1)


def test_a_list_opens_no_name(people, run, monkeypatch):
    def never(_viewer, _keys):
        raise AssertionError

    wang = _with(people, run, "王芳", (7,))
    monkeypatch.setattr(cards, "_households", lambda: never)
    assert first(wang).homes == ()


def test_what_leaves_the_platform_names_nobody(people, run, known):
    wang = _with(people, run, "王芳", (7,))
    card = services.open_message(viewer=wang, at=AT, number=first(wang).number)
    line = selectors.as_text(card)
    assert NAME not in line
    assert "\n" not in line
    assert line.startswith("【兜底】监测有新增：2026-06-30 的监测：有 2 户人家新列入")


def test_opening_households_is_journalled_and_a_message_without_them_is_not(people, run, known):
    from doudi.office.audit.models import Entry  # noqa: PLC0415  # Django must be up before models are read
    from doudi.office.audit.whole import whole_journal  # noqa: PLC0415  # as above

    wang = _with(people, run, "王芳", (7,))
    services.open_message(viewer=wang, at=AT, number=first(wang).number)
    run(2)
    services.open_message(viewer=wang, at=AT, number=first(wang).number)
    with whole_journal():
        rows = Entry.objects.filter(act="messages.read").values_list("actor", "subject_kind", "subject", "detail")
        assert list(rows) == [("wangfang", "household", REF, {"shown": ["name"]})]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MACHINE], ids=lambda role: LABELS[role])
def test_every_kind_has_a_sentence_for_each_role_that_it_is_for(office_db, kind, role):
    from doudi.office.messages.texts import said  # noqa: PLC0415  # as above

    facts = {
        "day": "2026-06-30", "households": 1, "alerts": 1, "red": 0, "by": [], "feed": "dibao_roll", "period": "2026-06",
        "more": 0, "lines": 3, "accepted": True,
        "late": [{"feed": "death", "period": "", "senders": 1, "days": None}], "rows": 600, "approved": True,
        "place": 370502000000, "from": "2026-07-01", "until": "2026-07-31",
    }  # fmt: skip
    if role in KINDS[kind].to:
        text = said(personas.viewer(next(n for n, p in personas.everybody().items() if p.role == role)), kind, facts)
        assert text.endswith("。")
        assert "None" not in text


# --- read, unread ---------------------------------------------------------------------------------------------


def test_what_is_opened_counts_as_read_and_can_be_made_unread_again(people, run):
    zhang = _with(people, run, "张敏", ())
    number = first(zhang).number
    assert selectors.unread(zhang) == 1
    services.open_message(viewer=zhang, at=AT, number=number)
    assert selectors.unread(zhang) == 0
    assert services.mark_unread(viewer=zhang, number=number)
    assert not services.mark_unread(viewer=zhang, number=number), "it waits already"
    assert selectors.unread(zhang) == 1


def test_opened_twice_it_stays_read_since_the_first_time(people, run):
    zhang = _with(people, run, "张敏", ())
    number = first(zhang).number
    assert services.read(viewer=zhang, at=AT, number=number)
    assert not services.read(viewer=zhang, at=AT + timedelta(hours=1), number=number)
    assert selectors.message(zhang, number).read_at == AT


def test_all_as_read_leaves_what_came_after_the_page_and_is_taken_back_whole(people, run):
    zhang = people("张敏")["张敏"]
    for number in (1, 2, 3):
        run(number)
    newest = first(zhang).number
    services.read(viewer=zhang, at=AT, number=newest)
    run(4)
    zhang.enter()
    moment = AT + timedelta(minutes=5)
    assert services.read_all(viewer=zhang, at=moment, newest=newest) == 2
    assert selectors.unread(zhang) == 1
    assert services.unread_again(viewer=zhang, moment=moment) == 2
    assert selectors.unread(zhang) == 3, "the one that was read before stays read"


def test_what_must_be_known_cannot_be_done_without(people):
    seen = people("张审", "王芳")
    with pytest.raises(Refusal, match="不能不收"):
        services.mute(viewer=seen["张审"], kind=kinds.EXPORT_WAITS)
    with pytest.raises(Refusal, match="不能不收"):
        services.mute(viewer=seen["王芳"], kind=kinds.DELIVERY_LATE)
    services.mute(viewer=seen["王芳"], kind=kinds.DIGEST)
    assert selectors.muted(seen["王芳"]) == {kinds.DIGEST}


# --- pages of the list --------------------------------------------------------------------------------------------


def test_the_pages_one_after_another_are_the_whole_list_and_back_again(people, run):
    zhang = people("张敏")["张敏"]
    for number in range(65):
        run(number)
    zhang.enter()
    pages, asked = [], Asked()
    while True:
        page = selectors.messages(zhang, asked)
        pages.append([card.number for card in page.cards])
        if not page.after:
            break
        asked = Asked(after=page.after)
    assert [len(page) for page in pages] == [30, 30, 5]
    numbers = [number for page in pages for number in page]
    assert numbers == sorted(set(numbers), reverse=True)
    back = selectors.messages(zhang, Asked(before=page.before))
    assert [card.number for card in back.cards] == pages[1]


@pytest.mark.parametrize("name", ["张敏", "赵强", "秦系", "郑医"])
def test_the_figure_counts_what_the_list_of_unread_holds(people, run, name):
    viewer = people("张敏", name)[name]
    for number in range(3):
        run(number)
    viewer.enter()
    assert selectors.unread(viewer) == len(selectors.messages(viewer, Asked(unread=True)).cards)


def test_the_figure_of_the_head_is_one_statement_from_an_index_and_stops_at_a_hundred(people, run):
    zhang = people("张敏")["张敏"]
    for number in range(120):
        run(number)
    zhang.enter()
    with CaptureQueriesContext(connection) as asked:
        assert selectors.unread(zhang) == selectors.MOST
    assert len(asked) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + asked[0]["sql"])
        assert "Index Only Scan using message_unread" in "\n".join(line for (line,) in cursor.fetchall())


# --- property: a run tells exactly those whose jurisdiction has something new ---------------------------------------

STAFF = ("张敏", "张审", "李伟", "王芳", "赵强", "孙丽", "钱勇", "周涛", "吴静", "郑医", "秦系", "许审", "何督")
PLACES = (370502001011, 370502001013, 370502002000, 370503001000, 370502000000, 370571000000, 370600000000)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(new=st.sets(st.sampled_from(PLACES)))
def test_a_run_tells_exactly_those_whose_jurisdiction_has_something_new(people, new):
    seen = people(*STAFF)
    with whole_city():
        Message.objects.all().delete()
        found = {code: news() for place in new for code in above(place)}
        services.tell_run(at=AT, run=1, day=date(2026, 6, 30), news=found)
        told = set(Message.objects.values_list("recipient_id", flat=True))
    mine = KINDS[kinds.DIGEST].to
    right = {name for name, viewer in seen.items() if viewer.role in mine and any(map(viewer.covers, new))}
    assert {name for name, viewer in seen.items() if viewer.user_id in told} == right
