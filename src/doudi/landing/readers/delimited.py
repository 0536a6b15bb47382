"""分隔文本（CSV、制表符文本）：干净的行按列读，带引号和残缺的行一行一行读。

Delimited text. A clean line (no quote, the header's number of delimiters) is split by the column; the others are read
one by one, and each ends as a record or as an `Unread` with its reason.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import polars as pl

from doudi.landing.readers.head import TOTAL, Row
from doudi.landing.readers.lines import text_lines, whole_lines
from doudi.landing.readers.quick import clean_cells, quoted_lines
from doudi.landing.readers.records import MAX_RECORD_LINES, record_at
from doudi.landing.readers.table import MAX_CELL, MAX_LINE_BYTES, Block, Table, Unread, named
from doudi.landing.readers.text_form import BOM, TextForm, text_form

__all__ = ["TextPiece", "open_delimited"]

_IN_REGEX = {"|": r"\|", "\t": r"\t"}
_CONTROL_BYTES = bytes({*range(32), 127} - set(b"\t\n\r"))
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_SILENT = pl.all_horizontal(pl.exclude("at", "span").str.strip_chars() == "")  # quotes around nothing
_NOTHING_ODD = pl.DataFrame(schema=dict.fromkeys(("blank", "total", "header"), pl.Boolean))
# One physical line that is surely one record: every quote opens a cell and closes at its end.
_WELL_QUOTED = r'^(?:"(?:[^"]|"")*"|[^"{d}]*)(?:{d}(?:"(?:[^"]|"")*"|[^"{d}]*))*$'


@dataclass(frozen=True, slots=True)
class _Lines:
    """Some consecutive lines, the first one's number, which are not in the encoding, and whether more may follow.

    `controls`: there are control characters somewhere.
    """

    texts: pl.Series
    first: int
    wrong: set[int]
    last: bool
    controls: bool


@dataclass(slots=True)
class _Slow:
    """What the line-by-line half has found."""

    records: list[Row] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)


def open_delimited(path: Path) -> Table:
    """The table in a text file. Refuses one in which no header can be found in UTF-8 or GB18030."""
    form = text_form(path)
    return Table(
        path=path,
        form="csv",
        header_line=form.found.line,
        header=form.found.words,
        head=form.found.head,
        read_pieces=lambda: _pieces(path, form),
    )


def _pieces(path: Path, form: TextForm) -> Iterator["TextPiece"]:
    with path.open("rb") as stream:
        if stream.read(len(BOM)) != BOM:
            stream.seek(0)
        chunks = whole_lines(stream)
        chunk = next(chunks, None)
        # The head was found in a piece no larger than the first chunk, so that it is whole there.
        first, skip = 1, form.found.head.physical
        while chunk is not None:
            following = next(chunks, None)
            yield TextPiece(form, chunk, first, skip, last=following is None)
            first, skip, chunk = first + chunk.count(b"\n"), 0, following


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Whole lines of a text file: the first one's number, how many of them are the head, and whether more may follow."""

    form: TextForm
    content: bytes
    first: int
    skip: int
    last: bool

    @property
    def size(self) -> int:
        """Its bytes."""
        return len(self.content)

    def after(self, rest: bytes) -> "TextPiece":
        """This piece, with the lines before it that belong to a record of its own."""
        return replace(self, content=rest + self.content, first=self.first - rest.count(b"\n"))

    def block(self) -> tuple[Block, bytes]:
        """Its records, and the lines of a record that is still open at its end."""
        controls = len(self.content.translate(None, _CONTROL_BYTES)) < len(self.content)
        if not controls and self.form.delimiter == "," and self.form.width > 1 and (quick := self._quickly()):
            return quick, b""
        texts, wrong = text_lines(self.content, self.form.encoding)
        skipped = {index - self.skip for index in wrong if index >= self.skip}
        lines = _Lines(texts.slice(self.skip), self.first + self.skip, skipped, self.last, controls)
        block, read = _block(lines, self.form)
        if read == lines.texts.len():
            return block, b""
        return block, b"\n".join(self.content.split(b"\n")[self.skip + read :])

    def _quickly(self) -> Block | None:
        """The same block, where every line is a record that needs no second look."""
        content = self.content.split(b"\n", self.skip)[-1] if self.skip else self.content
        quoted = quoted_lines(content) if content else None
        if quoted is None:
            return None
        if quoted and ((marked := self._kinds_of(quoted)) is None or not marked["quoted"].all()):
            return None
        found = clean_cells(content, self.form)
        if found is None:
            return None
        cells, odd = found
        kinds = self._kinds_of(content.split(b"\n")[at] for at in odd) if odd.len() else _NOTHING_ODD
        apart = pl.any_horizontal("blank", "total", "header")
        if kinds is None or not kinds.select(apart.all()).item():
            return None
        if odd.len():
            cells = cells.filter(~pl.col("at").is_in(odd.implode()))
        return Block(
            columns={word: cells[str(index)] for index, word in named(self.form.found.words)},
            lines=cells["at"] + (self.first + self.skip),
            spans=pl.Series([1], dtype=pl.Int32).new_from_index(0, cells.height),
            unread=(),
            physical=cells.height + odd.len(),
            header=int(kinds["header"].sum()),
            blank=int(kinds["blank"].sum()),
            total=int(kinds["total"].sum()),
        )

    def _kinds_of(self, lines: Iterable[bytes]) -> pl.DataFrame | None:
        """What some lines are, each by itself; null when one is not in the encoding."""
        try:
            texts = pl.Series([line.rstrip(b"\r").decode(self.form.encoding) for line in lines])
        except UnicodeDecodeError:
            return None
        return _kinds(_Lines(texts, 0, set(), last=True, controls=False), self.form)


