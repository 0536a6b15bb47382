"""写法：同一件事，各部门、各月份写得都不一样。

From typed columns to the text that departments really send, with the contract's dirt: blanks and full-width digits in
ids, lower-case x, 15-digit ids of old registers, 20-digit disability numbers, many spellings of dates and money, codes
with blanks, a few wrong check digits. What is planted is never spoilt, only spelled.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from doudi.demo.draw import Draw
from doudi.landing.contract import Column, Feed

__all__ = ["Style", "spelled", "style_of"]

_ROW = pl.col("_row")
_DATES = ("iso", "slash", "compact", "chinese", "serial")
_OLD_REGISTERS = {"vehicle", "real_estate"}
_FULL_WIDTH = {str(digit): chr(0xFF10 + digit) for digit in range(10)}


@dataclass(frozen=True, slots=True)
class Style:
    """How one file spells things: chosen by feed and month, so that every spelling occurs within a few months."""

    question: str
    dates: str
    aliases: bool
    card_numbers: bool

    def header(self, column: Column) -> str:
        """The column's header in this file."""
        another = self.aliases or (self.card_numbers and column.kind == "id")
        return column.aliases[-1] if another and column.aliases else column.header


def style_of(feed: Feed, number: int, month: int) -> Style:
    """The style of a feed's file of that month; `number` is the feed's place in the contract."""
    return Style(
        question=f"spell/{feed.name}/{month}",
        dates=_DATES[(number + month) % len(_DATES)],
        aliases=(number + month) % 4 == 3,
        card_numbers=feed.name == "disability" and month % 2 == 0,
    )


def spelled(draw: Draw, lines: pl.LazyFrame, feed: Feed, style: Style) -> pl.DataFrame:
    """The file's table: its headers, cells as text, null = blank. Reads `_planted` (true = spell it, do not spoil it)."""
    numbered = lines.with_columns(_row=pl.int_range(pl.len(), dtype=pl.Int64))
    return numbered.select(
        _cell(draw, feed, column, style).alias(style.header(column)) for column in feed.columns
    ).collect()


def _cell(draw: Draw, feed: Feed, column: Column, style: Style) -> pl.Expr:
    question = f"{style.question}/{column.name}"
    value = pl.col(column.name)
    match column.kind:
        case "id":
            first = column.name == next(other.name for other in feed.columns if other.kind == "id")
            return _identity(draw, value, feed, style, question, first=first)
        case "date":
            return _date(value, style.dates)
        case "yuan":
            return _money(draw, value, question)
        case "decimal":
            return _decimal(value)
        case "code":
            return pl.when(draw.chance(9000, question, _ROW)).then(value + " ").when(draw.chance(4000, question + "/", _ROW)).then(
                "　" + value).otherwise(value)  # fmt: skip
        case "int":
            return value.cast(pl.String)
        case "text" | "month":
            return value


def _identity(draw: Draw, value: pl.Expr, feed: Feed, style: Style, question: str, *, first: bool) -> pl.Expr:
    """Harmless spellings for anybody; a wrong check digit for about one line in six thousand that is not planted."""
    lot = draw.below(6000, question, _ROW)
    wrong = value.str.slice(0, 17) + pl.when(value.str.ends_with("7")).then(pl.lit("3")).otherwise(pl.lit("7"))
    old = value.str.slice(0, 6) + value.str.slice(8, 9)
    full = value.str.replace_many(list(_FULL_WIDTH), list(_FULL_WIDTH.values()))
    short = (value.str.slice(6, 2) == "19") & (feed.name in _OLD_REGISTERS)
    # A roll names somebody whose id cannot be used: the county must hear of it, see landing's 在册但证件无效.
    listed = (_ROW == 7) & (feed.name == "low_income_roll") & first
    card = pl.lit("43" if style.card_numbers and first else "")
    return (
        pl.when(((lot == 0) | listed) & ~pl.col("_planted")).then(wrong)
        .when(lot < 40).then(value.str.slice(0, 6) + " " + value.str.slice(6, 8) + " " + value.str.slice(14))
        .when(lot < 60).then(full)
        .when(lot < 80).then(value + "　")
        .when(lot < 95).then(" " + value)
        .when(short & (lot < 180)).then(old)
        .when(lot % 3 == 0).then(value.str.to_lowercase() + card)
        .otherwise(value + card)
    )  # fmt: skip


def _date(value: pl.Expr, style: str) -> pl.Expr:
    match style:
        case "slash":
            return value.dt.to_string("%Y/%-m/%-d")
        case "compact":
            return value.dt.to_string("%Y%m%d")
        case "chinese":
            return value.dt.to_string("%Y年%-m月%-d日")
        case "serial":
            return (value - pl.lit(date(1899, 12, 30))).dt.total_days().cast(pl.String)
        case _:
            return value.dt.to_string("%Y-%m-%d")


def _money(draw: Draw, fen: pl.Expr, question: str) -> pl.Expr:
    """1234.50 mostly; 1,234.50, ¥1234.50, 1234.50元 and a bare 1234 now and then."""
    size = fen.abs()
    yuan, cents = size // 100, (size % 100).cast(pl.String).str.zfill(2)
    sign = pl.when(fen < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    plain = sign + yuan.cast(pl.String) + "." + cents
    tail = (yuan % 1000).cast(pl.String).str.zfill(3) + "." + cents
    middle = (yuan // 1000 % 1000).cast(pl.String)
    grouped = (
        pl.when(yuan >= 1_000_000).then((yuan // 1_000_000).cast(pl.String) + "," + middle.str.zfill(3) + "," + tail)
        .when(yuan >= 1000).then(middle + "," + tail)
        .otherwise(yuan.cast(pl.String) + "." + cents)
    )  # fmt: skip
    lot = draw.below(100, question, _ROW)
    return (
        pl.when(lot < 6).then(sign + grouped)
        .when(lot < 8).then("¥" + plain)
        .when(lot < 10).then(plain + "元")
        .when((lot < 40) & (size % 100 == 0)).then(sign + yuan.cast(pl.String))
        .otherwise(plain)
    )  # fmt: skip


def _decimal(micro: pl.Expr) -> pl.Expr:
    whole = (micro // 1_000_000).cast(pl.String)
    part = (micro % 1_000_000).cast(pl.String).str.zfill(6).str.strip_chars_end("0")
    return pl.when(part == "").then(whole).otherwise(whole + "." + part)
