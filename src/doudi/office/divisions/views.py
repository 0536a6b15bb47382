"""行政区划：逐级往下看，查代码，看沿革。"""

from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from doudi.office.common.codes import level_of
from doudi.office.common.doors import ANY_STAFF, allow
from doudi.office.divisions.models import LEVELS
from doudi.office.divisions.selectors import changes, children, find, history, path

__all__ = ["changed", "divisions"]

_SHOWN: Final = 50


@allow(*ANY_STAFF)
@require_GET
def divisions(request: HttpRequest, code: int = 0) -> HttpResponse:
    """One division with those below it and its history; what is typed finds by name or code. Public knowledge."""
    text = request.GET.get("text", "").strip()[:40]
    steps = path(code)
    if code and code not in steps:
        raise Http404
    said = {
        "code": code, "name": steps.get(code, "全国"), "level": LEVELS.get(level_of(code), ""),
        "steps": list(steps.items())[:-1], "below": list(children(code).items()), "text": text,
        "found": find(text) if text else [], "changes": history(code) if code else [],
    }  # fmt: skip
    return render(request, "divisions/divisions.html", said)


@allow(*ANY_STAFF)
@require_GET
def changed(request: HttpRequest) -> HttpResponse:
    """What became of divisions: every change with its day and ground, newest first."""
    pages = Paginator(changes(), _SHOWN)
    page = pages.get_page(request.GET.get("page"))
    said = {
        "rows": list(page), "total": pages.count,
        "before": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "after": f"?page={page.next_page_number()}" if page.has_next() else "",
    }  # fmt: skip
    return render(request, "divisions/changes.html", said)
