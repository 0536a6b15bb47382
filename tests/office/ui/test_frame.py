"""The frame of every page: who is logged in, where he may go, in which letters, and what stands when nothing is built."""

import json

import pytest
from django.test import Client, RequestFactory

from doudi.office.common.roles import Role
from doudi.office.ui import assets, navigation, views
from doudi.office.ui.navigation import Entry, drawn, entries
from doudi.office.ui.watermark import watermark

EVERYBODY = frozenset(Role)
LISTED = [
    Entry("工作台", "ui:gallery", EVERYBODY),
    Entry("标识", "ui:mark", frozenset({Role.COUNTY_OFFICER}), "其他"),
    Entry("水印", "ui:watermark", frozenset({Role.SECURITY_ADMIN}), "其他"),
]


@pytest.fixture
def client(planted):
    return Client()


@pytest.fixture
def unbuilt(monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "BUILD", tmp_path)
    assets.manifest.cache_clear()
    yield tmp_path
    assets.manifest.cache_clear()


def titles(role, path="/"):
    return [link.title for group in drawn(role, path, LISTED) for link in group.links]


def test_a_viewer_is_shown_the_entries_of_his_role():
    assert titles(Role.COUNTY_OFFICER) == ["工作台", "标识"]


def test_a_viewer_is_not_shown_the_entries_of_others():
    assert titles(Role.SECURITY_ADMIN) == ["工作台", "水印"]


def test_the_entry_of_the_page_is_marked_and_no_other():
    now = [
        link.title for group in drawn(Role.COUNTY_OFFICER, "/gallery/one", LISTED) for link in group.links if link.now
    ]
    assert now == ["工作台"]


def test_entries_stand_under_their_headings_in_the_order_listed():
    assert [group.title for group in drawn(Role.COUNTY_OFFICER, "/", LISTED)] == ["", "其他"]


def test_every_entry_of_the_side_leads_somewhere():
    navigation.entries.cache_clear()
    assert {entry.title for entry in entries() if not any(drawn(role, "/", [entry]) for role in Role)} == set()


def test_an_entry_is_shown_to_those_to_whom_its_page_opens_and_to_nobody_else():
    accounts = [Entry("账号", "accounts:users")]
    assert drawn(Role.SYSTEM_ADMIN, "/", accounts)
    assert not drawn(Role.COUNTY_OFFICER, "/", accounts)


def test_a_page_says_who_is_logged_in_and_where(client):
    page = client.get("/gallery").content.decode()
    assert "张敏 · 县区民政经办人员" in page
    assert "垦利区" in page
    assert "安全员的入口" not in page


def test_large_letters_are_kept_by_a_cookie_and_lead_back(client):
    answer = client.post("/ui/size", {"size": "large", "next": "/gallery?x=1"})
    assert answer["Location"] == "/gallery?x=1"
    assert '<html lang="zh-Hans" data-size="large">' in client.get("/gallery").content.decode()

    client.post("/ui/size", {"size": "normal", "next": "/gallery"})
    assert '<html lang="zh-Hans">' in client.get("/gallery").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x()"])
def test_the_switch_of_letters_leads_nowhere_else(client, elsewhere):
    assert client.post("/ui/size", {"size": "large", "next": elsewhere})["Location"] == "/"


def test_the_watermark_says_who_looks_and_is_kept_by_nobody_else(client):
    answer = client.get("/ui/watermark.svg")
    assert "张敏 zhangmin" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_name_cannot_break_out_of_the_watermark():
    assert "<script" not in watermark('<script>"')


def test_the_gallery_is_closed_to_strangers_and_open_in_the_demo(settings):
    stranger = RequestFactory().get("/gallery")
    settings.DEMO = False
    assert views.gallery(stranger).status_code == 302

    settings.DEMO = True
    assert views.gallery(stranger).status_code == 200


def test_the_gallery_is_open_to_staff(client, settings):
    settings.DEMO = False
    assert client.get("/gallery").status_code == 200


def test_without_a_build_the_page_is_readable_and_the_log_says_what_to_do(client, unbuilt, caplog):
    page = client.get("/gallery").content.decode()
    assert "组件陈列" in page
    assert "stylesheet" not in page
    assert [record.message for record in caplog.records if "no front end built" in record.message]


def test_with_a_build_the_page_asks_for_its_files_by_their_content(client, unbuilt):
    (unbuilt / "manifest.json").write_text(json.dumps({"app.css": "app-0123456789.css"}), "utf-8")
    assert (
        '<link rel="stylesheet" href="/static/ui/build/app-0123456789.css">' in client.get("/gallery").content.decode()
    )


@pytest.mark.parametrize("page", ["404.html", "403.html", "403_csrf.html", "500.html"])
def test_an_error_page_needs_nobody_logged_in(client, page):
    from django.template.loader import render_to_string  # noqa: PLC0415  # the client's settings come first

    drawn_page = render_to_string(page, request=RequestFactory().get("/"))
    assert "回到工作台" in drawn_page
    assert "主导航" not in drawn_page


def test_the_page_of_a_fault_needs_nothing_at_all():
    from django.template.loader import get_template  # noqa: PLC0415  # as above

    assert "系统出了差错" in get_template("500.html").render()
