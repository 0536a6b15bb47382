"""doudi decide：一户人家，逐层级说明为什么符合、为什么不符合、多少钱、走哪条路径。

Described households, one or several in a file, under the policy book.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from doudi.cli.screen import say, show_json, title
from doudi.errors import Refusal
from doudi.policy.book_yaml import read_yaml
from doudi.policy.cases import Case, read_case
from doudi.policy.evaluate import Evaluation
from doudi.policy.explain import DEMO, Explanation, say_value, say_verdict
from doudi.policy.rule import Book
from doudi.readout.decision import (
    Standing,
    below,
    conclusion,
    demo_names,
    grounds,
    members,
    missing_facts,
    standings,
    value_as_json,
    verdict_as_json,
)
from doudi.readout.home import book as the_book
from doudi.readout.home import production

__all__ = ["decide"]

GROUNDS_SHOWN = 6  # of one test; all of them stand in --full


def decide(
    file: Annotated[Path, Argument(metavar="家庭.yaml", help="一户或几户的情况，写法见 docs/decide/decide-file.md")],
    *,
    full: Annotated[bool, Option("--full", help="把每个词展开到最底下的事实")] = False,
    as_json: Annotated[bool, Option("--json", help="只输出 JSON")] = False,
) -> None:
    """判一户：逐层级说明符合还是不符合、为什么、哪条路径、多少钱、还缺什么。"""
    cases = read_households(the_book(), file)
    if as_json:
        show_json({"households": [household_as_json(case) for case in cases]})
        return
    for case in cases:
        show_household(case, full=full)


def read_households(book: Book, file: Path) -> list[Case]:
    """The households that a file describes: one entry, or a list of them."""
    raw = read_yaml(file)
    entries = raw if isinstance(raw, list) else [raw]
    if not entries:
        raise Refusal("cli.no_household", f"{file.name} 里没有写任何一户；写法见 docs/decide/decide-file.md。")
    return [read_case(book, entry, file.name, production=production()) for entry in entries]


def show_household(case: Case, *, full: bool) -> None:
    """The answer for people: the conclusion first, then tier by tier."""
    e = case.evaluation()
    found = standings(e)
    title(case.name)
    say(f"{case.view.at}，{case.view.county}；政策簿 {case.view.book.hash[:12]}")
    for sentence in conclusion(e, found):
        say(f"结论：{sentence}")
    say("成员：" + "；".join(f"{label} {counts}" for label, counts in members(e)))
    explained = Explanation(e)
    for one in found:
        say()
        for line in explained.tier(one.tier, one.person) if full else brief_tier(explained, one):
            say(line)
        for word, value in one.amounts:
            said = say_value(value, word.type, below(e, word))
            say(f"  {word.name}：{said}（依据 {'、'.join(word.basis)}）")
    say()
    if demo := demo_names(e):
        say(f"［{DEMO} {len(demo)} 项］ {'、'.join(demo)}")
        say()


def brief_tier(explained: Explanation, one: Standing) -> Iterator[str]:
    """A tier: the verdict, then path by path and test by test; for a no, the facts that it stands on."""
    e = explained.e
    yield f"【{one.tier.name}】{one.who}{say_verdict(one.verdict)}"
    for path, verdict in one.paths:
        yield f"  {path.name}：{say_verdict(verdict)}"
        for test in path.tests:
            yield from explained.brief(test, one.person, 2)
            if e.value(test, one.person) is False:
                yield from (f"      由于 {ground}" for ground in grounds(e, test, one.person)[:GROUNDS_SHOWN])
    if missing := missing_facts(e, one):
        yield f"  要判断，还要知道：{'、'.join(missing)}"


def household_as_json(case: Case) -> dict[str, Any]:
    """The answer for programs."""
    e = case.evaluation()
    found = standings(e)
    return {
        "household": case.name,
        "at": str(case.view.at),
        "county": case.view.county,
        "book": case.view.book.hash,
        "conclusion": conclusion(e, found),
        "demo_parameters": demo_names(e),
        "members": {label: verdict_as_json(e.value("counted_member", label)) for label in e.members},
        "tiers": [_tier_as_json(e, one) for one in found],
    }


def _tier_as_json(e: Evaluation, one: Standing) -> dict[str, Any]:
    explained = Explanation(e)
    return {
        "tier": one.tier.id,
        "name": one.tier.name,
        "person": one.person,
        "verdict": verdict_as_json(one.verdict),
        "paths": [
            {
                "path": path.id,
                "name": path.name,
                "verdict": verdict_as_json(verdict),
                "tests": [_test_as_json(e, explained, test, one.person) for test in path.tests],
            }
            for path, verdict in one.paths
        ],
        "amounts": [
            {"amount": word.id, "name": word.name, **value_as_json(e, word, value), "clauses": list(word.basis)}
            for word, value in one.amounts
        ],
        "missing": missing_facts(e, one),
    }


def _test_as_json(e: Evaluation, explained: Explanation, test: str, person: str | None) -> dict[str, Any]:
    word = e.book.words[test]
    return {
        "test": test,
        "question": word.question or word.name,
        "verdict": verdict_as_json(e.value(test, person)),
        "why": explained.formula(word.node, person) if word.node is not None else "",
        "clauses": list(word.basis),
        "clears": word.clears,
    }
