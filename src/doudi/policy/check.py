"""A raw tree → typed nodes: units agree, grains agree, denominators are cleared, and nothing can overflow 64 bits."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from doudi.policy import functions
from doudi.policy.expr import (
    Add,
    Among,
    And,
    Call,
    Code,
    Compare,
    Multiply,
    Name,
    Node,
    Not,
    Number,
    Op,
    Or,
    Subtract,
)
from doudi.policy.quantities import BOOL, PLAIN, Type, times
from doudi.policy.scales import Scales

MOST_MEMBERS = 100  # for the proof that sums fit; larger households are split by the engine
MOST_MONTHS = 12 * 200
MOST_DAYS = 366 * 200
OPS: dict[type, Op] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
GRAINS = {"any": 0, "household": 1, "person": 2, "delivery": 3}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the checker must know of a word: its id, type, and grain (any, household, person, delivery)."""

    word: str
    type: Type
    grain: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A typed expression and the grain it speaks of."""

    node: Node
    grain: str


class Checker(Scales):
    """Types one rule's text.

    `lookup` gives a word's meaning by either of its names, or None; `den_limits` the largest denominator that each
    ratio parameter ever has.
    """

    def __init__(self, rule: str, lookup: Callable[[str], Meaning | None], den_limits: Mapping[str, int]) -> None:
        super().__init__(rule, den_limits)
        self.lookup = lookup

    def check(self, tree: ast.expr) -> Checked:
        """The typed expression; refuses with the rule's name and the reason."""
        return self._expr(tree, None)

    # -- one construct each --------------------------------------------------------------------------------------

    def _expr(self, tree: ast.expr, codes: tuple[str, ...] | None) -> Checked:
        match tree:
            case ast.Constant(value=int(value)):
                return Checked(Number(value, Type("quantity", limit=value, literal=True)), "any")
            case ast.Name(id=name):
                return self._name(name, codes)
            case ast.BinOp(left, op, right):
                return self._arithmetic(self._quantity(left), op, self._quantity(right))
            case ast.Compare(left, [op], [right]):
                return self._comparison(left, op, right)
            case ast.BoolOp(op, values):
                items = [self._bool(value) for value in values]
                nodes = tuple(item.node for item in items)
                return Checked(And(nodes) if isinstance(op, ast.And) else Or(nodes), self._grain(*items))
            case ast.UnaryOp(ast.Not(), operand):
                item = self._bool(operand)
                return Checked(Not(item.node), item.grain)
            case ast.Call(ast.Name(id=name), args):
                return self._call(name, args)
            case _:
                self.refuse("policy.foreign_construct", "用了语言之外的写法")

    def _name(self, name: str, codes: tuple[str, ...] | None) -> Checked:
        if codes and name in codes:
            return Checked(Code(name, Type("code", words=codes)), "any")
        meaning = self.lookup(name)
        if meaning is None:
            allowed = f"（此处可写：{'、'.join(codes)}）" if codes else ""
            self.refuse("policy.unknown_word", f"用了词表里没有的“{name}”{allowed}")
        if meaning.type.kind in ("monthday", "text"):
            self.refuse("policy.wrong_type", f"“{name}”是设置项，不能写进条件")
        kind = meaning.type
        if kind.kind == "ratio":
            kind = Type("quantity", PLAIN, limit=kind.limit, dens=(meaning.word,))
        return Checked(Name(meaning.word, kind), meaning.grain)

    def _bool(self, tree: ast.expr) -> Checked:
        item = self._expr(tree, None)
        if item.node.type.kind != "bool":
            self.refuse("policy.wrong_type", f"“{ast.unparse(tree)}”应是条件（是/否）")
        return item

    def _quantity(self, tree: ast.expr) -> Checked:
        item = self._expr(tree, None)
        if item.node.type.kind != "quantity":
            self.refuse("policy.wrong_type", f"“{ast.unparse(tree)}”应是数量")
        return item

    def _arithmetic(self, a: Checked, op: ast.operator, b: Checked) -> Checked:
        grain = self._grain(a, b)
        if isinstance(op, ast.Mult):
            return Checked(self._product(a.node, b.node), grain)
        left, right = self.same_scale(*self.same_unit(a.node, b.node))
        kind = left.type.with_(
            limit=self.fits(left.type.limit + right.type.limit),
            literal=left.type.literal and right.type.literal,
            signed=left.type.signed or right.type.signed or isinstance(op, ast.Sub),
        )
        return Checked(Add(left, right, kind) if isinstance(op, ast.Add) else Subtract(left, right, kind), grain)

    def _product(self, a: Node, b: Node) -> Node:
        if a.type.signed or b.type.signed:
            if not (a.type.literal or b.type.literal) or (a.type.signed and b.type.signed):
                self.refuse("policy.signed_product", "把可能为负的数乘以别的词，请先用 不小于零(…)")
            a, b = (b, a) if a.type.literal else (a, b)
        kind = Type(
            "quantity",
            times(a.type.unit, b.type.unit),
            signed=a.type.signed or b.type.signed,
            limit=self.fits(a.type.limit * b.type.limit),
            dens=tuple(sorted(a.type.dens + b.type.dens)),
            literal=a.type.literal and b.type.literal,
        )
        return Multiply(a, b, kind)

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Checked:
        if isinstance(op, ast.In | ast.NotIn):
            return self._among(left, right, negated=isinstance(op, ast.NotIn))
        a = self._expr(left, None)
        b = self._expr(right, a.node.type.words or None)
        grain = self._grain(a, b)
        sign = OPS[type(op)]
        kinds = {a.node.type.kind, b.node.type.kind}
        if kinds == {"code"} and sign in ("==", "!="):
            return Checked(Compare(sign, a.node, b.node), grain)
        if kinds == {"date"}:
            return Checked(Compare(sign, a.node, b.node), grain)
        if kinds == {"quantity"}:
            return Checked(Compare(sign, *self.same_scale(*self.same_unit(a.node, b.node))), grain)
        self.refuse("policy.wrong_type", f"不能比较“{ast.unparse(left)}”与“{ast.unparse(right)}”")

    def _among(self, left: ast.expr, right: ast.expr, *, negated: bool) -> Checked:
        item = self._expr(left, None)
        words = right.elts if isinstance(right, ast.Tuple) else [right]
        if item.node.type.kind != "code":
            self.refuse("policy.wrong_type", f"in 只用于代码类的词，“{ast.unparse(left)}”不是")
        named = []
        for word in words:
            if not isinstance(word, ast.Name) or word.id not in item.node.type.words:
                allowed = "、".join(item.node.type.words)
                self.refuse(
                    "policy.unknown_code", f"“{ast.unparse(word)}”不在“{ast.unparse(left)}”的取值（{allowed}）里"
                )
            named.append(word.id)
        return Checked(Among(item.node, tuple(named), negated), item.grain)

    # -- calls ---------------------------------------------------------------------------------------------------

    def _call(self, name: str, args: list[ast.expr]) -> Checked:
        function = functions.find(name)
        if function is None:
            known = "、".join(functions.BY_CHINESE)
            self.refuse("policy.unknown_function", f"没有名为“{name}”的函数；可用：{known}")
        wanted = function.takes
        if wanted[-1] == "…":
            wanted = wanted[:1] * len(args)
        if len(args) != len(wanted) or not args:
            self.refuse("policy.wrong_arity", f"“{name}”要 {len(wanted)} 个参数，写了 {len(args)} 个")
        given = [self._expr(arg, None) for arg in args]
        for kind, arg, item in zip(wanted, args, given, strict=True):
            fits = {"ordered": ("quantity", "date"), "same": ("quantity", "date", "bool")}.get(kind, (kind,))
            if item.node.type.kind not in fits:
                self.refuse("policy.wrong_type", f"“{name}”的参数“{ast.unparse(arg)}”类型不对")
        grain = self._call_grain(function.name, given)
        nodes, kind_ = self._call_type(function.name, [item.node for item in given])
        return Checked(Call(function.name, tuple(nodes), kind_), grain)

    def _call_grain(self, name: str, given: list[Checked]) -> str:
        inner = self._grain(*given)
        if name in functions.OVER_MEMBERS:
            if inner == "delivery":
                self.refuse("policy.wrong_grain", "不能对数据交付使用成员函数")
            return "household"
        return "person" if name == "count_parents" else inner

    def _call_type(self, name: str, nodes: list[Node]) -> tuple[list[Node], Type]:
        first = nodes[0].type
        match name:
            case "any_member" | "all_members":
                return nodes, BOOL
            case "count_members":
                return nodes, Type("quantity", (("person", 1),), limit=MOST_MEMBERS)
            case "count_parents":
                return nodes, Type("quantity", (("person", 1),), limit=2)
            case "count_true":
                return nodes, Type("quantity", (("item", 1),), limit=len(nodes))
            case "sum_members" | "max_members" | "min_members":
                if first.signed:
                    self.refuse("policy.signed_product", "对可能为负的数求合计或最值，请先用 不小于零(…)")
                many = MOST_MEMBERS if name == "sum_members" else 1
                return nodes, first.with_(limit=self.fits(first.limit * many), literal=False)
            case "choose":
                pair, kind = self._alike(nodes[1], nodes[2])
                return [nodes[0], *pair], kind
            case "min" | "max":
                pair, kind = self._alike(nodes[0], nodes[1])
                return pair, kind
            case "at_least_zero":
                return nodes, first.with_(signed=False)
            case "share":
                return nodes, self._share(first, nodes[1].type)
            case "months_between" | "days_between":
                unit, limit = ("month", MOST_MONTHS) if name == "months_between" else ("day", MOST_DAYS)
                return nodes, Type("quantity", ((unit, 1),), limit=limit)
            case _:
                return nodes, self._rounding(first)

    def _share(self, total: Type, parts: Type) -> Type:
        if total.signed or parts.signed or total.dens or parts.dens:
            self.refuse("policy.signed_product", "平摊的总额和份数不能为负，也不能带比率，请先用 不小于零(…) 或取整")
        unit = times(total.unit, tuple((name, -power) for name, power in parts.unit))
        return Type("quantity", unit, limit=total.limit)

    def _rounding(self, kind: Type) -> Type:
        if kind.signed:
            self.refuse("policy.signed_product", "对可能为负的数取整，请先用 不小于零(…)")
        step = 100
        for den in kind.dens:
            step *= self.den_limits[den]
        self.fits(2 * kind.limit + 2 * step)
        return kind.with_(dens=(), literal=False, limit=kind.limit + 100)

    def _alike(self, a: Node, b: Node) -> tuple[list[Node], Type]:
        """Two branches of one kind, unit and scale, and the type that covers both."""
        if a.type.kind != b.type.kind:
            self.refuse("policy.wrong_type", "两个分支类型不同")
        if a.type.kind != "quantity":
            return [a, b], a.type
        left, right = self.same_scale(*self.same_unit(a, b))
        kind = left.type.with_(
            limit=max(left.type.limit, right.type.limit),
            signed=left.type.signed or right.type.signed,
            literal=left.type.literal and right.type.literal,
        )
        return [left, right], kind

    def _grain(self, *items: Checked) -> str:
        grain = max((item.grain for item in items), key=GRAINS.__getitem__, default="any")
        if grain == "delivery" and any(item.grain in ("person", "household") for item in items):
            self.refuse("policy.wrong_grain", "把数据交付的词与人、户的词写在一起了")
        return grain
