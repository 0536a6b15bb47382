"""运行的结果：哪一次是最近的，里面有哪些预警，说的是谁。

Finished runs of a home, and their alerts joined with the people they are about. Ids and names come from the vault, at
the moment of showing, and never leave it otherwise.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doudi.engine.manifest import Manifest, read_manifest
from doudi.errors import Refusal
from doudi.landing import Vault
from doudi.readout.masks import masked_id, masked_name

__all__ = ["Alerted", "FinishedRun", "People", "alerted", "find_run", "households_concerned"]


@dataclass(frozen=True)
class FinishedRun:
    """A run's folder and its manifest."""

    folder: Path
    manifest: Manifest


@dataclass(frozen=True)
class Alerted:
    """One alert as the run wrote it, and what names its subject: keys and the 户号's token."""

    entry: dict[str, Any]
    subject: dict[str, Any]


class People:
    """Who the persons of some alerts are, masked or not."""

    def __init__(self, vault: Vault, keys: Iterable[int | None], *, reveal: bool) -> None:
        self._vault = vault
        self._reveal = reveal
        self._known = vault.people({key for key in keys if key is not None})

    def person_id(self, key: int | None) -> str | None:
        """His citizen id; None for nobody."""
        found = self._known.get(key) if key is not None else None
        return None if found is None else found[0] if self._reveal else masked_id(found[0])

    def name(self, key: int | None) -> str | None:
        """His name; None when no file ever gave one."""
        found = self._known.get(key) if key is not None else None
        if found is None or found[1] is None:
            return None
        return found[1] if self._reveal else masked_name(found[1])

    def household_no(self, token: int | None) -> str | None:
        """The 户号 behind its token; always plain."""
        return None if token is None else self._vault.label("household_no", token)


def find_run(home: Path, name: str | None = None) -> FinishedRun:
    """The run of that name; without one, the run of the latest day, preferring one that knew everything."""
    if name is not None:
        return FinishedRun(home / "runs" / name, read_manifest(home / "runs" / name / "manifest.json"))
    runs = [FinishedRun(path.parent, read_manifest(path)) for path in (home / "runs").glob("*/manifest.json")]
    if not runs:
        raise Refusal("cli.no_run", "还没有监测过；请先运行 doudi monitor --at 日期。")
    return max(runs, key=lambda run: (run.manifest.at, run.manifest.known is None, run.folder.name))


def alerted(folder: Path, whose: Mapping[str, Any] | None = None) -> Iterator[Alerted]:
    """The alerts of a run, the most urgent first, then by id; with `whose`, those whose subject has these fields.

    Of the others no line is taken apart: a city has thousands, a household a few.
    """
    fields = dict(whose or {})
    subjects = {
        each["alert_id"]: each
        for each in _lines(folder / "subjects.jsonl", [json.dumps(fields)[1:-1]] if fields else None)
        if all(each[name] == value for name, value in fields.items())
    }
    if fields and not subjects:
        return
    order = {"红": 0, "橙": 1, "蓝": 2}
    named = [json.dumps({"alert_id": alert})[1:-1] for alert in subjects] if fields else None
    entries = sorted(
        _lines(folder / "alerts.jsonl", named), key=lambda each: (order.get(each["level"], 3), each["alert_id"])
    )
    for entry in entries:
        yield Alerted(entry, subjects[entry["alert_id"]])


def households_concerned(alerts: Iterable[Alerted], levels: Iterable[str]) -> int:
    """Households with an open alert of one of these levels."""
    wanted = set(levels)
    keys = {
        each.subject["household_key"]
        for each in alerts
        if each.entry["level"] in wanted and each.entry["status"] != "cleared"
    }
    return len(keys - {None})


def _lines(path: Path, holding: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """The entries of a file; with `holding`, of those lines that hold one of these texts. The others are not cut apart."""
    content = path.read_bytes()
    if holding is None:
        return [json.loads(line) for line in content.splitlines()]
    found = {begin for text in holding for begin in _lines_with(content, text.encode())}
    return [json.loads(content[begin : content.find(b"\n", begin)]) for begin in sorted(found)]


def _lines_with(content: bytes, text: bytes) -> Iterator[int]:
    """Where the lines begin that hold this text. Every line ends with a newline."""
    place = content.find(text)
    while place >= 0:
        yield content.rfind(b"\n", 0, place) + 1
        place = content.find(text, place + 1)
