"""按列读值：干净的值整列转换，其余的交给 `values.py` 逐个去读。

Values by the column. Each kind says which texts are clean and what they mean, as expressions; every other text is read
once by the slow function of `values.py`, however often it stands in the block. Both halves agree, which is tested.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

import polars as pl

from doudi.landing.contract import Column
from doudi.landing.ids import clean_ids, read_id
from doudi.landing.values import (
    EARLIEST,
    FAR_FUTURE_DAYS,
    NO_END,
    Place,
    Read,
    Unusable,
    read_code,
    read_date,
    read_division,
    read_fen,
    read_int,
    read_micro,
    read_month,
    read_text,
)
from doudi.landing.words import Words

__all__ = ["DTYPES", "Judged", "judge_block"]

T = TypeVar("T")
Slow: TypeAlias = Callable[[str], Read[T] | Unusable]

DTYPES: dict[str, pl.DataType] = {
    "id": pl.String(),
    "text": pl.String(),
    "code": pl.String(),
    "date": pl.Date(),
    "month": pl.Date(),
    "yuan": pl.Int64(),
    "int": pl.Int64(),
    "decimal": pl.Int64(),
}

BLANKS = " \t\r\n\v\f\u00a0\u2002\u2003\u2009\u200b\u200c\u200d\u2060\u3000\ufeff"
# What people write where nothing is known; a word of the contract's codes is never taken for one.
NOTHING = tuple(
    "- -- — —— / \\ \\N 无 空 NULL null None nan NaN N/A n/a "
    "#N/A #REF! #VALUE! #NAME? #DIV/0! #NUM! #NULL!".split()  # the last are what a sheet shows for a failed formula
)
# A number or a name that is none of these words, however they grow, and nothing that a sheet would run.
_PLAIN = r"^(?:[0-9A-Za-z]{8,64}|\p{Han}{2,20})$"
_WRAPPED = r'^(?:="([^"]*)"|\'(.*))$'
_CLEAN_MONTH = r"^[0-9]{4}-(?:0[1-9]|1[0-2])$"
_CLEAN_YUAN = r"^[¥￥]?-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,2})?元?$"
_LONG = 4_096  # lines of a block; in a shorter one there is little to save
_FAR_END_YEARS = 100  # an optional end may lie far ahead: certificates run for decades


@dataclass(frozen=True, slots=True)
class Judged:
    """A column read: typed `values` (null = empty or unusable), and per record the code of its trouble and its repair."""

    values: pl.Series
    trouble: pl.Series
    repaired: pl.Series


def judge_block(texts: pl.DataFrame, columns: Sequence[Column], last_day: date, place: Place) -> dict[str, Judged]:
    """Reads `columns` of one block; `texts` has them by name. `last_day` is the last of the period.

    Never fails: trouble is a code. Of a long block's columns of few words the words are read, and each once.
    """
    if texts.height < _LONG:
        return _judged(texts, columns, last_day, place)
    judged: dict[str, Judged] = {}
    few: dict[str, Words] = {}
    for column in columns:
        words = Words.of(texts[column.name]) if column.kind != "id" else None
        if words is not None and words.repeat:
            few[column.name] = words
        else:
            judged[column.name] = _mostly_plain(texts[column.name], column, last_day, place)
    # They stand beside each other, filled up with nothing that any line would ask for.
    most = max((words.words.len() for words in few.values()), default=0)
    beside = {name: words.words.extend_constant(None, most - words.words.len()) for name, words in few.items()}
    read = _judged(pl.DataFrame(beside), [column for column in columns if column.name in few], last_day, place)
    return judged | {name: _spread(few[name], one) for name, one in read.items()}


def _mostly_plain(texts: pl.Series, column: Column, last_day: date, place: Place) -> Judged:
    """A column of as many words as lines: what is plain at first sight is its own value, and only the rest is read."""
    if column.kind == "id":
        plain = clean_ids(texts, last_day)
    elif column.kind == "text" and not column.is_division and column.name != "until":
        plain = texts.str.contains(_PLAIN).fill_null(value=False)
    else:
        return _judged(texts.to_frame(), [column], last_day, place)[column.name]
    rows = (~plain).arg_true()
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, texts.len())
    if not rows.len():
        return Judged(texts, nothing, nothing)
    rest = _judged(texts.gather(rows).to_frame(), [column], last_day, place)[column.name]
    return Judged(
        texts.clone().scatter(rows, rest.values),
        nothing.clone().scatter(rows, rest.trouble),
        nothing.scatter(rows, rest.repaired),
    )


def _judged(texts: pl.DataFrame, columns: Sequence[Column], last_day: date, place: Place) -> dict[str, Judged]:
    """All columns are read together: most blocks are small, and every query costs alike."""
    forms = {column.name: _form(column, last_day, place) for column in columns}
    stripped, unwrapped = _unwrapped(texts.select(pl.all().str.strip_chars(BLANKS)))
    read = (
        stripped.lazy()
        .with_columns(_said(column) for column in columns)
        .with_columns(form.value.alias(f"{name}|value") for name, form in forms.items())
        .with_columns(
            (pl.col(name).is_not_null() & ~form.clean.fill_null(value=False)).alias(f"{name}|rest")
            for name, form in forms.items()
        )
        .collect(optimizations=pl.QueryOptFlags.none())
    )
    judged = {}
    for column in columns:
        said = read[column.name]
        value, rest, form = read[f"{column.name}|value"], read[f"{column.name}|rest"], forms[column.name]
        found = _settled(said, value, rest, form.slow)
        if form.spelling is not None:
            respelled = (value != said) & ~rest
            if respelled.any():
                found = replace(found, repaired=found.repaired.set(respelled, form.spelling))
        if column.name in unwrapped:
            lone = unwrapped[column.name] & found.repaired.is_null()
            found = replace(found, repaired=found.repaired.set(lone, "unwrapped"))
        if column.required and said.null_count():
            found = replace(found, trouble=found.trouble.set(said.is_null(), "missing_value"))
        judged[column.name] = found
    return judged


def _spread(words: Words, judged: Judged) -> Judged:
    """What was found of words, on the lines that have them."""
    return Judged(words.spread(judged.values), words.spread(judged.trouble), words.spread(judged.repaired))


@dataclass(frozen=True, slots=True)
class _Form:
    """How a column is read: what its texts mean when they are clean, which are, and who reads the others.

    `value` is of the column itself, `clean` may look at `value` as `<name>|value`. `spelling` is the repair of a clean
    text that is not its value.
    """

    value: pl.Expr
    clean: pl.Expr
    slow: Slow[Any]
    spelling: str | None = None


def _unwrapped(stripped: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """The texts without ="…" and the like around them, and for the columns where some stood, where."""
    suspect = stripped.select(pl.all().str.contains("^[=']").any())
    found = {}
    for name in (name for name in stripped.columns if suspect[name].item()):
        wrapped = stripped[name].str.contains(_WRAPPED).fill_null(value=False)
        if wrapped.any():
            found[name] = wrapped
    inner = (pl.col(name).str.replace(_WRAPPED, "$1$2").str.strip_chars(BLANKS) for name in found)
    return (stripped.with_columns(inner) if found else stripped), found


@lru_cache(maxsize=1024)  # a file is of the same columns as the month before, and expressions are dear to make
def _said(column: Column) -> pl.Expr:
    """The column's texts, null where they say nothing."""
    nothing = ["", *(word for word in NOTHING if word not in column.codes)]
    if column.name == "until":
        nothing.extend(sorted(NO_END))
    text = pl.col(column.name)
    return pl.when(~text.is_in(nothing)).then(text).alias(column.name)


