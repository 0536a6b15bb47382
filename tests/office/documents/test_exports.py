"""A file leaves the platform for a purpose, with a second person when it is large, marked, once, and journalled."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.db import IntegrityError, transaction

import personas
from doudi.errors import Fault, Refusal
from doudi.office.accounts.scope import Viewer
from doudi.office.accounts.selectors import viewer_for
from doudi.office.audit.models import Entry
from doudi.office.common.codes import WHOLE
from doudi.office.common.roles import Role
from doudi.office.common.scope import enter_scope
from doudi.office.documents import selectors, services
from doudi.office.documents.models import Export
from office.documents.conftest import COLUMNS

AT = personas.AT
REVIEWER, CITY = "张审", "周涛"


@pytest.fixture(autouse=True)
def _limit(settings):
    settings.DOUDI_EXPORT_ROWS = 10
    settings.DOUDI_EXPORT_MOST = 100


@pytest.fixture
def large(ask):
    """An application for more rows than one person may take alone."""
    for name in (REVIEWER, CITY):
        personas.user(name)
    return ask(rows_count=11, why="季度核查").ref


def take(ref, name="张敏", **later):
    return services.take_export(viewer=personas.viewer(name), at=AT + timedelta(**later), ref=ref)


def approve(ref, name, **later):
    return services.approve_export(viewer=personas.viewer(name), at=AT + timedelta(**later), ref=ref)


def journal():
    enter_scope(*WHOLE)
    return list(Entry.objects.order_by("id").values_list("act", "actor"))


def test_a_small_export_is_let_through_by_the_machine_as_soon_as_its_purpose_is_told(ask):
    card = ask(why="入户走访")
    assert (card.state, card.second, card.purpose) == ("approved", False, "入户走访")
    assert journal() == [("documents.asked", "zhangmin"), ("export.move", "zhangmin"), ("export.move", "documents")]


def test_without_a_purpose_it_waits_for_one(ask):
    card = ask()
    assert card.state == "drafted"
    with pytest.raises(Refusal, match="写明用途"):
        services.submit_export(viewer=personas.viewer("张敏"), at=AT, ref=card.ref, why="  ", file_format="csv")
    done = services.submit_export(viewer=personas.viewer("张敏"), at=AT, ref=card.ref, why="走访", file_format="xlsx")
    assert (done.state, done.file_format) == ("approved", "xlsx")


def test_a_format_that_is_none_is_refused(ask):
    card = ask()
    with pytest.raises(Refusal, match="CSV、XLSX 或 PDF"):
        services.submit_export(viewer=personas.viewer("张敏"), at=AT, ref=card.ref, why="走访", file_format="docx")


def test_a_list_is_taken_to_be_printed_with_its_purpose_on_every_page(ask, listed):
    listed.rows = [(f"王*{n}", None, n) for n in range(80)]
    file = take(ask(rows_count=80, kind="refs", why="入户走访", file_format="pdf").ref)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file.content)).pages]
    assert (file.content_type, file.rows, file.name) == ("application/pdf", 80, "预警列表 20260630-0900 zhangmin.pdf")
    assert len(pages) > 2
    for page in pages:
        assert "用途：入户走访" in page
        assert "张敏 zhangmin" in page
        assert "备注" in page
    enter_scope(*WHOLE)
    assert Entry.objects.get(act="documents.taken").detail["format"] == "pdf"


def test_more_than_anybody_prints_is_refused_with_what_to_do(ask, settings):
    settings.DOUDI_EXPORT_PAPER = 5
    with pytest.raises(Refusal, match="改选 XLSX 或 CSV"):
        ask(rows_count=6, why="走访", file_format="pdf")
    assert ask(rows_count=6, why="走访", file_format="xlsx").state == "approved"
    assert ask(rows_count=5, why="走访", file_format="pdf").state == "approved"


def test_a_large_export_waits_for_a_second_person(large):
    assert Export.objects.get(ref=large).state == "asked"
    with pytest.raises(Refusal, match="不能再“取走”"):
        take(large)


@pytest.mark.parametrize("who", [REVIEWER, CITY])
def test_the_countys_reviewer_and_the_city_may_let_it_through(large, who):
    assert approve(large, who).state == "approved"
    assert take(large).rows == 2


@pytest.mark.parametrize("who", ["张敏", "李伟", "赵强"])
def test_no_other_role_may(large, who):
    with pytest.raises(Refusal, match="不归您的岗位"):
        approve(large, who)


def test_a_reviewer_of_the_neighbour_county_may_not(large):
    stranger = Viewer(99, "sunjing", "某人", Role.COUNTY_REVIEWER, personas.SIBLING)
    with pytest.raises(Refusal, match="不归您批准"):
        services.approve_export(viewer=stranger, at=AT, ref=large)
    assert selectors.export(stranger, large) is None


def test_nobody_approves_his_own(ask):
    for name in (REVIEWER, CITY):
        personas.user(name)
    card = ask(REVIEWER, rows_count=11, why="核查")
    with pytest.raises(Refusal, match="另一位"):
        approve(card.ref, REVIEWER)
    assert approve(card.ref, CITY).state == "approved"


def test_the_database_says_so_too(large):
    row = Export.objects.get(ref=large)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=row.pk).update(decider_id=row.asker_id)


def test_a_second_person_may_decline_and_must_say_why(large):
    reviewer = personas.viewer(REVIEWER)
    with pytest.raises(Refusal, match="写明理由"):
        services.refuse_export(viewer=reviewer, at=AT, ref=large, why="")
    card = services.refuse_export(viewer=reviewer, at=AT, ref=large, why="用途不明")
    assert (card.state, card.decision_why) == ("refused", "用途不明")


def test_what_names_no_citizen_needs_no_second_person(ask):
    assert ask(kind="refs", rows_count=50, why="归档").state == "approved"


def colleague(name, **told):
    """Another one of the same post, in use."""
    user = personas.user(name)
    user.pk, user.login, user.staff_no, user.state = None, f"{user.login}.2", f"{user.staff_no}-2", "active"
    for key, value in told.items():
        setattr(user, key, value)
    user.save()
    return viewer_for(user, AT)


def asks_much(viewer):
    card = services.ask_export(
        viewer=viewer, at=AT, kind="listed", title="表", columns=COLUMNS, rows_count=11, asked={}
    )
    return services.submit_export(viewer=viewer, at=AT, ref=card.ref, why="调研", file_format="csv")


def of(name):
    return viewer_for(personas.user(name), AT)


def test_where_nobody_could_approve_one_is_told_at_once_and_asks_for_less(office_db, listed):
    with pytest.raises(Refusal, match="缩小到 10 条以内") as told:
        asks_much(of("吴静"))
    assert told.value.code == "documents.nobody_to_approve"
    colleague("吴静", state="suspended")
    with pytest.raises(Refusal, match="没有这样的在用账号"):
        asks_much(of("吴静"))


def test_the_provinces_second_officer_may_let_it_through(office_db, listed):
    first, second = of("吴静"), colleague("吴静")
    card = asks_much(first)
    assert [each.ref for each in selectors.waiting(second)] == [card.ref]
    assert selectors.waiting(first) == ()
    assert services.approve_export(viewer=second, at=AT, ref=card.ref).state == "approved"


def test_the_province_lets_through_what_a_city_asks_and_leaves_counties_to_their_city(office_db, listed):
    province = of("吴静")
    asked = asks_much(of("周涛"))
    personas.user(REVIEWER)
    countys = asks_much(of("张敏"))
    assert [card.ref for card in selectors.waiting(province)] == [asked.ref]
    with pytest.raises(Refusal, match="不归您批准"):
        services.approve_export(viewer=province, at=AT, ref=countys.ref)
    assert services.approve_export(viewer=province, at=AT, ref=asked.ref).state == "approved"


@pytest.mark.parametrize("who", ["秦系", "尤安", "许审"])
def test_an_administrator_sees_no_business_data_and_lets_none_through(office_db, listed, who):
    for name in ("周涛", "吴静", who):
        personas.user(name)
    card = asks_much(of("周涛"))
    with pytest.raises(Refusal, match="不归您的岗位"):
        services.approve_export(viewer=of(who), at=AT, ref=card.ref)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"rows_count": 0}, "空的"),
        ({"rows_count": 101}, "分几份"),
        ({"asked": {"text": "37050219900101123X"}}, "公民身份号码"),
    ],
)
def test_what_cannot_be_exported_is_refused_with_a_way_out(ask, told, sentence):
    with pytest.raises(Refusal, match=sentence):
        ask(**told)


def test_an_office_that_registered_nothing_is_at_fault(ask):
    with pytest.raises(Fault, match="没有登记"):
        ask(kind="unheard_of")


def test_the_maker_is_asked_at_taking_as_whoever_takes(ask, listed):
    ref = ask(why="走访").ref
    assert listed.calls == []
    take(ref)
    assert listed.calls == [("zhangmin", {"level": "红"})]


def test_a_file_is_taken_once(ask):
    ref = ask(why="走访").ref
    take(ref)
    with pytest.raises(Refusal, match="已取走"):
        take(ref)


def test_only_whoever_asked_takes_it(ask):
    with pytest.raises(Refusal, match="别人申请的"):
        take(ask(why="走访").ref, REVIEWER)


def test_a_list_that_grew_beyond_what_was_approved_is_not_handed_out(large, listed):
    approve(large, REVIEWER)
    listed.rows = [("甲", "", 1)] * 12
    with pytest.raises(Refusal, match="重新申请"):
        take(large)
    listed.rows = [("甲", "", 1)] * 11
    assert take(large).rows == 11


def test_it_cannot_be_taken_when_its_days_are_over(ask):
    ref = ask(why="走访").ref
    with pytest.raises(Refusal, match="过期"):
        take(ref, days=7)
    assert take(ref, days=6, hours=23).rows == 2


def test_what_nobody_took_expires(ask, large):
    ask()
    assert services.expire_exports(at=AT + timedelta(days=6)) == 0
    assert services.expire_exports(at=AT + timedelta(days=7)) == 2
    assert set(Export.objects.values_list("state", flat=True)) == {"expired"}


def test_the_taking_is_journalled_with_its_size_and_the_files_sm3(ask):
    ref = ask(why="走访").ref
    file = take(ref)
    enter_scope(*WHOLE)
    detail = Entry.objects.get(act="documents.taken").detail
    assert detail == {"kind": "listed", "rows": 2, "bytes": len(file.content), "sm3": file.sm3, "format": "csv"}


def test_each_sees_his_own_and_what_waits_for_him(large):
    mine, waits = selectors.mine, selectors.waiting
    assert [card.ref for card in mine(personas.viewer("张敏"))] == [large]
    assert mine(personas.viewer(REVIEWER)) == ()
    assert [card.ref for card in waits(personas.viewer(REVIEWER))] == [large]
    assert waits(personas.viewer("张敏")) == ()
    assert selectors.waiting_count(personas.viewer(CITY)) == 1


def test_no_button_is_drawn_that_would_fail(large):
    assert selectors.export(personas.viewer("张敏"), large).moves == ()
    assert selectors.export(personas.viewer(REVIEWER), large).moves == ("批准", "不批准")
