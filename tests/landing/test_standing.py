"""在效：哪一期作数、够不够新、谁没有报、哪一期被扣住；只看批次单，不看先后。"""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.landing.account import Account
from doudi.landing.contract import load_contract
from doudi.landing.lake import Acceptance, BatchRecord, Scope
from doudi.landing.standing import standing

CONTRACT = load_contract()
DONGYING, HEKOU = 370502, 370503  # two counties
END_OF_MARCH = dt.date(2026, 3, 31)


def batch(feed, period, scopes, revision=1, name="0"):
    """A batch record; `scopes` is {county: lines}, or {(department, programme): lines}, or {None: lines}."""
    named = tuple((scope_of(key), lines) for key, lines in scopes.items())
    return BatchRecord(
        f"{feed}_{period}_r{revision}_{name}",
        feed,
        period,
        revision,
        "f.csv",
        "2026-04-01",
        Account(),
        0,
        0,
        named,
        (),
        (),
    )


def scope_of(key):
    return Scope(None, *key) if isinstance(key, tuple) else Scope(key)


def roll(period, scopes, **more):
    return batch("dibao_roll", period, scopes, **more)


def of(feed, records, at=END_OF_MARCH, accepted=()):
    return standing(records, CONTRACT, at, [Acceptance(each, "2026-04-01", "张敏") for each in accepted]).feeds[feed]


def cover(feed, records, key, **more):
    return next(each for each in of(feed, records, **more).coverage if each.scope == scope_of(key))


def test_every_feed_of_the_contract_has_a_standing_though_nothing_came():
    found = standing([], CONTRACT, END_OF_MARCH)
    assert list(found.feeds) == list(CONTRACT)
    assert all(each.batches == each.coverage == each.in_force == () for each in found.feeds.values())
    assert [feed.name for feed, _ in found.table] == list(CONTRACT)
    assert not any(row.fresh or row.months for _, row in found.table)


def test_the_table_has_a_row_for_every_sender():
    found = standing([roll("2026-03", {DONGYING: 10, HEKOU: 9})], CONTRACT, END_OF_MARCH)
    rows = [(row.scope.county, row.lines) for feed, row in found.table if feed.name == "dibao_roll"]
    assert rows == [(DONGYING, 10), (HEKOU, 9)]
    assert len(found.table) == len(CONTRACT) + 1


# ── rolls ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_latest_month_is_in_force():
    records = [roll("2026-02", {DONGYING: 10}), roll("2026-03", {DONGYING: 11}), roll("2026-01", {DONGYING: 9})]
    assert of("dibao_roll", records).in_force == ((DONGYING, "2026-03", 1),)
    assert cover("dibao_roll", records, DONGYING).months == ("2026-01", "2026-02", "2026-03")


def test_a_month_that_has_not_begun_is_not_in_force():
    records = [roll("2026-03", {DONGYING: 10}), roll("2026-04", {DONGYING: 10})]
    assert of("dibao_roll", records).in_force == ((DONGYING, "2026-03", 1),)
    assert of("dibao_roll", records, at=dt.date(2026, 4, 1)).in_force == ((DONGYING, "2026-04", 1),)


def test_of_one_month_the_highest_revision_is_in_force():
    records = [roll("2026-03", {DONGYING: 10}, revision=2), roll("2026-03", {DONGYING: 11})]
    assert of("dibao_roll", records).in_force == ((DONGYING, "2026-03", 2),)


def test_parts_make_up_one_delivery():
    records = [roll("2026-03", {DONGYING: 10}, name="1"), roll("2026-03", {DONGYING: 7, HEKOU: 2}, name="2")]
    assert cover("dibao_roll", records, DONGYING).lines == 17
    assert of("dibao_roll", records).in_force == ((DONGYING, "2026-03", 1), (HEKOU, "2026-03", 1))


def test_a_county_that_the_new_month_does_not_name_keeps_the_one_before_until_it_is_too_old():
    records = [
        roll("2026-02", {DONGYING: 10, HEKOU: 5}),
        roll("2026-03", {DONGYING: 10}),
        roll("2026-04", {DONGYING: 10}),
    ]
    april = dt.date(2026, 4, 30)
    assert of("dibao_roll", records, at=april).in_force == ((DONGYING, "2026-04", 1), (HEKOU, "2026-02", 1))
    assert cover("dibao_roll", records, HEKOU).fresh
    late = cover("dibao_roll", records, HEKOU, at=april)
    assert (late.fresh, late.last_period, late.months) == (False, "2026-02", ("2026-02",))


@pytest.mark.parametrize(("days", "fresh"), [(-20, True), (0, True), (44, True), (45, True), (46, False)])
def test_a_roll_is_fresh_as_long_as_the_contract_says_from_the_end_of_its_month(days, fresh):
    assert CONTRACT["dibao_roll"].stale_after_days == 45
    records = [roll("2026-03", {DONGYING: 10})]
    assert cover("dibao_roll", records, DONGYING, at=END_OF_MARCH + dt.timedelta(days)).fresh is fresh


def test_a_roll_without_a_division_answers_for_the_whole_territory():
    records = [batch("custody", "2026-03", {None: 4})]
    assert of("custody", records).in_force == ((None, "2026-03", 1),)


# ── quarantine ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("lines", "quarantined"), [(49, True), (50, False), (51, False)])
def test_a_roll_under_half_of_the_one_before_waits_for_a_person(lines, quarantined):
    records = [roll("2026-02", {DONGYING: 100}), roll("2026-03", {DONGYING: lines})]
    found = cover("dibao_roll", records, DONGYING)
    assert found.quarantined == (("dibao_roll_2026-03_r1",) if quarantined else ())
    assert found.in_force == (("2026-02", 1) if quarantined else ("2026-03", 1))


