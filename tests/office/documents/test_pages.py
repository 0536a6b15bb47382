"""The pages of the exports, as the people meet them."""

import pytest
from django.test import Client

import personas
from doudi.office.documents import services
from office.documents.conftest import COLUMNS
from office.nasty import NASTY

REVIEWER = "张审"


@pytest.fixture
def asked(office_db, listed, settings):
    settings.DOUDI_EXPORT_ROWS = 1
    someone = personas.user("张敏")
    from doudi.office.accounts.selectors import viewer_for  # noqa: PLC0415 - Django must be up before models are read

    told = {"kind": "listed", "title": "预警列表", "columns": COLUMNS, "rows_count": 2, "asked": {}}
    return services.ask_export(viewer=viewer_for(someone, personas.AT), at=personas.AT, **told).address


def seated(name):
    return personas.log_in(Client(), name)


@pytest.fixture
def _in_june(monkeypatch):
    """The office's clock stands at the moment of the personas."""
    monkeypatch.setattr("doudi.office.accounts.middleware.right_now", lambda: personas.AT)


@pytest.mark.usefixtures("_in_june")
def test_from_the_purpose_to_the_file(asked):
    zhang, reviewer = seated("张敏"), seated(REVIEWER)
    assert "请写明这份文件拿去做什么" in zhang.get(asked).content.decode()
    refused = zhang.post(f"{asked}/submit", {"why": " ", "file_format": "xlsx"})
    assert refused.status_code == 422
    assert "请写明用途" in refused.content.decode()
    assert zhang.post(f"{asked}/submit", {"why": "季度核查", "file_format": "xlsx"}).status_code == 302
    assert "等待第二人批准" in zhang.get(asked).content.decode()
    assert "季度核查" in reviewer.get("/exports/").content.decode()
    assert reviewer.post(f"{asked}/decide", {"decision": "不批准", "why": ""}).status_code == 422
    assert reviewer.post(f"{asked}/decide", {"decision": "批准"}).status_code == 302
    taken = zhang.post(f"{asked}/take")
    assert taken.status_code == 200
    assert taken["Content-Type"].endswith("spreadsheetml.sheet")
    assert taken["Cache-Control"] == "no-store"
    assert "attachment" in taken["Content-Disposition"]
    assert "已取走" in zhang.get(asked).content.decode()
    assert zhang.post(f"{asked}/take").status_code == 422


@pytest.mark.usefixtures("_in_june")
@pytest.mark.parametrize("name", ["赵强", "李伟"])
def test_another_does_not_even_see_it(asked, name):
    other = seated(name)
    assert other.get(asked).status_code == 404
    assert other.post(f"{asked}/take").status_code == 404
    assert other.post(f"{asked}/submit", {"why": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["张敏", "张审"])
def test_an_empty_list_says_what_to_do(office_db, name):
    said = seated(name).get("/exports/").content.decode()
    assert "您还没有申请过导出" in said
    assert ("没有等您批准的导出" in said) == (name == "张审")


def test_a_page_of_nobodys_export_is_none(office_db):
    assert seated("张敏").get("/exports/0123456789abcdef").status_code == 404


@pytest.mark.usefixtures("_in_june")
@pytest.mark.parametrize("nasty", NASTY)
def test_whatever_is_typed_as_a_purpose_is_taken_or_answered_with_a_sentence(asked, nasty):
    text = NASTY[nasty].encode("utf-8", "replace").decode()
    answer = seated("张敏").post(
        f"{asked}/submit", {"why": text, "file_format": text[:9] if len(nasty) == 2 else "csv"}
    )
    assert answer.status_code in ((400,) if "\0" in text else (302, 422))  # no page is asked for what holds a NUL
    if answer.status_code == 422:
        assert "没有办成" in answer.content.decode()


@pytest.mark.parametrize("ref", ["%00", "..", "a" * 300, "%F0%9F%A7%A7"])
def test_an_address_that_is_none_is_not_found(office_db, ref):
    assert seated("张敏").get(f"/exports/{ref}").status_code == 404
