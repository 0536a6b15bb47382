"""一户的结论：每个层级对户或对每个人是、否还是无法判断，走哪条路径，多少钱，还缺什么。

The tiers of one evaluated household, as `doudi decide` and `doudi explain` print them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from doudi.policy.evaluate import Evaluation
from doudi.policy.explain import NO_GRADE, SIGNS, say_value
from doudi.policy.expr import Name
from doudi.policy.quantities import BOOL, Quantity, Value, unit_word
from doudi.policy.rule import Path, Tier, Word
from doudi.policy.shape import money_scale
from doudi.policy.trace import Ground, decisive
from doudi.readout.words import say_whether

__all__ = [
    "Standing", "below", "conclusion", "demo_names", "grounds", "members", "missing_facts", "standings", "value_as_json", "verdict_as_json",
]  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """One tier for the household, or for one person. `verdict` None = cannot be told."""

    tier: Tier
    person: str | None
    verdict: bool | None
    paths: tuple[tuple[Path, bool | None], ...]
    amounts: tuple[tuple[Word, Value], ...]

    @property
    def who(self) -> str:
        """For whom, as a beginning of a sentence."""
        return f"{self.person}：" if self.person else ""

    def sentence(self, e: Evaluation) -> str:
        """最低生活保障（收入型低保），低保应补月金额 800.00 元/月."""
        held = [path.name for path, verdict in self.paths if verdict]
        said = f"{self.who}{self.tier.name}" + (f"（{'、'.join(held)}）" if held else "")
        amounts = [f"{word.name} {say_value(value, word.type, below(e, word))}" for word, value in self.amounts]
        return "，".join([said, *amounts])


def standings(e: Evaluation) -> list[Standing]:
    """Every tier in the order of the book; a person's tier once for each member."""
    found = []
    for tier in e.book.tiers:
        for person in e.members if tier.grain == "person" else [None]:
            verdict = cast(bool | None, e.value(e.book.by_name[tier.assessed], person))
            paths = tuple((path, cast(bool | None, e.value(path.id, person))) for path in tier.paths)
            words = [e.book.words[amount] for amount in tier.amounts] if verdict else []
            amounts = tuple((word, e.value(word.id, person)) for word in words)
            found.append(Standing(tier, person, verdict, paths, amounts))
    return found


def conclusion(e: Evaluation, found: list[Standing]) -> list[str]:
    """What holds, best tier first, and whether something better cannot be told yet."""
    lines = [f"符合 {one.sentence(e)}" for one in found if one.verdict]
    first = next((place for place, one in enumerate(found) if one.verdict), len(found))
    open_tiers = dict.fromkeys(one.tier.name for one in found[:first] if one.verdict is None)
    if open_tiers:
        lines.append(f"还不能判断：{'、'.join(open_tiers)}")
    return lines or ["各层级都不符合"]


def missing_facts(e: Evaluation, one: Standing) -> list[str]:
    """For a tier that cannot be told: the facts, and the parameters not in force, that would decide it."""
    if one.verdict is not None:
        return []
    names = dict.fromkeys(_inexact(e, e.book.by_name[one.tier.assessed], one.person))
    for path, _ in one.paths:
        for test in path.tests:
            # Where every fact is known, what is not known is a parameter.
            if e.value(test, one.person) is None and not _inexact(e, test, one.person):
                names |= dict.fromkeys(f"参数“{name}”在 {e.view.at} 的取值" for name in _absent_parameters(e, test))
    return list(names)


def _inexact(e: Evaluation, word_id: str, person: str | None) -> list[str]:
    found = [g for g in decisive(e, Name(word_id, BOOL), person) if not _exact(g.value)]
    return [f"{g.person}的{e.book.words[g.fact].name}" if g.person else e.book.words[g.fact].name for g in found]


def _absent_parameters(e: Evaluation, word_id: str) -> list[str]:
    words = sorted(e.book.rests_on(e.book.words[word_id].node))
    return [e.book.words[word].name for word in words if word in e.view.settings and e.view.settings[word] is None]


def grounds(e: Evaluation, word_id: str, person: str | None) -> list[str]:
    """The known facts on which a word's verdict stands, each with its value and the line it was measured against.

    That something is absent is said only where nothing else is to be said.
    """
    known = [g for g in decisive(e, Name(word_id, BOOL), person) if g.value not in (None, (None, None), (0, None))]
    present = [ground for ground in known if ground.value not in (False, "无", (NO_GRADE, NO_GRADE))]
    return list(dict.fromkeys(_ground(e, ground) for ground in present or known))


def _ground(e: Evaluation, ground: Ground) -> str:
    word = e.book.words[ground.fact]
    who = ground.person or ""
    if isinstance(ground.value, bool):
        said = f"{who}{say_whether(word.name, holds=ground.value)}"
    else:
        said = f"{who}{'的' if who else ''}{word.name} {say_value(ground.value, ground.type)}"
    measured = e.book.words.get(ground.measured)
    if measured is None or measured.type.kind != "quantity" or ground.threshold is None:
        return said
    line = f"{SIGNS[ground.op]} {say_value(ground.threshold, measured.type, ground.below)}"
    return f"{said}（{measured.name} {line}{'' if ground.holds is not None else '，还不能判断'}）"


def demo_names(e: Evaluation) -> list[str]:
    """示范参数 that the answers about tiers rest on, by name."""
    nodes = [e.book.words[test].node for tier in e.book.tiers for path in tier.paths for test in path.tests]
    nodes += [e.book.words[amount].node for tier in e.book.tiers for amount in tier.amounts]
    return sorted(e.book.words[word].name for word in e.book.rests_on(*nodes) & e.view.demo)


def below(e: Evaluation, word: Word) -> int:
    """The denominators that the stored number of a word still carries."""
    product = 1
    for den in word.type.dens:
        product *= e.view.denominators[den]
    return product


def verdict_as_json(verdict: Value) -> str:
    """A verdict for programs: yes, no or unknown."""
    return {True: "yes", False: "no", None: "unknown"}[cast(bool | None, verdict)]


def value_as_json(e: Evaluation, word: Word, value: Value) -> dict[str, Any]:
    """`{value}`, or `{at_least, at_most}`; money in yuan as text, exact to the fen, so that no reader makes it a float."""
    unit = {"unit": unit_word(word.type.unit) or None}
    if word.type.kind in ("bool", "code"):
        return {"value": verdict_as_json(value) if word.type.kind == "bool" else value, **unit}
    lo, hi = (None if end is None else _plain(e, word, end) for end in cast(Quantity, value))
    return {"value": lo, **unit} if lo == hi and lo is not None else {"at_least": lo, "at_most": hi, **unit}


def _plain(e: Evaluation, word: Word, end: object) -> str | int:
    if word.type.kind == "date":
        return str(end)
    scale = money_scale(word.type.unit)
    number = cast(int, end) // below(e, word)
    return number if scale == 1 else f"{'-' if number < 0 else ''}{abs(number) // 100}.{abs(number) % 100:02d}"


def _exact(value: Value) -> bool:
    return value[0] is not None and value[0] == value[1] if isinstance(value, tuple) else value is not None


def members(e: Evaluation) -> Iterator[tuple[str, str]]:
    """Who lives in the household, and whether he counts as a member (共同生活)."""
    for label in e.members:
        counted = cast(bool | None, e.value("counted_member", label))
        yield label, {True: "计入共同生活", False: "不计入", None: "是否共同生活不能判断"}[counted]
