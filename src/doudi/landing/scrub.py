"""抹去：自由填写的文字里夹带的身份号码和本人姓名，入湖前换成占位符。

Free text loses whatever looks like a citizen id, and the name of the person whose line it stands in.
"""

import re

import polars as pl

__all__ = ["scrubbed", "without_ids"]

_GAP = r"[\s\-_.·,，、]*"  # what people type inside a long number
_DIGIT = r"[0-9０-９]"
# 15 digits, or 17 and a check character, however they are spaced; longer runs hold an id as well.
_ID = rf"(?:{_DIGIT}{_GAP}){{14}}{_DIGIT}(?:{_GAP}{_DIGIT})*(?:{_GAP}[XxＸｘ])?"
_ID_MARK = "〔号码〕"
_NAME_MARK = "〔姓名〕"


def without_ids(text: str) -> str:
    """One text without anything that looks like a citizen id."""
    return re.sub(_ID, _ID_MARK, text)


def scrubbed(texts: pl.Series, names: pl.Series | None) -> pl.Series:
    """Each text without ids and without its own line's name, when the file has names."""
    clean = texts.str.replace_all(_ID, _ID_MARK)
    if names is None:
        return clean
    frame = pl.DataFrame({"text": clean, "name": names})
    solid = pl.col("text").str.replace_all(r"\s", "")
    # An empty or one-letter name would eat every text.
    named = (pl.col("name").str.len_chars() >= 2) & solid.str.contains(pl.col("name"), literal=True)
    rows = frame.select(named.fill_null(value=False)).to_series().arg_true()
    if not rows.len():
        return clean
    return clean.scatter(rows, [_without_name(text, name) for text, name in frame[rows].iter_rows()])


def _without_name(text: str, name: str) -> str:
    spaced = r"\s*".join(re.escape(letter) for letter in name)
    return re.sub(spaced, _NAME_MARK, text)
