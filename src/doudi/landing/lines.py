"""入湖的行：号码换成编号，姓名、户号换成代号，其余照原样，再算出这一行是哪一件事。

Checked lines become the lake's lines: no id, no name, and two hashes that say which fact the line is and what it says.
The names and labels met on the way are left with the vault.
"""

from dataclasses import dataclass

import polars as pl

from doudi.landing.contract import Column, Feed
from doudi.landing.ids import are_male, births_of, numbers_of
from doudi.landing.scrub import scrubbed
from doudi.landing.tokens import Tokens
from doudi.landing.typed import DTYPES
from doudi.landing.vault import Vault
from doudi.landing.words import Words

__all__ = [
    "LABELLED", "TOKEN_KINDS", "LakeLines", "column_in_lake", "empty_checked", "lake_columns", "scope_column", "tokenised",
]  # fmt: skip

# Text that identifies, and the kind of its token: a reversal names the settlement it reverses.
TOKEN_KINDS = {
    "household_no": "household_no", "case_no": "case_no", "settlement_no": "settlement_no", "reverses": "settlement_no",
    "record_no": "record_no", "employer_no": "employer_no", "plate": "plate", "certificate": "certificate",
    "credit_code": "credit_code", "authorisation": "authorisation",
}  # fmt: skip
LABELLED = ("household_no", "case_no")  # what staff must be able to read back

_WORD_FROM = 20  # a text on so many lines of a block is a word of the trade, not something about one person
_COUNTY = 1_000_000  # a 12-digit division code holds its county in the first six digits


def column_in_lake(column: Column) -> str:
    """What a column of the contract is called in the lake."""
    if column.kind == "id":
        return "person_key" if column.name == "id" else column.name.removesuffix("_id") + "_key"
    if column.name == "name":
        return "name_token"
    if column.name in TOKEN_KINDS:
        return f"{column.name}_token"
    return column.checked_name


def lake_columns(feed: Feed) -> tuple[tuple[str, str], ...]:
    """The feed's own columns in the lake, with their SQL types: what stands after line, key_hash, content_hash, scope."""
    columns = [(column_in_lake(column), _sql_type(column)) for column in feed.columns]
    return (*columns, *((("birth", "DATE"), ("male", "BOOLEAN")) if feed.name == "population" else ()))


def scope_column(feed: Feed) -> str | None:
    """The column whose county delivers the line; None where one sender answers for the whole territory."""
    names = {column.name for column in feed.columns}
    if feed.territory != "city":
        return None
    return next((name for name in ("division", "hukou_division") if name in names), None)


def empty_checked(feed: Feed) -> pl.DataFrame:
    """The frame of a checked block without a line."""
    kept = {"line": pl.Int32(), "span": pl.Int32(), "repaired": pl.Boolean()}
    return pl.DataFrame(schema=kept | {column.checked_name: _dtype(column) for column in feed.columns})


def tokenised(feed: Feed, tokens: Tokens, checked: pl.DataFrame) -> pl.DataFrame:
    """Checked lines with all that can be said of them without the vault, by any process.

    Ids have become numbers, a quarter as large. Added are `token|<column>` (INT64) for names and texts of every kind, and
    `rare|<column>` for free text beside which no name stands. Free text has lost its ids and its line's name; text that
    identifies is left out, unless the vault is to keep it.
    """
    columns = {name: checked[name] for name in checked.columns}
    for column in feed.columns:
        cells = checked[column.checked_name]
        if column.kind == "id":
            columns[column.name] = numbers_of(cells)
        elif cells.dtype != pl.String:
            continue
        elif column.name == "name":
            columns["token|name"] = tokens.of_names(numbers_of(checked["id"]), cells)
        elif column.name in TOKEN_KINDS:
            columns[f"token|{column.name}"] = tokens.each(TOKEN_KINDS[column.name], cells)
            if column.name not in LABELLED:
                del columns[column.name]
        else:
            # Of the text as it was sent: what was known of its person's name that day makes no other line of it.
            columns[f"token|{column.name}"] = tokens.each(f"text.{column.name}", cells)
            if column.kind == "text" and cells.null_count() < cells.len():
                columns |= _without_ids(column.name, cells, checked)
    return pl.DataFrame(columns)