@lru_cache(maxsize=1024)
def _form(column: Column, last_day: date, place: Place) -> _Form:
    latest = last_day + timedelta(days=FAR_FUTURE_DAYS if column.required else 366 * _FAR_END_YEARS)
    text, value = pl.col(column.name), pl.col(f"{column.name}|value")
    match column.kind:
        case "id":
            # A small x at the end is by far the commonest slip.
            clean = value.map_batches(lambda ids: clean_ids(ids, last_day), return_dtype=pl.Boolean)
            return _Form(text.str.to_uppercase(), clean, lambda said: read_id(said, last_day), "id_spelling")
        case "code":
            return _Form(text, text.is_in(list(column.codes)), lambda said: read_code(said, column.codes))
        case "date":
            day = pl.when(text.str.len_bytes() == 10).then(text.str.to_date("%Y-%m-%d", strict=False))
            return _Form(day, value.is_between(EARLIEST, latest), lambda said: read_date(said, latest))
        case "month":
            first = pl.when(text.str.contains(_CLEAN_MONTH)).then(text + "-01").str.to_date("%Y-%m-%d", strict=False)
            return _Form(first, value.is_between(EARLIEST, latest), lambda said: read_month(said, latest))
        case "yuan":
            plain = pl.when(text.str.contains(_CLEAN_YUAN)).then(text.str.replace_all("[¥￥,元]", ""))
            return _Form(_scaled(plain, 2), value.is_not_null(), read_fen)
        case "int":
            whole = pl.when(text.str.contains(r"^[0-9]{1,12}$")).then(text).cast(pl.Int64, strict=False)
            return _Form(whole, value.is_not_null(), read_int)
        case "decimal":
            plain = pl.when(text.str.contains(r"^[0-9]{1,9}(?:\.[0-9]{1,6})?$")).then(text)
            return _Form(_scaled(plain, 6), value.is_not_null(), read_micro)
        case "text" if column.is_division:
            ours = text.is_in(_own_divisions(place))
            return _Form(text.cast(pl.Int64, strict=False), ours, lambda said: read_division(said, place))
        case "text":
            return _Form(text, _is_plain(text), read_text)


