"""The pages of alerts and runs: what stands on them, for whom, and what the journal keeps of an opening."""

import re

import pytest

import personas
from doudi.office.audit.models import Entry
from doudi.office.monitoring.models import Alert, Run, SavedView
from doudi.office.monitoring.topics import AT_LARGE
from office.monitoring.conftest import THIRD

PAID, CAR, ILL = "eligible.self_paid", "ineligible.vehicle", "eligible.new_illness"


@pytest.fixture
def site(town, take, client):
    """A day with alerts about households 1, 3 and 5, and a client who logs in as whom a test names."""
    made = {
        "paid": town.alert(1, PAID, level="橙"),
        "ill": town.alert(1, ILL, level="红"),
        "car": town.alert(3, CAR, level="橙"),
        "abroad": town.alert(5, PAID, level="红"),
    }
    take(town.run(THIRD, *made.values(), stale={"medical_settlement": [370502]}))
    ids = {name: each["alert_id"] for name, each in made.items()}

    def get(who, address, **more):
        return personas.log_in(client, who).get(address.format(**ids), **more)

    get.ids, get.client = ids, client
    return get


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_list_shows_a_household_once_with_its_other_alert(site):
    page = site("张敏", "/alerts/")
    assert page.status_code == 200
    said = text(page)
    assert "新发重病未在册" in said
    assert "橙 未在册户自负医疗费高" in said
    assert "东营区文汇街道东营社区" in said
    assert page.content.decode().count("<tr>") == 3  # a head and two households


@pytest.mark.parametrize(
    "address", ["/alerts/", "/alerts/?view=watch", "/alerts/?flat=1", "/alerts/?status=any&level=红"]
)
def test_the_neighbour_county_finds_its_own_household_and_no_word_of_others(site, address):
    said = text(site("赵强", address))
    assert "新发重病未在册" not in said.split("观察名单")[0] or "河口区" in said
    assert "东营区" not in said


def test_the_list_costs_few_questions_and_few_bytes(site, django_assert_max_num_queries):
    site("张敏", "/alerts/")
    with django_assert_max_num_queries(24):
        page = site.client.get("/alerts/")
    assert len(page.content) < 40 * 1024


def test_an_alert_tells_its_reason_with_figure_source_and_clause(site):
    page = site("张敏", "/alerts/{paid}")
    said = text(page)
    for part in (
        "个人自负医疗费 30,000.00 元 ≥ 20,000.00 元",
        "医保",
        "第 7 行",
        "2026-03-02",
        "来源偏旧",
        "怎样才算了结",
    ):
        assert part in said, part
    assert "示范甲" not in said
    assert "示**" in said


def test_the_opening_is_in_the_journal_with_whose_it_was(site):
    site("张敏", "/alerts/{paid}")
    entry = Entry.objects.filter(act="monitoring.alert_read").get()
    assert (entry.subject, entry.whose, entry.outcome) == (site.ids["paid"], f"{1:032x}", "done")
    assert entry.detail == {"shown": ["money"]}


def test_an_alert_of_the_neighbour_county_is_not_found_and_the_attempt_is_kept(site):
    assert site("张敏", "/alerts/{abroad}").status_code == 404
    assert Entry.objects.get(act="monitoring.alert_read").outcome == "refused"


def test_a_village_helper_reads_what_to_ask_and_no_figure(site):
    said = text(site("王芳", "/alerts/{paid}"))
    assert "请入户了解情况" in said
    assert "入户问什么、看什么" in said
    assert "近期有没有看病、住院" in said
    assert not re.search(r"30,000|自负医疗费|可能符合|未在册|负担|沉重", said)
    assert AT_LARGE in text(site("王芳", "/alerts/{ill}"))


def test_a_township_reads_money_but_not_of_a_vehicle(site):
    assert "30,000.00 元" in text(site("李伟", "/alerts/{paid}"))
    said = text(site("李伟", "/alerts/{car}"))
    assert "依据受限信息" in said
    assert "机动车" not in said


