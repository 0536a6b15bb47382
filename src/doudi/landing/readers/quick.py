"""干净的一段文本：不解码、不逐行看，直接按字节切成列；哪里有一点不寻常，就整段交回去慢慢读。

The quick way through a piece of clean comma-separated text. In UTF-8 and in GB18030 no byte of a longer character is a
comma, a quote or a line's end, so that cells are cut from bytes, and only different words of columns are decoded.
"""

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from doudi.landing.readers.head import TOTAL
from doudi.landing.readers.table import MAX_LINE_BYTES
from doudi.landing.readers.text_form import TextForm

__all__ = ["clean_cells", "quoted_lines"]

_BLANK = r"""^[\s"',;|，\u3000]*$"""  # what may stand before the word that opens a total
_FEW_QUOTED = 16  # of so many lines one may have quotes
_LOOKED_AT, _ALIKE = 1024, 4  # cells that tell whether a column is of few words: a quarter of them or fewer
_WINDOW = MAX_LINE_BYTES // 4  # a line past the limit has a whole window inside, in either encoding


def quoted_lines(content: bytes) -> list[bytes] | None:
    """The lines with a quote in them; null when these are many, or when there are lines that may be too long."""
    if any(content.find(b"\n", at, at + _WINDOW) < 0 for at in range(0, len(content) - _WINDOW, _WINDOW)):
        return None
    lines: list[bytes] = []
    most = content.count(b"\n") // _FEW_QUOTED
    end = 0
    while (quote := content.find(b'"', end)) >= 0:
        start = content.rfind(b"\n", end, quote) + 1 or end
        end = content.find(b"\n", quote) + 1 or len(content)
        lines.append(content[start:end].rstrip(b"\r\n"))
        if len(lines) > most:
            return None
    return lines


def clean_cells(content: bytes, form: TextForm) -> tuple[pl.DataFrame, pl.Series] | None:
    """The cells of lines without control characters, in which every quote opens a cell and closes at its end.

    They are by `form.names`, with the index of each line; and the indexes of the lines that may be something else than
    a record. Null when some line has more or fewer cells than the header, another end, or is not in the encoding.
    """
    try:
        table = csv.read_csv(
            pa.BufferReader(content),
            csv.ReadOptions(column_names=form.names, use_threads=False, block_size=len(content) + 1),
            csv.ParseOptions(newlines_in_values=False, ignore_empty_lines=False),
            csv.ConvertOptions(column_types=dict.fromkeys(form.names, pa.binary())),
        )
        height = content.count(b"\n") + (not content.endswith(b"\n"))
        if table.num_rows != height:
            return None
        cells = pl.DataFrame({name: _decoded(table[name].combine_chunks(), form.encoding) for name in form.names})
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return None
    at = pl.int_range(height, dtype=pl.Int32, eager=True).alias("at")
    first = cells[form.names[0]]
    heads = [line.partition(form.delimiter)[0] for line in form.header_text]
    odd = first.is_in(heads) | first.str.contains(_BLANK) | first.str.contains(TOTAL)
    return cells.insert_column(0, at), at.filter(odd)


def _decoded(cells: pa.BinaryArray, encoding: str) -> pl.Series:
    """The cells as text; what is not plain ASCII is decoded word by word."""
    texts = cells.view(pa.string())  # those that are not plain ASCII may not be called so for long
    foreign = pc.invert(pc.string_is_ascii(texts))
    if not pc.any(foreign).as_py():
        return pl.Series(texts)
    few = len(cells[:_LOOKED_AT].dictionary_encode().dictionary) * _ALIKE <= _LOOKED_AT
    coded = (cells if few else cells.filter(foreign)).dictionary_encode()
    words = pa.array(b"\n".join(coded.dictionary.to_pylist()).decode(encoding).split("\n"))
    if few:
        return pl.Series(words, dtype=pl.String).gather(pl.Series(coded.indices).cast(pl.UInt32))
    return pl.Series(pc.replace_with_mask(texts, foreign, words.take(coded.indices)))
