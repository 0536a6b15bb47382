"""Plants: read strictly, written as they were written down, and known to the truth alone."""

from datetime import date

import pytest
import yaml

from demo.received import fen, plain_id, rows
from doudi.demo.months import Window, parse
from doudi.demo.planting import plant_all
from doudi.demo.plants import load_plants
from doudi.demo.written import day
from doudi.errors import Refusal
from doudi.landing.contract import load_contract

WINDOW = Window(parse("2026-06"), 3)
HOME = {"members": [{"role": "户主", "age": 52}, {"role": "配偶", "age": 50}, {"role": "子", "age": 20}]}


def written(tmp_path, *records, household=None, subject="户主", **entry):
    body = {"household": household or HOME, "subject": subject, "records": list(records)}
    entry = {
        "indicator": "eligible.x",
        "positive": body,
        "near_miss": {"household": HOME},
        "unknown": {"household": HOME},
        **entry,
    }
    (tmp_path / "x.yaml").write_text(yaml.safe_dump([entry], allow_unicode=True))
    return load_plants(tmp_path, specials=None)


def lines(tmp_path, feed, *records, **household):
    home = {**HOME, **household}
    garden = plant_all(written(tmp_path, *records, household=home)[:1], WINDOW)
    return garden.frame(load_contract()[feed]).to_dicts(), garden.settled[0]


def test_the_plants_that_are_shipped_can_be_read():
    plants = load_plants()
    assert {"集体户", "两地在保"} <= {plant.indicator for plant in plants if plant.kind == "special"}
    by_indicator = {}
    for plant in plants:
        by_indicator.setdefault(plant.indicator, set()).add(plant.kind)
    assert all(kinds in ({"special"}, {"positive", "near_miss", "unknown"}) for kinds in by_indicator.values())


def test_a_record_is_written_with_its_defaults(tmp_path):
    rows, home = lines(tmp_path, "dibao_roll", {"feed": "dibao_roll", "each_member": True, "amount_month": 905.5})
    assert [row["id"] for row in rows] == [home.ids[who] for who in ("户主", "配偶", "子")]
    assert {row["amount_month"] for row in rows} == {90_550}
    assert {(row["kind"], row["members_counted"], row["since"]) for row in rows} == {("农村", 3, date(2024, 6, 30))}
    assert {row["case_no"] for row in rows} == {home.case_no}
    assert all(row["_planted"] for row in rows)


def test_a_household_is_clean_but_for_what_is_written(tmp_path):
    garden = plant_all(written(tmp_path), WINDOW)
    assert {feed for feed, rows in garden.rows.items() if rows} == {"population"}


def test_an_enrolled_household_was_heated_unless_that_is_what_its_plant_is_about(tmp_path):
    heated, _ = lines(tmp_path, "assistance", {"feed": "dibao_roll"})
    assert [(row["programme"], row["amount"], row["date"]) for row in heated] == [("取暖补贴", 0, date(2025, 11, 16))]
    cold = written(tmp_path, {"feed": "dibao_roll"}, indicator="unfulfilled.heating")[:1]
    assert plant_all(cold, WINDOW).frame(load_contract()["assistance"]).is_empty()


def test_a_person_has_the_age_written_on_the_last_day_and_a_month_before(tmp_path):
    rows, _ = lines(tmp_path, "population")
    born = date.fromisoformat(f"{rows[0]['id'][6:10]}-{rows[0]['id'][10:12]}-{rows[0]['id'][12:14]}")
    for today in (date(2026, 6, 30), date(2026, 5, 31)):
        assert today.year - born.year - ((today.month, today.day) < (born.month, born.day)) == 52


@pytest.mark.parametrize(
    ("text", "meant"),
    [("-40d", date(2026, 5, 21)), ("-4m", date(2026, 2, 28)), ("-2y", date(2024, 6, 30)), ("+1m", date(2026, 7, 30)),
     ("0d", date(2026, 6, 30)), ("2025-03-01", date(2025, 3, 1))],
)  # fmt: skip
def test_relative_dates_count_from_the_last_day(text, meant):
    assert day(text, WINDOW) == meant