def _without_ids(name: str, texts: pl.Series, checked: pl.DataFrame) -> dict[str, pl.Series]:
    if "name" in checked.columns:
        return {name: scrubbed(texts, checked["name"])}
    words = Words.of(texts)
    seldom = (words.counts < _WORD_FROM) & words.words.is_not_null()
    return {name: words.spread(scrubbed(words.words, None)), f"rare|{name}": words.spread(seldom)}


@dataclass(frozen=True, slots=True)
class LakeLines:
    """Makes the lines of one delivery of `feed`; `month` is YYYYMM."""

    feed: Feed
    vault: Vault
    month: int

    def of(self, lines: pl.DataFrame) -> pl.DataFrame:
        """The lake's columns, as docs/build/architecture.md lists them, for `tokenised` lines; none is dropped."""
        ids = [column for column in self.feed.columns if column.kind == "id"]
        given = {column.name: self.vault.give_keys(lines[column.name]) for column in ids}
        keys = [people["person_key"] for people in given.values()]
        shown: dict[str, pl.Series] = {}
        hashed: dict[str, pl.Series] = {}
        for column in self.feed.columns:
            token = f"token|{column.name}"
            if column.kind == "id":
                in_lake, hashed[column.name] = given[column.name]["person_key"], given[column.name]["ref"]
            elif token not in lines.columns:
                in_lake = lines[column.checked_name]
                hashed[column.name] = in_lake.to_physical().cast(pl.Int64)
            elif column.name == "name" or column.name in TOKEN_KINDS:
                in_lake = hashed[column.name] = lines[token]
            else:
                in_lake, hashed[column.name] = self._scrubbed(column.name, lines, keys), lines[token]
            shown[column_in_lake(column)] = in_lake
        self._keep_said(lines, given)
        key_hash = self.vault.tokens.of_line(self.feed.name, [hashed[name] for name in self.feed.key])
        content_hash = self.vault.tokens.of_line(self.feed.name, list(hashed.values()))
        first = {"line": lines["line"], "key_hash": key_hash, "content_hash": content_hash}
        first["scope"] = self._scope(lines)
        last = (
            {"birth": births_of(lines["id"]), "male": are_male(lines["id"])} if self.feed.name == "population" else {}
        )
        return pl.DataFrame(first | shown | last)

    def _keep_said(self, lines: pl.DataFrame, given: dict[str, pl.DataFrame]) -> None:
        """Leaves with the vault the names and labels that staff must be able to read back."""
        if "token|name" in lines.columns:
            people = {"person_key": given["id"]["person_key"], "token": lines["token|name"], "name": lines["name"]}
            self.vault.keep_names(pl.DataFrame(people), registered=self.feed.name == "population", month=self.month)
        for column in LABELLED:
            if f"token|{column}" in lines.columns:
                self.vault.keep_labels(TOKEN_KINDS[column], lines[column], lines[f"token|{column}"])

    def _scrubbed(self, column: str, lines: pl.DataFrame, keys: list[pl.Series]) -> pl.Series:
        """Free text without the name of its person as the vault knows it, where the line itself has none."""
        texts = lines[column]
        if f"rare|{column}" not in lines.columns:
            return texts
        rare = lines[f"rare|{column}"]
        if not rare.any():
            return texts
        for people in keys:
            names = self.vault.names(people.filter(rare).unique().to_list())
            if names:
                texts = scrubbed(texts, people.replace_strict(names, default=None, return_dtype=pl.String))
        return texts

    def _scope(self, lines: pl.DataFrame) -> pl.Series:
        column = scope_column(self.feed)
        if column is None:
            return pl.Series([None], dtype=pl.Int32).new_from_index(0, lines.height)
        return (lines[column] // _COUNTY).cast(pl.Int32)


def _dtype(column: Column) -> pl.DataType:
    return pl.Int64() if column.is_division else DTYPES[column.kind]


def _sql_type(column: Column) -> str:
    if column.kind == "id" or column.name == "name" or column.name in TOKEN_KINDS:
        return "BIGINT"
    return {pl.Int64(): "BIGINT", pl.Date(): "DATE", pl.String(): "VARCHAR"}[_dtype(column)]
