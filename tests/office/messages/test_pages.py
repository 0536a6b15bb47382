"""The pages of the messages, as the people meet them."""

import pytest
from django.test import Client
from django.urls import reverse

import personas
from doudi.office.common.scope import whole_city
from doudi.office.messages.models import Message
from office.nasty import NASTY

LIST = "/messages/"


@pytest.fixture
def seated(office_db):
    """Seats somebody at a test client."""

    def at_the_desk(name):
        with whole_city():
            return personas.log_in(Client(), name)

    return at_the_desk


def body(client, path, **asked):
    answer = client.get(path, asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def numbers(name):
    with whole_city():
        return list(
            Message.objects.filter(recipient_id=personas.user(name).pk).order_by("-pk").values_list("pk", flat=True)
        )


def test_the_head_of_every_page_says_how_many_wait(seated, run):
    zhang = seated("张敏")
    assert "条未读" not in body(zhang, "/")
    run()
    assert '<span class="head-count">1</span>' in body(zhang, "/")


def test_the_head_says_no_more_than_ninety_nine(seated, run):
    zhang = seated("张敏")
    for number in range(101):
        run(number)
    assert '<span class="head-count">99+</span>' in body(zhang, LIST)


@pytest.mark.parametrize("name", ["秦系", "尤安"])
def test_who_is_told_nothing_has_no_page_and_no_word_of_it(seated, name):
    client = seated(name)
    assert client.get(LIST).status_code == 404
    assert "head-news" not in body(client, "/")


def test_a_message_is_opened_read_and_made_unread_again(seated, run):
    zhang = seated("张敏")
    run()
    (number,) = numbers("张敏")
    assert "未读</span>" in body(zhang, LIST)
    said = body(zhang, f"{LIST}{number}")
    assert "辖区内新增 2 户、3 条预警，其中红色 1 条。政策未落实 2 条、情形复杂 1 条。" in said
    assert 'href="/alerts/?status=new"' in said
    assert "条未读" not in body(zhang, LIST)
    assert zhang.post(f"{LIST}{number}/unread").status_code == 302
    assert "条未读" in body(zhang, LIST)


def test_a_row_is_marked_without_being_opened_and_the_list_stays_as_it_was_asked(seated, run):
    zhang = seated("张敏")
    run()
    (number,) = numbers("张敏")
    answer = zhang.post(f"{LIST}{number}/read", {"list": "show=unread&kind=digest&after=99999999"})
    assert answer["Location"] == f"{LIST}?show=unread&kind=digest&after=99999999"
    assert "这一种都读过了" in body(zhang, LIST, show="unread", kind="digest")


def test_all_are_marked_and_it_is_taken_back(seated, run):
    zhang = seated("张敏")
    run(1)
    run(2)
    shown = body(zhang, LIST)
    number = shown.partition('name="newest" value="')[2].partition('"')[0]
    answer = zhang.post(f"{LIST}read-all", {"newest": number}, follow=True)
    page = answer.content.decode()
    assert "2 条已标为已读。" in page
    assert "head-count" not in page
    moment = page.partition('name="moment" value="')[2].partition('"')[0]
    page = zhang.post(f"{LIST}unread-again", {"moment": moment}, follow=True).content.decode()
    assert "已撤销，2 条又是未读。" in page
    assert '<span class="head-count">2</span>' in page


def test_an_address_that_tells_of_nothing_marked_offers_nothing_to_take_back(seated, run):
    zhang = seated("张敏")
    run()
    assert "已标为已读。" not in body(zhang, LIST, read="1782349200000000")


def test_nothing_is_taken_back_that_was_not_marked(seated, run):
    page = seated("张敏").post(f"{LIST}unread-again", {"moment": "1"}, follow=True).content.decode()
    assert "没有可以撤销的" in page


@pytest.mark.parametrize("name", ["赵强", "王芳", "许审"])
def test_anothers_message_is_as_if_there_were_none(seated, run, name):
    with whole_city():
        personas.user("张敏")
    run()
    (number,) = numbers("张敏")
    other = seated(name)
    assert other.get(f"{LIST}{number}").status_code == 404
    assert other.post(f"{LIST}{number}/read").status_code == 404
    assert other.post(f"{LIST}{number}/unread").status_code == 404


def test_a_kind_is_stopped_and_comes_again(seated, run):
    wang = seated("王芳")
    address = reverse("messages:kinds")
    assert "停收" in body(wang, address)
    assert wang.post(address, {"kind": "digest", "wants": "0"}).status_code == 302
    assert "恢复接收" in body(wang, address)
    run()
    assert "还没有消息" in body(wang, LIST)
    assert wang.post(address, {"kind": "digest", "wants": "1"}).status_code == 302
    run(2)
    assert "监测有新增" in body(wang, LIST)


def test_what_must_be_known_has_no_switch_and_a_forged_one_is_answered_with_a_sentence(seated):
    reviewer = seated("张审")
    address = reverse("messages:kinds")
    assert "不能停收" in body(reviewer, address)
    answer = reviewer.post(address, {"kind": "export_waits", "wants": "0"})
    assert answer.status_code == 422
    assert "不能不收" in answer.content.decode()


def test_an_empty_list_says_what_will_come_and_where_todays_work_is(seated):
    page = body(seated("张敏"), LIST)
    assert "还没有消息" in page
    assert "今天要办的事在工作台上" in page


def test_ones_own_account_leads_to_what_one_is_sent(seated):
    assert reverse("messages:kinds") in body(seated("张敏"), reverse("accounts:me"))
    assert reverse("messages:kinds") not in body(seated("秦系"), reverse("accounts:me"))


def test_the_external_supervisor_who_only_reads_may_still_tidy_his_own(seated):
    assert seated("何督").post(f"{LIST}read-all", {"newest": "1"}).status_code == 302


@pytest.mark.parametrize(
    "nasty", [word for word, value in NASTY.items() if len(value) <= 6_000]
)  # no address carries more
def test_whatever_stands_in_the_address_is_answered(seated, nasty):
    value = NASTY[nasty]
    client = seated("张敏")
    for word in ("show", "kind", "after", "before", "read"):
        assert client.get(LIST, {word: value}).status_code in (200, 400)


@pytest.mark.parametrize("number", ["0", "9" * 17, "9" * 19, "9" * 40])
def test_a_number_that_no_message_has_is_not_found(seated, number):
    client = seated("张敏")
    assert client.get(f"{LIST}{number}").status_code == 404
    assert client.post(f"{LIST}{number}/read").status_code == 404
    assert client.post(f"{LIST}unread-again", {"moment": number}).status_code == 302
    assert client.get(LIST, {"after": number}).status_code == 200
