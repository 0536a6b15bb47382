"""Expressions of one relation that build on each other, in layers; what several of them share becomes a column.

`若(甲, 较小(乙, 丙), 丁)` writes each of its arguments several times into SQL: nested, the text would grow with every level.
"""

from __future__ import annotations

from collections import Counter

from doudi.engine.terms import Col, Op, Term, cols

Assigned = tuple[str, Term]
SMALL = 6  # nodes; a smaller shared expression is written out again


def layered(assigned: list[Assigned]) -> list[list[Assigned]]:
    """The assignments with the parts they share, each layer reading only the relation and the layers before it."""
    found = _with_parts(assigned)
    depth: dict[str, int] = {}
    terms = dict(found)

    def level(name: str) -> int:
        if name not in depth:
            depth[name] = max((level(c.name) + 1 for c in cols(terms[name]) if c.name in terms), default=0)
        return depth[name]

    levels = [level(name) for name, _ in found]
    return [[item for item, at in zip(found, levels, strict=True) if at == here] for here in sorted(set(levels))]


def _with_parts(assigned: list[Assigned]) -> list[Assigned]:
    uses: Counter[Term] = Counter()
    size: dict[Term, int] = {}

    def visit(term: Term) -> int:
        uses[term] += 1
        if term not in size:
            size[term] = 1 + (sum(map(visit, term.args)) if isinstance(term, Op) else 0)
        return size[term]

    for _, term in assigned:
        visit(term)
    names: dict[Term, str] = {}
    for name, term in assigned:
        if isinstance(term, Op):
            names.setdefault(term, name)
    told = list(assigned)
    for term, count in uses.items():
        if count > 1 and isinstance(term, Op) and size[term] >= SMALL and term not in names:
            names[term] = f"part_{len(names) + 1}"
            told.append((names[term], term))
    written: dict[Term, Term] = {}

    def inner(term: Term) -> Term:
        if not isinstance(term, Op):
            return term
        if term not in written:
            written[term] = Op(term.name, tuple(map(outer, term.args)), term.sure, term.natural)
        return written[term]

    def outer(term: Term) -> Term:
        return Col(names[term], names[term], "is") if term in names else inner(term)

    return [(name, inner(term) if names.get(term, name) == name else outer(term)) for name, term in told]
