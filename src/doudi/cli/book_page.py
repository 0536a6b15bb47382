"""政策簿的页：整本书一页，按目录走，最后是全部案例连同答案。

The whole policy book as one page. First what it says, as headings, sentences and tables; then the same blocks as
Markdown or HTML.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, TypeAlias

from doudi.cli.book_check import cases_as_written
from doudi.cli.book_word import say_setting
from doudi.cli.screen import Watch
from doudi.cli.words import CADENCE, DISPOSITION, GRAIN
from doudi.errors import Refusal
from doudi.policy.cases import check_case, read_case
from doudi.policy.explain import DEMO
from doudi.policy.rule import Document
from doudi.policy.view import View

__all__ = ["Block", "Heading", "Line", "Table", "blocks", "html", "markdown", "write_page"]


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


def write_page(out: Path, seen: View, folder: Path, watch: Watch) -> int:
    """Writes the page to `out`, by its suffix; the number of cases on it."""
    writers = {".html": html, ".md": markdown}
    if out.suffix not in writers:
        raise Refusal("cli.page_suffix", f"不知道“{out.name}”要写成什么格式；请用 .html 或 .md 结尾。")
    written = list(cases_as_written(folder))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("w", encoding="utf-8", newline="\n") as page:
            page.write(writers[out.suffix](blocks(seen, written, watch)))
    except OSError as error:
        raise Refusal("cli.cannot_write", f"“{out}”写不进去（{error.strerror}）；请换一个位置。") from error
    return len(written)


def blocks(seen: View, cases: Sequence[tuple[str, Any]], watch: Watch) -> Iterator[Block]:
    """The page: documents, parameters, tiers, programmes, indicators, cases."""
    book = seen.book
    yield Heading(1, "政策簿")
    yield Line(
        f"内容摘要 {book.hash[:16]}；参数“现行”一栏是 {seen.at} 在 {seen.county} 的取值；标着“{DEMO}”的不是政策，只供示范。"
    )
    yield Heading(2, "文件与条款")
    for document in book.documents:
        yield from _document(document)
    yield Heading(2, "参数")
    yield Table(("参数", "id", "地区", "施行", "取值", "依据", "级", "", "现行"), list(_parameters(seen)))
    yield Heading(2, "层级")
    yield from _tiers(seen)
    yield Heading(2, "推出的词")
    derived = [book.words[w] for w in book.order if book.words[w].role == "word"]
    yield Table(("词", "对象", "定义", "依据"), [(w.name, GRAIN[w.grain], w.text, _joined(w.basis)) for w in derived])
    yield Heading(2, "救助项目")
    rows = [
        (p.name, p.department, GRAIN[p.unit], CADENCE[p.cadence], book.words[p.due].text, _joined(p.basis))
        for p in book.programmes
    ]
    yield Table(("项目", "部门", "对象", "周期", "应享条件", "依据"), rows)
    yield Heading(2, "指标")
    yield from _indicators(seen)
    yield Heading(2, "案例")
    yield Line("每个案例都由同一套规则算出；“答案”与书上写的不同时会写出来。")
    for done, (place, raw) in enumerate(cases, 1):
        yield from _case(seen, place, raw)
        watch(done, len(cases), place)


def _document(document: Document) -> Iterator[Block]:
    until = f"至 {document.end}" if document.end else "起"
    yield Heading(3, f"{document.code} {document.title}")
    yield Line(f"{document.number or '无文号'}；{document.start} {until}施行；可信度 {document.grade}")
    rows = []
    for clause in document.clauses:
        state = clause.not_formalised and f"尚未写成规则：{clause.not_formalised}"
        rows.append((clause.id, clause.meaning, state or (clause.feature or "")))
    yield Table(("条款", "要点", "由什么实现"), rows)


def _parameters(seen: View) -> Iterator[tuple[str, ...]]:
    for parameter in seen.book.parameters.values():
        for value in parameter.values:
            yield (
                parameter.name, parameter.id, value.region, f"{value.start} 至 {value.end or '今'}",
                say_setting(value.value, parameter), _joined(value.basis), value.grade, DEMO if value.demo else "",
                "现行" if seen.chosen.get(parameter.id) is value else "",
            )  # fmt: skip


def _tiers(seen: View) -> Iterator[Block]:
    words = seen.book.words
    for tier in seen.book.tiers:
        yield Heading(3, f"{tier.name}（{tier.id}，{GRAIN[tier.grain]}）")
        rows = []
        for path in tier.paths:
            for test in path.tests:
                word = words[test]
                rows.append((path.name, word.question or word.name, word.text, _joined(word.basis), word.clears))
        yield Table(("路径", "问", "条件", "依据", "不再成立的情形"), rows)
        if tier.amounts:
            amounts = [(words[a].name, words[a].text, _joined(words[a].basis)) for a in tier.amounts]
            yield Table(("金额", "算法", "依据"), amounts)


def _indicators(seen: View) -> Iterator[Block]:
    for disposition, name in DISPOSITION.items():
        rows = [
            (i.name, i.id, i.level, GRAIN[i.subject], i.text, i.unless_text, i.clears, i.owner, _joined(i.basis))
            for i in seen.book.indicators
            if i.disposition == disposition
        ]
        yield Heading(3, f"{name}（{len(rows)} 项）")
        yield Table(("指标", "id", "级别", "对象", "成立", "除非", "解除", "主管", "依据"), rows)


def _case(seen: View, place: str, raw: Any) -> Iterator[Block]:  # noqa: ANN401 - any YAML
    case = read_case(seen.book, raw, place)
    yield Heading(3, case.name)
    about = {key: _written(raw[key]) for key in ("监测日", "地区", "参数", "未写明", "家庭") if raw.get(key)}
    yield Line("；".join(f"{key}：{text}" for key, text in about.items()) + f"（依据 {_joined(case.basis)}；{place}）")
    yield Table(("成员", "已知"), [(str(m["称呼"]), _written(_without(m, "称呼"))) for m in raw["成员"]])
    wrong = check_case(case)
    answers = [(name, _written(wanted)) for name, wanted in case.expected.items()]
    yield Table(("问", "答案"), answers)
    for sentence in wrong:
        yield Line(f"不成立：{sentence}")


def _written(value: Any) -> str:  # noqa: ANN401 - any YAML
    if isinstance(value, Mapping):
        return "，".join(f"{key} {_written(inner)}" for key, inner in value.items())
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _without(entry: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != key}


def _joined(basis: Iterable[str]) -> str:
    return "、".join(basis)


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


_STYLE = """body{font:16px/1.6 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem;font-size:.9rem}
th,td{border:1px solid #c8c8c8;padding:.3rem .5rem;text-align:left;vertical-align:top}
th{background:#f2f2f2}h2{margin-top:3rem;border-bottom:2px solid #888}"""


def html(page: Iterable[Block]) -> str:
    """The page as one HTML file that needs nothing else."""
    parts = ['<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>政策簿</title>']
    parts.append(f"<style>{_STYLE}</style></head><body>")
    for block in page:
        match block:
            case Heading(level, text):
                parts.append(f"<h{level}>{escape(text)}</h{level}>")
            case Line(text):
                parts.append(f"<p>{escape(text)}</p>")
            case Table(columns, rows):
                head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
                body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
                parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    return "\n".join([*parts, "</body></html>\n"])
