"""一户的卡片：成员、事实、层级、待遇，逐条写成话；命令行照着印，办公区照着封存。

One household's dossier in sentences, each with the facts it rests on, so that whoever shows them can withhold some.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from doudi.engine.evidence import Line
from doudi.policy.evaluate import Evaluation
from doudi.policy.explain import Explanation, say_value
from doudi.readout.decision import Standing, conclusion, grounds, members, missing_facts, standings
from doudi.readout.dossier import Dossier
from doudi.readout.shield import Shield
from doudi.readout.words import say_whether

__all__ = ["DueTold", "FactsTold", "MemberTold", "Telling", "TestTold", "TierTold", "say_sources"]


@dataclass(frozen=True)
class MemberTold:
    """One person of the household: his key, what he is called, whether he counts, the tiers he is enrolled in."""

    key: int
    name: str
    counted: str
    enrolled: str


@dataclass(frozen=True)
class FactsTold:
    """What some lines say of one person: (fact id, sentence) each, and the lines."""

    facts: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class TestTold:
    """One test of a path. `rule` with its numbers and `grounds` are empty where they would tell a shielded record."""

    word: str
    holds: bool | None
    question: str
    basis: tuple[str, ...]
    rule: str
    grounds: tuple[str, ...]


@dataclass(frozen=True)
class TierTold:
    """One tier for the household or one person: the verdict, every path test by test, what would have to be known."""

    name: str
    who: str
    verdict: bool | None
    paths: tuple[tuple[str, bool | None, tuple[TestTold, ...]], ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class DueTold:
    """One programme that is due, or received, to whom; None = cannot be told."""

    programme: str
    name: str
    department: str
    who: str | None
    due: bool | None
    received: bool | None
    missing: bool | None


@dataclass(frozen=True)
class Telling:
    """A household ready to be told: `names` is what each person (by label) is called."""

    dossier: Dossier
    names: Mapping[str, str]
    e: Evaluation
    shield: Shield

    @classmethod
    def of(cls, dossier: Dossier, names: Mapping[str, str]) -> "Telling":
        """The dossier with persons called by these names."""
        return cls(dossier, names, dossier.called(names), Shield(dossier))

    def members(self) -> Iterator[MemberTold]:
        """Who lives there, in the dossier's order."""
        counted = dict(members(self.e))
        for label in self.dossier.subject.members:
            name = self.names[label]
            yield MemberTold(int(label), name, counted[name], self._enrolled(label))

    def _enrolled(self, label: str) -> str:
        book, facts = self.dossier.book, self.dossier.subject.evaluation.persons[label].facts
        return "、".join(t.name for t in book.tiers if t.enrolled and facts.get(book.by_name[t.enrolled]) is True)

    def facts(self, label: str) -> tuple[list[FactsTold], bool]:
        """Facts that some line says of this person, those of one line together, and whether some are shielded."""
        said: dict[tuple[Line, ...], list[tuple[str, str]]] = {}
        hidden = False
        held = self.dossier.subject.evaluation.persons[label].facts
        for fact in self.dossier.book.facts.values():
            lines = self.dossier.lines.get((fact.id, int(label)))
            value = held.get(fact.id) if fact.grain == "person" else None
            if not lines or value is None or value in ((None, None), (0, None)):
                continue
            if self.shield.hides(fact.id, label):
                hidden = True
                continue
            whether = say_whether(fact.name, holds=value) if isinstance(value, bool) else ""
            said.setdefault(lines, []).append((fact.id, whether or f"{fact.name} {say_value(value, fact.type)}"))
        return [FactsTold(tuple(facts), lines) for lines, facts in said.items()], hidden

    def conclusion(self) -> list[str]:
        """What holds, best tier first, and whether something better cannot be told yet."""
        return conclusion(self.e, standings(self.e))

    def tiers(self) -> Iterator[TierTold]:
        """Every tier in the order of the book; a person's tier once for each member."""
        explained = Explanation(self.e)
        for one in standings(self.e):
            paths = tuple(
                (path.name, verdict, tuple(self._test(explained, test, one) for test in path.tests))
                for path, verdict in one.paths
            )
            yield TierTold(one.tier.name, one.who, one.verdict, paths, tuple(missing_facts(self.e, one)))

    def _test(self, explained: Explanation, test: str, one: Standing) -> TestTold:
        word = self.e.book.words[test]
        holds = cast(bool | None, self.e.value(test, one.person))
        shielded = self.shield.hides_word(test)
        rule = "" if word.node is None or shielded else explained.formula(word.node, one.person)
        why = grounds(self.e, test, one.person) if holds is False and not shielded else []
        return TestTold(test, holds, word.question or word.name, word.basis, rule, tuple(why))

    def due(self) -> Iterator[DueTold]:
        """Programmes that are due, or received, or of which one of the two cannot be told though the other is not no."""
        for programme in self.dossier.book.programmes:
            for label in self.e.members if programme.unit == "person" else [None]:
                words = (programme.due, programme.received, programme.missing)
                due, received, missing = (cast(bool | None, self.e.value(word, label)) for word in words)
                if due or received:
                    yield DueTold(programme.id, programme.name, programme.department, label, due, received, missing)


def say_sources(lines: tuple[Line, ...]) -> str:
    """Which lines of which deliveries, and the date each carries."""
    return "；".join(f"{line.batch} 第 {line.line} 行" + (f"，{line.date}" if line.date else "") for line in lines)
