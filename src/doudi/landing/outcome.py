"""入库的结果：每个文件落成了哪一批，每一行去了哪里；拒收的文件为什么拒收。

What one landing did, file by file, for people and for `--json`.
"""

from dataclasses import dataclass
from typing import Any

from doudi.landing.account import Account

__all__ = ["FileLanded", "FileRefused", "Landing"]


@dataclass(frozen=True, slots=True)
class FileLanded:
    """One landed file and where each of its physical lines went. `notes` counts what was put right, by its sentence."""

    file: str
    feed: str
    period: str
    revision: int
    batch: str
    account: Account
    conflicts: int
    invalid_enrolled: int
    notes: tuple[tuple[str, int], ...]
    columns_missing: tuple[str, ...]
    columns_ignored: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The account as `--json` prints it."""
        named = {name: getattr(self, name) for name in ("file", "feed", "period", "revision", "batch")}
        return named | self.account.as_dict()


@dataclass(frozen=True, slots=True)
class FileRefused:
    """A file of which nothing landed, and why."""

    file: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Landing:
    """What one call of `land` did, in the order of the files."""

    files: tuple[FileLanded, ...]
    refused: tuple[FileRefused, ...]

    @property
    def account(self) -> Account:
        """The account of all landed files together."""
        return Account.sum(each.account for each in self.files)

    def as_json(self) -> dict[str, Any]:
        """`{files: [...]}`, and `refused` only when a file was."""
        accounts: dict[str, Any] = {"files": [each.as_json() for each in self.files]}
        if self.refused:
            accounts["refused"] = [
                {"file": each.file, "code": each.code, "sentence": each.sentence} for each in self.refused
            ]
        return accounts
