"""One alert whole, as this viewer may read it: reasons, clauses, what would clear it, what became of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from doudi.landing.contract import load_contract
from doudi.landing.feed_names import feed_name
from doudi.office.accounts.scope import Viewer, within
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.exchange import selectors as exchange
from doudi.office.monitoring.cards import AlertCard, AlertPage, Change, ClauseCard, ReasonCard
from doudi.office.monitoring.classes import class_of_fact, class_of_word, shown, withheld
from doudi.office.monitoring.lens import Lens
from doudi.office.monitoring.models import Alert, AlertChange
from doudi.office.monitoring.sealing import opened_alerts
from doudi.office.monitoring.selectors.drawing import draw
from doudi.office.monitoring.states import ALERT_TONES, OPEN, STATUSES
from doudi.office.monitoring.the_book import clauses, the_book
from doudi.office.monitoring.topics import asks
from doudi.office.registry import selectors as registry
from doudi.policy.explain import say_value
from doudi.readout.reasons import reason_as_json, say_reason

__all__ = ["FoundAlert", "change_of", "find", "of_household", "read_alert", "reasons_of"]

_CHANGES_SHOWN: Final = 60
_WORST_FIRST: Final = ("level_rank", "-opened_on", "alert_id")


@dataclass(frozen=True)
class FoundAlert:
    """An alert's row with its run and what became of it, and the household's other open alerts, the worst first."""

    row: Alert
    others: tuple[Alert, ...]


def find(viewer: Viewer, alert_id: str) -> FoundAlert | None:
    """The alert and its household's others, in one statement; None when it is not in the jurisdiction."""
    changed = AlertChange.objects.filter(alert_id=OuterRef("pk")).order_by("-id")[:_CHANGES_SHOWN]
    told = JSONObject(day="day", run="run_id", what="what", old="old", new="new")
    home = Alert.objects.filter(within(viewer), pk=alert_id).values("household_key")[:1]
    asked = Q(pk=alert_id) | Q(household_key=Subquery(home), status__in=OPEN)
    rows = Alert.objects.filter(within(viewer)).filter(asked).select_related("last_run").order_by(*_WORST_FIRST)
    listed = list(rows.annotate(changed=ArraySubquery(changed.values(told=told))))
    row = next((each for each in listed if each.pk == alert_id), None)
    return FoundAlert(row, tuple(each for each in listed if each is not row)) if row else None


def read_alert(viewer: Viewer, found: FoundAlert, at: datetime) -> AlertPage:
    """One alert as the viewer may read it. Whoever calls tells the journal."""
    row = found.row
    home = registry.by_key(viewer, row.household_key) if row.household_key is not None else None
    others = found.others if home else ()
    cards = draw(viewer, [row, *others], at, {home.household_key: home} if home else {})
    told = opened_alerts(exchange.sealer(), [(row.pk, bytes(row.sealed))])[row.pk]
    person = next((each for each in home.people if each.person_key == row.person_key), None) if home else None
    lens = Lens(viewer)
    reads = lens.reads(row.indicator)
    return AlertPage(
        card=cards[row.pk],
        person_id=person.person_id if person else None,
        about=(person.name or "未具名") if person and not person.is_head else "",
        reasons=tuple(reasons_of(viewer, told["reasons"], row.stale_feeds)) if lens.sees_hardship else (),
        distance=_distance(viewer, row.indicator, told["distance"]) if reads else "",
        clauses=tuple(_clauses(told["clause"])) if reads else (),
        clears_when=told["clears_when"] if reads else "",
        asks=asks(viewer, [row.indicator]),
        others=tuple(cards[each.pk] for each in others),
        changes=tuple(change_of(each) for each in getattr(row, "changed", ())),
        reopens=row.reopens,
        run_day=row.last_run.day,
    )


def of_household(
    viewer: Viewer, household_key: int, at: datetime, home: registry.HouseholdCard | None = None
) -> list[AlertCard]:
    """The household's open alerts in the jurisdiction as cards, the worst first. `home`: its card, where it is at hand."""
    rows = list(_open_of(viewer, household_key))
    cards = draw(viewer, rows, at, {household_key: home} if home else None)
    return [cards[row.pk] for row in rows]


