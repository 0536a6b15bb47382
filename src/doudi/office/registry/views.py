"""查人，看完整的姓名和证件号。"""

import re
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from doudi.errors import Refusal
from doudi.office.accounts.scope import OfficeRequest
from doudi.office.common.doors import allow
from doudi.office.common.network import address_of
from doudi.office.common.roles import BUSINESS, Role
from doudi.office.registry import selectors, services
from doudi.office.registry.results import Results, results_of

__all__ = ["reveal", "search"]

READERS: Final = BUSINESS - {Role.MACHINE}

_BOX = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,80})-box")


@allow(*READERS, reading=True)
@sensitive_post_parameters("q")
@never_cache
@require_http_methods(["GET", "POST"])
def search(request: OfficeRequest) -> HttpResponse:
    """A form by GET; what it finds by POST, so that no name and no id stands in an address."""
    asked, error, found = "", "", None
    if request.method == "POST":
        asked = request.POST.get("q", "")
        try:
            found = services.search(viewer=request.viewer, at=request.at, text=asked, address=address_of(request))
        except Refusal as refusal:
            error = refusal.sentence
    elif "q" in request.GET:
        error = "为保护个人信息，查询内容不放在网址里；请在上面重新输入后按“查找”。"
    page = Results("", "", (), ()) if found is None else results_of(found, selectors.population_day())
    told = {"asked": asked, "error": error, "searched": found is not None, "page": page}
    return render(request, "registry/search.html", told, status=422 if error and request.method == "POST" else 200)


@allow(*READERS, reading=True)
@sensitive_post_parameters("why")
@never_cache
@require_http_methods(["GET", "POST"])
def reveal(request: OfficeRequest, ref: str, person_ref: str) -> HttpResponse:
    """By POST with a reason: name and id in full, once. By GET the same place masked, as it is after a minute."""
    box = _Box.of(request, person_ref)
    if request.method == "GET":
        return _masked(request, ref, person_ref, box, error="")
    try:
        revealed = services.reveal_member(
            viewer=request.viewer, at=request.at, ref=ref, person_ref=person_ref, why=request.POST.get("why", "")
        )
    except Refusal as refusal:
        return _masked(request, ref, person_ref, box, error=refusal.sentence)
    if revealed is None:
        raise Http404
    return _never_kept(render(request, box.template("revealed"), {"revealed": revealed, "ref": ref, "box": box}))


@dataclass(frozen=True, slots=True)
class _Box:
    """The place on the page that the answer fills: its id, and whether a script asked (else the answer is a page)."""

    id: str
    fragment: bool
    address: str

    @classmethod
    def of(cls, request: HttpRequest, person_ref: str) -> "_Box":
        told = _BOX.fullmatch(request.headers.get("HX-Target", ""))
        fragment = request.headers.get("HX-Request") == "true"
        return cls(told[1] if told else f"person-{person_ref}", fragment, request.path)

    def template(self, name: str) -> str:
        return f"registry/{name}_part.html" if self.fragment else f"registry/{name}.html"


def _masked(request: OfficeRequest, ref: str, person_ref: str, box: _Box, error: str) -> HttpResponse:
    card = selectors.member(request.viewer, person_ref, of=ref)
    if card is None:
        raise Http404
    told = {"card": card, "ref": ref, "box": box, "error": error, "why": request.POST.get("why", "") if error else ""}
    # htmx swaps an answer of 200 alone; a page without script says by its status that nothing was revealed.
    status = 422 if error and not box.fragment else 200
    return _never_kept(render(request, box.template("masked"), told, status=status))


def _never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private"
    return response
