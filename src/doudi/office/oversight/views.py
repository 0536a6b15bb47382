"""流水：筛选、翻页、一条的全部内容、导出。"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from doudi.office.accounts.scope import OfficeRequest
from doudi.office.accounts.selectors import shown_names
from doudi.office.audit.selectors import Page, detail_word, entry, how_many, journal, last_head, subject_word
from doudi.office.audit.services import record
from doudi.office.common.doors import ANY_STAFF, allow
from doudi.office.common.roles import Role
from doudi.office.divisions.selectors import names
from doudi.office.documents.services import ask_export
from doudi.office.oversight.export import COLUMNS, KIND, as_conditions
from doudi.office.oversight.forms import JournalForm
from doudi.office.oversight.sight import READERS, sight_of

__all__ = ["entry_page", "export", "journal_page"]


@allow(*ANY_STAFF)
@require_GET
def journal_page(request: OfficeRequest) -> HttpResponse:
    """One page of the journal, as far as the reader may see it."""
    form = JournalForm(request.GET)
    page = Page((), "")
    if form.is_valid():
        page = journal(sight_of(request.viewer), form.asked, after=request.GET.get("after", ""))
        _note(request, {"conditions": len(as_conditions(form.asked)), "entries": len(page.cards)})
    asked = request.GET.copy()
    asked["after"] = page.after
    role = request.viewer.role
    told = {
        "form": form,
        "page": page,
        "rows": [(card, subject_word(card.subject_kind)) for card in page.cards],
        "people": shown_names({card.actor_id for card in page.cards if card.actor_id}),
        "places": names({card.division for card in page.cards if card.division}),
        "next": f"?{asked.urlencode()}" if page.after else "",
        "first": "after" in request.GET,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "head": last_head() if role is Role.AUDIT_ADMIN else None,
        "all": role is Role.AUDIT_ADMIN,
        "scoped": role is Role.SUPERVISOR,
        "query": request.GET.urlencode(),
    }
    return render(request, "oversight/journal.html", told)


@allow(*ANY_STAFF)
@require_GET
def entry_page(request: OfficeRequest, number: int) -> HttpResponse:
    """One entry in full, with its place in the chain."""
    card = entry(sight_of(request.viewer), number)
    if card is None:
        raise Http404
    _note(request, {"entry": number})
    place = names({card.division}).get(card.division, "") if card.division else ""
    told: dict[str, Any] = {"card": card, "kind": subject_word(card.subject_kind), "place": place}
    told["details"] = [(detail_word(name), value) for name, value in card.detail.items()]
    told["who"] = shown_names({card.actor_id}).get(card.actor_id, "") if card.actor_id else ""
    told["crumbs"] = [("流水", "/journal/"), (f"流水 {number}", "")]
    return render(request, "oversight/entry.html", told)


@allow(*READERS, reading=True)
@require_POST
def export(request: OfficeRequest) -> HttpResponse:
    """Asks for a file of what is filtered; its page asks what it is for."""
    form = JournalForm(request.GET)
    if not form.is_valid():
        raise Http404  # the button stands on a page whose filter was valid
    card = ask_export(
        viewer=request.viewer,
        at=request.at,
        kind=KIND,
        title="流水",
        columns=COLUMNS,
        rows_count=how_many(sight_of(request.viewer), form.asked, settings.DOUDI_EXPORT_MOST + 1),
        asked=as_conditions(form.asked),
    )
    return HttpResponseRedirect(card.address)


def _note(request: OfficeRequest, detail: dict[str, int]) -> None:
    """Whoever reads what others did is read about himself."""
    if request.viewer.role in READERS:
        record(
            actor=request.viewer.actor, at=request.at, act="oversight.journal_read", subject_kind="journal",
            division=request.viewer.division or None, why=request.viewer.purpose, detail=detail,
        )  # fmt: skip
