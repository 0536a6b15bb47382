"""How an operation is declared: its address, its name, whom it is for; what the gate asks of it stands beside it."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from django.http import Http404
from ninja import NinjaAPI, Schema
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from doudi.errors import Gap, Refusal
from doudi.office.api.problems import NOT_FOUND, told, told_of_fields, unforeseen
from doudi.office.common.doors import Door, allow
from doudi.office.common.roles import Role

__all__ = ["DOORS", "PARAMETERS", "api", "operation"]

Operation = TypeVar("Operation", bound=Callable[..., Any])

# Name of an operation → its door, and the parameters that it knows.
DOORS: Final[dict[str, Door]] = {}
PARAMETERS: Final[dict[str, frozenset[str]]] = {}


class Readable(JSONRenderer):
    """JSON in which Chinese stands as Chinese."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


# No docs page: it would want scripts from elsewhere, which the content security policy forbids.
api: Final = NinjaAPI(
    title="兜底 Doudi 读取接口",
    version="1.0.0",
    description="按辖区和岗位读取区划、预警、户情、计数、监测运行和来件情况。只读；读到个人的都记入流水。",
    openapi_url=None,
    docs_url=None,
    renderer=Readable(),
)
api.exception_handler(ValidationError)(told_of_fields)
api.exception_handler(Http404)(lambda _, __: told(Refusal("api.not_found", NOT_FOUND)))
api.exception_handler(Refusal)(lambda _, error: told(error))
api.exception_handler(Gap)(lambda _, error: told(error))
api.exception_handler(Exception)(lambda _, error: unforeseen(error))


def operation(
    path: str, name: str, *roles: Role, response: type[Schema], takes: type[Schema] | None = None, summary: str
) -> Callable[[Operation], Operation]:
    """Makes a GET of a function, for these roles; `takes` holds the parameters of its query."""

    def hang(view: Operation) -> Operation:
        DOORS[name] = Door(frozenset(roles))
        PARAMETERS[name] = frozenset(takes.model_fields) if takes else frozenset()
        made = api.get(path, response=response, url_name=name, operation_id=name, summary=summary)
        made(allow(*roles)(view))
        return view

    return hang
