"""部门来件的约定：每一种文件叫什么、有哪些列、什么算同一件事。

The outside contract, `feeds.yaml`, as frozen words. Nothing here reads a department's file.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias, get_args

import yaml

from doudi.errors import Fault

__all__ = ["Column", "Feed", "Kind", "header_words", "load_contract", "plain_header"]

Kind: TypeAlias = Literal["id", "text", "code", "date", "month", "yuan", "int", "decimal"]

_UNIT = re.compile(r"[(（\[【](?:元|平方米|㎡|人|必填|选填|12位|18位)[)）\]】]$")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a feed. `codes` are the only words a code column may hold, in the contract's order."""

    name: str
    header: str
    aliases: tuple[str, ...]
    kind: Kind
    required: bool
    codes: tuple[str, ...]

    @property
    def is_division(self) -> bool:
        """Does the column hold a division code? Text in the contract, an INT64 once checked."""
        return self.name == "division" or self.name.endswith("_division")

    @property
    def checked_name(self) -> str:
        """The column's name once checked: money is in fen, a decimal in millionths, and both say so."""
        return self.name + {"yuan": "_fen", "decimal": "_micro"}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Feed:
    """One kind of file. What `delivers`, `territory`, `use` and `absence` mean stands at the top of feeds.yaml."""

    name: str
    department: str
    every: str
    delivers: Literal["roll", "events"]
    stale_after_days: int
    territory: Literal["city", "province", "nation"]
    use: Literal["discovery", "exclusion_only", "authorised"]
    absence: Literal["none", "unknown"]
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of that name; a Fault when the contract has none, since only our own code asks by name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise Fault("landing.no_such_column", f"约定里 {self.name} 没有 {name} 这一列。")


@cache
def load_contract() -> dict[str, Feed]:
    """Every feed by its name, in the contract's order. A Fault when feeds.yaml itself is wrong."""
    text = files("doudi.landing").joinpath("feeds.yaml").read_text("utf-8")
    return {name: _feed(name, entry) for name, entry in yaml.safe_load(text).items()}


@cache
def header_words() -> frozenset[str]:
    """Every header and alias of every feed, plain: what tells a header row from a title or a person."""
    return frozenset(
        plain_header(word)
        for feed in load_contract().values()
        for column in feed.columns
        for word in (column.header, *column.aliases)
    )


def plain_header(text: str) -> str:
    """A header as people mean it: half-width, no blanks, stars or colons, no unit in brackets — save 万元, which is another unit."""
    word = re.sub(r"[\s*:﻿]+", "", unicodedata.normalize("NFKC", text))
    return _UNIT.sub("", word)


def _feed(name: str, entry: dict[str, Any]) -> Feed:
    columns = tuple(_column(key, column) for key, column in entry.pop("columns").items())
    feed = Feed(name=name, key=tuple(entry.pop("key")), columns=columns, **entry)
    for key in feed.key:
        feed.column(key)
    return feed


def _column(key: str, entry: dict[str, Any]) -> Column:
    kind, _, codes = str(entry["type"]).rstrip(")").partition("(")
    if kind not in get_args(Kind) or (kind == "code") != bool(codes):
        raise Fault("landing.contract_type", f"约定里 {key} 的类型 {entry['type']} 不认识。")
    return Column(
        name=key.removesuffix("*"),
        header=entry["header"],
        aliases=tuple(entry.get("aliases", ())),
        kind=kind,  # type: ignore[arg-type]  # membership in Kind was just checked
        required=key.endswith("*"),
        codes=tuple(codes.split()),
    )
