"""行政区划：逐级往下看，查代码，看沿革。"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from doudi.office.common.codes import level_of
from doudi.office.common.doors import ANY_STAFF, allow
from doudi.office.divisions.models import LEVELS
from doudi.office.divisions.selectors import children, find, history, path

__all__ = ["divisions"]


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
