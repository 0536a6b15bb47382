"""隐私：把一个号码和一个姓名种到每一个地方，入库之后到处找，湖里、库里、日志里、临时文件里，一处也没有。

The search is first shown to find both wherever they stand in clear.
"""

import logging
import os
import re
import sqlite3
import subprocess
import sys
import unicodedata

import polars as pl
import pyarrow.parquet as pq
import pytest

from doudi.landing.contract import load_contract
from doudi.landing.keys import key_file
from doudi.landing.lake import read_batches
from doudi.landing.land import land
from doudi.landing.rejects import list_rejects
from landing.files import valid_id, write, write_xlsx
from landing.homes import RECEIVED

pytestmark = pytest.mark.slow  # every feed lands, in a process of its own

CONTRACT = load_contract()
ID = valid_id(77, born="19790421")
NAME = "欧阳望舒"
SPELLINGS = [
    ID, ID.lower(), " ".join(ID), f"{ID[:6]} {ID[6:14]} {ID[14:]}", ID.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ID[:6] + ID[8:17],
]  # fmt: skip
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


# ── the search ──────────────────────────────────────────────────────────────────────────────────────────────────────


def tells(value):
    """Does a decoded value hold the id or the name, however spelled?"""
    if isinstance(value, bytes):
        return any(tells(value.decode(encoding, "ignore")) for encoding in ENCODINGS)
    plain = re.sub(r"[\s\-_.·,，、]", "", unicodedata.normalize("NFKC", str(value))).upper()
    return NAME in plain or ID in plain or ID[:17] in plain or ID[:6] + ID[8:17] in plain


def parquet_values(path):
    """Every value of every column, dictionaries and statistics decoded, and the file's own metadata."""
    table = pq.read_table(path)
    for column in table.column_names:
        yield from ((f"{path.name}:{column}", value) for value in table[column].to_pylist())
    yield f"{path.name}:metadata", pq.read_metadata(path).to_dict()
    yield f"{path.name}:schema", str(table.schema.metadata)


def sqlite_values(path):
    """Every value of every table."""
    with sqlite3.connect(path) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
            yield from (
                (f"{path.name}:{table}", value) for row in db.execute(f"SELECT * FROM {table}") for value in row
            )


def values_below(folder):
    """Names and bytes of every file, and the decoded values of those that have any."""
    for path in folder.rglob("*"):
        yield "name", path.name
        if path.is_file():
            yield path.name, path.read_bytes()
            if path.suffix == ".parquet":
                yield from parquet_values(path)
            elif path.suffix == ".db":
                yield from sqlite_values(path)


def found_in(folder):
    return sorted({where for where, value in values_below(folder) if tells(value)})


@pytest.mark.parametrize("text", [*SPELLINGS, NAME, " ".join(NAME), f"患者{NAME}（{ID}）", int(ID[:17])])
def test_the_search_finds_what_stands_in_clear(tmp_path, text):
    pl.DataFrame({"cell": [None, text]}).write_parquet(tmp_path / "a.parquet", compression="zstd")
    with sqlite3.connect(tmp_path / "b.db") as db:
        db.execute("CREATE TABLE t (cell)")
        db.execute("INSERT INTO t VALUES (?)", (text,))
    for encoding in ENCODINGS:
        (tmp_path / f"{encoding}.log").write_bytes(f"入库：{text}\n".encode(encoding))
    assert {"a.parquet:cell", "b.db:t", *(f"{encoding}.log" for encoding in ENCODINGS)} <= set(found_in(tmp_path))


def test_the_search_finds_a_name_of_a_file(tmp_path):
    (tmp_path / f"{NAME}.csv").touch()
    assert found_in(tmp_path) == ["name"]


# ── the plants ──────────────────────────────────────────────────────────────────────────────────────────────────────

CLEAN = {"text": "甲乙", "date": "2026-03-05", "month": "2026-03", "yuan": "12.50", "int": "2026", "decimal": "90.5"}


def cell(column):
    """A good value of a column."""
    if column.name == "name":
        return NAME
    if column.is_division:
        return "370502001001"
    if column.kind == "id":
        return ID
    return column.codes[0] if column.codes else CLEAN[column.kind]


def planted(feed):
    """Lines about the planted person, with id and name in each column; the register alone knows the name rightly."""
    good = {column.header: cell(column) for column in feed.columns}
    yield good
    for column in feed.columns:
        if (feed.name, column.name) == ("population", "name"):
            continue
        for text in (*SPELLINGS, NAME, " ".join(NAME), f"患者{NAME}，身份证{ID}。"):
            yield good | {column.header: text}


