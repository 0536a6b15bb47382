"""What stands on a person's workbench when he opens the office in the morning."""

import pytest
from django.test import Client

import personas


@pytest.fixture
def client():
    return Client()


@pytest.mark.parametrize(
    "name", ["张敏", "张审", "李伟", "王芳", "周涛", "吴静", "郑医", "秦系", "尤安", "许审", "何督"]
)
def test_everybody_who_works_here_has_a_workbench(office_db, client, name):
    answer = personas.log_in(client, name).get("/")
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "工作台" in body
    assert name in body


def test_nobody_who_is_not_logged_in_has_one(office_db, client):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login")


def test_an_empty_desk_says_what_it_means(office_db, client):
    body = personas.log_in(client, "王芳").get("/").content.decode()
    assert "没有要您去看的人家" in body


@pytest.mark.parametrize(
    ("name", "may"), [("张敏", True), ("王芳", True), ("何督", True), ("郑医", False), ("秦系", False)]
)
def test_the_head_of_every_page_has_a_search_box_for_who_may_search(street, seated, name, may):
    client = seated(name)
    for address in ("/", "/journal/", "/divisions/"):
        body = client.get(address).content.decode()
        assert ('id="head-search"' in body, 'id="side-search"' in body) == (may, may), address


def test_the_page_of_the_search_has_one_box_only(street, seated):
    assert "head-search" not in seated("张敏").get("/search").content.decode()
