"""外部监督：凭通知书，一人提出、另一人批准，到期自行结束。"""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from doudi.errors import Refusal
from doudi.office.accounts import services
from doudi.office.accounts.forms import SupervisionForm, told
from doudi.office.accounts.models import SupervisionGrant
from doudi.office.accounts.scope import OfficeRequest
from doudi.office.accounts.states import GRANT
from doudi.office.common.doors import allow
from doudi.office.common.roles import Role
from doudi.office.divisions import selectors as divisions

__all__ = ["decide", "supervision"]


@allow(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
@require_http_methods(["GET", "POST"])
def supervision(request: OfficeRequest) -> HttpResponse:
    """The grants, newest first; the system administrator asks for one here."""
    asks = request.viewer.role is Role.SYSTEM_ADMIN
    if request.method == "POST" and not asks:
        raise Http404
    form = SupervisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_supervision(actor=request.viewer.actor, at=request.at, **form.cleaned_data)
        except Refusal as refusal:
            told(form, refusal)
        else:
            messages.success(request, "已经提出，等安全保密管理员批准后开通。")
            return HttpResponseRedirect("/accounts/supervision/")
    services.end_what_is_over(at=request.at)
    grants = SupervisionGrant.objects.select_related("supervisor__organisation", "asked_by", "decided_by")[:200]
    rows = [
        {
            "grant": grant, "word": GRANT.word(grant.state), "tone": GRANT.tone(grant.state),
            "place": divisions.place_name(grant.division),
            "moves": list(GRANT.open_to(grant, grant.state, request.viewer.actor)),
        }
        for grant in grants
    ]  # fmt: skip
    said = {"rows": rows, "form": form, "asks": asks}
    return render(request, "accounts/supervision.html", said, status=422 if form.errors else 200)


@allow(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
@require_POST
def decide(request: OfficeRequest, pk: int) -> HttpResponse:
    """Opens, declines or ends a grant."""
    grant = SupervisionGrant.objects.select_related("supervisor").filter(pk=pk).first()
    if grant is None:
        raise Http404
    word, why, actor = request.POST.get("move", ""), request.POST.get("why", "")[:400], request.viewer.actor
    try:
        if word == "提前结束":
            services.end_supervision(grant=grant, actor=actor, at=request.at, why=why)
        else:
            services.decide_supervision(grant=grant, approve=word == "批准", actor=actor, at=request.at, why=why)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{grant.supervisor.shown_name}的监督：{GRANT.word(grant.state)}。")
    return HttpResponseRedirect("/accounts/supervision/")
