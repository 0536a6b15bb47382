"""入库：每一行都有去处，重报不重计，先后不影响结果，拒收的文件说得出理由。"""

import datetime as dt
import json
import sqlite3
from itertools import permutations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.errors import Refusal
from doudi.landing import list_rejects
from doudi.landing.lake import read_batches
from doudi.landing.land import land
from doudi.landing.vault import Vault
from landing.files import DEATH, DIBAO, PLACE, csv_text, dibao_line, settlement_line, valid_id, write, write_xlsx
from landing.homes import RECEIVED, effective, fates_of, landed, lines_of, roll, settlements, snapshot, standing_of

BAD_ID = "370502198001150012"


# ── the account ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_account_is_printed_as_agreed(doudi_home, tmp_path):
    lines = [
        "低保在册名单",
        *csv_text(DIBAO, [dibao_line(1), dibao_line(2), dibao_line(1)]).splitlines(),
        "",
        "合计,,,3",
    ]
    path = write(tmp_path / "dibao_roll_2026-03.csv", "\n".join(lines))
    (file,) = landed(doudi_home, path)
    assert file.as_json() == {
        "file": "dibao_roll_2026-03.csv", "feed": "dibao_roll", "period": "2026-03", "revision": 1, "batch": file.batch,
        "physical": 7, "header": 1, "blank": 1, "title": 1, "total": 1,
        "accepted": 2, "repeated": 1, "superseded": 0, "rejected": 0, "repaired": 0,
    }  # fmt: skip
    assert file.batch.startswith("dibao_roll_2026-03_r1_")


def test_files_and_refusals_keep_to_themselves(doudi_home, tmp_path):
    good = roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1)])
    odd = write(tmp_path / "菜单.csv", "菜名,价格\n豆腐,3\n")
    result = land([odd, good], home=doudi_home, received_at=RECEIVED)
    assert [file.file for file in result.files] == [good.name]
    assert [refused.file for refused in result.refused] == [odd.name]
    entry = result.as_json()
    assert list(entry) == ["files", "refused"]
    assert json.loads(json.dumps(entry))["refused"][0]["sentence"].endswith("。")
    assert list(land([good], home=doudi_home, received_at=RECEIVED).as_json()) == ["files"]


def test_a_folder_means_the_files_in_it_that_may_be_tables(doudi_home, tmp_path):
    roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1)])
    write(tmp_path / "death_2026-03.csv", csv_text(DEATH, [f"{valid_id(9)},2026-03-01"]))
    write(tmp_path / "readme.md", "没有表")
    assert [file.feed for file in landed(doudi_home, tmp_path)] == ["death", "dibao_roll"]


def test_a_path_that_does_not_exist_is_refused(doudi_home, tmp_path):
    with pytest.raises(Refusal) as caught:
        land([tmp_path / "nothing.csv"], home=doudi_home, received_at=RECEIVED)
    assert caught.value.code == "landing.no_such_file"


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space left on device"), sqlite3.OperationalError("database or disk is full")],
    ids=["disk", "vault"],
)
def test_a_full_disk_refuses_the_file_in_a_sentence_and_leaves_the_lake_as_it_was(
    doudi_home, tmp_path, monkeypatch, error
):
    landed(doudi_home, roll(tmp_path, "dibao_roll_2026-02.csv", [dibao_line(1)]))
    before = snapshot(doudi_home)
    path = roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1), dibao_line(2)])

    def fill_the_disk(moment):
        if moment == "original_sealed":
            raise error

    result = land([path], home=doudi_home, received_at=RECEIVED, place=PLACE, checkpoint=fill_the_disk)
    assert [(each.file, each.code) for each in result.refused] == [(path.name, "landing.io_failed")]
    landed_before = [record.batch for record in before[0]]
    assert [record.batch for record in read_batches(doudi_home)] == landed_before
    assert fates_of(landed(doudi_home, path)[0]) == (2, 0, 0, 0)


def test_a_file_that_changes_while_it_is_read_is_refused(doudi_home, tmp_path):
    path = roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1)])

    def still_being_written(moment):
        if moment == "vault_written":
            roll(tmp_path, path.name, [dibao_line(1), dibao_line(2)])

    result = land([path], home=doudi_home, received_at=RECEIVED, checkpoint=still_being_written)
    assert [each.code for each in result.refused] == ["landing.file_changed"]
    assert read_batches(doudi_home) == list(list_rejects(doudi_home)) == []
    assert fates_of(landed(doudi_home, path)[0]) == (2, 0, 0, 0)


