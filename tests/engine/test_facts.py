"""What the lines of the lake say about a person, and what their absence says."""

from datetime import date

import pytest

from doudi.engine.plan import fact_relations

pytestmark = pytest.mark.slow

STAY = {"kind": "住院", "in_scope": 800, "basic_paid": 0, "major_paid": 0, "aid_paid": 0}
MEDICAL = "self_paid_fen_12m"
ROLL = {"kind": "农村", "single": "否", "amount_month": 600, "division": 370502001000, "since": date(2024, 1, 1)}


def stay(person, number="a", total=1000, **more):
    return {"id": person, "settlement_no": number, "date": date(2026, 1, 2), "total": total, **STAY, **more}


# --- silence ---------------------------------------------------------------------------------------------------------


def test_silence_is_zero_when_the_feed_is_fresh_and_its_year_is_whole(lake, city):
    lake.person(1).whole_year("medical_settlement")
    assert city.fact(lake, 1, MEDICAL) == (0, 0)


def test_silence_is_unknown_when_a_month_is_missing(lake, city):
    lake.person(1).whole_year("medical_settlement")
    lake.rows.pop(("medical_settlement", "2025-10", 1))
    assert city.fact(lake, 1, MEDICAL) == (0, None)


def test_silence_is_unknown_when_the_feed_is_stale(lake, city):
    lake.person(1).whole_year("medical_settlement").stale("medical_settlement")
    assert city.fact(lake, 1, MEDICAL) == (0, None)


def test_silence_is_unknown_when_the_feed_never_came(lake, city):
    lake.person(1)
    assert city.fact(lake, 1, MEDICAL) == (0, None)
    assert city.fact(lake, 1, "enrolled_dibao") is None


def test_silence_of_a_register_that_proves_nothing_is_unknown(lake, city):
    lake.person(1).add("serious_illness", {"id": 2, "disease": "恶性肿瘤", "diagnosed": date(2026, 1, 1)})
    assert city.fact(lake, 1, "serious_illness") is None


def test_whether_a_register_names_somebody_is_always_known(lake, city):
    lake.person(1).person(2, household="h2").add(
        "serious_illness", {"id": 2, "disease": "恶性肿瘤", "diagnosed": date(2026, 1, 1)}
    )
    assert city.fact(lake, 1, "serious_illness_on_record") is False
    assert city.fact(lake, 2, "serious_illness_on_record") is True


def test_a_fresh_roll_that_does_not_name_him_says_he_is_not_on_it(lake, city):
    lake.person(1).add("dibao_roll", {"id": 9, "name": "n9", "case_no": "c", **ROLL})
    assert city.fact(lake, 1, "enrolled_dibao") is False
    assert city.fact(lake, 1, "dibao_kind") == "无"


# --- records ---------------------------------------------------------------------------------------------------------


def test_a_sum_is_exact_when_the_year_is_whole_and_a_floor_when_it_is_not(lake, city):
    lake.person(1).add("medical_settlement", stay(1), period="2026-01").whole_year("medical_settlement")
    assert city.fact(lake, 1, MEDICAL) == (100000, 100000)
    lake.rows.pop(("medical_settlement", "2025-10", 1))
    assert city.fact(lake, 1, MEDICAL) == (100000, None)


def test_what_a_register_of_property_holds_is_a_floor(lake, city):
    lake.person(1).add(
        "vehicle",
        {
            "id": 1,
            "plate_kind": "小型汽车",
            "plate": "x",
            "kind": "小型轿车",
            "registered": date(2020, 1, 1),
            "status": "正常",
        },
    )
    assert city.fact(lake, 1, "cars") == (1, None)


def test_every_fact_that_calls_itself_a_floor_has_no_ceiling(words):
    floors = {fact for relation in fact_relations() for fact in relation.floors}
    said = {fact.id for fact in words.facts.values() if fact.feeds and "下限" in fact.note}
    assert said <= floors | {fact.id for fact in words.facts.values() if fact.floor_only}


def test_every_declared_fact_with_a_feed_has_a_relation_that_gives_it(words):
    given = [fact for relation in fact_relations() for fact in relation.facts]
    assert len(given) == len(set(given))
    assert {fact.id for fact in words.facts.values() if fact.feeds and fact.grain != "delivery"} <= set(given)
    assert set(given) <= set(words.facts)


