"""结果：一次运行写下的文件——预警、成员、户、父母、判断、根据；整个出现，或者一点不出现。

What a run leaves in its folder. The next run continues household keys from it, one household is explained by it, and a
run of the same day takes from it what has not changed.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from doudi.engine.backends.duckdb import Backend
from doudi.engine.basis import Basis, read_basis
from doudi.engine.manifest import WHOLE, Manifest, read_manifest
from doudi.engine.previous import entries_of
from doudi.errors import Refusal

__all__ = ["KEPT", "Outcome", "publish", "read_outcome", "write_entries", "write_relations"]

_MEMBERS = """SELECT members.*, persons.county, persons.name_token, persons.birth, persons.registered
FROM members JOIN persons ON persons.person_key = members.person_key
ORDER BY members.household_key, members.person_key"""
_FILES = {
    "members.parquet": _MEMBERS,
    "households.parquet": "SELECT * FROM households ORDER BY household_key",
    "parents.parquet": "SELECT * FROM parents ORDER BY person_key, parent_key",
}
_VERDICTS = "SELECT * FROM verdicts ORDER BY indicator, subject_kind, subject_key"
# Where each relation lies, and which of the columns there are its own.
KEPT = {
    "persons": ("members.parquet", "person_key, county, name_token, birth, registered"),
    "members": ("members.parquet", "person_key, household_key, is_head, case_token"),
    "households": ("households.parquet", "*"),
    "parents": ("parents.parquet", "*"),
    "verdicts": ("verdicts.parquet", "*"),
}


@dataclass(frozen=True)
class Outcome:
    """A finished run that another of the same day may build on."""

    folder: Path
    manifest: Manifest
    basis: Basis

    @cached_property
    def alerts(self) -> list[dict[str, Any]]:
        """The entries of its alerts."""
        return entries_of(self.folder / "alerts.jsonl")

    @cached_property
    def subjects(self) -> list[dict[str, Any]]:
        """The entries that name the subjects of its alerts."""
        return entries_of(self.folder / "subjects.jsonl")


def read_outcome(folder: Path) -> Outcome | None:
    """The run in `folder`; null when there is none, or one that does not tell all that is needed to build on it."""
    basis = read_basis(folder)
    try:
        manifest = read_manifest(folder / "manifest.json")
    except Refusal:
        return None
    whole = set(WHOLE) <= manifest.relations.keys() and all((folder / file).exists() for file, _ in KEPT.values())
    return Outcome(folder, manifest, basis) if basis and whole else None


def write_relations(backend: Backend, made: Path, before: Path | None) -> None:
    """The relations that a run keeps. `before`: the folder of the run whose people and households are still these."""
    made.mkdir(parents=True, exist_ok=True)
    for file, text in _FILES.items():
        if before is None:
            backend.write_parquet(text, made / file)
        else:
            (made / file).hardlink_to(before / file)
    backend.write_parquet(_VERDICTS, made / "verdicts.parquet")


def write_entries(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """One entry a line."""
    path.write_text(
        "".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n" for entry in entries), encoding="utf-8"
    )


def publish(made: Path, folder: Path) -> Path:
    """The finished folder under its name, in the place of an earlier run of the same day: never a mixture of two."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    former = made.with_name(f"former-{folder.name}")
    shutil.rmtree(former, ignore_errors=True)
    if folder.exists():
        folder.rename(former)
    made.rename(folder)
    shutil.rmtree(former, ignore_errors=True)
    return folder
