"""取令牌：编号和密钥换一个短时的令牌，别的什么也不换。

POST /api/token, the client credentials grant and no other. oauthlib says what a right request is and makes the token;
whether the system may have one, `services.identify` says. Of the token a checksum is kept.
"""

import base64
import binascii
import json
from typing import Any, Final
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from oauth2_provider.models import Application
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.oauth2 import BackendApplicationServer, OAuth2Error

from doudi.errors import Refusal
from doudi.office.accounts.scope import OfficeRequest
from doudi.office.api.problems import told
from doudi.office.api.services import identify, token_taken
from doudi.office.common.doors import open_door
from doudi.office.common.network import address_of

__all__ = ["token"]

_SAYS: Final = {
    "unsupported_grant_type": "grant_type 只能是 client_credentials。",
    "invalid_scope": "scope 只能是 read，也可以不写。",
}


class Admitted(OAuth2Validator):  # type: ignore[misc]  # the toolkit ships without types
    """The rules of the toolkit for an application that was identified already."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self.application = application

    def authenticate_client(self, request: Any, *_: Any, **__: Any) -> bool:  # noqa: ANN401 - oauthlib's own request
        """It was."""
        request.client = self.application
        return True


@open_door
@csrf_exempt
@sensitive_post_parameters("client_secret")
@sensitive_variables("secret", "body")
def token(request: OfficeRequest) -> HttpResponse:
    """A token for whoever shows number and secret, in the header (Basic) or in the form, never in the address."""
    if request.method != "POST":
        answer = told(Refusal("api.method", "取令牌用 POST。"))
        answer["Allow"] = "POST"
        return answer
    if request.GET:
        return told(Refusal("api.secret_in_address", "网址里不能带参数：编号和密钥写在请求头或表单里。"))
    client_id, secret = _shown(request)
    address = address_of(request)
    try:
        client = identify(client_id=client_id, secret=secret, at=request.at, address=address)
    except Refusal as refusal:
        return told(refusal)
    if client is None:
        return told(Refusal("api.client", _refused()), error="invalid_client")
    server = BackendApplicationServer(
        Admitted(client.application), token_expires_in=settings.OAUTH2_PROVIDER["ACCESS_TOKEN_EXPIRE_SECONDS"]
    )
    try:
        _, _, body, status = OAuthLibCore(server).create_token_response(request)
    except OAuth2Error as error:
        body, status = error.json, error.status_code
    if status != 200:
        what = str(json.loads(body)["error"])
        sentence = _SAYS.get(what, "请求的写法不对：表单里写 grant_type=client_credentials。")
        return told(Refusal("api.grant", sentence), error=what)
    token_taken(client=client, at=request.at, address=address)
    return HttpResponse(body, content_type="application/json", headers={"Pragma": "no-cache"})


def _shown(request: HttpRequest) -> tuple[str, str]:
    """Number and secret as the request shows them; empty where it does not."""
    kind, _, told_ = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    try:
        number, _, secret = base64.b64decode(told_, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(number), unquote_plus(secret)


def _refused() -> str:
    return (
        f"没有给令牌：编号或密钥不对，或者这个接入没有批准、已经停用、暂时锁定。连续 {settings.DOUDI_LOCK_AFTER} 次不对锁定"
        f" {settings.DOUDI_LOCK_MINUTES} 分钟；请联系系统管理员。"
    )