def _scaled(number: pl.Expr, digits: int) -> pl.Expr:
    """A number that is written out, as a whole number of its last digits."""
    return number.cast(pl.Decimal(18, digits), strict=False).to_physical().cast(pl.Int64)


def _is_plain(text: pl.Expr) -> pl.Expr:
    """Is it to be kept as it is: short, without control characters, not opening like a formula?"""
    return ~text.str.contains(r"^[=@+\-]|[\x00-\x1f\x7f]") & (text.str.len_bytes() <= 2_000)


@lru_cache(maxsize=8)
def _own_divisions(place: Place) -> list[str]:
    """The city's own divisions, as they are written out in full."""
    return [str(code) for code in place.divisions if place.city and str(code).startswith(place.city)]


def _settled(texts: pl.Series, values: pl.Series, rest: pl.Series, slow: Slow[Any]) -> Judged:
    """The values, where `rest` is true as the slow function reads them, which is asked once per different text."""
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, texts.len())
    if not rest.any():
        return Judged(values, nothing, nothing)
    rows = rest.arg_true()
    asked = texts.gather(rows).to_list()
    answers = {text: slow(text) for text in set(asked)}
    read = {text: None if isinstance(answer, Unusable) else answer.value for text, answer in answers.items()}
    trouble = {text: answer.code for text, answer in answers.items() if isinstance(answer, Unusable)}
    repair = {text: answer.repair for text, answer in answers.items() if isinstance(answer, Read) and answer.repair}
    return Judged(
        values.scatter(rows, pl.Series(map(read.get, asked), dtype=values.dtype)),
        nothing.clone().scatter(rows, pl.Series(map(trouble.get, asked), dtype=pl.String)) if trouble else nothing,
        nothing.clone().scatter(rows, pl.Series(map(repair.get, asked), dtype=pl.String)) if repair else nothing,
    )
