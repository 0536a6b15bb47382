"""Names, parents and children by code; what is unknown is held at its county; what was merged at its successor."""

import csv
import time
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

import personas
from doudi.errors import Refusal
from doudi.office.common.actor import machine
from doudi.office.divisions import cache, selectors, services
from doudi.office.divisions.models import Division, DivisionChange, Edition

pytestmark = pytest.mark.usefixtures("office_db")
AT, ACTOR = personas.AT, machine("divisions")


@pytest.fixture
def dongying():
    cache.forget()
    report = services.take_over(path=services.SHIPPED, actor=ACTOR, at=AT)
    yield report
    cache.forget()


def table(tmp_path, *rows, header="code,name,level,parent", encoding="utf-8"):
    path = tmp_path / "区划.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding=encoding)
    return path


BASE = [
    "370000000000,山东省,province,",
    "370500000000,东营市,city,370000000000",
    "370502000000,东营区,county,370500000000",
]


def take(path, **more):
    return services.take_over(path=path, actor=ACTOR, at=AT, **more)


def test_the_shipped_city_is_taken_over_whole(dongying):
    with services.SHIPPED.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert (dongying.rows, dongying.new) == (len(rows), len(rows))
    assert Division.objects.count() == len(rows)
    assert Division.objects.filter(level="village").count() == sum(row["level"] == "village" for row in rows)


def test_the_two_development_zones_exist_as_counties_though_no_map_shows_them(dongying):
    counties = selectors.children(370500000000)
    assert counties[370571000000] == "东营经济技术开发区"
    assert counties[370572000000] == "东营港经济开发区"
    assert len(counties) == 7


def test_a_division_is_named_with_all_above_it(dongying):
    assert "/".join(selectors.path(370502001011).values()) == "山东省/东营市/东营区/文汇街道/东营社区居委会"
    assert selectors.place_name(370502001011) == "东营区文汇街道东营社区居委会"
    assert selectors.place_name(370500000000) == "东营市"
    assert selectors.names([370502000000, None, 370502001000]) == {370502000000: "东营区", 370502001000: "文汇街道"}
    assert selectors.children(0) == {370000000000: "山东省"}
    assert (selectors.path(0), selectors.path(None)) == ({}, {})


def test_what_is_unknown_or_out_of_the_city_is_held_at_its_county(dongying):
    assert selectors.known(370502001011) == 370502001011
    assert selectors.known(370502001999) == 370502000000
    assert selectors.known(110101001001) == 110101000000
    assert selectors.known(370571999999) == 370571000000
    assert [selectors.known(code) for code in (0, None, -5)] == [0, 0, 0]
    assert selectors.names([110101001001]) == {110101001001: "110101（外地）"}


def test_who_was_merged_is_held_at_the_successor(dongying):
    services.note_change(
        actor=ACTOR, at=AT, day=date(2026, 6, 1), kind="merged", old=[370502001013, 370502001027], new=[370502001011],
        ground="东政字一号",
    )  # fmt: skip
    assert selectors.known(370502001013) == 370502001011
    assert selectors.names([370502001013]) == {370502001013: "中王屋社区居委会"}, "old papers still read"
    assert 370502001013 not in selectors.children(370502001000)
    assert {change.old_code for change in selectors.history(370502001011)} == {370502001013, 370502001027}


def test_a_chain_of_successors_is_followed_and_a_circle_is_not(dongying):
    a, b, c = 370502001013, 370502001027, 370502001028
    for old, new in ((a, b), (b, c)):
        services.note_change(
            actor=ACTOR, at=AT, day=date(2026, 6, 1), kind="recoded", old=[old], new=[new], ground="一号"
        )
    assert selectors.known(a) == c
    services.note_change(actor=ACTOR, at=AT, day=date(2026, 6, 15), kind="recoded", old=[c], new=[a], ground="二号")
    assert [selectors.known(code) for code in (a, b, c)] == [a, a, a], "who goes back to an old code is held there"
    Division.objects.filter(code=a).update(valid_until=date(2026, 6, 20))
    cache.forget()
    assert selectors.known(a) == 370502000000


