"""The writes of divisions: a table taken over, a change kept."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction

import doudi
from doudi.errors import Refusal
from doudi.office.audit.services import record
from doudi.office.common.actor import Actor
from doudi.office.common.clock import beijing_day
from doudi.office.divisions.changing import note_change as note_change
from doudi.office.divisions.edition import written
from doudi.office.divisions.models import Division, DivisionChange
from doudi.office.divisions.table import read

__all__ = ["SHIPPED", "Report", "note_change", "take_over"]

# The demo city's real divisions. Named by its place: to import the demo city for it would open all that makes cities.
SHIPPED: Final = Path(doudi.__file__).parent / "demo" / "data" / "divisions_shandong_dongying.csv"
_SHOWN: Final = 20  # of what is renamed or gone the report names so many


@dataclass(frozen=True, slots=True)
class Report:
    """What a table brought: counts, and the first few renamed (code, old, new) and gone (code, name).

    `gone`: in force here, not in the file, although the file lists others of the same parent. `closed`: of those, the
    ones that are no longer in force now.
    """

    rows: int
    new: int
    renamed: int
    moved: int
    reopened: int
    gone: int
    closed: int
    renamed_first: tuple[tuple[int, str, str], ...] = ()
    gone_first: tuple[tuple[int, str], ...] = ()

    def __str__(self) -> str:
        parts = [
            f"读入 {self.rows:,} 个区划：新增 {self.new:,}，更名 {self.renamed:,}，改换上级 {self.moved:,}，恢复 {self.reopened:,}"
        ]
        parts += [f"  更名 {code} {old} → {new}" for code, old, new in self.renamed_first]
        if self.gone:
            parts.append(
                f"表中没有而这里在用的 {self.gone:,} 个，"
                + ("已停用" if self.closed else "没有改动；确认撤销的请加 --close-gone")
            )
            parts += [f"  不在表中 {code} {name}" for code, name in self.gone_first]
        return "\n".join(parts)


@transaction.atomic
def take_over(*, path: Path, actor: Actor, at: datetime, close_gone: bool = False, ground: str = "") -> Report:
    """Takes over a table of divisions, of the whole nation or of a part of it. The same table again changes nothing.

    New ones are added, names and parents follow the file, a renaming is kept in the history. What the file no longer
    names is reported and stays, unless `close_gone`. Refused: a file that cannot be read, a code twice, a parent nobody
    knows; nothing is changed then.
    """
    day = beijing_day(at)
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        rows = _copy(cursor, path)
        _check(cursor, path)
        renamed = _all(cursor, _RENAMED)
        gone = _all(cursor, _GONE)
        moved = _count(cursor, _MOVED)
        reopened = _count(cursor, _REOPENED)
        cursor.execute(_INSERT)
        new = cursor.rowcount
        cursor.execute(_UPDATE)
        cursor.execute("DROP TABLE division_file")
    DivisionChange.objects.bulk_create(
        DivisionChange(
            day=day, kind="renamed", old_code=code, new_code=code, old_name=old, new_name=name, ground=ground
        )
        for code, old, name in renamed
    )
    closed = _close(gone, day, ground) if close_gone else 0
    report = Report(
        rows, new, len(renamed), moved, reopened, len(gone), closed, tuple(renamed[:_SHOWN]), tuple(gone[:_SHOWN])
    )
    if new or renamed or moved or reopened or closed:
        written()
    facts = {"rows": rows, "new": new, "renamed": len(renamed), "moved": moved, "gone": len(gone), "closed": closed}
    record(actor=actor, at=at, act="divisions.taken_over", why=ground, detail=facts)
    return report


def _copy(cursor: Any, path: Path) -> int:  # noqa: ANN401 - psycopg's cursor behind Django's
    rows = 0
    with cursor.copy("COPY division_file (code, name, level, parent) FROM STDIN") as copy:
        for row in read(path):
            copy.write_row(row)
            rows += 1
    if not rows:
        raise Refusal("divisions.empty", f"{path.name} 里没有一个区划；请检查文件。")
    return rows


def _check(cursor: Any, path: Path) -> None:  # noqa: ANN401 - as above
    if twice := _all(cursor, "SELECT code FROM division_file GROUP BY code HAVING count(*) > 1 LIMIT 1"):
        raise Refusal("divisions.twice", f"{path.name} 里代码 {twice[0][0]} 出现了不止一次；请去掉重复的行。")
    if orphan := _all(cursor, _ORPHAN):
        raise Refusal(
            "divisions.orphan",
            f"{path.name} 里 {orphan[0][0]} 的上级 {orphan[0][1]} 既不在文件里也不在区划表里；请补上。",
        )


def _close(gone: list[tuple[Any, ...]], day: date, ground: str) -> int:
    DivisionChange.objects.bulk_create(
        DivisionChange(day=day, kind="abolished", old_code=code, old_name=name, ground=ground) for code, name in gone
    )
    return Division.objects.filter(code__in=[code for code, _ in gone]).update(valid_until=day)


def _all(cursor: Any, sql: str) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as above
    cursor.execute(sql)
    return list(cursor.fetchall())


def _count(cursor: Any, sql: str) -> int:  # noqa: ANN401 - as above
    return int(_all(cursor, f"SELECT count(*) {sql}")[0][0])


_STAGE: Final = """
    CREATE TEMPORARY TABLE division_file (code bigint, name text, level text, parent bigint) ON COMMIT DROP"""
_ORPHAN: Final = """
    SELECT f.code, f.parent FROM division_file f
    WHERE f.parent IS NOT NULL AND NOT EXISTS (SELECT 1 FROM division_file p WHERE p.code = f.parent)
      AND NOT EXISTS (SELECT 1 FROM divisions_division d WHERE d.code = f.parent) ORDER BY f.code LIMIT 1"""
_RENAMED: Final = """
    SELECT d.code, d.name, f.name FROM division_file f JOIN divisions_division d USING (code)
    WHERE d.name <> f.name ORDER BY d.code"""
_GONE: Final = """
    SELECT d.code, d.name FROM divisions_division d
    WHERE d.valid_until IS NULL AND NOT EXISTS (SELECT 1 FROM division_file f WHERE f.code = d.code)
      AND EXISTS (SELECT 1 FROM division_file f WHERE f.parent = d.parent_id) ORDER BY d.code"""
_MOVED: Final = """
    FROM division_file f JOIN divisions_division d USING (code) WHERE d.parent_id IS DISTINCT FROM f.parent"""
_REOPENED: Final = """
    FROM division_file f JOIN divisions_division d USING (code) WHERE d.valid_until IS NOT NULL"""
_INSERT: Final = """
    INSERT INTO divisions_division (code, name, level, parent_id)
    SELECT code, name, level, parent FROM division_file ON CONFLICT (code) DO NOTHING"""
_UPDATE: Final = """
    UPDATE divisions_division d SET name = f.name, level = f.level, parent_id = f.parent, valid_until = NULL
    FROM division_file f WHERE d.code = f.code
      AND (d.name, d.level, d.parent_id, d.valid_until) IS DISTINCT FROM (f.name, f.level, f.parent, NULL::date)"""
