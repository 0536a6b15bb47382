"""一个词的全部来历：定义、条款、所用的参数和事实。

What `doudi policy show` says of a word, a parameter, a tier, a programme or an indicator.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Final

from doudi.errors import Refusal
from doudi.policy.explain import DEMO, say_value
from doudi.policy.expr import Node
from doudi.policy.quantities import unit_word
from doudi.policy.rule import Book, Indicator, Parameter, ParameterValue, Programme, Setting, Tier, Word
from doudi.policy.shape import money_scale
from doudi.policy.view import View
from doudi.readout.words import CADENCE, DISPOSITION, GRAIN

__all__ = ["clause_line", "describe", "parameters_in_force", "say_setting"]

_KIND: Final = {"fact": "事实", "parameter": "参数", "constant": "常数", "derived": "推出的词"}


def describe(seen: View, name: str) -> Iterator[str]:
    """Lines about whatever bears that name or id. Refused with the nearest names when nothing does."""
    book = seen.book
    entries: list[Tier | Programme | Indicator] = [*book.tiers, *book.programmes, *book.indicators]
    for each in entries:
        if name in (each.id, each.name):
            match each:
                case Tier():
                    yield from _tier(seen, each)
                case Programme():
                    yield from _programme(seen, each)
                case Indicator():
                    yield from _indicator(seen, each)
            return
    if name in book.clauses():
        yield clause_line(book, name)
        return
    word = book.word(name)
    if word is None:
        known = [*book.by_name, *(each.name for each in entries)]
        near = get_close_matches(name, known, n=3, cutoff=0.5)
        also = f"是不是“{'”“'.join(near)}”？" if near else "请写词的中文名或 id。"
        raise Refusal("cli.no_such_word", f"政策簿里没有“{name}”。{also}")
    yield from _word(seen, word)


def parameters_in_force(seen: View) -> list[tuple[str, str, str, str, str]]:
    """Every parameter: name, value here and now, since when, clauses, 示范参数 or not."""
    rows = []
    for parameter in seen.book.parameters.values():
        used = seen.chosen.get(parameter.id)
        basis = "、".join(used.basis) if used else ""
        since = _period(used) if used else ""
        mark = DEMO if parameter.id in seen.demo else ""
        rows.append((parameter.name, say_setting(seen.settings[parameter.id], parameter), since, basis, mark))
    return rows


def say_setting(setting: Setting, parameter: Parameter) -> str:
    """A value of a parameter as people write it: 1,075.00 元/月·人、是、11-15、3/2、未找到."""
    match setting:
        case None:
            return "未找到"
        case bool():
            return "是" if setting else "否"
        case (month, day):
            return f"{month:02d}-{day:02d}"
        case str():
            return setting
    if parameter.type.kind == "ratio":
        return str(setting)
    if money_scale(parameter.type.unit) == 1:
        return f"{setting} {unit_word(parameter.type.unit)}".strip()
    return say_value((int(setting), int(setting)), parameter.type)


def clause_line(book: Book, clause_id: str) -> str:
    """A clause with its meaning, document and number."""
    clause = book.clauses()[clause_id]
    document = next(document for document in book.documents if document.code == clause.document)
    number = f"（{document.number}）" if document.number else ""
    return f"{clause_id} {clause.meaning} ——{document.title}{number}"


def _clauses(book: Book, basis: Iterable[str]) -> Iterator[str]:
    for clause in basis:
        yield f"  依据 {clause_line(book, clause)}"


def _period(value: ParameterValue) -> str:
    return f"{value.start} 至 {value.end or '今'}"


def _word(seen: View, word: Word) -> Iterator[str]:
    yield f"{word.name}（{word.id}）：{_KIND[word.kind]}，{GRAIN[word.grain]}{_type_of(word)}"
    if word.note:
        yield f"  {word.note}"
    if word.question:
        yield f"  问：{word.question}"
    if word.kind == "parameter":
        yield from _parameter(seen, seen.book.parameters[word.id])
    elif word.kind == "fact":
        fact = seen.book.facts[word.id]
        yield f"  来源：{'、'.join(fact.feeds) or '只由申报或走访得到'}；没有记录时：{_absence(fact.absence, on_record=fact.on_record)}"
    elif word.node is not None:
        yield f"  定义：{word.text}"
        yield from _clauses(seen.book, word.basis)
        if word.clears:
            yield f"  不再成立的情形：{word.clears}"
        yield from _rests_on(seen, word.node)


def _type_of(word: Word) -> str:
    unit = unit_word(word.type.unit)
    words = f"（{'、'.join(word.type.words)}）" if word.type.words else ""
    kinds = {"bool": "是否", "quantity": unit or "数", "date": "日期", "code": "类别", "ratio": "比例"}
    return f"，{kinds.get(word.type.kind, word.type.kind)}{words}"


def _absence(absence: int | bool | str | None, *, on_record: bool) -> str:
    if on_record:
        return "否（说的就是登记本身）"
    if absence is None:
        return "未知"
    said = {False: "否", True: "是"}.get(absence, absence) if isinstance(absence, bool) else absence
    return f"{said}（限于来件够新、够全时）"


def _parameter(seen: View, parameter: Parameter) -> Iterator[str]:
    used = seen.chosen.get(parameter.id)
    mark = f"［{DEMO}］" if parameter.id in seen.demo else ""
    yield f"  {seen.at} 在 {seen.county}：{say_setting(seen.settings[parameter.id], parameter)}{mark}"
    if parameter.rule == "floor":
        yield "  市级为下限，县区不低于市级的从县区"
    for value in parameter.values:
        here = "→" if value is used else " "
        demo = f"［{DEMO}］" if value.demo else ""
        basis = "、".join(value.basis)
        yield f"  {here} {value.region} {_period(value)}：{say_setting(value.value, parameter)}{demo}（{basis}，{value.grade} 级）"
    yield from _clauses(seen.book, dict.fromkeys(clause for value in parameter.values for clause in value.basis))


def _rests_on(seen: View, *nodes: Node | None) -> Iterator[str]:
    """The parameters, with their values here and now, and the facts that a rule rests on."""
    words = [seen.book.words[word] for word in sorted(seen.book.rests_on(*nodes))]
    for word in words:
        if word.kind == "parameter":
            mark = f"［{DEMO}］" if word.id in seen.demo else ""
            yield f"  参数 {word.name}：{say_setting(seen.settings[word.id], seen.book.parameters[word.id])}{mark}"
    facts = [word.name for word in words if word.kind == "fact"]
    if facts:
        yield f"  事实 {'、'.join(facts)}"


def _tier(seen: View, tier: Tier) -> Iterator[str]:
    book = seen.book
    yield f"{tier.name}（{tier.id}）：层级，第 {tier.order} 位，{GRAIN[tier.grain]}{'，与其他层级并行' if tier.overlay else ''}"
    for path in tier.paths:
        yield f"  路径 {path.name}"
        yield from _clauses(book, path.basis)
        for test in path.tests:
            word = book.words[test]
            yield f"    {word.question or word.name} {word.text}（{'、'.join(word.basis)}）"
    for amount in tier.amounts:
        yield f"  金额 {book.words[amount].name} ＝ {book.words[amount].text}（{'、'.join(book.words[amount].basis)}）"
    yield from _rests_on(seen, *(book.words[test].node for path in tier.paths for test in path.tests))


def _programme(seen: View, programme: Programme) -> Iterator[str]:
    yield f"{programme.name}（{programme.id}）：救助项目，{programme.department}，{GRAIN[programme.unit]}，{CADENCE[programme.cadence]}"
    if programme.note:
        yield f"  {programme.note}"
    yield f"  应享：{seen.book.words[programme.due].text}"
    yield from _clauses(seen.book, programme.basis)
    yield from _rests_on(seen, seen.book.words[programme.missing].node)


def _indicator(seen: View, indicator: Indicator) -> Iterator[str]:
    kind = DISPOSITION[indicator.disposition]
    off = "，默认关闭" if indicator.off else ""
    yield f"{indicator.name}（{indicator.id}）：指标，{kind}，{indicator.level}色，{GRAIN[indicator.subject]}，{indicator.owner}{off}"
    if indicator.note:
        yield f"  {indicator.note}"
    yield f"  成立：{indicator.text}"
    if indicator.unless_text:
        yield f"  除非：{indicator.unless_text}"
    yield f"  解除：{indicator.clears}"
    yield from _clauses(seen.book, indicator.basis)
    yield from _rests_on(seen, *(node for _, node in indicator.parts()))