def test_feed_and_month_may_be_said_by_hand(doudi_home, tmp_path):
    path = write(tmp_path / "名单.csv", csv_text(DIBAO, [dibao_line(1)]))
    (file,) = landed(doudi_home, path, feed="dibao_roll", month="2026-03")
    assert (file.file, file.feed, file.period) == ("名单.csv", "dibao_roll", "2026-03")


def test_a_workbook_lands_as_a_text_file_does(doudi_home, tmp_path):
    rows = [DIBAO, *(list(dibao_line(number).values()) for number in (1, 2))]
    (file,) = landed(doudi_home, write_xlsx(tmp_path / "dibao_roll_2026-03.xlsx", rows))
    (other,) = landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1), dibao_line(2)]))
    assert fates_of(file) == (2, 0, 0, 0)
    assert fates_of(other) == (0, 2, 0, 0)


def test_progress_reaches_the_end_and_never_goes_back(doudi_home, tmp_path):
    path = roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(number) for number in range(50)])
    seen = []
    landed(doudi_home, path, progress=lambda *step: seen.append(step))
    size = path.stat().st_size
    assert seen[-1] == (path.name, size, size)
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)


def test_a_file_without_a_line_is_a_delivery_all_the_same(doudi_home, tmp_path):
    (file,) = landed(doudi_home, write(tmp_path / "death_2026-03.csv", csv_text(DEATH, [])))
    assert (file.account.physical, file.account.header) == (1, 1)
    (row,) = standing_of(doudi_home).feeds["death"].coverage
    assert (row.fresh, row.months) == (True, ("2026-03",))
    assert lines_of(doudi_home, "death").height == 0


# ── sent again ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_file_twice_repeats_every_line_and_changes_nothing(doudi_home, tmp_path):
    lines = [dibao_line(1), dibao_line(2), dibao_line(3, 公民身份号码=BAD_ID)]
    path = roll(tmp_path, "dibao_roll_2026-03.csv", lines)
    (first,) = landed(doudi_home, path)
    before = snapshot(doudi_home)
    (again,) = landed(doudi_home, path, received_at="2026-05-01T00:00:00+08:00")
    assert fates_of(first) == (2, 0, 0, 1)
    assert fates_of(again) == (0, 2, 0, 1)
    assert again.batch == first.batch
    assert snapshot(doudi_home) == before
    assert len(list(list_rejects(doudi_home))) == 1


def test_corrected_rejects_sent_again_land_and_the_rest_is_repeated(doudi_home, tmp_path):
    wrong = dibao_line(3, 公民身份号码=BAD_ID)
    landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1), dibao_line(2), wrong]))
    (again,) = landed(
        doudi_home, roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1), dibao_line(2), dibao_line(3)])
    )
    assert fates_of(again) == (1, 2, 0, 0)
    (row,) = standing_of(doudi_home).feeds["dibao_roll"].coverage
    assert (row.in_force, row.lines) == (("2026-03", 1), 3)
    assert len(effective(doudi_home, "dibao_roll")) == 3


def test_a_roll_of_the_next_month_repeats_nothing(doudi_home, tmp_path):
    landed(doudi_home, roll(tmp_path, "dibao_roll_2026-02.csv", [dibao_line(1), dibao_line(2)]))
    (march,) = landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1), dibao_line(2)]))
    assert fates_of(march) == (2, 0, 0, 0)


def test_events_sent_again_in_a_later_month_are_repeated_and_changed_ones_accepted(doudi_home, tmp_path):
    landed(
        doudi_home, settlements(tmp_path, "medical_settlement_2026-02.csv", [settlement_line(1), settlement_line(2)])
    )
    changed = settlement_line(2, 医疗总费用="2000.00")
    (march,) = landed(
        doudi_home,
        settlements(tmp_path, "medical_settlement_2026-03.csv", [settlement_line(1), changed, settlement_line(3)]),
    )
    assert fates_of(march) == (2, 1, 0, 0)