def deliver(folder, feed):
    """The feed's file, with the plants also in a title, in a column of its own and in the file's name."""
    lines = list(planted(feed))
    header = [*lines[0], "备注"]
    rows = [[f"{NAME} {ID} 的材料"], header, *([*line.values(), f"{NAME} {ID}"] for line in lines), ["合计", NAME, ID]]
    if feed.name in {"vehicle", "kinship"}:
        return write_xlsx(folder / f"{feed.name}_2026-03_{NAME}_{ID}.xlsx", rows)
    text = "\n".join(",".join(row) for row in rows)
    return write(
        folder / f"{feed.name}_2026-03_{NAME}_{ID}.csv", text, "gb18030" if feed.name == "pension" else "utf-8"
    )


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """A home into which every feed was landed with the plants, from a process whose temporary files are kept apart."""
    folder = tmp_path_factory.mktemp("privacy")
    sent, temp = folder / "sent", folder / "temp"
    sent.mkdir()
    temp.mkdir()
    for feed in CONTRACT.values():
        deliver(sent, feed)
    write(sent / f"{NAME}_{ID}.csv", f"{NAME},{ID}\n{ID},{NAME}\n")
    write(sent / f"death_2026-03_{NAME}.csv", f"死者身份证号,{ID}\n{ID},{NAME}\n")
    script = (
        "import logging, sys\nlogging.basicConfig(level=logging.DEBUG)\nfrom pathlib import Path\nfrom doudi.landing import land\n"
        f"result = land([Path(sys.argv[1])], home=Path(sys.argv[2]), received_at='{RECEIVED}')\n"
        "for each in result.files: print(each.feed, each.account, each.notes, each.columns_missing)\n"
        "for each in result.refused: print(each.code)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(sent), str(folder / "home")], capture_output=True, check=False, cwd=temp,
        env=os.environ | {"TMPDIR": str(temp), "PYTHONPATH": os.pathsep.join(sys.path), "POLARS_TEMP_DIR": str(temp)},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr.decode()
    (folder / "printed").mkdir()
    (folder / "printed" / "out.log").write_bytes(run.stdout)
    (folder / "printed" / "err.log").write_bytes(run.stderr)
    return folder


def test_every_feed_landed_its_plants(everything):
    records = {record.feed: record for record in read_batches(everything / "home")}
    assert set(records) == set(CONTRACT)
    for feed in CONTRACT.values():
        account = records[feed.name].account
        plantable = [column for column in feed.columns if column.kind == "text" and not column.is_division]
        assert account.accepted + account.repeated > 8 * len(plantable), feed.name
        assert account.title == account.total == 1


def test_the_lake_holds_neither_the_id_nor_the_name(everything):
    assert found_in(everything / "home" / "lake") == []


def test_the_vault_holds_them_sealed_only(everything):
    assert found_in(everything / "home" / "vault") == []
    assert any(tells(reject.raw) for reject in list_rejects(everything / "home", reveal=True))


def test_no_log_no_output_and_no_temporary_file_holds_them(everything):
    assert found_in(everything / "printed") == []
    assert found_in(everything / "temp") == []


def test_no_reason_of_a_reject_holds_them(everything):
    rejects = list(list_rejects(everything / "home"))
    assert rejects
    assert not [
        each for each in rejects if tells(f"{each.reason} {each.file} {each.batch} {each.reason_code} {each!r}")
    ]


def test_no_refusal_tells_an_id_nor_a_cell(everything, doudi_home):
    """A refusal names the file that was refused to whoever sent it, and no more."""
    odd = [everything / "sent" / f"{NAME}_{ID}.csv", everything / "sent" / f"death_2026-03_{NAME}.csv"]
    result = land(odd, home=doudi_home, received_at=RECEIVED)
    assert len(result.refused) == 2
    for refused in result.refused:
        sentence = refused.sentence.replace(refused.file, "").replace(f"{NAME}_〔号码〕", "")
        assert ID not in refused.sentence
        assert NAME not in sentence.replace(f"death_2026-03_{NAME}", ""), sentence


def test_the_key_is_nowhere_but_in_its_file(everything):
    home = everything / "home"
    secrets = re.findall(r"[0-9a-f]{32,}", key_file(home).read_text())
    assert len(secrets) == 4
    for path in everything.rglob("*"):
        if path.is_file() and path != key_file(home):
            content = path.read_bytes()
            assert not any(secret.encode() in content or bytes.fromhex(secret) in content for secret in secrets), path


def test_landing_says_nothing_to_any_logger(doudi_home, tmp_path, caplog):
    with caplog.at_level(logging.DEBUG):
        land([deliver(tmp_path, CONTRACT["dibao_roll"])], home=doudi_home, received_at=RECEIVED)
    assert not any(tells(record.getMessage()) for record in caplog.records)
