"""The invented city: reproducible, whole, plausible, and recognisably invented."""

import hashlib
import re
from datetime import date
from functools import cache

import polars as pl
import pytest

from demo.conftest import ASKED
from demo.received import files, plain_id, rows
from doudi.demo import build_city
from doudi.demo.chunk import chunks
from doudi.demo.divisions import COUNTIES, villages
from doudi.demo.draw import Draw
from doudi.demo.feeds import MAKERS
from doudi.demo.feeds.assistance import DEPARTMENTS
from doudi.demo.ids import citizen_id
from doudi.demo.months import Window, parse
from doudi.demo.truth import read_truth
from doudi.errors import Refusal
from doudi.landing.contract import load_contract

pytestmark = pytest.mark.slow

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def fingerprint(out):
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def check_digit_holds(identity):
    return (
        "10X98765432"[sum(int(digit) * weight for digit, weight in zip(identity, WEIGHTS, strict=False)) % 11]
        == identity[17]
    )


@cache
def people(persons, seed=1, months=1):
    window = Window(parse("2026-06"), months)
    return pl.concat([chunk.people.collect() for chunk in chunks(Draw(seed), window, persons)])


@pytest.mark.slow
def test_the_same_arguments_write_the_same_bytes(city, tmp_path):
    build_city(tmp_path / "again", **ASKED)
    assert fingerprint(tmp_path / "again") == fingerprint(city)


def test_another_seed_makes_other_people():
    one, two = people(1000, seed=1), people(1000, seed=2)
    assert len(set(one["id"]) & set(two["id"])) < len(one) / 10


def test_every_feed_of_the_contract_is_delivered(city):
    assert {file.feed.name for file in files(city)} == set(load_contract())


def test_every_header_is_a_word_of_the_contract_and_no_required_column_is_missing(city):
    for file in files(city):
        known = {word for column in file.feed.columns for word in (column.header, *column.aliases)}
        assert set(file.header) <= known, file.path.name
        for column in file.feed.columns:
            assert set(file.header) & {column.header, *column.aliases}, (file.path.name, column.name)


def test_required_cells_are_filled_and_codes_are_the_contracts_words(city):
    for file in files(city):
        for row in file.rows:
            for column in file.feed.columns:
                value = row[column.name].strip()
                assert value or not column.required or file.feed.name == "population", (file.path.name, column.name)
                assert not column.codes or value in {"", *column.codes}, (file.path.name, column.name, value)


def test_every_id_is_synthetic_and_nearly_all_are_valid(city):
    seen = [plain_id(row["id"]) for row in rows(city, "population")]
    assert all(re.fullmatch(r"3799\d{13}[\dX]", identity) for identity in seen)
    wrong = sum(not check_digit_holds(identity) for identity in seen)
    assert 0 < wrong < len(seen) / 500


def test_no_two_people_share_an_id():
    crowd = people(60_000)
    assert crowd["id"].n_unique() == len(crowd)
    assert all(check_digit_holds(identity) for identity in crowd["id"].head(2000))


def test_the_slow_way_to_write_an_id_agrees_with_the_fast_one():
    person = people(500).row(0, named=True)
    prefix, sequence = int(person["id"][:6]), int(person["id"][14:17]) // 2
    assert citizen_id(prefix, person["birth"], sequence, male=person["male"]) == person["id"]


def test_a_person_does_not_depend_on_how_large_the_city_is():
    small, large = people(1000), people(5000)
    both = small.join(large, on="no", how="inner", suffix="_large")
    assert len(both) == len(small)
    assert both["id"].equals(both["id_large"].rename("id"))
    assert both["wage_fen"].equals(both["wage_fen_large"].rename("wage_fen"))


def test_the_city_has_as_many_people_as_asked_for(truth):
    assert abs(truth.statistics.persons - ASKED["persons"]) < 40
    assert len(people(9000)) > 2.8 * len(people(3000))


def test_two_to_four_in_a_hundred_are_on_a_roll_and_every_tier_is_there():
    crowd = people(60_000)
    assert 0.02 <= crowd["tier"].is_not_null().mean() <= 0.04
    assert set(crowd["tier"].drop_nulls()) == {
        "特困",
        "低保",
        "单人保",
        "低保边缘",
        "刚性支出困难",
        "其他困难",
        "防返贫",
    }


def test_illness_and_disability_are_as_common_as_in_an_aged_city():
    crowd = people(60_000)
    assert 0.010 <= crowd["disease"].is_not_null().mean() <= 0.020
    assert 0.050 <= crowd["disability"].is_not_null().mean() <= 0.070
    assert 0.4 <= crowd["card_since"].is_not_null().sum() / crowd["disability"].is_not_null().sum() <= 0.6
    assert 0.18 <= (crowd["age"] >= 60).mean() <= 0.30