def test_of_a_split_nobody_knows_which_part(dongying):
    services.note_change(
        actor=ACTOR, at=AT, day=date(2026, 6, 1), kind="split", old=[370502001013], new=[370502001011, 370502001027],
        ground="一号",
    )  # fmt: skip
    assert selectors.known(370502001013) == 370502001013


def test_a_change_needs_its_ground_and_known_codes(dongying):
    change = {"actor": ACTOR, "at": AT, "day": date(2026, 6, 1), "kind": "merged", "new": [370502001011]}
    with pytest.raises(Refusal, match="依据的文号"):
        services.note_change(**change, old=[370502001013], ground=" ")
    with pytest.raises(Refusal, match="不在区划表中"):
        services.note_change(**change, old=[999999999999], ground="一号")


HERE, THERE, ELSEWHERE = 370502001013, 370502001011, 370502001027
DAY = date(2026, 6, 1)


def note(kind, old, new, **more):
    given = {"actor": ACTOR, "at": AT, "day": DAY, "kind": kind, "old": old, "new": new, "ground": "一号"}
    services.note_change(**given | more)


def test_a_renaming_renames_and_the_old_name_stays_in_the_history(dongying):
    note("renamed", [HERE], [HERE], name="中王屋新村")
    assert selectors.names([HERE]) == {HERE: "中王屋新村"}
    (change,) = selectors.history(HERE)
    assert (change.old_name, change.new_name) == ("中王屋社区居委会", "中王屋新村")
    assert selectors.known(HERE) == HERE


def test_a_merge_is_taken_back_by_a_split_and_may_be_made_otherwise_later(dongying):
    note("merged", [HERE], [THERE])
    note("split", [THERE], [THERE, HERE], ground="撤回一号")
    assert (selectors.known(HERE), selectors.known(THERE)) == (HERE, THERE)
    assert HERE in selectors.children(370502001000)
    note("merged", [HERE], [ELSEWHERE], day=date(2026, 6, 2))
    assert selectors.known(HERE) == ELSEWHERE
    assert next(change.kind for change in selectors.history(HERE)) == "合并"


@pytest.mark.parametrize(
    ("kind", "old", "new", "more", "said"),
    [
        ("merged", [HERE], [THERE], {"day": date(2026, 7, 1)}, "还没有到"),
        ("merged", [HERE], [370502001000], {}, "不是同一级"),
        ("renamed", [HERE], [THERE], {"name": "新"}, "一次写一个"),
        ("renamed", [HERE], [HERE], {"name": " "}, "新名称"),
        ("renamed", [HERE], [HERE], {"name": "中王屋社区居委会"}, "新名称"),
    ],
)
def test_a_change_that_cannot_be_is_one_sentence_and_changes_nothing(dongying, kind, old, new, more, said):
    with pytest.raises(Refusal, match=said):
        note(kind, old, new, **more)
    assert not DivisionChange.objects.exists()
    assert selectors.known(HERE) == HERE


def test_what_has_ended_is_not_changed_again_nor_the_same_thing_noted_twice(dongying):
    note("merged", [HERE], [THERE])
    with pytest.raises(Refusal, match="已经停用"):
        note("merged", [HERE], [ELSEWHERE])
    note("split", [THERE], [THERE, HERE])
    with pytest.raises(Refusal, match="已经记过"):
        note("merged", [HERE], [THERE])


def test_the_page_of_changes_lists_them_newest_first_and_says_what_to_do_when_there_are_none(dongying, client):
    personas.log_in(client, "秦系")
    assert "还没有记下变更" in client.get("/divisions/changes").content.decode()
    note("merged", [HERE], [THERE])
    note("renamed", [THERE], [THERE], day=date(2026, 6, 3), name="东营新村")
    page = client.get("/divisions/changes").content.decode()
    assert page.index("东营新村") < page.index("中王屋社区居委会")
    assert "一号" in page


