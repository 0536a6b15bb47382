"""Runs: the list, one run in words, its progress, the button."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doudi.errors import Refusal
from doudi.office.accounts.scope import OfficeRequest
from doudi.office.common.doors import allow
from doudi.office.common.roles import Role
from doudi.office.monitoring import selectors, services
from doudi.office.monitoring.options import day_of
from doudi.office.monitoring.told import told_of

__all__ = ["ask", "progress", "run", "runs"]

READERS = (
    Role.PROVINCE_OFFICER, Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.SUPERVISOR,
)  # fmt: skip
PATH = "/runs/"


@allow(*READERS)
@require_safe
def runs(request: OfficeRequest) -> HttpResponse:
    """All runs, the newest first, and the one that is being made."""
    told = {
        "runs": selectors.runs(),
        "current": selectors.current_run(),
        "may_ask": request.viewer.role in services.MAY_ASK,
        "day": day_of(request.at),
        "crumbs": [("工作台", "/"), ("监测运行", "")],
    }
    return render(request, "monitoring/runs.html", told)


@allow(*READERS)
@require_safe
def run(request: OfficeRequest, run_id: int) -> HttpResponse:
    """One run: what it used and made, in words."""
    card = selectors.run(run_id)
    if card is None:
        raise Http404
    told = {
        "run": card,
        "told": told_of(card),
        "crumbs": [("工作台", "/"), ("监测运行", PATH), (f"{card.day} 的监测", "")],
    }
    return render(request, "monitoring/run.html", told)


@allow(*READERS)
@require_safe
def progress(request: OfficeRequest, run_id: int) -> HttpResponse:
    """How far a run is, as a part of a page; asked for every two seconds until it has ended."""
    card = selectors.run(run_id)
    if card is None:
        raise Http404
    response = render(request, "monitoring/progress_part.html", {"run": card})
    if card.finished_at is not None:
        response["HX-Refresh"] = "true"  # the page itself has more to say now
    return response


@allow(Role.CITY_OFFICER, Role.COUNTY_OFFICER)
@require_http_methods(["GET", "POST"])
def ask(request: OfficeRequest) -> HttpResponse:
    """The button: asks once more, then asks for the run."""
    error, typed = "", request.POST.get("day", day_of(request.at).isoformat())
    if request.method == "POST":
        try:
            run_id = services.request_run(actor=request.viewer.actor, at=request.at, day=_day(typed), kind="manual")
        except Refusal as refusal:
            error = refusal.sentence
        else:
            messages.success(request, "已发起监测，完成后预警列表随之更新。")
            return redirect(f"{PATH}{run_id}")
    told = {
        "day": typed, "error": error, "crumbs": [("工作台", "/"), ("监测运行", PATH), ("发起监测", "")],
        "current": selectors.current_run(),
    }  # fmt: skip
    return render(request, "monitoring/ask.html", told, status=422 if error else 200)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise Refusal("monitoring.not_a_day", "这不是日期；请写成 2026-06-30 这样，或在日历里选。") from error