def test_the_divisions_are_the_real_ones_of_all_seven_counties():
    known = villages()
    assert (len(known), known["township"].n_unique(), set(known["county"])) == (1921, 52, set(COUNTIES))
    crowd = people(60_000)
    assert set(crowd["county"]) == set(COUNTIES)
    assert crowd["township"].n_unique() == 52
    assert set(crowd["live"]) <= set(known["village"])


def test_every_county_has_somebody_on_every_roll_and_every_department_reports_every_month(city):
    for feed in ("dibao_roll", "tekun_roll", "low_income_roll"):
        assert set(COUNTIES) == {int(row["division"].strip()[:6]) for row in rows(city, feed, "2026-06")}, feed
    for file in files(city, "assistance"):
        assert {row["department"] for row in file.rows} == set(DEPARTMENTS.values()), file.month


def test_life_goes_on_from_month_to_month():
    crowd = people(60_000, months=6)
    assert crowd["present_from"].max() > parse("2026-01")
    assert crowd.filter(pl.col.died.is_not_null()).height > 100
    assert crowd["leaves"].is_not_null().any()
    assert crowd["jobless_since"].is_not_null().any()
    assert crowd["since"].max() >= date(2026, 2, 1)


def test_more_visits_are_more_settlements_as_dear_as_before_and_nothing_else():
    window = Window(parse("2026-06"), 1)

    def settled(**asked):
        chunk = next(chunks(Draw(7), window, 5000, **asked))
        return MAKERS["medical_settlement"](chunk).filter(pl.col.reverses.is_null()).collect(), chunk.people.collect()

    (few, people), (many, same_people) = settled(), settled(visits=3600)
    assert same_people.equals(people)
    assert few.join(many, on=few.columns, how="anti", nulls_equal=True).is_empty(), "what happened before still happens"
    visits = [lines.filter(kind="普通门诊") for lines in (few, many)]
    assert 0.5 < len(visits[0]) / len(people) < 0.6
    assert 3.5 < len(visits[1]) / len(people) < 3.7
    assert abs(visits[1]["total"].mean() / visits[0]["total"].mean() - 1) < 0.02
    assert many.filter(pl.col.kind != "普通门诊").equals(few.filter(pl.col.kind != "普通门诊"))


def test_who_died_is_in_no_later_register(city):
    deaths = {plain_id(row["id"]) for file in files(city, "death") if file.month < "2026-05" for row in file.rows}
    alive = {plain_id(row["id"]) for row in rows(city, "population", "2026-06")}
    late = {plain_id(identity) for identity in deaths & alive}
    assert deaths
    assert all(identity.startswith("379999") for identity in late), "only planted deaths go unnoticed"


@pytest.mark.slow
def test_a_city_made_in_chunks_has_the_same_people_in_parts(tmp_path, monkeypatch):
    told = []
    asked = {"persons": 1500, "seed": 7, "month": "2026-06", "months": 1}
    build_city(tmp_path / "whole", **asked)
    monkeypatch.setattr("doudi.demo.chunk.CHUNK_PERSONS", 600)
    build_city(tmp_path / "parts", **asked, progress=lambda *step: told.append(step))
    whole, parts = files(tmp_path / "whole", "pension"), files(tmp_path / "parts", "pension")
    assert [len(whole), len(parts)] == [1, 3]
    assert {plain_id(row["id"])[:17] for file in parts for row in file.rows} == {
        plain_id(row["id"])[:17] for row in whole[0].rows
    }
    assert read_truth(tmp_path / "parts").statistics.by_tier == read_truth(tmp_path / "whole").statistics.by_tier
    assert (told[-1][0], told[-1][2]) == (3 * len(load_contract()), list(load_contract())[-1])


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"persons": 499}, "人数"),
        ({"persons": 10_000_001}, "人数"),
        ({"months": 0}, "月数"),
        ({"month": "2026-13"}, "YYYY-MM"),
    ],
)
def test_a_city_that_cannot_be_is_refused_before_anything_is_written(tmp_path, changed, sentence):
    with pytest.raises(Refusal, match=sentence):
        build_city(tmp_path / "out", **{**ASKED, **changed})
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Refusal, match="空目录"):
        build_city(tmp_path, **ASKED)


def test_a_folder_without_truth_is_refused(tmp_path):
    with pytest.raises(Refusal, match=r"truth\.json"):
        read_truth(tmp_path)
