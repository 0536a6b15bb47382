"""湖：批次单出现，这一批才算数；没有批次单的，下一次入库扫掉。"""

import json
import subprocess
import sys
from unittest.mock import patch

import polars as pl
import pytest

from doudi.errors import Fault, Refusal
from doudi.landing import draft
from doudi.landing.account import Account
from doudi.landing.durable import only_writer, write_durably
from doudi.landing.lake import Acceptance, BatchRecord, Lake, Scope, accept, read_acceptances, read_batches
from landing.files import dibao_line
from landing.homes import RECEIVED, landed, roll

LINES = pl.DataFrame({"line": [1, 2], "key_hash": [5, 6]})


def record(batch="dibao_roll_2026-03_r1_0123456789", received_at=RECEIVED):
    return BatchRecord(
        batch=batch, feed="dibao_roll", period="2026-03", revision=1, file="dibao_roll_2026-03.csv",
        received_at=received_at, account=Account(physical=3, header=1, accepted=2), conflicts=0, contested=1,
        scopes=((Scope(370502), 2), (Scope(department="医保", programme="教育救助"), 0)),
        invalid_enrolled=((370502, 1), (None, 2)), columns_missing=("status",),
    )  # fmt: skip


def write(lake, batch):
    writing = lake.draft("dibao_roll", batch)
    writing.add(LINES)
    writing.complete()
    return writing


def test_a_record_reads_back_as_it_was_written(doudi_home):
    Lake(doudi_home).commit(record())
    assert read_batches(doudi_home) == [record()]
    assert Lake(doudi_home).record(record().batch) == record()
    assert Lake(doudi_home).record("dibao_roll_2026-03_r1_ffffffffff") is None


def test_a_record_names_what_the_house_has_agreed(doudi_home):
    Lake(doudi_home).commit(record())
    (path,) = (doudi_home / "lake" / "batches").iterdir()
    entry = json.loads(path.read_bytes())
    assert (
        list(entry)
        == (
            "batch feed period revision file received_at physical header blank title total accepted repeated superseded"
            " rejected repaired conflicts contested scopes invalid_enrolled columns_missing"
        ).split()
    )
    assert entry["scopes"][0] == {"county": 370502, "department": None, "programme": None, "lines": 2}


def test_a_record_of_an_older_program_is_refused_since_nobody_looked_for_contested_keys(doudi_home):
    Lake(doudi_home).commit(record())
    (path,) = (doudi_home / "lake" / "batches").iterdir()
    entry = json.loads(path.read_bytes())
    del entry["contested"]
    path.write_text(json.dumps(entry))
    with pytest.raises(Refusal, match="重新入库") as caught:
        read_batches(doudi_home)
    assert caught.value.code == "landing.home_older"


def test_an_empty_home_has_no_batches(doudi_home):
    assert read_batches(doudi_home) == []
    assert read_acceptances(doudi_home) == []


def test_lines_without_a_record_are_no_batch_and_are_swept(doudi_home):
    lake = Lake(doudi_home)
    write(lake, "lost").publish()
    write(lake, "half")
    write(lake, record().batch).publish()
    lake.commit(record())
    assert [each.batch for each in read_batches(doudi_home)] == [record().batch]
    assert lake.sweep() == {record().batch}
    assert [path.stem for path in (doudi_home / "lake" / "lines").rglob("*.*")] == [record().batch]
    assert pl.read_parquet(lake.lines_file("dibao_roll", record().batch)).equals(LINES)


def test_contested_keys_are_published_with_the_lines_and_swept_with_them(doudi_home):
    lake = Lake(doudi_home)
    for batch in ("lost", record().batch):
        writing = lake.draft("dibao_roll", batch)
        writing.add(LINES)
        writing.complete()
        writing.contest(pl.Series([5]))
        writing.contest(pl.Series([6]))
        writing.publish()
    lake.commit(record())
    assert pl.read_parquet(lake.contested_file("dibao_roll", "lost"))["key_hash"].to_list() == [5, 6]
    lake.sweep()
    assert not lake.contested_file("dibao_roll", "lost").exists()
    assert lake.contested_file("dibao_roll", record().batch).exists()


def test_where_nothing_is_contested_there_is_no_file(doudi_home):
    lake = Lake(doudi_home)
    writing = write(lake, "b")
    writing.contest(pl.Series([], dtype=pl.Int64))
    writing.publish()
    assert lake.lines_file("dibao_roll", "b").exists()
    assert not lake.contested_file("dibao_roll", "b").exists()


