"""Cards of households: what a run knew of each, told in sentences, sealed; made after a run, or when one is opened."""

from collections.abc import Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from doudi.office.accounts.scope import Viewer
from doudi.office.common.roles import Role
from doudi.office.common.scope import whole_city
from doudi.office.exchange import selectors as exchange
from doudi.office.monitoring.classes import class_of_fact, class_of_word
from doudi.office.monitoring.models import Alert, HouseholdFacts, Run
from doudi.office.monitoring.sealing import seal_card
from doudi.office.monitoring.states import FINISHED, OPEN
from doudi.office.registry import selectors as registry
from doudi.readout.card import FactsTold, Telling, TestTold
from doudi.readout.dossier import Dossier, fetch_some
from doudi.readout.population import population_of
from doudi.readout.runs import FinishedRun, find_run

__all__ = ["card_of", "cards_of", "finished_run", "make_cards"]

_AT_A_TIME: Final = 200
_EVERYWHERE: Final = Viewer(None, "monitor", "监测", Role.MACHINE, 0)


def make_cards(run_id: int) -> int:
    """The cards of every household that is enrolled or has an open alert, as the latest run knew them; how many.

    A chunk is one transaction: killed half way, the rest is made when it comes again, and what is made already is left.
    An older run than the latest makes none.
    """
    latest = Run.objects.filter(state=FINISHED).order_by("-day", "-id").first()
    if latest is None or latest.pk != run_id:
        return 0
    finished = finished_run(latest)
    rest, made = iter(sorted(_wanted(latest, finished))), 0
    while some := list(islice(rest, _AT_A_TIME)):
        made += len(cards_of(latest, finished, some))
    return made


def cards_of(run: Run, finished: FinishedRun, keys: list[int]) -> dict[int, dict[str, Any]]:
    """Makes and keeps the cards of these households, a few hundred at most; one that the run does not know is left out."""
    found = fetch_some(Path(settings.HOME), finished, keys)
    cards = {key: card_of(dossier) for key, dossier in found.items()}
    seals = exchange.sealer()
    with whole_city():
        placed = registry.placed(_EVERYWHERE, cards)
        rows = [
            HouseholdFacts(
                household_key=key, run=run, hukou_division=placed[key][0], residence_division=placed[key][1],
                managing_division=placed[key][2], sealed=seal_card(seals, key, card),
            )
            for key, card in cards.items()
            if key in placed
        ]  # fmt: skip
        columns = ["run", "hukou_division", "residence_division", "managing_division", "sealed"]
        HouseholdFacts.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["household_key"], update_fields=columns
        )
    return cards


def card_of(dossier: Dossier) -> dict[str, Any]:
    """The card as it is sealed: sentences, each with its field class. Persons are called by their relation, never by name."""
    telling = Telling.of(dossier, _relations(dossier))
    return {
        "members": [asdict(member) for member in telling.members()],
        "facts": {label: _facts(*telling.facts(label)) for label in dossier.subject.members},
        "conclusion": telling.conclusion(),
        "tiers": [
            {
                "name": tier.name, "who": tier.who, "verdict": tier.verdict, "missing": list(tier.missing),
                "paths": [
                    {"name": name, "verdict": verdict, "tests": [_test(test) for test in tests]}
                    for name, verdict, tests in tier.paths
                ],
            }
            for tier in telling.tiers()
        ],
        "due": [asdict(due) for due in telling.due()],
    }  # fmt: skip


def finished_run(run: Run) -> FinishedRun:
    """The files of a finished run. Refused: they are gone."""
    return find_run(Path(settings.HOME), run.folder)


def _wanted(run: Run, finished: FinishedRun) -> set[int]:
    """Enrolled or with an open alert, and not made for this run yet."""
    _, members = population_of(Path(settings.HOME), finished)
    enrolled = members.filter(members["tiers"].list.len() > 0)["household_key"].to_list()
    with whole_city():
        alerted = Alert.objects.filter(status__in=OPEN, household_key__isnull=False)
        wanted = {*enrolled, *alerted.values_list("household_key", flat=True)}
        made = set(HouseholdFacts.objects.filter(run=run).values_list("household_key", flat=True))
    return {key for key in wanted if key is not None} - made


def _relations(dossier: Dossier) -> dict[str, str]:
    """What each person is called: his relation to the head, numbered where two have the same."""
    names: dict[str, str] = {}
    seen: dict[str, int] = {}
    for person in dossier.subject.evaluation.household.persons:
        called = "户外父母" if person.outside else str(person.facts.get("relation_to_head") or "成员")
        seen[called] = seen.get(called, 0) + 1
        names[person.label] = called if seen[called] == 1 else f"{called}（{seen[called]}）"
    return names


def _facts(told: list[FactsTold], hidden: bool) -> Mapping[str, Any]:  # noqa: FBT001 - what the telling gives
    return {"hidden": hidden, "told": [_fact(each) for each in told]}


def _fact(told: FactsTold) -> Mapping[str, Any]:
    lines = [[line.feed, line.batch, line.line, line.date] for line in told.lines]
    return {"facts": [[class_of_fact(fact).value, text] for fact, text in told.facts], "lines": lines}


def _test(test: TestTold) -> Mapping[str, Any]:
    return {
        "kind": class_of_word(test.word).value, "holds": test.holds, "question": test.question,
        "basis": list(test.basis), "rule": test.rule, "grounds": list(test.grounds),
    }  # fmt: skip
