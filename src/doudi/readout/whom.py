"""说的是谁：一个证件号、户号或预警编号，指的是哪一户。

From what a person types to the household of a run.
"""

from datetime import date
from pathlib import Path

import polars as pl

from doudi.errors import Refusal
from doudi.landing import Vault
from doudi.landing.ids import read_id
from doudi.landing.values import Read
from doudi.readout.masks import masked_id
from doudi.readout.runs import FinishedRun, alerted

__all__ = ["household_of"]

_ALERT_ID = 16  # hex digits


def household_of(vault: Vault, run: FinishedRun, typed: str) -> int:
    """The household_key meant by an alert id, a citizen id or a 户号. Refused when the run knows none."""
    text = typed.strip()
    for each in alerted(run.folder, {"alert_id": text}):
        if each.subject["household_key"] is None:
            raise Refusal("cli.not_a_household", f"预警 {text} 说的是来件，不是哪一户；请用 doudi coverage 查看。")
        return int(each.subject["household_key"])
    read = read_id(text, date.fromisoformat(run.manifest.at))
    if isinstance(read, Read):
        return _of_person(vault, run, read.value)
    token = vault.token_of("household_no", text)
    households = _looked_up(run.folder / "households.parquet", "household_no_token", token)
    if not households:
        hint = "" if len(text) != _ALERT_ID else "；若是预警编号，它不在这次运行里"
        raise Refusal("cli.nobody", f"没有找到“{_shown(text)}”：请输入证件号、户号或预警编号{hint}。")
    return min(households)


def _of_person(vault: Vault, run: FinishedRun, person_id: str) -> int:
    key = vault.key_of(person_id)
    found = [] if key is None else _looked_up(run.folder / "members.parquet", "person_key", key)
    if not found:
        raise Refusal(
            "cli.nobody", f"没有任何来件提到 {masked_id(person_id)}，或在 {run.folder.name} 那次运行里没有此人。"
        )
    return found[0]


def _looked_up(path: Path, column: str, value: int) -> list[int]:
    """The household keys of the rows with this value; no other column is read."""
    rows = pl.scan_parquet(path).filter(pl.col(column) == value).select("household_key").collect()
    return [int(key) for key in rows["household_key"]]


def _shown(text: str) -> str:
    """What was typed, masked when it looks like an id."""
    return masked_id(text) if sum(letter.isdigit() for letter in text) >= 15 else text
