"""A verdict in Chinese: the question, the numbers, the line, by how much, the clause, and what would clear it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from doudi.policy.evaluate import Evaluation
from doudi.policy.expr import (
    Add,
    Among,
    And,
    Call,
    Code,
    Compare,
    Denominator,
    Multiply,
    Name,
    Node,
    Not,
    Number,
    Or,
    Subtract,
    children,
)
from doudi.policy.functions import FUNCTIONS
from doudi.policy.quantities import Quantity, Type, Value, subtract, unit_word
from doudi.policy.rule import Tier, Word
from doudi.policy.shape import money_scale

VERDICT = {True: "是", False: "否", None: "无法判断"}
SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "＝", "!=": "≠"}
DEMO = "示范参数"
GRADE, NO_GRADE = (("grade", 1),), 9  # how the facts write that there is no grade: worse than the lightest


def say_verdict(verdict: bool | None) -> str:  # noqa: FBT001  # a verdict is what it says
    """是 / 否 / 无法判断."""
    return VERDICT[verdict]


def say_value(value: Value, kind: Type, below: int = 1) -> str:
    """A value with its unit; bounds as 至少 / 至多; `below` = denominators the stored number still carries."""
    if kind.kind == "bool":
        return VERDICT[cast(bool | None, value)]
    if kind.kind == "code":
        return str(value) if value is not None else "未知"
    lo, hi = cast(Quantity, value)
    if kind.unit == GRADE and lo == hi == NO_GRADE:
        return "无"
    unit = f" {unit_word(kind.unit)}" if kind.unit else ""
    if lo is not None and lo == hi:
        return f"{_number(lo, kind, below)}{unit}"
    if hi is None:
        known = lo is not None and (kind.kind == "date" or lo != 0)
        return f"至少 {_number(lo, kind, below)}{unit}" if known else "未知"
    if lo is None:
        return f"至多 {_number(hi, kind, below)}{unit}"
    return f"{_number(lo, kind, below)} 至 {_number(hi, kind, below)}{unit}"


def _number(number: object, kind: Type, below: int) -> str:
    if kind.kind == "date":
        return str(number)
    scale = money_scale(kind.unit) * below
    whole = cast(int, number)
    if scale == 1:
        return f"{whole:,}"
    return f"{'-' if whole < 0 else ''}{abs(whole) // scale:,}.{abs(whole) * 100 // scale % 100:02d}"


class Explanation:
    """Sentences about one evaluation. Lines are indented by two spaces per level."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.e = evaluation
        self.book = evaluation.book
        self._told: set[tuple[str, str | None]] = set()

    def word(self, word_id: str, person: str | None = None, depth: int = 0) -> Iterator[str]:
        """A word, its value and what it rests on; each word is unfolded once."""
        word = self.book.words[word_id]
        who = person if word.grain == "person" else None
        if (word_id, who) in self._told or word.node is None:
            yield self._head(word, who, depth) + self._marks(word)
            return
        self._told.add((word_id, who))
        yield from self.brief(word_id, who, depth)
        for below, label in self._named(word.node, who):
            if self.book.words[below].kind == "derived":
                yield from self.word(below, label, depth + 1)

    def brief(self, word_id: str, person: str | None = None, depth: int = 0) -> Iterator[str]:
        """A word with its value, its rule with the numbers filled in, and what would end a yes; nothing below it."""
        word = self.book.words[word_id]
        who = person if word.grain == "person" else None
        yield f"{self._head(word, who, depth)}{self._basis(word)}"
        formula = self.formula(word.node, who) if word.node is not None else word.name
        if word.node is not None and formula != word.name:
            yield f"{'  ' * (depth + 1)}{formula}{self._distance(word.node, who)}{self._marks(word)}"
        if word.clears and self.e.value(word_id, who) is True:
            yield f"{'  ' * (depth + 1)}不再成立的情形：{word.clears}"

    def _head(self, word: Word, who: str | None, depth: int) -> str:
        value = say_value(self.e.value(word.id, who), word.type, self._below(word.type))
        return f"{'  ' * depth}{f'{who}：' if who else ''}{word.question or word.name}：{value}"

    def tier(self, tier: Tier, person: str | None = None) -> Iterator[str]:
        """A tier: the verdict, then every path, test by test."""
        assessed = self.book.by_name[tier.assessed]
        who = person if tier.grain == "person" else None
        verdict = say_value(self.e.value(assessed, who), self.book.words[assessed].type)
        yield f"【{tier.name}】{f'{who}：' if who else ''}{verdict}"
        for path in tier.paths:
            yield f"  {path.name}：{say_value(self.e.value(path.id, who), self.book.words[path.id].type)}"
            for test in path.tests:
                yield from self.word(test, who, 2)

    def formula(self, node: Node, person: str | None) -> str:  # one case a node is the point
        """The rule with its numbers filled in."""
        match node:
            case Number(value):
                return str(value)
            case Code(word):
                return word
            case Name(word):
                meant = self.book.words[word]
                who = person if meant.grain == "person" else None
                return (
                    f"{meant.name}（{say_value(self.e.value(word, who), meant.type, self._below(meant.type))}）"
                    if meant.type.kind != "ratio"
                    else f"{meant.name}（{self._ratio(word)}）"
                )
            case Denominator():
                return ""
            case Multiply(left, Denominator()):
                return self.formula(left, person)
            case Add(left, right) | Subtract(left, right) | Multiply(left, right):
                sign = {Add: "＋", Subtract: "－", Multiply: "×"}[type(node)]
                return f"{self.formula(left, person)} {sign} {self.formula(right, person)}"
            case Compare(op, left, right):
                return f"{self.formula(left, person)} {SIGNS[op]} {self.formula(right, person)}"
            case Among(item, words, negated):
                return f"{self.formula(item, person)} {'不属于' if negated else '属于'} {'、'.join(words)}"
            case And(items) | Or(items):
                joint = " 且 " if isinstance(node, And) else " 或 "
                return joint.join(
                    f"（{self.formula(i, person)}）" if isinstance(i, And | Or) else self.formula(i, person)
                    for i in items
                )
            case Not(item):
                return f"并非（{self.formula(item, person)}）"
            case Call(function, args):
                if function.endswith("_members") or function in ("any_member", "count_parents"):
                    return f"{FUNCTIONS[function].chinese}（{self.plain(args[0])}）"
                return f"{FUNCTIONS[function].chinese}（{'，'.join(self.formula(a, person) for a in args)}）"

    def plain(self, node: Node) -> str:
        """The rule without numbers, for what is said of each member."""
        names = {part.word: self.book.words[part.word].name for part in _names(node)}
        if isinstance(node, Name):
            return names[node.word]
        return "、".join(names.values())

    def _named(self, node: Node, person: str | None) -> Iterator[tuple[str, str | None]]:
        for part in _names(node):
            meant = self.book.words[part.word]
            if meant.grain == "person" and person is None:
                for label in self.e.members:
                    yield part.word, label
            else:
                yield part.word, person

    def _distance(self, node: Node, person: str | None) -> str:
        """How far from the line, when the rule is one comparison of exact amounts."""
        if not isinstance(node, Compare) or node.left.type.kind != "quantity" or node.op in ("==", "!="):
            return ""
        gap = subtract(cast(Quantity, self.e.of(node.left, person)), cast(Quantity, self.e.of(node.right, person)))
        if gap[0] is None or gap[0] != gap[1]:
            return ""
        if gap[0] == 0:
            return "，恰好等于"
        size = (abs(gap[0]), abs(gap[0]))
        words = "低于" if gap[0] < 0 else "高于"
        return f"，{words}线 {say_value(size, node.left.type, self._below(node.left.type))}"

    def _below(self, kind: Type) -> int:
        below = 1
        for den in kind.dens:
            below *= self.e.view.denominators[den]
        return below

    def _ratio(self, word: str) -> str:
        lo, hi = cast(Quantity, self.e.value(word))
        below = self.e.view.denominators[word]
        return "未知" if lo != hi else f"{lo}/{below}" if below > 1 else str(lo)

    def _basis(self, word: Word) -> str:
        return f"（依据 {'、'.join(word.basis)}）" if word.basis else ""

    def _marks(self, word: Word) -> str:
        """示范参数, when what is named here directly is one."""
        direct = {part.word for part in _names(word.node)} if word.node else {word.id}
        demo = [self.book.words[name].name for name in sorted(direct & self.e.view.demo)]
        return f"［{DEMO}：{'、'.join(demo)}］" if demo else ""


def _names(node: Node | None) -> Iterator[Name]:
    if node is None:
        return
    if isinstance(node, Name):
        yield node
    for child in children(node):
        yield from _names(child)
