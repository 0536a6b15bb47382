"""字号、标识、水印、组件陈列页。"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from doudi.office.common.clock import right_now
from doudi.office.common.doors import open_door
from doudi.office.ui.chrome import SIZE_COOKIE
from doudi.office.ui.gallery import stories
from doudi.office.ui.templatetags.office import moment
from doudi.office.ui.watermark import watermark

__all__ = ["gallery", "mark", "mark_of_viewer", "size"]

SVG = "image/svg+xml"
A_YEAR = 365 * 24 * 3600

# A roof over three lines: 兜住、兜准、兜好.
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#0958d9"/>'
    '<path d="M5 13 16 6l11 7" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>'
    '<path d="M8 17v3a8 8 0 0 0 16 0v-3M16 15v7" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/></svg>'
)


@open_door
@require_POST
def size(request: HttpRequest) -> HttpResponse:
    """大字版 on or off, kept in a cookie for this browser; back to where the reader was."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    answer = HttpResponseRedirect(back)
    chosen = "large" if request.POST.get("size") == "large" else "normal"
    answer.set_cookie(SIZE_COOKIE, chosen, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return answer


@open_door
@require_GET
@cache_control(public=True, max_age=A_YEAR)
def mark(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django hands every view its request
    """The product's mark."""
    return HttpResponse(MARK, content_type=SVG)


@open_door
@require_GET
@cache_control(
    private=True, no_store=True
)  # browsers do not heed Vary: Cookie, the next to log in would bear this one's name
def mark_of_viewer(request: HttpRequest) -> HttpResponse:
    """The watermark of who is logged in, with the moment; without anybody it says nothing."""
    viewer = getattr(request, "viewer", None)
    lines = (
        (f"{viewer.shown_name} {viewer.name}", moment(getattr(request, "at", None) or right_now())) if viewer else ()
    )
    return HttpResponse(watermark(*lines), content_type=SVG)


@open_door
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with every example. For whoever is logged in, and for anybody in the demo."""
    if not (settings.DEMO or getattr(request, "viewer", None)):
        return HttpResponseRedirect("/login")
    return render(request, "ui/gallery.html", {"stories": stories(request)})