def test_a_draft_without_a_block_is_a_fault(doudi_home):
    with pytest.raises(Fault):
        Lake(doudi_home).draft("dibao_roll", "b").complete()


def test_a_discarded_draft_leaves_nothing(doudi_home):
    write(Lake(doudi_home), "b").discard()
    assert list((doudi_home / "lake" / "lines").rglob("*.*")) == []


@pytest.mark.parametrize(
    ("known", "batches"),
    [
        (None, 2),
        ("2026-04-02", 1),
        ("2026-04-02T09:00:00+08:00", 1),
        ("2026-04-02T08:59", 0),
        ("2026-04-03", 2),
        ("2026-04", 2),
    ],
)
def test_only_what_was_received_by_then_is_known(doudi_home, known, batches):
    """A day means all of that day."""
    Lake(doudi_home).commit(record())
    Lake(doudi_home).commit(record("dibao_roll_2026-03_r1_1111111111", "2026-04-03T00:00:00+08:00"))
    assert len(read_batches(doudi_home, known)) == batches


def test_a_delivery_is_accepted_once_by_somebody(doudi_home, tmp_path):
    landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1)]))
    accept(doudi_home, "dibao_roll_2026-03_r1", "2026-04-05", "张敏")
    accept(doudi_home, "dibao_roll_2026-03_r1", "2026-04-06", "李伟")
    assert read_acceptances(doudi_home) == [Acceptance("dibao_roll_2026-03_r1", "2026-04-05", "张敏")]
    assert read_acceptances(doudi_home, "2026-04-04") == []


@pytest.mark.parametrize("delivery", ["dibao_roll_2026-03_r2", "", "../../etc/passwd", "dibao_roll_2026-03"])
def test_what_never_came_cannot_be_accepted(doudi_home, tmp_path, delivery):
    landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1)]))
    with pytest.raises(Refusal) as caught:
        accept(doudi_home, delivery, "2026-04-05", "张敏")
    assert caught.value.code == "landing.no_such_delivery"


def test_a_second_writer_is_refused_and_readers_are_not(doudi_home, tmp_path):
    path = roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1)])
    landed(doudi_home, path)
    with only_writer(doudi_home), pytest.raises(Refusal) as caught:
        landed(doudi_home, path)
    assert caught.value.code == "landing.busy"
    assert len(read_batches(doudi_home)) == 1
    landed(doudi_home, path)


def test_the_lock_dies_with_its_holder(doudi_home):
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom doudi.landing.durable import only_writer\n"
        "with only_writer(Path(sys.argv[1])):\n    os.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", script, str(doudi_home)], check=False).returncode == -9
    with only_writer(doudi_home):
        pass


def test_a_file_is_replaced_in_one_step_whatever_an_earlier_attempt_left(tmp_path):
    path = tmp_path / "x.json"
    (tmp_path / "x.json.tmp").write_bytes(b"half")
    write_durably(path, b"one")
    write_durably(path, b"two")
    assert [each.name for each in tmp_path.iterdir()] == ["x.json"]
    assert path.read_bytes() == b"two"


def test_lines_stand_in_runs_by_person_whatever_the_blocks_they_came_in(doudi_home):
    lines = pl.DataFrame({"line": range(1, 11), "key_hash": range(10), "person_key": [3, 1, 2, 1, 3, 9, 8, 7, 8, 6]})
    lake, found = Lake(doudi_home), {}
    with patch.object(draft, "RUN", 4):
        for name, sizes in {"one": [10], "many": [1, 0, 2, 1, 5, 1], "even": [4, 4, 2]}.items():
            writing = lake.draft("dibao_roll", name)
            for size in sizes:
                writing.add(lines[:size])
                lines = lines[size:].vstack(lines[:size])
            writing.complete()
            writing.publish()
            found[name] = lake.lines_file("dibao_roll", name).read_bytes()
    assert found["one"] == found["many"] == found["even"]
    read = pl.read_parquet(lake.lines_file("dibao_roll", "one"))
    assert read["person_key"].to_list() == [*(1, 1, 2, 3), *(3, 7, 8, 9), *(6, 8)]
    assert read["line"].to_list() == [*(2, 4, 3, 1), *(5, 8, 7, 6), *(10, 9)]


def test_kin_are_the_persons_where_no_other_is(doudi_home):
    writing = Lake(doudi_home).draft("staff_kin", "b")
    writing.add(pl.DataFrame({"line": [1, 2], "staff_key": [1, 2], "kin_key": [5, 4]}))
    assert pl.read_parquet(writing.complete())["kin_key"].to_list() == [4, 5]
