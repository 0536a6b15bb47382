"""The card of one household, opened for one viewer: the one reading that may ask the engine."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from doudi.landing.contract import load_contract
from doudi.landing.feed_names import feed_name
from doudi.office.accounts.scope import Viewer, within
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.exchange import selectors as exchange
from doudi.office.monitoring.classes import shown
from doudi.office.monitoring.facts import DueCard, FactLine, FactsCard, PersonCard, TestCard, TierCard
from doudi.office.monitoring.models import HouseholdFacts, Run
from doudi.office.monitoring.sealing import opened_card
from doudi.office.monitoring.services.cards import cards_of, finished_run
from doudi.office.monitoring.states import FINISHED
from doudi.office.registry import selectors as registry
from doudi.office.registry.selectors import HouseholdCard
from doudi.policy.explain import VERDICT

__all__ = ["drawn_card", "facts_card"]

_DAY: Final = re.compile(r"(\d{4})-\d{2}-\d{2}")
_BIRTH: Final = re.compile(r"(出生日期\D{0,3}\d{4})-\d{2}-\d{2}")
_MARKS: Final = {True: "✓", False: "✗", None: "？"}
_TONES: Final = {True: "good", False: "neutral", None: "warn"}
_GROUNDS_SHOWN: Final = 4


def facts_card(viewer: Viewer, home: HouseholdCard) -> FactsCard | None:
    """What the latest run knew of a household that was opened, as this viewer may read it.

    `home` comes from `registry.services.read_household`, whose entry in the journal stands for all that is shown of it.
    None: not in the jurisdiction, hardship is hidden from the viewer, no run yet, or the run does not know the household.
    A card that was not made after the run is made now, by the engine, and kept.
    """
    if not shown(viewer, FieldClass.HARDSHIP):
        return None
    key = home.household_key
    latest = Run.objects.filter(state=FINISHED).order_by("-day", "-id")
    kept = HouseholdFacts.objects.filter(within(viewer), pk=key, run=latest.values("pk")[:1])
    row = kept.select_related("run").defer("run__manifest", "run__changes").first()
    if row is not None:
        return drawn_card(viewer, opened_card(exchange.sealer(), key, bytes(row.sealed)), row.run)
    run = latest.first()
    if run is None or key not in registry.placed(viewer, [key]):
        return None
    told = cards_of(run, finished_run(run), [key]).get(key)
    return drawn_card(viewer, told, run) if told else None


def drawn_card(viewer: Viewer, told: Mapping[str, Any], run: Run) -> FactsCard:
    """The card without what the viewer may not read."""
    return FactsCard(
        day=run.day,
        persons=tuple(_person(viewer, member, told["facts"]) for member in told["members"]),
        conclusion=tuple(told["conclusion"]) if shown(viewer, FieldClass.MONEY) else (),
        tiers=tuple(_tier(viewer, tier) for tier in told["tiers"]),
        due=tuple(_due(due) for due in told["due"]),
    )


def _person(viewer: Viewer, member: Mapping[str, Any], facts: Mapping[str, Any]) -> PersonCard:
    told = facts[str(member["key"])]
    lines = [_line(viewer, each) for each in told["told"]]
    return PersonCard(
        key=member["key"],
        name=member["name"],
        counted=member["counted"],
        enrolled=member["enrolled"],
        facts=tuple(line for line in lines if line.says),
        withheld=sum(line.withheld for line in lines if not line.says),
        exclusion=told["hidden"],
    )


def _line(viewer: Viewer, told: Mapping[str, Any]) -> FactLine:
    says = [_masked(viewer, kind, text) for kind, text in told["facts"] if shown(viewer, FieldClass(kind))]
    return FactLine(
        says=tuple(says),
        source="；".join(dict.fromkeys(_source(line) for line in told["lines"])),
        day="、".join(dict.fromkeys(line[3] for line in told["lines"] if line[3])),
        withheld=len(told["facts"]) - len(says),
    )


def _source(line: list[Any]) -> str:
    feed, batch, number, _ = line
    sender = load_contract().get(feed)
    return f"{sender.department if sender else ''} {feed_name(feed)} {batch} 第 {number:,} 行".strip()


def _masked(viewer: Viewer, kind: str, text: str) -> str:
    """A date of birth is half of an id: its year is shown."""
    half = kind == FieldClass.IDENTITY and viewer.sees(FieldClass.IDENTITY) is not Sight.PLAIN
    return _DAY.sub(r"\1 年", text) if half else text


def _tier(viewer: Viewer, told: Mapping[str, Any]) -> TierCard:
    return TierCard(
        name=told["name"],
        who=told["who"].rstrip("："),
        verdict=VERDICT[told["verdict"]],
        tone=_TONES[told["verdict"]],
        paths=tuple(
            (path["name"], VERDICT[path["verdict"]], tuple(_test(viewer, test) for test in path["tests"]))
            for path in told["paths"]
        ),
        missing=tuple(told["missing"]),
    )


def _test(viewer: Viewer, told: Mapping[str, Any]) -> TestCard:
    readable = shown(viewer, FieldClass(told["kind"]))
    texts = list(_without_births(viewer, [told["rule"], *told["grounds"][:_GROUNDS_SHOWN]])) if readable else [""]
    return TestCard(
        mark=_MARKS[told["holds"]],
        question=told["question"],
        basis=tuple(told["basis"]),
        rule=texts[0],
        grounds=tuple(texts[1:]),
        hidden=not readable,
    )


def _without_births(viewer: Viewer, texts: Iterable[str]) -> Iterator[str]:
    plain = viewer.sees(FieldClass.IDENTITY) is Sight.PLAIN
    return (text if plain else _BIRTH.sub(r"\1 年", text) for text in texts)


def _due(told: Mapping[str, Any]) -> DueCard:
    return DueCard(
        name=told["name"],
        department=told["department"],
        who=told["who"] or "全家",
        due=VERDICT[told["due"]],
        received=VERDICT[told["received"]],
        missing=VERDICT[told["missing"]],
        tone="bad" if told["missing"] else "good" if told["received"] else "neutral",
    )
