"""One very large file: a month's settlements over and over under numbers of their own, landed as one GB18030 CSV.

Run: `python bench/one_file.py DIR --lines 50000000`. DIR is what `bench/city.py --keep DIR --only land` leaves: its `bulk` gives the lines,
its `base` the home in which population and rolls have landed (left as it is). Needs some 150 bytes of disk a line.
"""

from __future__ import annotations

import argparse
import json
import shutil
from itertools import count, cycle
from pathlib import Path

from scale.measure import DOUDI, ran

_MONTH = "2025-07"
_REVERSES = 10  # the column that names the settlement a reversal takes back
_AT_ONCE = 100_000


def lines_of(folder: Path) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Title and head of the month's files, and of each settlement whose it is and what follows its day."""
    top, lines = b"", []
    for path in sorted(folder.glob("medical_settlement_*.csv")):
        title, head, *rest = path.read_bytes().splitlines(keepends=True)
        top = title + head
        for line in rest:
            cells = line.split(b",")
            if len(cells) > _REVERSES and not cells[_REVERSES]:
                lines.append((cells[1], b",".join(cells[3:])))
    return top, lines


def written(path: Path, top: bytes, lines: list[tuple[bytes, bytes]], wanted: int) -> None:
    """The file: `wanted` settlements, each with a number of its own, on the days of the month in turn."""
    day = _MONTH.replace("-", "").encode()
    numbers, source = count(1), cycle(lines)
    with path.open("wb") as out:
        out.write(top)
        for done in range(0, wanted, _AT_ONCE):
            some = zip(range(min(_AT_ONCE, wanted - done)), numbers, source, strict=False)
            out.writelines(
                b"BIG%011d,%s,%s%02d,%s" % (number, person, day, 1 + number % 31, rest)
                for _, number, (person, rest) in some
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--lines", type=int, default=50_000_000)
    given = parser.parse_args()
    work, account = given.folder / "one file", given.folder / "one file.json"
    shutil.rmtree(work, ignore_errors=True)
    sent = work / "sent" / _MONTH
    sent.mkdir(parents=True)
    written(sent / f"medical_settlement_{_MONTH}.csv", *lines_of(given.folder / "bulk" / _MONTH), given.lines)
    shutil.copytree(given.folder / "base", work / "home")
    stage = ran("one file", work / "home", "-c", DOUDI, "land", str(sent.parent), "--json", out=account)
    (told,) = json.loads(account.read_text("utf-8"))["files"]
    print(f"{told['physical']:,} lines, {told['accepted']:,} accepted, {told['rejected']:,} rejected; ", end="")
    print(
        f"{told['physical'] / stage.wall_seconds:,.0f} lines a second, {told['physical'] / stage.cpu_seconds:,.0f} a CPU second"
    )
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
