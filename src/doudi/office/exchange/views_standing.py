"""来件情况和隔离：谁按时、谁晚、谁从未报过；骤减的一期放行还是不用。"""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from doudi.errors import Refusal
from doudi.landing import feed_name
from doudi.office.accounts.scope import OfficeRequest
from doudi.office.common.clock import beijing_day
from doudi.office.common.doors import allow
from doudi.office.divisions import selectors as divisions
from doudi.office.exchange import reading, services
from doudi.office.exchange.coverage import CoverageCard
from doudi.office.exchange.states import HOLD
from doudi.office.exchange.views import READERS
from doudi.office.exchange.whom import whom_to_ask
from doudi.office.exchange.words import COVERAGE, months_before

__all__ = ["coverage", "coverage_file", "hold", "holds"]

_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class _Row:
    """A card of coverage as the board shows it."""

    card: CoverageCard
    feed: str
    sender: str
    word: str
    tone: str
    strip: tuple[tuple[str, bool], ...]
    whom: str

    @property
    def arrived(self) -> int:
        """Months of the strip that arrived."""
        return sum(there for _, there in self.strip)


@allow(*READERS)
@require_GET
def holds(request: OfficeRequest) -> HttpResponse:
    """Deliveries that wait for a person, and what was decided on others."""
    return render(request, "exchange/holds.html", {"holds": reading.holds_of(request.viewer)})


@allow(*READERS)
@require_http_methods(["GET", "POST"])
def hold(request: OfficeRequest, delivery: str) -> HttpResponse:
    """One of them: its figures before and now; accepted or refused with a reason."""
    found = reading.hold_of(request.viewer, delivery)
    if found is None:
        raise Http404
    if request.method == "GET":
        return render(request, "exchange/hold.html", {"hold": found, "moves": found.moves, "why": "", "error": ""})
    move, why = request.POST.get("move", ""), request.POST.get("why", "").replace("\x00", "")
    if move not in {each.name for each in HOLD.moves}:
        raise Http404
    try:
        services.decide(actor=request.viewer.actor, at=request.at, delivery=delivery, move=move, why=why)
    except Refusal as refusal:
        told = {"hold": found, "moves": found.moves, "why": why, "error": refusal.sentence}
        return render(request, "exchange/hold.html", told, status=422)
    messages.success(request, f"{found.feed} {found.period}：已{move}。")
    return HttpResponseRedirect(reverse("exchange:holds"))


@allow(*READERS)
@require_GET
def coverage(request: OfficeRequest) -> HttpResponse:
    """The board: who is not on time, by how much, whom to ask; then who is, by department."""
    every = _rows(request)
    shown = _filtered(request, every)
    told = {
        "rows": shown, "day": beijing_day(request.at), "counted": Counter(row.card.state for row in every),
        "troubled": sorted((row for row in shown if not row.card.fresh), key=_most_troubled),
        "fresh": _by_department(row for row in shown if row.card.fresh),
        "states": [(state, word) for state, (word, _) in COVERAGE.items()],
        "departments": [(name, name) for name in sorted({row.card.department for row in every})],
        "state": request.GET.get("state", ""), "department": request.GET.get("department", ""),
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "exchange/coverage.html", told)


@allow(*READERS)
@require_GET
def coverage_file(request: OfficeRequest) -> HttpResponse:
    """The same rows as CSV."""
    out = io.StringIO()
    page = csv.writer(out, lineterminator="\r\n")
    page.writerow(
        (
            "来件",
            "部门",
            "报送方",
            "最近一期",
            "行数",
            "情况",
            "晚报天数",
            "应在何日之前再报",
            "近12个月到了几个月",
            "截至",
        )
    )
    for row in _filtered(request, _rows(request)):
        card = row.card
        page.writerow(
            (
                row.feed, card.department, row.sender, card.last_period or "", card.lines, row.word,
                card.days_late if card.days_late is not None else "", card.due_by or "", row.arrived,
                beijing_day(request.at),
            )
        )  # fmt: skip
    headers = {"Content-Disposition": f'attachment; filename="coverage_{beijing_day(request.at)}.csv"'}
    return HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers)


def _most_troubled(row: _Row) -> tuple[int, int]:
    """Late ones first and the latest before all, then what waits for a decision, then what never came."""
    return ("late", "quarantined", "never").index(row.card.state), -(row.card.days_late or 0)


def _by_department(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    """In the order in which the contract first names each department."""
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.card.department, []).append(row)
    return found


def _rows(request: OfficeRequest) -> list[_Row]:
    cards = reading.coverage_of(request.viewer, request.at)
    names = divisions.names(card.county for card in cards)
    months = months_before(f"{beijing_day(request.at):%Y-%m}", _MONTHS)
    whom = whom_to_ask([card for card in cards if not card.fresh])
    return [
        _Row(
            card, feed_name(card.feed), names.get(card.county or 0) or card.office or card.programme or ("全市" if card.months else "—"),
            *COVERAGE[card.state], tuple((month, month in card.months) for month in months), whom.get(card, ""),
        )
        for card in cards
    ]  # fmt: skip


def _filtered(request: OfficeRequest, rows: list[_Row]) -> list[_Row]:
    state, department = request.GET.get("state", ""), request.GET.get("department", "")
    return [
        row
        for row in rows
        if (not state or row.card.state == state) and (not department or row.card.department == department)
    ]
