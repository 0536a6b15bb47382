"""系统接入：系统管理员提出，安全保密管理员批准；密钥只显示一次。"""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from doudi.errors import Refusal
from doudi.office.accounts.scope import OfficeRequest
from doudi.office.api import services
from doudi.office.api.forms import ClientForm, told
from doudi.office.api.models import Client
from doudi.office.api.states import CLIENT
from doudi.office.common.doors import allow
from doudi.office.common.roles import LABELS, Role
from doudi.office.divisions.selectors import place_name

__all__ = ["clients", "move"]

_MOST: Final = 200
_ORDER: Final = tuple(CLIENT.states)  # what waits stands first, then what is in use
SYSTEM, SECURITY = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN


@allow(SYSTEM, SECURITY)
@require_http_methods(["GET", "POST"])
def clients(request: OfficeRequest) -> HttpResponse:
    """The systems that read here, those that wait first; the system administrator asks for one."""
    asks = request.viewer.role is SYSTEM
    if request.method == "POST" and not asks:
        raise Http404
    form = ClientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        try:
            services.ask_client(actor=request.viewer.actor, at=request.at, asked=services.Asked(**given))
        except Refusal as refusal:
            told(form, refusal)
        else:
            messages.success(request, "已经提出，等安全保密管理员批准后发给编号和密钥。")
            return HttpResponseRedirect(reverse("api:clients"))
    listed = list(Client.objects.select_related("organisation", "asked_by", "decided_by", "application")[:_MOST])
    rows = [
        {
            "client": each, "word": CLIENT.word(each.state), "tone": CLIENT.tone(each.state),
            "role": LABELS[Role(each.role)], "place": place_name(each.division), "locked": each.locked(request.at),
            "moves": list(CLIENT.open_to(each, each.state, request.viewer.actor)),
        }
        for each in sorted(listed, key=lambda each: _ORDER.index(each.state))
    ]  # fmt: skip
    said = {"rows": rows, "form": form, "asks": asks}
    return render(request, "api/clients.html", said, status=422 if form.errors else 200)


@allow(SYSTEM, SECURITY)
@never_cache
@require_POST
@sensitive_variables("made")
def move(request: OfficeRequest, pk: int) -> HttpResponse:
    """Admits, declines or withdraws a client; an admission shows number and secret, this once."""
    client = Client.objects.filter(pk=pk).first()
    if client is None:
        raise Http404
    word, why, actor = request.POST.get("move", ""), request.POST.get("why", "")[:400], request.viewer.actor
    try:
        if word == "停用":
            services.withdraw_client(client=client, actor=actor, at=request.at, why=why)
        else:
            made = services.decide_client(client=client, approve=word == "批准", actor=actor, at=request.at, why=why)
            if made is not None:
                return render(request, "api/handed.html", {"client": client, "made": made})
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{client.name}：{CLIENT.word(client.state)}。")
    return HttpResponseRedirect(reverse("api:clients"))