def test_a_date_that_cannot_be_read_is_refused():
    with pytest.raises(Refusal, match="昨天"):
        day("昨天", WINDOW)


def test_a_conflict_is_the_same_key_twice_with_other_content(tmp_path):
    rows, _ = lines(
        tmp_path, "medical_settlement", {"feed": "medical_settlement", "total": 60_000, "conflict": {"total": 50_000}}
    )
    assert [row["total"] for row in rows] == [6_000_000, 5_000_000]
    assert rows[0]["settlement_no"] == rows[1]["settlement_no"]
    assert rows[0]["_period"] == parse("2026-05")


def test_a_repeated_event_stands_in_every_month_of_the_year(tmp_path):
    rows, _ = lines(tmp_path, "income_tax", {"feed": "income_tax", "repeat": "monthly", "income": 5000})
    assert [row["month"] for row in rows] == [
        f"{month // 12}-{month % 12 + 1:02d}" for month in range(WINDOW.last - 11, WINDOW.last + 1)
    ]
    assert [row["_period"] for row in rows] == list(range(WINDOW.last - 11, WINDOW.last + 1))


def test_a_roll_line_stands_in_the_months_written(tmp_path):
    rows, _ = lines(tmp_path, "pension", {"feed": "pension", "from": -1, "until": -1})
    assert (rows[0]["_from"], rows[0]["_until"]) == (WINDOW.last - 1, WINDOW.last - 1)


def test_until_as_a_date_is_the_columns_and_as_a_number_the_rolls(tmp_path):
    rows, _ = lines(tmp_path, "low_income_roll", {"feed": "low_income_roll", "until": "+1m"})
    assert (rows[0]["until"], rows[0]["_until"]) == (date(2026, 7, 30), None)
    rows, _ = lines(tmp_path, "low_income_roll", {"feed": "low_income_roll", "until": -1})
    assert rows[0]["_until"] == WINDOW.last - 1


def test_a_reversed_bill_is_followed_by_its_reversal(tmp_path):
    rows, _ = lines(tmp_path, "medical_settlement", {"feed": "medical_settlement", "total": 9000, "reversed": True})
    assert (rows[1]["reverses"], rows[1]["total"]) == (rows[0]["settlement_no"], -900_000)


def test_a_name_conflict_and_a_bad_id_are_what_they_say(tmp_path):
    rows, home = lines(
        tmp_path, "tekun_roll", {"feed": "tekun_roll", "name_conflict": True}, {"feed": "tekun_roll", "bad_id": True}
    )
    assert rows[0]["name"] != home.names["户主"]
    assert rows[0]["id"] == home.ids["户主"]
    assert rows[1]["id"][:17] == home.ids["户主"][:17]
    assert rows[1]["id"] != home.ids["户主"]


def test_the_dead_leave_the_register_unless_nobody_noticed(tmp_path):
    rows, _ = lines(tmp_path, "population", {"feed": "death", "date": "-2m"})
    assert rows[0]["_until"] == parse("2026-04")
    rows, _ = lines(tmp_path, "population", {"feed": "death", "date": "-2m", "stays": True})
    assert rows[0]["_until"] is None


def test_a_relative_is_named_by_who(tmp_path):
    rows, home = lines(tmp_path, "kinship", {"feed": "kinship", "who": "子", "relative_id": "配偶", "kind": "母亲"})
    assert (rows[0]["id"], rows[0]["relative_id"]) == (home.ids["子"], home.ids["配偶"])


