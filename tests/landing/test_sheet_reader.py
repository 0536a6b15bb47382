"""读工作簿的进程：一次入库只请一个；它死了就换一个，死因不连累下一个文件。"""

import os
import signal

import pytest
import xlsxwriter

from doudi.errors import Refusal
from doudi.landing.readers import SheetReader, open_table, sheet_process
from landing.files import DEATH, valid_id, write, write_xlsx


@pytest.fixture
def begun(monkeypatch):
    """The reading processes that were begun, in order."""
    processes = []
    start = sheet_reader_module().subprocess.Popen

    def counted(*given, **said):
        processes.append(start(*given, **said))
        return processes[-1]

    monkeypatch.setattr(sheet_reader_module().subprocess, "Popen", counted)
    return processes


def sheet_reader_module():
    from doudi.landing.readers import sheet_reader  # noqa: PLC0415  # the module, not the class of the same package

    return sheet_reader


def workbook(path, lines=3):
    return write_xlsx(path, [DEATH, *([valid_id(number), "2026-03-01"] for number in range(1, lines + 1))])


def bomb(path):
    """A workbook of two cells, in two corners of the world."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, DEATH)
        page.write(1_048_575, 16_383, "x")
    return path


def records(table):
    return sum(block.lines.len() for block in table.blocks())


def test_many_workbooks_are_read_by_one_process_whichever_is_read_first(tmp_path, begun):
    sheets = SheetReader()
    tables = [open_table(workbook(tmp_path / f"{lines}.xlsx", lines), sheets) for lines in range(1, 6)]
    assert [records(table) for table in reversed(tables)] == [5, 4, 3, 2, 1]
    assert [records(table) for table in tables] == [1, 2, 3, 4, 5]  # asked for again
    assert len(begun) == 1


def test_a_workbook_that_kills_the_process_is_refused_and_the_others_are_read(tmp_path, begun):
    sheets = SheetReader()
    before = open_table(workbook(tmp_path / "before.xlsx"), sheets)
    with pytest.raises(Refusal) as refusal:
        open_table(bomb(tmp_path / "bomb.xlsx"), sheets)
    assert refusal.value.code == "landing.too_big"
    after = open_table(workbook(tmp_path / "after.xlsx"), sheets)
    assert (records(before), records(after)) == (3, 3)
    assert len(begun) == 3  # the bomb was tried once more by a process that had read nothing else


def test_a_damaged_workbook_costs_no_process(tmp_path, begun):
    sheets = SheetReader()
    for _ in range(2):
        with pytest.raises(Refusal) as refusal:
            open_table(write(tmp_path / "d.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000), sheets)
        assert refusal.value.code == "landing.damaged"
    assert records(open_table(workbook(tmp_path / "good.xlsx"), sheets)) == 3
    assert len(begun) == 1


def test_a_process_that_was_killed_between_two_questions_has_a_successor(tmp_path, begun):
    sheets = SheetReader()
    table = open_table(workbook(tmp_path / "good.xlsx"), sheets)
    os.kill(begun[0].pid, signal.SIGKILL)
    begun[0].wait()
    assert records(table) == 3
    assert len(begun) == 2


@pytest.mark.slow
def test_who_stops_listening_ends_the_process_and_the_next_question_is_answered(tmp_path, begun):
    sheets = SheetReader()
    long = open_table(workbook(tmp_path / "long.xlsx", 40_000), sheets)
    listening = long.blocks()
    next(listening)
    listening.close()
    del listening
    assert records(open_table(workbook(tmp_path / "good.xlsx"), sheets)) == 3
    assert begun[0].returncode is not None


def test_the_process_ends_with_its_reader(tmp_path, begun):
    sheets = SheetReader()
    open_table(workbook(tmp_path / "good.xlsx"), sheets)
    assert begun[0].poll() is None
    del sheets
    assert begun[0].returncode is not None


@pytest.mark.parametrize("most", [0, 1_000])
def test_a_workbook_too_large_to_be_kept_is_read_all_the_same(tmp_path, monkeypatch, most):
    monkeypatch.setattr(sheet_process, "_KEPT_CELLS", most)
    workbooks = sheet_process._Workbooks()
    path = str(workbook(tmp_path / "d.xlsx"))
    (head,) = workbooks.answers(path)
    for _ in range(2):
        assert [len(rows) for rows in workbooks.answers(path, head["name"])] == [4]
