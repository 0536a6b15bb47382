"""备料：几个进程都一样，湖里一个字节也不差；哪个进程死了，只有它手上的文件不算。"""

import os
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest

from doudi.landing import workers
from doudi.landing.land import land
from doudi.landing.readers import delimited
from doudi.landing.readers.lines import whole_lines
from landing.files import DEATH, csv_text, dibao_line, settlement_line, valid_id, write, write_xlsx
from landing.homes import RECEIVED, landed, roll, settlements, snapshot

KILLED = """
import os, sys
from pathlib import Path
from doudi.landing import workers
from doudi.landing.land import land

def at(moment):
    if moment == "block_written":
        found = [pid for pid in os.listdir("/proc") if pid.isdigit() and parent(pid) == os.getpid()]
        sys.stdout.write(" ".join(found)); sys.stdout.flush()
        os.kill(os.getpid(), 9)

def parent(pid):
    try:
        return int(Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0

land([Path(sys.argv[2])], home=Path(sys.argv[1]), received_at="2026-04-02", processes=2, checkpoint=at)
"""


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory):
    """Files of several pieces, one of which has records over several lines, and a home whose keys all landings share."""
    folder = tmp_path_factory.mktemp("files")
    home = folder / "home"
    first = landed(home, roll(folder, "dibao_roll_2026-01.csv", [dibao_line(1)]))
    assert first[0].account.accepted == 1
    said = [settlement_line(number, 主要诊断='"肺炎\n复查"' if number % 3 else "肺炎") for number in range(90)]
    said += [settlement_line(5), settlement_line(7, 身份证号="1"), '"从不合上', settlement_line(8)]
    files = [
        settlements(folder, "medical_settlement_2026-03.csv", said),
        roll(folder, "dibao_roll_2026-03.csv", [dibao_line(number % 40, 待遇状态="在保") for number in range(90)]),
        write_xlsx(folder / "death_2026-03.xlsx", [DEATH, *([valid_id(number), "2026-03-01"] for number in range(30))]),
        write(folder / "death_2026-02.csv", csv_text(DEATH, [f"{valid_id(number)},2026-02-01" for number in range(9)])),
    ]
    return home, files


def landed_by(deliveries, folder, processes):
    home, files = deliveries
    shutil.copytree(home, folder / "home")
    with patch.object(delimited, "whole_lines", partial(whole_lines, chunk_bytes=700)):
        result = land(files, home=folder / "home", received_at=RECEIVED, processes=processes)
    return result, snapshot(folder / "home")


@pytest.mark.slow
def test_the_lake_is_the_same_to_the_byte_whoever_prepared_it(deliveries, tmp_path_factory):
    alone = landed_by(deliveries, tmp_path_factory.mktemp("alone"), 0)
    assert [file.account.rejected for file in alone[0].files] == [2, 0, 0, 0]
    for processes in (1, 2):
        assert landed_by(deliveries, tmp_path_factory.mktemp("helped"), processes) == alone


@pytest.mark.slow
def test_pieces_of_any_size_give_the_same_lines(deliveries, tmp_path):
    home, files = deliveries
    shutil.copytree(home, tmp_path / "home")
    whole = land(files, home=tmp_path / "home", received_at=RECEIVED, processes=0)
    assert landed_by(deliveries, tmp_path / "pieces", 0) == (whole, snapshot(tmp_path / "home"))


@pytest.mark.slow
def test_a_process_that_dies_costs_its_file_and_no_other(deliveries, tmp_path):
    home, files = deliveries
    shutil.copytree(home, tmp_path / "home")
    ask = workers._Process.ask  # there is no other way to kill a worker at a known moment

    def killed(process, piece, known):
        if known.feed.name == "dibao_roll":
            process._popen.kill()
        return ask(process, piece, known)

    with patch.object(workers._Process, "ask", killed):
        result = land(files, home=tmp_path / "home", received_at=RECEIVED, processes=2)
    assert [(one.file, one.code) for one in result.refused] == [("dibao_roll_2026-03.csv", "landing.worker_died")]
    assert [one.file for one in result.files] == [files[0].name, files[2].name, files[3].name]
    assert land(files[1:2], home=tmp_path / "home", received_at=RECEIVED, processes=2).refused == ()


def test_a_file_that_breaks_off_while_it_is_prepared_ahead_is_refused_in_its_turn(doudi_home, tmp_path):
    path = tmp_path / "death_2026-01.parquet"
    ids = [valid_id(number) for number in range(900)]
    pl.DataFrame({"公民身份号码": ids, "死亡日期": ["2026-01-02"] * 900}).write_parquet(
        path, compression="uncompressed"
    )
    content = bytearray(path.read_bytes())
    content[4:400] = b"\xff" * 396
    path.write_bytes(content)
    after = write(tmp_path / "death_2026-03.csv", csv_text(DEATH, [f"{valid_id(1)},2026-03-01"]))
    for processes in (0, 1):
        result = land([path, after], home=doudi_home / str(processes), received_at=RECEIVED, processes=processes)
        assert [one.code for one in result.refused] == ["landing.damaged"]
        assert [one.file for one in result.files] == [after.name]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="children are found in /proc")
def test_the_processes_go_when_the_landing_is_killed(deliveries, tmp_path):
    home, files = deliveries
    shutil.copytree(home, tmp_path / "home")
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "home"), str(files[0])],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == -9, run.stderr
    begun = run.stdout.split()
    assert begun
    until = time.monotonic() + 20
    while any(Path("/proc", pid).exists() for pid in begun) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [pid for pid in begun if Path("/proc", pid).exists()]


@pytest.mark.parametrize(("size", "helped"), [(1 << 20, False), (1 << 30, True)])
def test_only_a_landing_of_much_has_helpers(size, helped):
    with patch.object(workers, "cores", lambda: 2):
        assert workers.worth_it(size) == (2 if helped else 0)
    with patch.object(workers, "cores", lambda: 1):
        assert workers.worth_it(size) == 0