def reasons_of(viewer: Viewer, reasons: Iterable[Mapping[str, Any]], stale: Iterable[str]) -> Iterator[ReasonCard]:
    """Each reason once, in the words of `doudi.readout`; what the viewer may not read is one sentence a class."""
    late, said = set(stale), set[ReasonCard]()
    for reason in reasons:
        card = _reason(viewer, reason, late)
        if card not in said:
            said.add(card)
            yield card


def _open_of(viewer: Viewer, household_key: int) -> QuerySet[Alert]:
    rows = Alert.objects.filter(within(viewer), household_key=household_key).exclude(status="cleared")
    return rows.defer("sealed").order_by(*_WORST_FIRST)


def _reason(viewer: Viewer, reason: Mapping[str, Any], stale: set[str]) -> ReasonCard:
    feed = str(reason.get("feed", ""))
    kind = class_of_fact(str(reason["fact"]))
    if reason.get("measured"):  # what it was measured by may tell more than the fact itself
        measured = the_book().word(str(reason["measured"]))
        hidden = measured is not None and not shown(viewer, class_of_word(measured.id))
        kind = class_of_word(measured.id) if measured is not None and hidden else kind
    if not shown(viewer, kind):
        return ReasonCard(withheld(kind), hidden=True, kind=kind.value)
    told = _half_masked(reason) if kind is FieldClass.IDENTITY and viewer.sees(kind) is not Sight.PLAIN else reason
    sender = load_contract().get(feed)
    return ReasonCard(
        says=say_reason(told, the_book(), sourced=False),
        hidden=False,
        kind=kind.value,
        department=sender.department if sender else "",
        record=_record(reason, feed),
        line=f"{reason['line']:,}" if "line" in reason else "",
        day=str(reason.get("date") or ""),
        stale=feed in stale,
        promised=reason_as_json(told),
    )


def _record(reason: Mapping[str, Any], feed: str) -> str:
    """The source in words and the delivery's own name: 医疗结算 medical_settlement_2026-06_r1_69e928edd5."""
    word = feed_name(feed)
    if reason.get("absent"):
        silent = "最近一期" if "sender" in reason else "其中没有此人"
        return f"{word} {reason['batch']}（{silent}）" if reason.get("batch") else f"{word}从未到过" if feed else ""
    return f"{word} {reason['batch']}" if reason.get("batch") else word


def _half_masked(reason: Mapping[str, Any]) -> dict[str, Any]:
    """A date of birth is half of an id: its year is shown."""
    ends = {name: f"{str(reason[name])[:4]} 年" for name in ("value", "at_least", "at_most") if name in reason}
    return {**reason, **ends} if "-" in str(reason.get("value", reason.get("at_least", ""))) else dict(reason)


def _distance(viewer: Viewer, indicator: str, distance: int | None) -> str:
    """How far past the line, with its unit; empty where there is none or it may not be read."""
    book = the_book()
    found = next((each for each in book.indicators if each.id == indicator), None)
    if distance is None or found is None or found.distance is None:
        return ""
    word = book.words.get(found.word("distance"))
    # A number that still carries denominators would have to be divided by those of the run's own view: it is not told.
    if word is None or word.type.dens or not shown(viewer, class_of_word(word.id)):
        return ""
    return say_value((distance, distance), word.type)


def _clauses(ids: Iterable[str]) -> Iterator[ClauseCard]:
    known = clauses()
    for name in ids:
        if name in known:
            clause, document = known[name]
            yield ClauseCard(name, clause.meaning, document.number, document.title)


def change_of(told: Mapping[str, Any]) -> Change:
    """A row of AlertChange in words: day, run, what, old, new."""
    day, old, new = date.fromisoformat(told["day"]), told["old"], told["new"]
    if told["what"] == "level":
        return Change(day, told["run"], f"级别由{old}变为{new}", "warn")
    says = f"由{STATUSES[old]}变为{STATUSES[new]}" if old else "发现并开出"
    return Change(day, told["run"], says, ALERT_TONES[new])
