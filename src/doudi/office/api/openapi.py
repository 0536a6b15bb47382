"""接口说明：由源码生成的一份 OpenAPI，谁都可以看；仓库里放着同一份，测试比对。

The OpenAPI document, generated from the operations. It tells of nobody, so it needs no token.
"""

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import Schema
from pydantic import Field

from doudi.errors import Refusal
from doudi.office.api.problems import TITLES, told
from doudi.office.api.routing import api
from doudi.office.common.doors import open_door

__all__ = ["document", "nowhere", "openapi", "text"]

_ERRORS = (401, 403, 404, 405, 422, 500)


class Problem(Schema):
    """不是回答的都是这个样子（RFC 9457）。"""

    type: str = Field(description="urn:doudi: 加 code")
    title: str
    status: int
    code: str = Field(description="不变的代码，如 api.not_found；全部代码见 docs/errors.md")
    detail: str = Field(description="一句话：哪里不对，怎么办")
    errors: list[dict[str, str]] | None = Field(None, description="参数不对时：field 是哪一个，says 是为什么")
    number: str | None = Field(None, description="500 时的编号")


def document() -> dict[str, Any]:
    """The document: the operations, how one comes in, what every error looks like."""
    whole: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="api/v1/"))
    whole["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    whole["components"]["securitySchemes"] = {
        "token": {
            "type": "oauth2",
            "description": "编号和密钥换令牌；令牌放在 Authorization: Bearer 头里。已经登录的浏览器也可以直接看。",
            "flows": {"clientCredentials": {"tokenUrl": "/api/token", "scopes": {"read": "读取"}}},
        }
    }
    whole["security"] = [{"token": ["read"]}]
    shape = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in whole["paths"].values():
        for operation in path.values():
            answers = {str(status): each for status, each in operation["responses"].items()}
            answers["200"]["description"] = "读到了"
            operation["responses"] = answers | {
                str(status): {"description": TITLES[status], "content": shape} for status in _ERRORS
            }
    return whole


@cache
def text() -> str:
    """The same as text, as the file beside the documents has it."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


@open_door
@csrf_exempt
def openapi(request: HttpRequest) -> HttpResponse:
    """The document for whoever asks."""
    if request.method != "GET":
        return told(Refusal("api.method", "接口说明只能看，用 GET。"))
    return HttpResponse(text(), content_type="application/json")


@open_door
@csrf_exempt
def nowhere(_: HttpRequest, rest: str) -> HttpResponse:
    """Whatever is no address of the API: told in its own shape, and where the addresses stand."""
    del rest
    return told(Refusal("api.no_address", "没有这个地址；全部地址见 /api/v1/openapi.json。"))
