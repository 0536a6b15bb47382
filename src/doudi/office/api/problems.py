"""差错的样子：一种形状（RFC 9457），一句中文，一个不变的代码。

The one shape of everything that is not an answer. A Refusal and a Gap are told by their own code and sentence; what nobody
foresaw is a 500 with a number, which the log has too, and without a word of what happened.
"""

import json
import logging
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja.errors import ValidationError

from doudi.errors import DoudiError, Fault, Gap, Refusal

__all__ = ["NOT_FOUND", "TITLES", "problem", "told", "told_of_fields", "unforeseen"]

_LOG: Final = logging.getLogger("doudi.api")

# The same for what does not exist, what lies elsewhere and what is another role's: existence is private.
NOT_FOUND: Final = "没有找到，或者不在您的辖区、不归您的岗位看。"

# What may be asked for otherwise has 422; these have a status of their own.
_STATUS: Final = {
    "api.grant": 400,
    "api.nobody": 401,
    "api.token": 401,
    "api.client": 401,
    "api.not_in_order": 403,
    "api.no_address": 404,
    "api.not_found": 404,
    "api.method": 405,
    "accounts.too_many_failures": 429,
}
TITLES: Final = {
    400: "请求的写法不对",
    401: "没有认出是谁",
    403: "现在不能进入",
    404: "没有找到",
    405: "只能读",
    409: "数据还没有",
    422: "请求不能这样办",
    429: "试得太多",
    500: "没有办成",
}


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:  # noqa: ANN401 - members of a JSON object
    """The answer itself. `more` are further members, as RFC 9457 allows."""
    body = {"type": f"urn:doudi:{code}", "title": TITLES[status], "status": status, "code": code, "detail": detail}
    answer = HttpResponse(
        json.dumps(body | more, ensure_ascii=False), status=status, content_type="application/problem+json"
    )
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    if status == 405:
        answer["Allow"] = "GET"
    return answer


def told(error: DoudiError, /, **more: Any) -> HttpResponse:  # noqa: ANN401 - as above
    """A Refusal or a Gap as a problem: its code, its sentence. A Fault is never told."""
    if isinstance(error, Fault):
        return unforeseen(error)
    status = _STATUS.get(error.code, 409 if isinstance(error, Gap) else 422)
    return problem(status, error.code, error.sentence, **more)


def told_of_fields(_: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters that cannot be used: which, and why, the first in the sentence and all of them in `errors`."""
    wrong = list(_fields(error.errors))
    refusal = Refusal("api.parameter", f"参数“{wrong[0]['field']}”不能用：{wrong[0]['says']}")
    return told(refusal, errors=wrong)


def unforeseen(error: BaseException) -> HttpResponse:
    """A 500 with a number; the log has the number and the error."""
    number = secrets.token_hex(4)
    _LOG.error("接口没有办成，编号 %s", number, exc_info=error)
    fault = Fault("api.unforeseen", f"这次没有办成，是平台的问题；请把编号 {number} 告诉系统管理员。")
    return problem(500, fault.code, fault.sentence, number=number)


def _fields(errors: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, str]]:
    for error in errors:
        ours = error["type"] == "doudi"
        says = error["msg"] if ours else "值的写法不对，请按接口说明填写。"
        yield {"field": str(error["loc"][-1]), "says": says}
