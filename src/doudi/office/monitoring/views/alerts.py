"""The list of alerts and one alert: an address is read, one call made, a page rendered."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from doudi.errors import Refusal
from doudi.office.accounts.scope import OfficeRequest
from doudi.office.common.doors import allow
from doudi.office.common.roles import BUSINESS, Role
from doudi.office.documents.services import ask_export
from doudi.office.monitoring import services
from doudi.office.monitoring.asked import Asked, read_asked
from doudi.office.monitoring.exporting import COLUMNS, KIND, conditions
from doudi.office.monitoring.pages import list_page
from doudi.office.monitoring.selectors.listing import alerts, matching
from doudi.office.registry.services import search

__all__ = ["alert", "alert_list", "export", "find", "forget", "save"]

READERS = BUSINESS - {Role.MACHINE}
PATH = "/alerts/"
_FOUND = "alerts_found"  # in the session: the households that the last search found, and never what was typed


@allow(*READERS)
@require_safe
def alert_list(request: OfficeRequest) -> HttpResponse:
    """One page of the list, with its filters and their counts."""
    asked = _asked(request, request.GET)
    page = alerts(request.viewer, asked, request.at)
    told = list_page(request.viewer, asked, page, request.at)
    return render(request, "monitoring/alerts.html", told | {"crumbs": [("工作台", "/"), (told["title"], "")]})


@allow(*READERS)
@require_safe
def alert(request: OfficeRequest, alert_id: str) -> HttpResponse:
    """One alert whole; the opening is journalled."""
    asked = _asked(request, request.GET)
    found = services.open_alert(viewer=request.viewer, at=request.at, alert_id=alert_id, asked=asked)
    if found is None:
        raise Http404
    page, (before, after) = found
    query = f"?{asked.query()}" if asked.query() else ""
    told: dict[str, Any] = {
        "page": page,
        "before": f"{PATH}{before}{query}" if before else "",
        "after": f"{PATH}{after}{query}" if after else "",
        "back": f"{PATH}{query}",
        "query": query,
        "crumbs": [("工作台", "/"), ("预警", f"{PATH}{query}"), (page.card.title, "")],
    }
    return render(request, "monitoring/alert.html", told)


@allow(*READERS, reading=True)
@sensitive_post_parameters("text")
@require_POST
def find(request: OfficeRequest) -> HttpResponse:
    """Narrows the list to the households that a name, an id or a 户号 finds. What is typed stands in no address."""
    asked = _asked(request, _query(request))
    try:
        found = search(viewer=request.viewer, at=request.at, text=request.POST.get("text", ""))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(asked.but(households=None).address(PATH))
    keys = {each.household_key for each in found.people} | {each.household_key for each in found.households}
    request.session[_FOUND] = sorted(keys)
    if found.more:
        messages.info(request, f"符合的人很多，只按前 {found.limit} 人查找；请把姓名写全或改用证件号。")
    return redirect(asked.but(households=frozenset(keys)).address(PATH))


@allow(*READERS)
@require_POST
def export(request: OfficeRequest) -> HttpResponse:
    """Asks for a file of the picked alerts, or of the whole list; who takes it, and what for, is asked there."""
    asked = _asked(request, _query(request))
    picked = [each for each in request.POST.getlist("pick") if len(each) == 16]
    count = len(picked) if picked else matching(request.viewer, asked, request.at).count()
    try:
        card = ask_export(
            viewer=request.viewer, at=request.at, kind=KIND, title="预警" + ("（所选）" if picked else "列表"),
            columns=COLUMNS, rows_count=count, asked=conditions(asked, request.at, picked),
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(asked.address(PATH))
    return HttpResponseRedirect(card.address)


@allow(*READERS, reading=True)
@require_POST
def save(request: OfficeRequest) -> HttpResponse:
    """Keeps the list's filters under a name."""
    asked = _asked(request, _query(request))
    try:
        services.save_view(viewer=request.viewer, name=request.POST.get("name", ""), asked=asked)
        messages.success(request, "筛选已保存，下次在列表上方点它的名字就能打开。")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect(asked.address(PATH))


@allow(*READERS, reading=True)
@require_POST
def forget(request: OfficeRequest, view_id: int) -> HttpResponse:
    """Drops a saved view of one's own."""
    services.forget_view(viewer=request.viewer, view_id=view_id)
    return redirect(PATH)


def _query(request: OfficeRequest) -> QueryDict:
    """The list that a form was sent from: its address without the page."""
    return QueryDict(request.POST.get("list", "")[:600])


def _asked(request: OfficeRequest, told: QueryDict) -> Asked:
    found = request.session.get(_FOUND)
    return read_asked(told.dict(), None if found is None else frozenset(found))  # type: ignore[arg-type]  # one value a name
