"""政策簿的页：整本书一页，按目录走，最后是全部案例连同答案。

The whole policy book as one page. First what it says, as headings, sentences and tables; then the same blocks as
Markdown or HTML.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from doudi.cli.book_check import cases_as_written
from doudi.cli.book_forms import Block, Heading, Line, Table, html, markdown
from doudi.cli.book_word import say_setting
from doudi.cli.screen import Watch
from doudi.errors import Refusal
from doudi.policy.cases import check_case, read_case
from doudi.policy.explain import DEMO
from doudi.policy.rule import Book, Document
from doudi.policy.view import View
from doudi.readout.words import CADENCE, DISPOSITION, GRAIN

__all__ = ["blocks", "write_page"]

SHOWN = 8  # names beside a clause


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
    citing = _citing(book)
    for document in book.documents:
        yield from _document(document, citing)
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


def _document(document: Document, citing: Mapping[str, Sequence[str]]) -> Iterator[Block]:
    yield Heading(3, f"{document.code} {document.title}")
    yield Line(f"{document.number or '无文号'}；{_in_force(document.start, document.end)}施行；可信度 {document.grade}")
    rows = []
    for clause in document.clauses:
        done_by = [*([clause.feature] if clause.feature else []), *citing.get(clause.id, ())]
        if clause.not_formalised:
            done_by.insert(0, f"尚未写成规则：{clause.not_formalised}")
        more = f" 等 {len(done_by)} 处" if len(done_by) > SHOWN else ""
        rows.append((clause.id, clause.meaning, "、".join(done_by[:SHOWN]) + more))
    yield Table(("条款", "要点", "由什么实现"), rows)


def _citing(book: Book) -> dict[str, list[str]]:
    """For each clause, the names of what cites it: tests, words, programmes, indicators, parameters."""
    named = [(word.name, word.basis) for word in book.words.values() if word.role in ("word", "test", "path", "amount")]
    named += [(programme.name, programme.basis) for programme in book.programmes]
    named += [(indicator.name, indicator.basis) for indicator in book.indicators]
    named += [(each.name, value.basis) for each in book.parameters.values() for value in each.values]
    found: dict[str, dict[str, None]] = {}
    for name, basis in named:
        for clause in basis:
            found.setdefault(clause, {})[name] = None
    return {clause: list(names) for clause, names in found.items()}


def _in_force(start: date, end: date | None) -> str:
    """The first and the last day, both included, as a notice would say it."""
    return f"{start} 至 {end - timedelta(days=1)}" if end else f"{start} 起"


def _parameters(seen: View) -> Iterator[tuple[str, ...]]:
    for parameter in seen.book.parameters.values():
        for value in parameter.values:
            yield (
                parameter.name, parameter.id, value.region, _in_force(value.start, value.end),
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
