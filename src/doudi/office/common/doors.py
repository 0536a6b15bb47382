"""门：一张页面给哪些岗位看，写在页面自己头上。

Which roles a page is for, told by the page. A page without a door opens to nobody: `accounts.middleware` refuses it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.http import Http404, HttpRequest, HttpResponseBase

from doudi.office.common.roles import Role

__all__ = [
    "ANYBODY", "ANY_STAFF", "Door", "allow", "door_of", "has_own_transactions", "open_door", "own_transactions",
]  # fmt: skip

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponseBase]

ANY_STAFF = frozenset(Role) - {Role.MACHINE}


@dataclass(frozen=True, slots=True)
class Door:
    """`roles` may come in; `anybody` needs no login. `reading`: a POST that changes no business row, so that an external
    supervisor, who may only read, may make it too (reveal with a reason, his own password).
    """

    roles: frozenset[Role]
    reading: bool = False
    anybody: bool = False


ANYBODY = Door(frozenset(), reading=True, anybody=True)


def allow(*roles: Role, reading: bool = False) -> Callable[[View[R, P]], View[R, P]]:
    """Opens a view to these roles. Others get 404, as if there were no such page, and the journal keeps the attempt.

    The middleware asks first and writes the journal; the view asks again, in case it is called without a middleware.
    """
    door = Door(frozenset(roles), reading)

    def hang(view: View[R, P]) -> View[R, P]:
        @wraps(view)
        def guarded(request: R, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            viewer = getattr(request, "viewer", None)
            if viewer is None or viewer.role not in door.roles:
                raise Http404
            return view(request, *args, **kwargs)

        guarded.door = door  # type: ignore[attr-defined]  # a function carries its door, as Django's own marks do
        return cast("View[R, P]", guarded)

    return hang


def own_transactions(view: View[R, P]) -> View[R, P]:
    """For a view that waits for its caller, as while a large file comes in: the middleware opens no transaction around it.

    Who looks and whether he may is asked as everywhere; the view enters the viewer's scope in transactions of its own.
    """
    view.own_transactions = True  # type: ignore[attr-defined]  # as above
    return view


def has_own_transactions(view: object) -> bool:
    """Does the view open its transactions itself?"""
    return getattr(view, "own_transactions", False) is True


def open_door(view: View[R, P]) -> View[R, P]:
    """Opens a view to whoever comes, logged in or not: the login page and little else."""
    view.door = ANYBODY  # type: ignore[attr-defined]  # as above
    return view


def door_of(view: object) -> Door | None:
    """The door of a view, None when it has none."""
    found = getattr(view, "door", None)
    return found if isinstance(found, Door) else None
