"""Two amounts brought to one unit and one scale, and the proof that nothing overflows 64 bits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NoReturn, assert_never

from doudi.errors import Refusal
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
)
from doudi.policy.quantities import COUNTED, LARGEST, PLAIN, Type, unit_word


class Scales:
    """For one rule. `den_limits`: the largest denominator that each ratio parameter ever has."""

    def __init__(self, rule: str, den_limits: Mapping[str, int]) -> None:
        self.rule = rule
        self.den_limits = den_limits

    def same_unit(self, a: Node, b: Node) -> tuple[Node, Node]:
        """Both in one unit; a written number takes that of its neighbour."""
        if a.type.unit == b.type.unit:
            return a, b
        for literal, other in ((a, b), (b, a)):
            unit = other.type.unit
            counted = len(unit) == 1 and unit[0][1] == 1 and unit[0][0] in COUNTED
            if literal.type.literal and literal.type.unit == PLAIN and (counted or literal == Number(0, literal.type)):
                adopted = _with_unit(literal, unit)
                return (adopted, b) if literal is a else (a, adopted)
        of_a, of_b = unit_word(a.type.unit) or "无单位", unit_word(b.type.unit) or "无单位"
        self.refuse("policy.unit_mismatch", f"两边单位不同：{of_a} 与 {of_b}")

    def same_scale(self, a: Node, b: Node) -> tuple[Node, Node]:
        """Multiply each side by the denominators that only the other carries."""
        of_a, of_b = Counter(a.type.dens), Counter(b.type.dens)
        return self._scaled(a, of_b - of_a), self._scaled(b, of_a - of_b)

    def _scaled(self, node: Node, dens: Counter[str]) -> Node:
        for den in sorted(dens.elements()):
            below = Denominator(den, Type("quantity", limit=self.den_limits[den]))
            limit = self.fits(node.type.limit * below.type.limit)
            kind = node.type.with_(limit=limit, dens=tuple(sorted((*node.type.dens, den))), literal=False)
            node = Multiply(node, below, kind)
        return node

    def fits(self, limit: int) -> int:
        """The largest possible value, proved to fit into 64 bits."""
        if limit > LARGEST:
            self.refuse("policy.may_overflow", "最大可能的乘积超出 64 位整数，请缩小事实的 max")
        return limit

    def refuse(self, code: str, reason: str) -> NoReturn:
        """A Refusal that names the rule."""
        raise Refusal(code, f"规则“{self.rule}”{reason}。", rule=self.rule)


def _with_unit(node: Node, unit: tuple[tuple[str, int], ...]) -> Node:
    """A number, or arithmetic on numbers, in its neighbour's unit."""
    kind = node.type.with_(unit=unit)
    match node:
        case Number(value):
            return Number(value, kind)
        case Add(left, right):
            return Add(_with_unit(left, unit), _with_unit(right, unit), kind)
        case Subtract(left, right):
            return Subtract(_with_unit(left, unit), _with_unit(right, unit), kind)
        case Multiply(left, right):
            return Multiply(_with_unit(left, unit), right, kind)
        case Name() | Denominator() | Code() | Compare() | Among() | And() | Or() | Not() | Call():
            return node
        case _:
            assert_never(node)