# --- who wins, who contradicts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [1, -1])
def test_a_later_revision_wins_whatever_arrived_first(lake, city, order):
    deliveries = [("2026-01", 1, 1000), ("2026-01", 2, 700), ("2025-12", 3, 400)][::order]
    lake.person(1).whole_year("medical_settlement")
    for period, revision, total in deliveries:
        lake.add("medical_settlement", stay(1, total=total), period=period, revision=revision)
    assert city.fact(lake, 1, MEDICAL) == (70000, 70000)


def test_two_contents_in_one_delivery_make_the_fact_unknown_and_are_told(lake, city):
    lake.person(1).whole_year("medical_settlement")
    lake.add("medical_settlement", stay(1), stay(1, total=5), period="2026-01")
    assert city.fact(lake, 1, MEDICAL) == (0, None)
    assert city.fact(lake, 1, "records_conflict") is True
    assert city.fact(lake, 1, "enrolled_margin") is None


def test_the_same_content_twice_is_one_line(lake, city):
    lake.person(1).whole_year("medical_settlement")
    lake.add("medical_settlement", stay(1), stay(1), period="2026-01")
    assert city.fact(lake, 1, MEDICAL) == (100000, 100000)
    assert city.fact(lake, 1, "records_conflict") is False


def test_a_contradiction_that_a_later_revision_settled_is_none(lake, city):
    lake.person(1).whole_year("medical_settlement")
    lake.add("medical_settlement", stay(1), stay(1, total=5), period="2026-01")
    lake.add("medical_settlement", stay(1, total=6), period="2026-01", revision=2)
    assert city.fact(lake, 1, MEDICAL) == (600, 600)


def test_a_right_id_with_another_name_makes_what_that_feed_says_unknown(lake, city):
    lake.person(1).add("dibao_roll", {"id": 1, "name": "someone else", "case_no": "c", **ROLL})
    assert city.fact(lake, 1, "enrolled_dibao") is None
    assert city.fact(lake, 1, "records_conflict") is True
    assert city.fact(lake, 1, "roll_on_record") is True


def test_only_the_delivery_in_force_of_a_roll_is_read(lake, city):
    old = {"id": 1, "name": "n1", "case_no": "c", **ROLL}
    lake.person(1).add("dibao_roll", old, period="2026-02")
    lake.add("dibao_roll", {"id": 9, "name": "n9", "case_no": "d", **ROLL}, period="2026-03")
    assert city.fact(lake, 1, "enrolled_dibao") is False


# --- the dead and the living -------------------------------------------------------------------------------------------


def test_who_stands_in_a_fresh_population_roll_without_a_record_of_death_lives(lake, city):
    lake.person(1).add("death", {"id": 2, "date": date(2026, 2, 2)})
    assert city.fact(lake, 1, "dead") is False


def test_who_has_a_record_of_death_is_dead_though_the_population_roll_names_him(lake, city):
    lake.person(1).add("death", {"id": 1, "date": date(2026, 2, 2)})
    assert city.fact(lake, 1, "dead") is True
    assert city.fact(lake, 1, "death_date") == (date(2026, 2, 2), date(2026, 2, 2))


def test_nobody_is_alive_on_the_word_of_a_stale_roll(lake, city):
    lake.person(1).stale("population").add("death", {"id": 2, "date": date(2026, 2, 2)})
    assert city.fact(lake, 1, "dead") is None


# --- households --------------------------------------------------------------------------------------------------------


def test_a_household_whose_certificates_differ_has_no_known_kind(lake, city):
    lake.person(1).person(2, relation="配偶")
    lake.add(
        "dibao_roll",
        {"id": 1, "name": "n1", "case_no": "c", **ROLL},
        {"id": 2, "name": "n2", "case_no": "c", **ROLL, "kind": "城市"},
    )
    assert city.household_fact(lake, "recorded_kind") == [None]


def test_a_household_on_no_roll_has_no_recorded_kind_only_when_both_rolls_are_fresh(lake, city):
    other = {"id": 9, "name": "n9", "division": 370502001000, "since": date(2024, 1, 1), "amount_month": 1}
    lake.person(1).add("dibao_roll", {**other, "kind": "农村", "single": "否", "case_no": "c"})
    assert city.household_fact(lake, "recorded_kind") == [None, "农村"]
    lake.add("tekun_roll", {**other, "kind": "农村", "support": "集中", "care": "全自理"})
    assert city.household_fact(lake, "recorded_kind") == ["无", "农村"]