def test_while_a_delivery_waits_the_one_before_is_stale_however_young():
    records = [roll("2026-02", {DONGYING: 100}), roll("2026-03", {DONGYING: 1})]
    assert not cover("dibao_roll", records, DONGYING, at=dt.date(2026, 3, 1)).fresh
    assert cover("dibao_roll", records[:1], DONGYING, at=dt.date(2026, 3, 1)).fresh


def test_a_delivery_accepted_by_hand_stands():
    records = [roll("2026-02", {DONGYING: 100}), roll("2026-03", {DONGYING: 1})]
    found = cover("dibao_roll", records, DONGYING, accepted=["dibao_roll_2026-03_r1"])
    assert (found.in_force, found.fresh, found.quarantined) == (("2026-03", 1), True, ())


def test_the_missing_half_lets_the_delivery_stand():
    records = [roll("2026-02", {DONGYING: 100}), roll("2026-03", {DONGYING: 40})]
    assert cover("dibao_roll", records, DONGYING).quarantined
    records.append(roll("2026-03", {DONGYING: 55}, name="part2"))
    assert cover("dibao_roll", records, DONGYING).in_force == ("2026-03", 1)


def test_a_whole_month_after_a_quarantined_one_stands_and_ends_the_waiting():
    records = [roll("2026-01", {DONGYING: 100}), roll("2026-02", {DONGYING: 4}), roll("2026-03", {DONGYING: 98})]
    found = cover("dibao_roll", records, DONGYING)
    assert (found.in_force, found.fresh, found.quarantined) == (("2026-03", 1), True, ())
    assert found.months == ("2026-01", "2026-03")


def test_usual_size_is_that_of_the_last_roll_that_stood():
    records = [roll("2026-01", {DONGYING: 100}), roll("2026-02", {DONGYING: 4}), roll("2026-03", {DONGYING: 5})]
    assert cover("dibao_roll", records, DONGYING).quarantined == ("dibao_roll_2026-02_r1", "dibao_roll_2026-03_r1")


def test_one_countys_half_delivery_does_not_hold_up_the_other():
    records = [roll("2026-02", {DONGYING: 100, HEKOU: 40}), roll("2026-03", {DONGYING: 3, HEKOU: 41})]
    assert of("dibao_roll", records).in_force == ((DONGYING, "2026-02", 1), (HEKOU, "2026-03", 1))


def test_an_empty_roll_waits_and_the_first_roll_never_does():
    assert cover(
        "custody", [batch("custody", "2026-02", {None: 4}), batch("custody", "2026-03", {None: 0})], None
    ).quarantined
    assert not cover("custody", [batch("custody", "2026-03", {None: 0})], None).quarantined


# ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_month_of_events_counts_and_none_waits():
    records = [
        batch("death", "2026-01", {None: 100}),
        batch("death", "2026-03", {None: 1}),
        batch("death", "2026-04", {None: 5}),
    ]
    found = of("death", records)
    assert found.in_force == ()
    assert len(found.batches) == 3
    (city,) = found.coverage
    assert (city.months, city.quarantined, city.fresh) == (("2026-01", "2026-03"), (), True)


def test_a_month_without_events_is_delivered_all_the_same():
    assert cover("death", [batch("death", "2026-03", {None: 0})], None).fresh


def test_aid_is_covered_by_department_and_by_programme():
    records = [
        batch("assistance", "2026-02", {("医保", "参保资助"): 3, ("教育", "教育救助"): 2}),
        batch("assistance", "2026-03", {("医保", "参保资助"): 3, ("医保", "门诊住院医疗救助"): 1}),
    ]
    at = dt.date(2026, 4, 30)
    months = {each.scope: each.months for each in of("assistance", records, at=at).coverage}
    assert months == {
        Scope(): ("2026-02", "2026-03"),
        Scope(department="医保"): ("2026-02", "2026-03"),
        Scope(department="教育"): ("2026-02",),
        Scope(programme="参保资助"): ("2026-02", "2026-03"),
        Scope(programme="门诊住院医疗救助"): ("2026-03",),
        Scope(programme="教育救助"): ("2026-02",),
    }
    assert not cover("assistance", records, ("教育", None), at=at).fresh
    assert cover("assistance", records, (None, "参保资助"), at=at).fresh


# ── order ───────────────────────────────────────────────────────────────────────────────────────────────────────────

sizes = st.dictionaries(st.sampled_from([DONGYING, HEKOU]), st.integers(0, 100), min_size=1)
some_records = st.lists(
    st.builds(
        lambda period, revision, scopes, name: roll(period, scopes, revision=revision, name=str(name)),
        st.sampled_from(["2026-01", "2026-02", "2026-03", "2026-04"]), st.integers(1, 2), sizes, st.integers(0, 99),
    ),
    max_size=6, unique_by=lambda record: record.batch,
)  # fmt: skip


@given(some_records, st.randoms())
def test_the_standing_does_not_depend_on_the_order_nor_the_time_of_arrival(records, random):
    shuffled = [replace(record, received_at=f"2026-05-{random.randint(10, 28)}") for record in records]
    random.shuffle(shuffled)
    one, other = of("dibao_roll", records), of("dibao_roll", shuffled)
    assert (one.coverage, one.in_force) == (other.coverage, other.in_force)
    assert [each.batch for each in one.batches] == [each.batch for each in other.batches]


@given(some_records)
def test_what_is_in_force_was_delivered_by_then_and_does_not_wait(records):
    for each in of("dibao_roll", records).coverage:
        assert each.in_force is not None  # the first roll of a county never waits
        assert each.in_force[0] in each.months
        assert each.in_force[0] <= "2026-03"
        assert f"dibao_roll_{each.in_force[0]}_r{each.in_force[1]}" not in each.quarantined