def _block(lines: _Lines, form: TextForm) -> tuple[Block, int]:
    """The block of these lines, and how many were read: a record still open at the end waits for more lines."""
    kinds = _kinds(lines, form)
    slow, read = _read_slowly(lines, kinds, form)
    if slow.taken or read < kinds.height:
        free = pl.Series([index not in slow.taken for index in range(read)], dtype=pl.Boolean)
        kinds = kinds.head(read).with_columns(pl.col("blank", "total", "header", "clean", "quoted") & free)
    frame = _split(kinds.filter("clean"), form)
    blank = int(kinds["blank"].sum())
    others = pl.concat([_split_quoted(kinds.filter("quoted"), form), _framed(slow.records, form)])
    if others.height:
        blank += int(others.filter(_SILENT)["span"].sum())
        frame = pl.concat([frame, others.filter(~_SILENT)]).sort("at")
    block = Block(
        columns={word: frame[str(index)] for index, word in named(form.found.words)},
        lines=frame["at"] + lines.first,
        spans=frame["span"],
        unread=tuple(slow.unread),
        physical=read,
        header=int(kinds["header"].sum()),
        blank=blank,
        total=int(kinds["total"].sum()),
    )
    return block, read


def _kinds(lines: _Lines, form: TextForm) -> pl.DataFrame:
    """One row per line: what can be said of it without regard to its neighbours. At most one of the marks is true."""
    text = pl.col("text")
    delimiter = _IN_REGEX.get(form.delimiter, form.delimiter)
    unfit = text.str.len_bytes() > MAX_LINE_BYTES
    if lines.controls:
        unfit = unfit | text.str.contains(_CONTROL)
    if lines.wrong:
        unfit = unfit | pl.col("at").is_in(list(lines.wrong))
    kinds = (
        lines.texts.to_frame("text")
        .with_row_index("at")
        .with_columns(
            pl.col("at").cast(pl.Int32),
            header=text.is_in(list(form.header_text)),
            blank=text.str.contains(rf"^[\s{delimiter}\x1a]*$"),  # 1A: the end of file of old systems
            plain=~text.str.contains('"', literal=True),
        )
        .with_columns(unfit=unfit & ~pl.col("blank"))
        .with_columns(total=text.str.contains(TOTAL) & ~pl.any_horizontal("header", "blank", "unfit"))
        .with_columns(record=~pl.any_horizontal("header", "blank", "unfit", "total"))
        .with_columns(clean=pl.col("record") & pl.col("plain"))
    )
    kinds = kinds.with_columns(clean=kinds["clean"] & _fits(kinds["text"], form))
    quoted = (kinds["record"] & ~kinds["plain"]).arg_true()
    marks = pl.Series("quoted", [False]).new_from_index(0, kinds.height)
    return kinds.with_columns(marks.scatter(quoted, _well_quoted(kinds["text"].gather(quoted), delimiter, form)))


