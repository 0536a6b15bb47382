"""What stands where in an expression: outside and inside member and parent calls, and who builds on whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from doudi.policy.expr import Call, Denominator, Name, Node, children
from doudi.policy.functions import OVER_MEMBERS
from doudi.policy.rule import Word


def outer(node: Node) -> Iterator[Node]:
    """The node and what is below it, without what stands inside member and parent calls."""
    yield node
    if not is_call(node):
        for child in children(node):
            yield from outer(child)


def is_call(node: Node) -> bool:
    """A call over members or parents."""
    return isinstance(node, Call) and (node.function in OVER_MEMBERS or node.function == "count_parents")


def calls(node: Node) -> list[Call]:
    """The member and parent calls of an expression; none stands inside another."""
    return [part for part in outer(node) if isinstance(part, Call) and is_call(part)]


def outer_words(node: Node) -> list[str]:
    """Ids of the words read outside of such calls, repeats included."""
    return [part.word for part in outer(node) if isinstance(part, Name | Denominator)]


def words(node: Node) -> list[str]:
    """Ids of all words of an expression, repeats included."""
    found = [node.word] if isinstance(node, Name | Denominator) else []
    return found + [word for child in children(node) for word in words(child)]


def layers(words: list[Word]) -> Iterator[list[Word]]:
    """Words of one stage by how many of each other they stand on."""
    depth: dict[str, int] = {}
    for word in words:
        inside = [depth[name] + 1 for name in outer_words(word.node) if name in depth] if word.node else []
        depth[word.id] = max(inside, default=0)
    for level in sorted(set(depth.values())):
        yield [word for word in words if depth[word.id] == level]


def unique(items: Iterable[str]) -> list[str]:
    """Each item once, in order."""
    return list(dict.fromkeys(items))