def test_a_population_record_changes_the_persons_own_line(tmp_path):
    rows, home = lines(tmp_path, "population", {"feed": "population", "who": "子", "hukou_kind": ""})
    by_id = {row["id"]: row for row in rows}
    assert len(rows) == 3
    assert by_id[home.ids["子"]]["hukou_kind"] is None
    assert by_id[home.ids["户主"]]["hukou_kind"] == "农村"


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ({"feed": "salaries"}, "没有 salaries 这种文件"),
        ({"feed": "vehicle", "colour": "红"}, "不认识 colour"),
        ({"feed": "vehicle", "kind": "飞机"}, "只能是小型轿车"),
        ({"feed": "vehicle", "who": "邻居"}, "没有叫 邻居 的人"),
        ({"feed": "kinship", "relative_id": "邻居"}, "没有人叫“邻居”"),
        ({"feed": "vehicle", "conflict": {"plate": "x"}}, "改了主键 plate"),
        ({"feed": "vehicle", "conflict": {"colour": "x"}}, "没有 colour 这一列"),
    ],
)
def test_a_record_that_cannot_be_meant_is_refused(tmp_path, record, sentence):
    with pytest.raises(Refusal, match=sentence):
        written(tmp_path, record)


@pytest.mark.parametrize(
    ("household", "sentence"),
    [
        ({"members": []}, "没有写成员"),
        ({"members": [{"role": "邻居", "age": 3}]}, "不是约定里的与户主关系"),
        ({"members": [{"role": "户主"}]}, "age 和 born"),
        ({"members": [{"role": "户主", "age": 3}, {"role": "户主", "age": 4}]}, "请用 who 区分"),
        ({"county": 370100, "members": [{"role": "户主", "age": 30}]}, "不在本市"),
        ({"kind": "郊区", "members": [{"role": "户主", "age": 30}]}, "不认识"),
    ],
)
def test_a_household_that_cannot_be_is_refused(tmp_path, household, sentence):
    with pytest.raises(Refusal, match=sentence):
        written(tmp_path, household=household)


def test_a_plant_without_all_three_kinds_is_refused(tmp_path):
    with pytest.raises(Refusal, match="缺少 unknown"):
        written(tmp_path, unknown=None)


@pytest.mark.slow
def test_every_plant_is_in_the_register_and_in_the_truth(city, truth):
    register = {plain_id(row["id"]) for row in rows(city, "population")}
    assert {planted.indicator for planted in truth.plants} == {plant.indicator for plant in load_plants()}
    people = [identity for planted in truth.plants for identity in planted.people.values()]
    assert len(people) == len(set(people))
    assert all(identity.startswith("379999") for identity in people)
    assert len(register & set(people)) > 0.95 * len(people)


@pytest.mark.slow
def test_a_plants_lines_are_in_the_files_as_written(city, truth):
    special = next(planted for planted in truth.plants if planted.indicator == "费用冲销")
    bills = [row for row in rows(city, "medical_settlement") if plain_id(row["id"]) == special.person_id]
    assert sorted(fen(row["total"]) for row in bills) == [-6_800_000, 680_000, 6_800_000]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("special", "feed", "holds"),
    [
        ("集体户", "population", lambda row: row["book_kind"].strip() == "集体户"),
        ("人户分离", "population", lambda row: row["hukou_division"][:6] != row["live_division"][:6]),
        ("灵活就业", "social_insurance", lambda row: row["payer_kind"].strip() == "灵活就业"),
        ("两地在保", "enrolled_elsewhere", lambda row: row["division"].startswith("3714")),
    ],
)
def test_each_special_case_is_in_the_files(city, truth, special, feed, holds):
    people = set(next(planted for planted in truth.plants if planted.indicator == special).people.values())
    found = [row for row in rows(city, feed) if plain_id(row["id"]) in people]
    assert found
    assert any(holds(row) for row in found)


@pytest.mark.slow
def test_an_adult_son_has_a_wage_and_parents(city, truth):
    son = next(planted for planted in truth.plants if planted.indicator == "成年儿子有工资").people["子"]
    assert any(plain_id(row["id"]) == son for row in rows(city, "income_tax"))
    assert len({row["relative_id"] for row in rows(city, "kinship", "2026-06") if plain_id(row["id"]) == son}) == 2


@pytest.mark.slow
def test_property_elsewhere_stands_in_no_file(city, truth):
    person = next(planted for planted in truth.plants if planted.indicator == "外地房产").person_id
    assert not any(plain_id(row["id"]) == person for row in rows(city, "real_estate"))
