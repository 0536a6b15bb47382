"""DuckDB：一次运行一个内存库，只能读湖，不能联网，设置锁定；装不下的溢写在自己的临时目录里。

One database in memory per run. What does not fit is spilled into a folder of its own under the home's tmp, for the
owner's eyes only and gone at the end: it holds what the lake holds, keys and no id and no name. The database may read
the lake and its own folder and nothing else, and no setting can be changed after the door is closed.
"""

import contextlib
import fcntl
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from doudi.errors import Fault, Refusal

__all__ = ["ALLOWED_FUNCTIONS", "ENGINE", "Backend", "bytes_of", "functions_of", "open_backend", "quoted", "scan_of"]

# What Spark has too, with the same meaning on our types (`date_diff` for days only: months differ). `read_parquet` is
# how this backend names a file. A test reads every text of a plan against the list.
ALLOWED_FUNCTIONS = frozenset(
    {
        "bool_and",
        "bool_or",
        "cast",
        "coalesce",
        "count",
        "date_diff",
        "day",
        "greatest",
        "least",
        "max",
        "min",
        "month",
        "read_parquet",
        "row_number",
        "sum",
        "year",
    }
)
ENGINE = f"duckdb-{duckdb.__version__}"  # whose hashes of rows are its own
_KEYWORDS = frozenset(
    {
        "and",
        "as",
        "by",
        "distinct",
        "exists",
        "filter",
        "from",
        "in",
        "is",
        "not",
        "on",
        "or",
        "over",
        "select",
        "then",
        "using",
        "values",
        "when",
        "where",
        "with",
        "else",
        "union",
        "all",
        "case",
        "join",
        "having",
        "between",
        "decimal",
        "any",
        "interval",
    }
)


def functions_of(sql: str) -> frozenset[str]:
    """The names of the functions a text calls, lower-case; strings and comments are not read."""
    bare = re.sub(r"--[^\n]*|'(?:[^']|'')*'", " ", sql)
    derived = set(re.findall(r"\b(\w+)\s*(?:\([\w\s,]*\)\s*)?AS\s*(?:NOT\s+MATERIALIZED\s*|MATERIALIZED\s*)?\(", bare))
    aliases = set(re.findall(r"\bAS\s+(\w+)\s*\(", bare))
    called = {name for name in re.findall(r"\b([A-Za-z_]\w*)\s*\(", bare) if name not in derived | aliases}
    return frozenset(name.lower() for name in called) - _KEYWORDS


def quoted(value: str | date | int | Path | None) -> str:
    """A Python value as a SQL literal."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'" + str(value).replace("'", "''") + "'"


def scan_of(
    files: Sequence[tuple[Path, str]], columns: Sequence[str], told: Mapping[str, tuple[str, Sequence[int]]]
) -> str:
    """One scan of many Parquet files: of each the lines under its condition (empty = all), these columns, and what is
    `told` of the file itself, by name: SQL type and one value per file.

    One scan is planned ten times as fast as a union of one per file, and a value that nobody asks for costs nothing.
    """
    number = "CAST(file_index AS BIGINT)"
    of_file = [
        f"CAST([{', '.join(map(str, values))}] AS {kind}[])[{number} + 1] AS {name}"
        for name, (kind, values) in told.items()
    ]
    conditions = list(dict.fromkeys(condition for _, condition in files))
    paths = ", ".join(quoted(path) for path, _ in files)
    text = f"SELECT {', '.join([*of_file, *columns])} FROM read_parquet([{paths}])"
    if conditions == [""]:
        return text
    either = []
    for condition in conditions:
        places = ", ".join(str(place) for place, (_, held) in enumerate(files) if held == condition)
        either.append(f"{number} IN ({places})" + (f" AND ({condition})" if condition else ""))
    return f"{text} WHERE {' OR '.join(either)}"


class Backend:
    """One open database. Texts come from `plan`; results leave as tuples."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection", folder: Path) -> None:
        self._connection = connection
        self.folder = folder

    def execute(self, sql: str, given: Sequence[Any] = ()) -> None:
        """Runs a text; `given` are the values of its `?`."""
        try:
            self._connection.execute(sql, given)
        except duckdb.OutOfMemoryException as error:
            raise Refusal(
                "engine.out_of_memory", "内存不够：请用 --memory 给出更大的上限，或腾出临时目录的空间。"
            ) from error
        except duckdb.Error as error:
            raise Fault("engine.sql_failed", f"关系语句未能执行：{error}\n{sql[:2000]}") from error

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        self.execute(sql)
        return self._connection.fetchall()

    def dicts(self, sql: str) -> list[dict[str, Any]]:
        self.execute(sql)
        names = [column[0] for column in self._connection.description or ()]
        return [dict(zip(names, row, strict=True)) for row in self._connection.fetchall()]

    def columns(self, relation: str) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in self.rows(f"DESCRIBE {relation}")]

    def materialise(self, name: str, sql: str) -> None:
        self.execute(f"CREATE TABLE {name} AS {sql}")

    def name_view(self, name: str, sql: str) -> None:
        self.execute(f"CREATE VIEW {name} AS {sql}")

    def forget(self, name: str) -> None:
        self.execute(f"DROP TABLE {name}")

    def insert(self, name: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
        """A small table from Python rows: parameters, coverage, the keys of the alerts."""
        self.execute(f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in columns)})")
        if rows:  # as lists: a text of values would be read for longer than what is asked of them
            picked = ", ".join(f"unnest(CAST(? AS {kind}[]))" for _, kind in columns)
            self.execute(f"INSERT INTO {name} SELECT {picked}", [list(values) for values in zip(*rows, strict=True)])

    def write_parquet(self, sql: str, path: Path, compression: str = "zstd") -> None:
        """Write beside the run and move, so that a killed run leaves no half file under the final name."""
        half = self.folder / path.name
        self.execute(f"COPY ({sql}) TO {quoted(half)} (FORMAT parquet, COMPRESSION {compression})")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(half, path)

    def different(self, relation: str, columns: Sequence[str]) -> int:
        """How many different values the columns have together; a null of a single column is none.

        A bit for each key takes a tenth of the time of grouping them. Keys are dense, but for the few far beyond the
        others, such as that of a founder's second household: these are grouped.
        """
        if len(columns) > 1:
            named = ", ".join(columns)
            return int(self.rows(f"SELECT count(*) FROM (SELECT DISTINCT {named} FROM {relation}) AS found")[0][0])
        (key,) = columns
        grouped = f"SELECT count(DISTINCT {key}) FROM {relation}"
        rows, least, most = self.rows(f"SELECT count(*), min({key}), max({key}) FROM {relation}")[0]
        if rows < _FEW or not isinstance(least, int):
            return int(self.rows(grouped)[0][0])
        dense = min(most, least + _BITS_PER_ROW * rows)
        bits = f"SELECT bit_count(bitstring_agg({key}, {least}, {dense})) FROM {relation} WHERE {key} <= {dense}"
        beyond = self.rows(f"{grouped} WHERE {key} > {dense}")[0][0] if most > dense else 0
        return int(self.rows(bits)[0][0]) + int(beyond)

    def order_free_hash(self, relation: str) -> str:
        """A hash of a relation's rows that no order of rows can change: 128 bits, the sum and the parity of the rows' hashes."""
        rows, total, parity = self.rows(
            "SELECT count(*), coalesce(sum(h::HUGEINT), 0), coalesce(bit_xor(h), 0) "
            f"FROM (SELECT hash(r) AS h FROM {relation} AS r) AS hashed"
        )[0]
        return f"{rows}:{int(total) % 2**64:016x}{int(parity):016x}"


