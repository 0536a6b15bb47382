"""What the cases say about the tiers' rules: computed from the book, so that a new rule without cases is seen at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from doudi.policy.evaluate import Evaluation, Household, unknown
from doudi.policy.expr import Add, Among, And, Call, Compare, Multiply, Not, Or, Subtract, words_in

STRICTER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
DAYS = [
    (day, day) for day in (date(1950, 1, 1), date(1985, 1, 1), date(2015, 1, 1), date(2020, 1, 1), date(2024, 1, 1))
]
AMOUNTS = [(0, 0), (1, 1), (10**10, 10**10)]


def tier_tests(book):
    """Words that are tests of a tier, and the words that put them together."""
    return [word for word in book.words.values() if word.role == "test"]


def reach(book, words) -> set[str]:
    """Ids of the derived words that these rest on, themselves included."""
    found, todo = set(), list(words)
    while todo:
        word = book.words[todo.pop()]
        if word.kind == "derived" and word.id not in found:
            found.add(word.id)
            todo += words_in(word.node)
    return found


def comparisons(node) -> Iterator[Compare]:
    """Every comparison by size below a node."""
    match node:
        case Compare(op, left, right):
            if op in STRICTER and left.type.kind != "code":
                yield node
            yield from comparisons(left)
            yield from comparisons(right)
        case Add(a, b) | Subtract(a, b) | Multiply(a, b):
            yield from comparisons(a)
            yield from comparisons(b)
        case And(items) | Or(items):
            for item in items:
                yield from comparisons(item)
        case Not(item) | Among(item):
            yield from comparisons(item)
        case Call(_, args):
            for arg in args:
                yield from comparisons(arg)


def swapped(node, old, new):
    """The node with one comparison put in place of another."""
    if node is old:
        return new
    match node:
        case And(items) | Or(items):
            return replace(node, items=tuple(swapped(item, old, new) for item in items))
        case Not(item) | Among(item):
            return replace(node, item=swapped(item, old, new))
        case Compare(_, left, right) | Add(left, right) | Subtract(left, right) | Multiply(left, right):
            return replace(node, left=swapped(left, old, new), right=swapped(right, old, new))
        case Call(_, args):
            return replace(node, args=tuple(swapped(arg, old, new) for arg in args))
        case _:
            return node


def with_other_edge(book, word_id, comparison):
    """The book in which this one comparison takes the edge to the other side: `<` becomes `<=`."""
    word = book.words[word_id]
    flipped = replace(comparison, op=STRICTER[comparison.op])
    return replace(book, words=book.words | {word_id: replace(word, node=swapped(word.node, comparison, flipped))})


def labels(case, word):
    """For whom a word can be asked in a case."""
    return [person.label for person in case.household.persons] if word.grain == "person" else [None]


def expectations(case):
    """(word, label, what is expected) for every line of 应得 about a word; indicators are left out."""
    persons = {person.label for person in case.household.persons}
    rows = [
        (inner, name, value) for name, said in case.expected.items() if name in persons for inner, value in said.items()
    ]
    rows += [(name, None, value) for name, value in case.expected.items() if name not in persons]
    for name, label, value in rows:
        if word := case.view.book.word(name):
            yield word, label, value


def on_the_edge(evaluation, comparison, label) -> bool:
    """Both sides exact and equal."""
    sides = {evaluation.of(side, label) for side in (comparison.left, comparison.right)}
    return len(sides) == 1 and len(set(*sides)) == 1


def filled(case, fact_id):
    """The case again with an unknown fact filled in, one evaluation for each plausible value."""
    fact = case.view.book.facts[fact_id]
    kind = fact.type
    values = {"bool": [True, False], "date": DAYS, "quantity": AMOUNTS, "code": list(kind.words)}[kind.kind]
    nothing = unknown(kind)
    for value in values:
        persons = case.household.persons
        whole = dict(case.household.facts)
        if fact.grain == "person":
            persons = tuple(
                replace(p, facts={**p.facts, fact_id: value}) if p.facts.get(fact_id, nothing) == nothing else p
                for p in persons
            )
        elif whole.get(fact_id, nothing) == nothing:
            whole[fact_id] = value
        yield Evaluation(case.view, Household(persons, whole))


def lacks(case, fact_id) -> bool:
    """Is this fact unknown for somebody in the case?"""
    fact = case.view.book.facts[fact_id]
    nothing = unknown(fact.type)
    if fact.grain == "household":
        return case.household.facts.get(fact_id, nothing) == nothing
    return any(person.facts.get(fact_id, nothing) == nothing for person in case.household.persons)