def test_an_earlier_month_that_comes_late_is_superseded_where_the_later_said_otherwise(doudi_home, tmp_path):
    march = [settlement_line(1), settlement_line(2, 医疗总费用="2000.00")]
    landed(doudi_home, settlements(tmp_path, "medical_settlement_2026-03.csv", march))
    february = [settlement_line(1), settlement_line(2), settlement_line(3)]
    (late,) = landed(doudi_home, settlements(tmp_path, "medical_settlement_2026-02.csv", february))
    assert fates_of(late) == (1, 1, 1, 0)


def test_a_revision_outranks_the_first_report_though_it_came_before(doudi_home, tmp_path):
    landed(
        doudi_home, roll(tmp_path, "dibao_roll_2026-03_r2.csv", [dibao_line(1), dibao_line(2, 家庭月保障金额="900")])
    )
    (first,) = landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1), dibao_line(2)]))
    assert fates_of(first) == (0, 1, 1, 0)
    assert standing_of(doudi_home).feeds["dibao_roll"].in_force == ((370502, "2026-03", 2),)


def test_two_contents_of_one_key_in_one_delivery_are_both_kept_and_counted(doudi_home, tmp_path):
    lines = [dibao_line(1), dibao_line(1, 家庭月保障金额="900"), dibao_line(2)]
    (file,) = landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03_part1.csv", lines))
    assert (fates_of(file), file.conflicts) == ((3, 0, 0, 0), 1)
    (part,) = landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03_part2.csv", [dibao_line(2, 保障人数="1")]))
    assert (fates_of(part), part.conflicts) == ((1, 0, 0, 0), 1)
    assert lines_of(doudi_home, "dibao_roll").height == 4


# ── rejects ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rejects_keep_their_reason_and_show_their_cells_only_when_asked(doudi_home, tmp_path):
    landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1), dibao_line(2, 纳入日期="2026-13-01")]))
    (hidden,) = list_rejects(doudi_home)
    (shown,) = list_rejects(doudi_home, reveal=True)
    assert (hidden.line, hidden.reason_code, hidden.raw) == (3, "date_absent", None)
    assert shown.raw["公民身份号码"] == valid_id(2)
    assert not hidden.invalid_enrolled
    assert list(list_rejects(doudi_home, feed="death")) == []


def test_an_empty_home_has_no_rejects(doudi_home):
    assert list(list_rejects(doudi_home)) == []


@pytest.mark.parametrize(
    ("changes", "reported"),
    [
        ({"公民身份号码": BAD_ID}, True),
        ({"公民身份号码": ""}, True),
        ({"公民身份号码": BAD_ID, "姓名": ""}, False),
        ({"公民身份号码": BAD_ID, "低保证号": " "}, False),
        ({"纳入日期": "去年"}, False),
    ],
    ids=["wrong id", "no id", "no name", "no case", "right id"],
)
def test_a_roll_line_with_an_unusable_id_but_a_name_and_a_case_is_reported_to_its_county(
    doudi_home, tmp_path, changes, reported
):
    (file,) = landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1), dibao_line(2, **changes)]))
    (reject,) = list_rejects(doudi_home)
    (record,) = read_batches(doudi_home)
    assert file.account.rejected == 1
    assert (reject.invalid_enrolled, reject.county) == (reported, 370502 if reported else None)
    assert ("在册但证件无效" in reject.reason) is reported
    assert file.invalid_enrolled == reported
    assert record.invalid_enrolled == (((370502, 1),) if reported else ())


def test_an_unusable_id_among_events_is_nobodys_enrolment(doudi_home, tmp_path):
    landed(doudi_home, settlements(tmp_path, "medical_settlement_2026-03.csv", [settlement_line(1, 身份证号=BAD_ID)]))
    (reject,) = list_rejects(doudi_home)
    assert not reject.invalid_enrolled


# ── order ───────────────────────────────────────────────────────────────────────────────────────────────────────────