def _well_quoted(texts: pl.Series, delimiter: str, form: TextForm) -> pl.Series:
    """Is each line one record, though there are quotes in it?"""
    # The CSV parser takes no delimiter of more than one byte: such lines are read slowly.
    if not texts.len() or not form.delimiter.isascii():
        return pl.Series([False]).new_from_index(0, texts.len())
    unquoted = texts.str.replace_all('"(?:[^"]|"")*"', "x")  # as many cells, none of them looking blank
    return texts.str.contains(_WELL_QUOTED.format(d=delimiter)) & _fits(unquoted, form)


def _fits(texts: pl.Series, form: TextForm) -> pl.Series:
    """Has each line all named cells, and only blank ones past the header?"""
    delimiters = texts.str.count_matches(form.delimiter, literal=True)
    enough = delimiters >= form.needed - 1
    long = (delimiters >= form.width).arg_true()
    if not long.len():
        return enough
    said = texts.gather(long).str.strip_chars_end(f" {form.delimiter}").str.count_matches(form.delimiter, literal=True)
    return enough.scatter(long, enough.gather(long) & (said < form.width))


def _read_slowly(lines: _Lines, kinds: pl.DataFrame, form: TextForm) -> tuple[_Slow, int]:
    """The lines that are nothing yet, in order. A record may take lines that looked like something of their own."""
    slow = _Slow()
    waiting = kinds.filter(pl.col("unfit") | (pl.col("record") & ~pl.col("clean") & ~pl.col("quoted")))
    if not waiting.height:
        return slow, kinds.height
    texts = lines.texts.to_list()
    done = 0
    for at, unfit in waiting.select("at", "unfit").iter_rows():
        if at < done:
            continue
        if unfit:
            slow.unread.append(_unfit(texts[at], lines.first + at, undecodable=at in lines.wrong))
            continue
        record = record_at(texts, at, form.delimiter, form.width)
        if record is None and not lines.last and len(texts) - at < MAX_RECORD_LINES:
            return slow, at
        cells, span = record or ([], 1)
        done = at + span
        slow.taken.update(range(at + 1, done))
        if record is None:
            slow.unread.append(Unread(lines.first + at, 1, "unclosed_quote", texts[at][:MAX_CELL]))
        elif lines.wrong.intersection(range(at, done)):
            slow.unread.append(Unread(lines.first + at, span, "undecodable", texts[at][:MAX_CELL]))
        elif len(cells) < form.needed or any(cell.strip() for cell in cells[form.width :]):
            text = "\n".join(texts[at:done])[:MAX_CELL]
            slow.unread.append(Unread(lines.first + at, span, "cell_count", text, len(cells), form.needed))
        else:
            slow.records.append(Row(at, span, cells))
    return slow, len(texts)


def _unfit(text: str, line: int, *, undecodable: bool) -> Unread:
    if len(text.encode("utf-8", "replace")) > MAX_LINE_BYTES:
        return Unread(line, 1, "line_too_long", text[:MAX_CELL], expected=MAX_LINE_BYTES)
    code = "undecodable" if undecodable else "control_character"
    return Unread(line, 1, code, text[:MAX_CELL])


def _split(kinds: pl.DataFrame, form: TextForm) -> pl.DataFrame:
    cells = kinds["text"].str.split_exact(form.delimiter, form.width - 1).struct.unnest()
    cells.columns = form.names
    return _placed(kinds["at"], cells)


def _split_quoted(kinds: pl.DataFrame, form: TextForm) -> pl.DataFrame:
    schema = dict.fromkeys(form.names, pl.String)
    if kinds.is_empty():
        return _placed(kinds["at"], pl.DataFrame(schema=schema))
    cells = pl.read_csv(
        BytesIO("\n".join(kinds["text"]).encode()),
        has_header=False,
        separator=form.delimiter,
        schema=schema,
        missing_columns="insert",  # unnamed ones
        truncate_ragged_lines=True,  # blank cells
    )
    return _placed(kinds["at"], cells.fill_null(""))


def _framed(records: list[Row], form: TextForm) -> pl.DataFrame:
    """The slowly read records; a cell that the header has and the record lacks is empty."""
    cells = {
        name: pl.Series([row.cells[index] if index < len(row.cells) else "" for row in records], dtype=pl.String)
        for index, name in enumerate(form.names)
    }
    at = pl.Series([row.line for row in records], dtype=pl.Int32)
    return _placed(at, pl.DataFrame(cells)).with_columns(span=pl.Series([row.span for row in records], dtype=pl.Int32))


def _placed(at: pl.Series, cells: pl.DataFrame) -> pl.DataFrame:
    return cells.select(at.alias("at"), pl.lit(1, pl.Int32).alias("span"), pl.all())