def test_the_same_table_again_changes_nothing(dongying):
    edition = Edition.objects.get().number
    again = take(services.SHIPPED)
    assert (again.new, again.renamed, again.moved, again.gone) == (0, 0, 0, 0)
    assert Edition.objects.get().number == edition
    assert not DivisionChange.objects.exists()


def test_a_new_table_tells_what_is_new_renamed_and_gone_and_keeps_the_history(tmp_path):
    take(table(tmp_path, *BASE, "370503000000,河口区,county,370500000000"))
    report = take(
        table(tmp_path, *BASE[:2], "370502000000,新东营区,county,", "370504000000,新区,county,"), ground="一号"
    )
    assert (report.new, report.renamed, report.gone, report.closed) == (1, 1, 1, 0)
    assert report.gone_first == ((370503000000, "河口区"),)
    assert "没有改动" in str(report)
    assert selectors.names([370502000000]) == {370502000000: "新东营区"}
    assert selectors.history(370502000000)[0].old_name == "东营区"


def test_what_is_gone_is_closed_only_when_that_is_said_and_comes_back_with_the_next_table(tmp_path):
    take(table(tmp_path, *BASE, "370503000000,河口区,county,370500000000"))
    assert take(table(tmp_path, *BASE), close_gone=True).closed == 1
    assert selectors.known(370503000000) == 370503000000
    assert list(selectors.children(370500000000)) == [370502000000]
    assert take(table(tmp_path, *BASE, "370503000000,河口区,county,370500000000")).reopened == 1
    assert list(selectors.children(370500000000)) == [370502000000, 370503000000]


def test_a_city_in_a_table_does_not_call_other_cities_villages_gone(dongying, tmp_path):
    take(table(tmp_path, *BASE[:2], "370100000000,济南市,city,", "370102000000,历下区,county,"))
    report = take(
        table(tmp_path, "370000000000,山东省,province,", "370100000000,济南市,city,", "370500000000,东营市,city,")
    )
    assert report.gone == 0


def test_short_codes_other_words_and_gb18030_are_read(tmp_path):
    path = table(
        tmp_path,
        "37,山东省,省,",
        "3705,东营市,市,37",
        "370502,东营区,,",
        "370502001,文汇街道,township,",
        encoding="gb18030",
    )
    assert take(path).new == 4
    assert "".join(selectors.path(370502001000).values()) == "山东省东营市东营区文汇街道"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["37050,东营市,city,370000000000"], "第 2 行的代码“37050”不是 12 位区划代码"),
        (["37050200100O,文汇街道,town,"], "不是 12 位区划代码"),
        ([*BASE, "370503000000,,county,"], "第 5 行没有名称"),
        ([*BASE, "370503000000,河口区,区县,"], "级别“区县”不认识"),
        ([*BASE, "370503000000,河口区,county,370599000000"], "上级 370599000000 既不在文件里也不在区划表里"),
        ([*BASE, BASE[2]], "370502000000 出现了不止一次"),
        (["370000000000,山东省,province,370000000000"], "上级代码不对"),
        ([], "没有一个区划"),
    ],
)
def test_a_bad_file_is_one_sentence_and_changes_nothing(tmp_path, rows, said):
    with pytest.raises(Refusal, match=said):
        take(table(tmp_path, *rows))
    assert not Division.objects.exists()


def test_a_file_with_other_columns_or_none_at_all_is_one_sentence(tmp_path):
    with pytest.raises(Refusal, match="应有 code、name、level、parent"):
        take(table(tmp_path, "1,2", header="代码,名称"))
    with pytest.raises(Refusal, match="打不开"):
        take(tmp_path / "none.csv")


def test_the_command_takes_a_table_and_says_one_sentence_of_a_bad_one(tmp_path, capsys):
    call_command("divisions")
    assert "新增 1," in capsys.readouterr().out
    with pytest.raises(CommandError, match="打不开"):
        call_command("divisions", tmp_path / "none.csv")


