"""Who looks: the viewer behind a request, behind a user. Other offices get a `Viewer`, never a user's row."""

from datetime import datetime

from django.http import HttpRequest

from doudi.errors import Fault
from doudi.office.accounts.duties import Duties, GrantCard, duties, grant_of
from doudi.office.accounts.models import Organisation, SupervisionGrant, User
from doudi.office.accounts.scope import OfficeRequest, Viewer
from doudi.office.accounts.staff import StaffCard, staff
from doudi.office.common.clock import beijing_day
from doudi.office.common.roles import Role

__all__ = [
    "Duties", "GrantCard", "StaffCard", "duties", "grant_of", "open_grant", "shown_names", "staff", "viewer_for",
    "viewer_of",
]  # fmt: skip


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer whom the middleware found. Fault: nobody is logged in, so this view has no door."""
    viewer = getattr(request, "viewer", None)
    if not isinstance(viewer, Viewer):
        raise Fault("accounts.nobody", "这个页面没有登录的人，却在按登录的人办事：页面的门没有装好。")
    return viewer


def owes(request: OfficeRequest) -> bool:
    """Must whoever sits here first put his own login in order: a password or a second factor that is due?"""
    user = request.user
    return isinstance(user, User) and (user.password_due(request.at) or user.second_factor_due())


def viewer_for(user: User, at: datetime) -> Viewer | None:
    """The viewer a user is at that moment. None: an external supervisor without a grant in force."""
    role = Role(user.role)
    if role is not Role.SUPERVISOR:
        return Viewer(user.pk, user.login, user.shown_name, role, user.division, user.department)
    grant = open_grant(user, at)
    if grant is None:
        return None
    return Viewer(user.pk, user.login, user.shown_name, role, grant.division, purpose=grant.notice_no)


def open_grant(user: User, at: datetime) -> SupervisionGrant | None:
    """The supervisor's grant that is open and in force on the day of `at`; there is at most one."""
    day = beijing_day(at)
    return SupervisionGrant.objects.filter(supervisor=user, state="open", from_day__lte=day, until_day__gt=day).first()


def shown_names(user_ids: set[int]) -> dict[int, str]:
    """The names of staff by user key, as pages show them. One query."""
    return dict(User.objects.filter(pk__in=user_ids).values_list("pk", "shown_name"))


def organisation_names() -> dict[int, str]:
    """The name of every organisation by its key, in the order of their places. Public; it names nobody."""
    return dict(Organisation.objects.values_list("pk", "name"))
