"""一页由标题、句子、表格组成，写成 Markdown 或 HTML。

What a page is made of, and its two forms.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

__all__ = ["Block", "Heading", "Line", "Table", "html", "markdown"]

SHELF = 2  # headings of this level make the table of contents


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the page's own."""

    level: int
    text: str


@dataclass(frozen=True)
class Line:
    """A sentence."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of cells under their columns."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


Block: TypeAlias = Heading | Line | Table


def markdown(page: Iterable[Block]) -> str:
    """The page as Markdown."""
    lines: list[str] = []
    for block in page:
        match block:
            case Heading(level, text):
                lines += [f"{'#' * level} {text}", ""]
            case Line(text):
                lines += [text, ""]
            case Table(columns, rows):
                lines += [_row(columns), _row(["---"] * len(columns)), *(_row(row) for row in rows), ""]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


_STYLE = """body{font:16px/1.6 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#1f2329}
nav a{display:inline-block;margin:0 1.2rem .5rem 0;padding:.4rem 0;color:#0958d9}
.wide{overflow-x:auto;margin:.5rem 0 1.5rem}table{border-collapse:collapse;width:100%;min-width:34rem;font-size:.9rem}
th,td{border:1px solid #d9dce1;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
td:first-child{min-width:8rem;overflow-wrap:normal}th{background:#f0f2f5}h2{margin-top:3rem;border-bottom:2px solid #8c939d}
@media print{nav{display:none}.wide{overflow:visible}tr{break-inside:avoid}}"""


def html(page: Iterable[Block]) -> str:
    """The page as one HTML file that needs nothing else."""
    parts = ['<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">']
    parts.append('<meta name="viewport" content="width=device-width, initial-scale=1"><title>政策簿</title>')
    parts.append(f"<style>{_STYLE}</style></head><body>")
    told = list(page)
    shelves = [block.text for block in told if isinstance(block, Heading) and block.level == SHELF]
    links = "".join(f'<a href="#{escape(text)}">{escape(text)}</a>' for text in shelves)
    parts.append(f'<nav aria-label="目录">{links}</nav>')
    for block in told:
        match block:
            case Heading(level, text):
                name = f' id="{escape(text)}"' if level == SHELF else ""
                parts.append(f"<h{level}{name}>{escape(text)}</h{level}>")
            case Line(text):
                parts.append(f"<p>{escape(text)}</p>")
            case Table(columns, rows):
                head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
                body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
                parts.append(
                    f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
                )
    return "\n".join([*parts, "</body></html>\n"])