def test_what_was_looked_up_costs_nothing_again(dongying):
    selectors.names([370502001011, 370502001000])
    selectors.path(370502001011)
    selectors.children(370502001000)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        selectors.names([370502001011, 370502001000])
        selectors.path(370502001011)
        selectors.children(370502001000)
    assert len(queries) == 0


def test_a_renaming_is_seen_at_once_here_and_within_seconds_elsewhere(dongying, monkeypatch):
    assert selectors.names([370502001011])[370502001011] == "东营社区居委会"
    # another process writes: nothing in this one is told
    Division.objects.filter(code=370502001011).update(name="新名")
    Edition.objects.update(number=Edition.objects.get().number + 1)
    assert selectors.names([370502001011])[370502001011] == "东营社区居委会"
    later = time.monotonic() + 6
    monkeypatch.setattr(cache, "monotonic", lambda: later)
    assert selectors.names([370502001011])[370502001011] == "新名"


def test_what_was_looked_up_of_a_writing_that_is_undone_is_forgotten(dongying, monkeypatch):
    change = {"actor": ACTOR, "at": AT, "day": date(2026, 6, 1), "kind": "recoded", "ground": "一号"}
    with transaction.atomic():
        services.note_change(**change, old=[370502001013], new=[370502001011])
        assert selectors.known(370502001013) == 370502001011
        transaction.set_rollback(True)
    later = time.monotonic() + 6
    monkeypatch.setattr(cache, "monotonic", lambda: later)
    assert selectors.known(370502001013) == 370502001013


def test_a_merge_is_kept_by_command(dongying, capsys):
    call_command(
        "division_change", "merged", "--old", "370502001013", "370502001027", "--new", "370502001011",
        "--day", "2026-06-01", "--ground", "一号",
    )  # fmt: skip
    assert "已记下" in capsys.readouterr().out
    assert selectors.known(370502001027) == 370502001011
    with pytest.raises(CommandError, match="不在区划表中"):
        call_command("division_change", "abolished", "--old", "999999999999", "--day", "2026-06-01", "--ground", "一号")


def test_a_renaming_is_kept_by_command(dongying, capsys):
    words = ["division_change", "renamed", "--old", str(HERE), "--day", "2026-06-01", "--ground", "一号"]
    call_command(*words, "--name", "中王屋新村")
    assert selectors.names([HERE]) == {HERE: "中王屋新村"}
    with pytest.raises(CommandError, match="新名称"):
        call_command(*words)


@pytest.mark.slow
def test_a_table_of_provinces_is_taken_over_in_seconds(tmp_path):
    """Two of the nation's thirty-one: what one row costs stays what it costs. The whole was once taken over in 20 s."""
    path = tmp_path / "nation.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("code,name,level,parent\n")
        for province in range(11, 13):
            file.write(f"{province}0000000000,省{province},province,\n")
            for county in range(95):
                code = f"{province}{county // 10 + 1:02d}{county % 10 + 1:02d}"
                if county % 10 == 0:
                    file.write(f"{code[:4]}00000000,市,city,\n")
                file.write(f"{code}000000,县,county,\n")
                for town in range(14):
                    file.write(f"{code}{town + 1:03d}000,镇,town,\n")
                    file.writelines(f"{code}{town + 1:03d}{village + 1:03d},村,village,\n" for village in range(15))
    before = time.monotonic()
    report = take(path)
    assert report.new > 40_000
    assert time.monotonic() - before < 12
    assert take(path).new == 0


# --- the page ------------------------------------------------------------------------------------------


def test_everybody_who_works_here_browses_from_the_nation_to_the_village(dongying, client):
    personas.log_in(client, "王芳")
    for address, said in [
        ("/divisions/", "山东省"), ("/divisions/370500000000", "东营港经济开发区"), ("/divisions/370502001000", "东营社区居委会"),
        ("/divisions/370502001011", "没有下级区划"), ("/divisions/?text=史口", "370502104000"), ("/divisions/?text=370503", "河口区"),
        ("/divisions/?text=没有这个地方", "没有查到"),
    ]:  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200
        assert said in answer.content.decode()
    assert client.get("/divisions/999999999999").status_code == 404