_FEW = 1_000  # rows that are grouped as fast as anything
_BITS_PER_ROW = 64  # as much memory as the column itself
_UNITS = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KI": 2**10, "MI": 2**20, "GI": 2**30, "TI": 2**40}
# The database's part of the process: the rest is for the interpreter, the policy book and the alerts being explained, which
# grow with the city as the relations do.
_SHARE = Fraction(6, 10)
_LEAST = 200 * 10**6


def bytes_of(memory: str) -> int:
    """A limit such as '2GB' or '512MiB' in bytes. Refuses a text that is none."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]i?)B", memory, re.IGNORECASE)
    if found is None:
        raise Refusal("engine.bad_memory", f"内存上限“{memory}”读不懂：请写成 2GB、512MB 这样的形式。", memory=memory)
    return int(Fraction(found[1]) * _UNITS[found[2].upper()])


@contextlib.contextmanager
def open_backend(
    home: Path, memory: str, readable: Sequence[Path] = (), threads: int | None = None
) -> Iterator[Backend]:
    """A database for a process of at most `memory` (such as '2GB'), that may read `readable` and its own folder; with
    `threads` at most so many, else one for each core.

    Refuses a memory text that cannot be read. The folder and all spill in it are gone afterwards.
    """
    limit = max(int(bytes_of(memory) * _SHARE), _LEAST)
    (home / "tmp").mkdir(parents=True, exist_ok=True)
    _sweep(home / "tmp")
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=home / "tmp"))
    with (folder / _ALIVE).open("w") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        connection = duckdb.connect(":memory:", config={"threads": str(threads)} if threads else {})
        try:
            allowed = ", ".join(quoted(f"{Path(path).resolve()}/") for path in (*readable, folder))
            for setting in (
                f"memory_limit = '{limit // 10**6}MB'",
                f"temp_directory = {quoted(folder / 'spill')}",
                "preserve_insertion_order = false",
                "enable_progress_bar = false",  # it would write among the answers on standard output
                "autoinstall_known_extensions = false",
                "autoload_known_extensions = false",
                f"allowed_directories = [{allowed}]",
                "enable_external_access = false",
                "lock_configuration = true",
            ):
                connection.execute(f"SET {setting}")
            yield Backend(connection, folder)
        finally:
            connection.close()
            shutil.rmtree(folder, ignore_errors=True)


_ALIVE = "alive"  # locked for as long as its run lives; the kernel lets go of it when the process dies


def _sweep(folder: Path) -> None:
    """Remove what killed runs left: nobody holds the lock of a dead one."""
    for left in sorted(folder.glob(f"run-*/{_ALIVE}")):
        try:
            with left.open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left.parent, ignore_errors=True)
        except OSError:  # held by a living run, or swept by another one meanwhile
            continue
