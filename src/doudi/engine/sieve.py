"""粗筛：只凭少数事实，先筛出任何指标都必为“否”的户，其余的户才逐字求值。

The language is monotone in information: what is *no* while some facts are taken as unknown stays *no* whatever they
are (docs/build/language.md). So the book is compiled once more with most facts unknown; the households for which no
indicator may hold need nothing else computed. Which facts are looked at decides the cost only, never the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from doudi.engine import terms as t
from doudi.engine.compile import UNASKED, Stage, Stages
from doudi.engine.meaning import Given, Meaning
from doudi.engine.pairs import Truth
from doudi.engine.terms import Term, cols, text
from doudi.policy.expr import Call
from doudi.policy.rule import Book, Indicator

PREFIX = "sieve_"
# Found by leaving facts out, one after another, on a city of 500,000: with all 158 recorded facts 8.7 % of its
# households remain, with these 26 9.1 %; without any one of them at least 0.4 % more. A word that the book no longer
# has is passed over; a new rule that hits without any of these lets more households through, and costs time only.
SIEVE_FACTS = frozenset(
    {
        "birth_date",
        "custody_on_record",
        "death_on_record",
        "disability_grade",
        "disability_kind",
        "enrolled_dibao",
        "enrolled_fanpin",
        "enrolled_margin",
        "enrolled_other",
        "enrolled_rigid",
        "enrolled_single",
        "enrolled_tekun",
        "fanpin_cleared",
        "hardship_student_on_record",
        "has_left",
        "has_refusal",
        "house_damage",
        "housing_need_on_record",
        "illness_diagnosed",
        "largest_stay_self_paid_fen_12m",
        "on_orphan_roll",
        "relation_to_head",
        "roll_on_record",
        "self_paid_fen_12m",
        "serious_illness_on_record",
        "unemployment_on_record",
    }
)
# The relations that have a row for nearly everybody: what the others tell is looked at only of the few whom they name
# (`noted.py`). A relation that is missing here makes nearly everybody one of the few, and costs time only.
OF_NEARLY_ALL = frozenset({"in_population", "medical_12m"})
# Derived words that let no household pass when they are taken as unknown, nor does any derived date: found likewise.
SIEVE_UNASKED = frozenset(
    {
        "education_recognised",
        "hardship_deducted",
        "hardship_deducted_person",
        "margin_assets_ok",
        "margin_homes_ok",
        "margin_household_line",
        "margin_property_ok",
        "margin_shops_ok",
        "margin_surely_below_after_expense",
        "person_income",
        "person_income_over",
        "running_income",
        "running_pension",
        "running_wage",
        "running_wage_countable",
        "school_age",
        "tekun_dibao_standard",
        "tekun_disability",
        "tekun_income",
        "tekun_property_ok",
        "tekun_without_labour",
        "wage_declared_net",
        "wage_income",
        "wage_registered_floor",
    }
)


def unasked_words(book: Book) -> frozenset[str]:
    """The derived words that the sieve takes as unknown."""
    return frozenset(word for word in book.order if word in SIEVE_UNASKED or book.words[word].type.kind == "date")


@dataclass(frozen=True, slots=True)
class Sieve:
    """`stages` read person_facts and household_facts and need only their columns in `facts`.

    `passed`: SELECT household_key, each once, of the households in which some indicator of the household or of a member
    may hold; `reads` what it reads.
    `decided` names the indicators that are *no* for everybody.
    """

    stages: tuple[Stage, ...]
    passed: str
    reads: tuple[str, ...]
    facts: frozenset[str]
    decided: frozenset[str]


def sieve(book: Book, given: Given = UNASKED, known: Iterable[str] | None = None, prefix: str = PREFIX) -> Sieve:
    """The sieve that looks at the facts `known` (else SIEVE_FACTS) and at constants only.

    What silences an indicator (`unless`) is not asked: it lets hardly any household pass.
    """
    looked = SIEVE_FACTS if known is None else frozenset(known)
    blind = Meaning(book, given.without(book, (fact for fact in book.facts if fact not in looked), unasked_words(book)))
    may: dict[str, list[Term]] = {"person": [], "household": []}
    decided = set()
    for indicator in book.indicators:
        if indicator.off or indicator.subject not in may:
            continue
        holds = _may_hold(indicator, blind)
        if holds == t.FALSE:
            decided.add(indicator.id)
        may[indicator.subject].append(holds)
    tests = {grain: _alternatives(t.either(*found)) for grain, found in may.items()}
    every = [test for found in tests.values() for test in found]
    stages = Stages(blind, (), prefix=prefix, tests=every)
    made = [stage for stage in stages.made() if stage.grain != "delivery"]
    read = {c.of for s in stages.needed.values() for _, term in s for c in cols(term)} | {
        c.of for test in every for c in cols(test)
    }
    return Sieve(
        tuple(made),
        _passed(tests, stages),
        tuple(stage.name for stage in made),
        frozenset(str(name) for name in read if name in book.facts),
        frozenset(decided),
    )


def _may_hold(indicator: Indicator, meaning: Meaning) -> Term:
    when = meaning.read(indicator.word("when"))
    return when.may if isinstance(when, Truth) else t.TRUE


def _alternatives(test: Term) -> list[Term]:
    if isinstance(test, t.Op) and test.name == "OR":
        return list(test.args)
    return [] if test == t.FALSE else [test]


def _passed(tests: dict[str, list[Term]], stages: Stages) -> str:
    """Each test is put to the first stage that has all it reads."""
    by_stage: dict[str, list[Term]] = {}
    for grain, found in tests.items():
        for test in found:
            by_stage.setdefault(stages.name(grain, stages.round_of(test)), []).append(test)
    passed = "\nUNION\n".join(
        f"SELECT household_key FROM {name}\nWHERE {text(t.either(*here))} IS NOT FALSE"
        for name, here in by_stage.items()
    )
    return passed or f"SELECT household_key FROM {stages.name('household', 0)} WHERE FALSE"


def generations(book: Book, given: Given) -> int:
    """How many generations of parents the rules ask about: questions about parents that stand on such questions."""
    meaning = Meaning(book, given)
    asked = [
        col for i in book.indicators if not i.off for part, _ in i.parts() for col in _columns(meaning, i.word(part))
    ]
    depth: dict[object, int] = {}
    for key, made in meaning.needed(asked).items():
        below = [depth.get(col.of, 0) for _, term in made for col in cols(term)]
        depth[key] = max(below, default=0) + (isinstance(key, Call) and key.function == "count_parents")
    return max(depth.values(), default=0)


def _columns(meaning: Meaning, word: str) -> list[t.Col]:
    sql = meaning.read(word)
    ends = (getattr(sql, name) for name in sql.__slots__)
    return [col for end in ends for col in cols(end)]
