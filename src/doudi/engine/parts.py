"""Arguments that a function names more than once become columns of their own, worked out once and shared.

`若(甲, 较小(乙, 丙), 丁)` writes each of its arguments several times into SQL: nested, the text would grow with every level.
"""

from __future__ import annotations

from dataclasses import replace

from doudi.engine.within import is_call
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
from doudi.policy.rule import Word


def with_parts(words: list[Word]) -> list[Word]:
    """The words, each preceded by the parts it needs; equal parts of different words are one."""
    found: dict[Node, Word] = {}
    told: list[Word] = []
    for word in words:
        if word.node is not None:
            before = len(found)
            node = _split(word.node, found)
            told += list(found.values())[before:]
            told.append(replace(word, node=node))
    return told


def _split(node: Node, found: dict[Node, Word]) -> Node:
    match node:
        case Number() | Name() | Denominator() | Code():
            return node
        case Add() | Subtract() | Multiply() | Compare():
            return replace(node, left=_split(node.left, found), right=_split(node.right, found))
        case And(items) | Or(items):
            return replace(node, items=tuple(_split(item, found) for item in items))
        case Not(item) | Among(item):
            return replace(node, item=_split(item, found))
        case Call(_, args):
            return node if is_call(node) else replace(node, args=tuple(_part(arg, found) for arg in args))


def _part(node: Node, found: dict[Node, Word]) -> Node:
    """The argument as a name: its own when it is one already (a member call has its columns too)."""
    if isinstance(node, Number | Name | Denominator | Code) or is_call(node):
        return node
    inner = _split(node, found)
    if inner not in found:
        part = f"part_{len(found) + 1}"
        found[inner] = Word(part, part, "derived", "any", inner.type, inner, role="part")
    return Name(found[inner].id, inner.type)