ROLLS = {
    "dibao_roll_2026-02.csv": [dibao_line(number) for number in range(1, 7)],
    "dibao_roll_2026-03.csv": [dibao_line(number, 家庭月保障金额="900") for number in range(3, 9)],
    "dibao_roll_2026-03_part2.csv": [dibao_line(8, 家庭月保障金额="1.00"), dibao_line(9, 姓名="钱二")],
    "dibao_roll_2026-03_r2.csv": [dibao_line(3)],
}
BILLS = {
    "medical_settlement_2026-01.csv": [
        settlement_line(1),
        settlement_line(2),
        settlement_line(3, 身份证号=valid_id(30)),
    ],
    "medical_settlement_2026-02.csv": [
        settlement_line(2, 医疗总费用="9.00"),
        settlement_line(3, 身份证号=valid_id(30)),
    ],
    "medical_settlement_2026-03.csv": [settlement_line(2), settlement_line(1, 医疗总费用="7.00"), settlement_line(5)],
}


def outcome(home, paths):
    """What a home says after landing the files in that order, without keys and without times."""
    for path in paths:
        landed(home, path)
    feeds = standing_of(home).feeds
    found = {name: (feeds[name].coverage, feeds[name].in_force) for name in ("dibao_roll", "medical_settlement")}
    lines = [lines_of(home, name).select(pl.exclude("person_key")).rows() for name in found]
    with Vault.open(home) as vault:
        keys = range(1, 100)
        refs = vault.refs(keys)
        people = {refs[key]: person for key, person in vault.people(refs).items()}
    return found, [effective(home, name) for name in found], list(map(sorted, lines)), people


@pytest.fixture
def homes(tmp_path, doudi_home):
    """As many empty homes as are asked for, all with one key file: refs can be compared."""
    with Vault.open(doudi_home, new=True):
        pass

    def another(name):
        home = tmp_path / f"home {name}"
        (home / "keys").mkdir(parents=True)
        (home / "keys" / "master.json").hardlink_to(doudi_home / "keys" / "master.json")
        return home

    return another


@pytest.mark.slow
@pytest.mark.parametrize("deliveries", [ROLLS, BILLS], ids=["rolls", "events"])
def test_the_order_of_arrival_shows_nowhere(homes, tmp_path, deliveries):
    maker = roll if deliveries is ROLLS else settlements
    paths = [maker(tmp_path, name, lines) for name, lines in deliveries.items()]
    in_order = outcome(homes("in order"), paths)
    for number, other in enumerate(permutations(paths)):
        if number % 5 == 1:
            assert outcome(homes(number), other) == in_order


amounts = st.sampled_from(["1.00", "2.00"])
bills = st.lists(st.tuples(st.integers(1, 4), amounts), min_size=1, max_size=5)


@pytest.mark.slow
@given(
    st.dictionaries(st.sampled_from(["2026-01", "2026-02", "2026-03", "2026-01_r2"]), bills, min_size=2), st.randoms()
)
@settings(max_examples=12)
def test_any_events_in_any_order_hold_the_same(tmp_path_factory, deliveries, random):
    folder = tmp_path_factory.mktemp("bills")
    paths = [
        settlements(
            folder,
            f"medical_settlement_{name}.csv",
            [settlement_line(number, 医疗总费用=paid) for number, paid in lines],
        )
        for name, lines in deliveries.items()
    ]
    with Vault.open(folder / "a", new=True):
        pass
    (folder / "b" / "keys").mkdir(parents=True)
    (folder / "b" / "keys" / "master.json").hardlink_to(folder / "a" / "keys" / "master.json")
    shuffled = random.sample(paths, len(paths))
    assert outcome(folder / "a", paths) == outcome(folder / "b", shuffled)


def test_what_was_known_then_is_what_had_been_received(doudi_home, tmp_path):
    landed(doudi_home, roll(tmp_path, "dibao_roll_2026-02.csv", [dibao_line(1)]), received_at="2026-03-02T10:00:00")
    landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1)]), received_at="2026-04-02T10:00:00")
    at = dt.date(2026, 4, 2)
    assert standing_of(doudi_home, at, "2026-04-01").feeds["dibao_roll"].in_force == ((370502, "2026-02", 1),)
    assert standing_of(doudi_home, at, "2026-04-02").feeds["dibao_roll"].in_force == ((370502, "2026-03", 1),)


def test_divisions_are_checked_where_we_are(doudi_home, tmp_path):
    path = roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1, 经办乡镇代码="370502999000")])
    land([path], home=doudi_home, received_at=RECEIVED, place=PLACE)
    lines = lines_of(doudi_home, "dibao_roll")
    assert lines.select("division", "scope").rows() == [(370502000000, 370502)]
