"""Cases and described households: Chinese YAML → an evaluation, and what it should answer → what it does.

The format is in `docs/build/language.md`; `doudi decide` reads the same one without 应得. Values are arithmetic over
integers, decimals and parameter names, in yuan and whole units.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn, cast

from doudi.errors import Refusal
from doudi.policy.book_yaml import read_yaml
from doudi.policy.evaluate import Evaluation, Household, Person, unknown
from doudi.policy.explain import say_value
from doudi.policy.quantities import Quantity, Type, Value
from doudi.policy.rule import Book, Indicator, Setting, Word
from doudi.policy.shape import TRUTH, Entry, money_scale
from doudi.policy.view import View, view

UNKNOWN_WORDS = ("未知", "无法判断")
BOUND_KEYS = {"至少", "至多"}
PERSON_KEYS = {"称呼", "父亲", "母亲", "户外"}
KEYS = ("依据", "地区", "监测日", "参数", "未写明", "家庭", "成员", "应得", "说明", "规则", "例号", "出处")
LONGEST_SUM = 200
NO_FACT: dict[str, Value] = {"quantity": (0, 0), "bool": False, "date": (None, None)}


@dataclass(frozen=True)
class Case:
    """A described household under its view; `expected` is what 应得 says, as written."""

    name: str
    basis: tuple[str, ...]
    view: View
    household: Household
    expected: Mapping[str, Any]
    place: str

    def evaluation(self) -> Evaluation:
        """Ready to be asked."""
        return Evaluation(self.view, self.household)


def load_cases(book: Book, folder: Path) -> Iterator[Case]:
    """Every case of every file in `folder`."""
    for path in sorted(folder.glob("*.yaml")):
        for raw in read_yaml(path):
            yield read_case(book, raw, path.name)


def read_case(book: Book, raw: Any, place: str, *, production: bool = False) -> Case:  # noqa: ANN401  # any YAML
    """One described household. Refuses unknown words, labels and values with the place; `production` as in `view`."""
    entry = Entry(raw, place, ("监测日", "成员"), ("案例", *KEYS))
    overrides: dict[str, Setting] = {}
    raw_parameters = entry.raw.get("参数") or {}
    region = entry.text("地区", "370500")
    at = entry.day("监测日")
    if at is None or not region[:6].isdecimal():
        entry.refuse("监测日要写日期，地区要写区划代码")
    for name, value in raw_parameters.items():
        word = _word(book, entry, name)
        if word.kind != "parameter":
            entry.refuse(f"参数里的“{name}”不是参数")
        overrides[word.id] = _parameter(value, word.type, entry)
    seen = view(book, at, region[:6], production=production, overrides=overrides)
    reader = _Values(seen, entry, nothing=entry.one_of("未写明", ("无", "未知"), "未知") == "无")
    household = Household(tuple(reader.persons()), reader.facts(entry.raw.get("家庭") or {}, "household"))
    return Case(
        entry.text("案例") or entry.place, entry.texts("依据"), seen, household, entry.raw.get("应得") or {}, place
    )


def check_case(case: Case, evaluation: Evaluation | None = None) -> list[str]:
    """What differs from 应得: one Chinese sentence each; empty = the case holds."""
    e = evaluation or case.evaluation()
    entry = Entry({"案例": case.name}, case.place, (), ("案例",))
    reader = _Values(case.view, entry, nothing=False)
    wrong = []
    for name, wanted in case.expected.items():
        rows: list[tuple[str, Any, str | None]] = [(name, wanted, None)]
        if name in e.persons:
            rows = [(inner, value, name) for inner, value in wanted.items()]
        for inner, value, label in rows:
            if indicator := _indicator(case.view.book, inner):
                wrong += _alert_differs(case, indicator, value, label, e)
                continue
            word = _word(case.view.book, entry, inner)
            got = e.value(word.id, label)
            expected = reader.value(value, word)
            if not _equal(got, expected, word, case.view):
                said = f"{f'{label}的' if label else ''}“{inner}”"
                wrong.append(
                    f"案例“{case.name}”：{said}应为 {say_value(expected, word.type)}，"
                    f"得到 {say_value(got, word.type, _below(word, case.view))}。"
                )
    return wrong


def _indicator(book: Book, name: Any) -> Indicator | None:  # noqa: ANN401  # a YAML key
    return next((i for i in book.indicators if name in (i.name, i.id)), None)


def alerts(e: Evaluation, indicator: Indicator, label: str | None = None) -> bool | None:
    """Whether the indicator opens an alert: a yes of `unless` silences it, an unknown one does not."""
    if indicator.unless is not None and e.truth(indicator.unless, label):
        return False
    return e.truth(indicator.when, label)


def _alert_differs(case: Case, indicator: Indicator, wanted: Any, label: str | None, e: Evaluation) -> list[str]:  # noqa: ANN401  # a YAML scalar
    said = {True: "是", False: "否", None: "未知"}
    got = alerts(e, indicator, label)
    level = "红" if got and indicator.red_when is not None and e.truth(indicator.red_when, label) else indicator.level
    if wanted in (said[got], f"{said[got]}，{level}"):
        return []
    return [
        f"案例“{case.name}”：{f'{label}的' if label else ''}预警“{indicator.name}”应为 {wanted}，得到 {said[got]}，{level}。"
    ]


def _equal(got: Value, expected: Value, word: Word, seen: View) -> bool:
    below = _below(word, seen)
    if word.type.kind != "quantity" or below == 1:
        return got == expected
    lo, hi = cast(Quantity, expected)
    return got == (None if lo is None else lo * below, None if hi is None else hi * below)


def _below(word: Word, seen: View) -> int:
    below = 1
    for den in word.type.dens:
        below *= seen.denominators[den]
    return below


def _word(book: Book, entry: Entry, name: Any) -> Word:  # noqa: ANN401  # a YAML key
    word = book.word(str(name))
    if word is None:
        entry.refuse(f"用了词表里没有的“{name}”")
    return word


def _parameter(raw: Any, kind: Type, entry: Entry) -> Setting:  # noqa: ANN401  # any YAML
    if raw in ("未找到", "未知"):
        return None
    if kind.kind == "bool" and raw in TRUTH:
        return TRUTH[raw]
    if kind.kind in ("quantity", "ratio"):
        number = arithmetic(str(raw), {}, entry)
        return number * money_scale(kind.unit) if kind.kind == "quantity" else number
    return str(raw)


class _Values:
    """Reads the values of one case."""

    def __init__(self, seen: View, entry: Entry, *, nothing: bool) -> None:
        self.view = seen
        self.entry = entry
        self.nothing = nothing
        self.names: dict[str, Fraction] = {}
        for parameter in seen.book.parameters.values():
            setting = seen.settings[parameter.id]
            if isinstance(setting, Fraction):
                scale = money_scale(parameter.type.unit) if parameter.type.kind == "quantity" else 1
                self.names[parameter.name] = self.names[parameter.id] = setting / scale

    def persons(self) -> Iterator[Person]:
        labels = [str(raw.get("称呼", "")) for raw in self.entry.list("成员") if isinstance(raw, dict)]
        if not labels:
            self.entry.refuse("至少要写一个成员")
        if len(labels) != len(self.entry.list("成员")) or "" in labels or len(set(labels)) != len(labels):
            self.entry.refuse("每个成员要有各不相同的 称呼")
        for raw in self.entry.list("成员"):
            for parent in (raw.get("父亲"), raw.get("母亲")):
                if parent is not None and parent not in labels:
                    self.entry.refuse(f"“{parent}”不在成员里；不在本户的父母也要列出并写 户外: 是")
            facts = {key: value for key, value in raw.items() if key not in PERSON_KEYS}
            yield Person(
                raw["称呼"],
                self.facts(facts, "person"),
                raw.get("父亲"),
                raw.get("母亲"),
                outside=TRUTH.get(raw.get("户外", False), False),
            )

    def facts(self, raw: Mapping[str, Any], grain: str) -> dict[str, Value]:
        own = [fact for fact in self.view.book.facts.values() if fact.grain == grain]
        # A fact that speaks of the register itself is never unknown: no record is an exact no.
        facts: dict[str, Value] = {f.id: self._none(f.type) for f in own if self.nothing or f.on_record}
        for name, value in raw.items():
            word = _word(self.view.book, self.entry, name)
            if word.kind != "fact" or word.grain != grain:
                self.entry.refuse(f"“{name}”不是{'个人' if grain == 'person' else '家庭'}的事实")
            facts[word.id] = self.value(value, word)
        return facts

    @staticmethod
    def _none(kind: Type) -> Value:
        if kind.kind == "code":
            return "无" if "无" in kind.words else None
        if kind.unit == (("grade", 1),):
            return (9, 9)
        return NO_FACT[kind.kind]

    def value(self, raw: Any, word: Word) -> Value:  # noqa: ANN401  # any YAML; one return a type
        kind = word.type
        if isinstance(raw, str) and raw in UNKNOWN_WORDS:
            return unknown(kind)
        if isinstance(raw, dict):
            return self._bounds(raw, word)
        match kind.kind:
            case "bool":
                return TRUTH[raw] if raw in TRUTH and type(raw) is not int else self._unfit(raw, word, "是、否 或 未知")
            case "code":
                return str(raw) if raw in kind.words else self._unfit(raw, word, "、".join(kind.words))
            case "date":
                try:
                    day = date.fromisoformat(str(raw))
                except ValueError:
                    self._unfit(raw, word, "日期（2024-01-31）")
                return (day, day)
            case _:
                number = self._number(raw, word)
                return (number, number)

    def _bounds(self, raw: dict[str, Any], word: Word) -> Value:
        if not raw.keys() <= BOUND_KEYS or not raw or word.type.kind not in ("quantity", "date"):
            self._unfit(raw, word, "{至少: …, 至多: …}")
        ends: list[Any] = [None, None]
        if word.type.kind == "quantity" and not word.type.signed:
            ends[0] = 0
        for place, key in enumerate(("至少", "至多")):
            if key in raw:
                exact = self.value(raw[key], word)
                ends[place] = cast(Quantity, exact)[0]
        return cast(Value, (ends[0], ends[1]))

    def _number(self, raw: Any, word: Word) -> int:  # noqa: ANN401  # any YAML
        number = arithmetic(str(raw), self.names, self.entry) * money_scale(word.type.unit)
        if number.denominator != 1:
            self._unfit(raw, word, "整数（钱精确到分）")
        return int(number)

    def _unfit(self, raw: Any, word: Word, wanted: str) -> NoReturn:  # noqa: ANN401  # any YAML
        self.entry.refuse(f"“{word.name}”的值“{raw}”不合适，应是 {wanted}")


def arithmetic(text: str, names: Mapping[str, Fraction], entry: Entry) -> Fraction:
    """`(100 - 6480 / 12 / 6) * 6` exactly. Numbers, parameter names, + - * / and brackets; anything else is refused."""
    if len(text) > LONGEST_SUM:
        entry.refuse(f"算式过长：“{text[:40]}…”")
    try:
        return _sum(ast.parse(text.strip(), mode="eval").body, names, text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Refusal("policy.bad_sum", f"{entry.place}：“{text}”不是能算的数。") from error
    except ZeroDivisionError as error:
        raise Refusal("policy.bad_sum", f"{entry.place}：“{text}”除以了零。") from error


def _sum(node: ast.expr, names: Mapping[str, Fraction], text: str) -> Fraction:
    match node:
        case ast.Constant(value=int() | float()):
            return Fraction(ast.get_source_segment(text.strip(), node) or "")
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.UnaryOp(ast.USub(), operand):
            return -_sum(operand, names, text)
        case ast.BinOp(left, op, right):
            a, b = _sum(left, names, text), _sum(right, names, text)
            match op:
                case ast.Add():
                    return a + b
                case ast.Sub():
                    return a - b
                case ast.Mult():
                    return a * b
                case ast.Div():
                    return a / b
    raise ValueError(text)