def test_a_search_leaves_no_name_in_an_address(site):
    client = personas.log_in(site.client, "张敏")
    answer = client.post("/alerts/find", {"text": "示范甲", "list": ""})
    assert answer.status_code == 302
    assert "示范" not in answer["Location"]
    page = client.get(answer["Location"])
    assert "按查找结果：1 户" in text(page)
    assert page.content.decode().count("<tr>") == 2


def test_a_search_too_short_says_so_and_shows_the_list(site):
    client = personas.log_in(site.client, "张敏")
    page = client.post("/alerts/find", {"text": "示", "list": "view=all"}, follow=True)
    assert "没有办成" in text(page)
    assert page.redirect_chain[-1][0] == "/alerts/?view=all"


def test_a_view_is_saved_opened_and_dropped_by_its_owner_alone(site):
    client = personas.log_in(site.client, "张敏")
    client.post("/alerts/views", {"name": "红色", "list": "level=红&found=1"})
    view = SavedView.objects.get()
    assert view.query == "level=%E7%BA%A2"
    assert "红色" in text(client.get("/alerts/"))
    personas.log_in(client, "赵强").post(f"/alerts/views/{view.pk}/forget")
    assert SavedView.objects.count() == 1
    assert "红色" not in text(client.get("/alerts/"))
    personas.log_in(client, "张敏").post(f"/alerts/views/{view.pk}/forget")
    assert SavedView.objects.count() == 0


def test_an_export_asks_for_the_whole_list_or_for_what_is_picked(site):
    client = personas.log_in(site.client, "张敏")
    whole = client.post("/alerts/export", {"list": "flat=1"})
    assert whole.status_code == 302
    assert whole["Location"].startswith("/exports/")
    assert client.post("/alerts/export", {"list": "", "pick": [site.ids["car"]]}).status_code == 302


def test_what_is_exported_is_what_the_viewer_may_see(site):
    from doudi.office.monitoring.asked import Asked  # noqa: PLC0415  # as above
    from doudi.office.monitoring.exporting import _rows, conditions  # noqa: PLC0415  # Django must be up first

    told = conditions(Asked(view="all"), personas.AT)
    rows = list(_rows(personas.viewer("李伟"), told))
    assert {row[2] for row in rows} == {"未在册户自负医疗费高", "新发重病未在册", "可能不再符合（依据受限信息）"}
    assert list(_rows(personas.viewer("赵强"), told | {"picked": [site.ids["paid"]]})) == []


def test_the_run_is_told_in_words_with_its_demo_parameters_marked(site):
    run = Run.objects.get()
    said = text(site("张敏", f"/runs/{run.pk}"))
    for part in ("2026-03-31 的监测", "第一次监测", "示范参数", "完成", "用到的来件", "医疗结算", "东营区"):
        assert part in said, part
    assert "2026-03-31" in text(site("张敏", "/runs/"))


def test_the_button_asks_once_more_and_then_for_a_run(site):
    assert "确认，发起监测" in text(site("张敏", "/runs/ask"))
    answer = site.client.post("/runs/ask", {"day": "2026-04-01"})
    run = Run.objects.latest("id")
    assert (answer["Location"], run.state, run.kind) == (f"/runs/{run.pk}", "asked", "manual")
    assert "等待" in text(site.client.get(f"/runs/{run.pk}/progress"))


@pytest.mark.parametrize("day", ["", "soon", "2026-01-01", "2999-01-01"])
def test_a_day_that_cannot_be_monitored_is_refused_beside_the_field(site, day):
    personas.log_in(site.client, "张敏")
    answer = site.client.post("/runs/ask", {"day": day})
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert f'value="{day}"' in answer.content.decode()


@pytest.mark.parametrize("who", ["李伟", "王芳"])
def test_the_township_and_the_village_have_no_runs(site, who):
    assert site(who, "/runs/").status_code == 404


def test_an_empty_town_is_told_what_to_do(town, client):
    said = text(personas.log_in(client, "张敏").get("/alerts/"))
    assert "还没有监测过" in said
    assert Alert.objects.count() == 0
