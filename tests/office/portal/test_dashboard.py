"""What a dashboard counts, and of which places."""

import pytest

from doudi.office.portal.tables import per_thousand


@pytest.mark.parametrize(
    ("name", "place"),
    [("张敏", "东营区"), ("李伟", "文汇街道"), ("王芳", "东营社区"), ("周涛", "东营市"), ("何督", "东营市")],
)
def test_a_dashboard_begins_with_the_viewers_own_division(street, seated, name, place):
    body = seated(name).get("/dashboard/").content.decode()
    assert f"<h1>{place}看板</h1>" in body


def test_a_dashboard_leads_to_the_divisions_below(street, seated):
    client = seated("周涛")
    for here, below in [(370500000000, 370502000000), (370502000000, 370502001000), (370502001000, 370502001011)]:
        assert f"/dashboard/{below}" in client.get(f"/dashboard/{here}").content.decode()


@pytest.mark.parametrize("code", [370503000000, 370500000000, 370503001000, 110000000000, 0, 1])
def test_a_division_out_of_the_jurisdiction_has_no_dashboard(street, seated, code):
    assert seated("张敏").get(f"/dashboard/{code}").status_code == 404


def test_every_figure_has_its_unit_and_its_day(street, seated):
    body = seated("周涛").get("/dashboard/").content.decode()
    assert body.count("截至 2026-06-30") >= 3
    assert "户、人" not in body


def test_before_the_first_run_the_dashboard_says_what_to_do(office_db, seated):
    assert "还没有监测过" in seated("周涛").get("/dashboard/").content.decode()


def test_so_many_a_thousand_is_rounded_half_up():
    assert per_thousand(1, 3) == "333.3"
    assert per_thousand(1, 16) == "62.5"
    assert per_thousand(1, 32) == "31.3"
    assert per_thousand(0, 7) == "0.0"
    assert per_thousand(3, 0) == "—"
