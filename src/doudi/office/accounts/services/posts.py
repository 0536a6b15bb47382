"""A post for somebody who has no account here: a system that reads in a role's place."""

from doudi.errors import Refusal
from doudi.office.accounts.models import Organisation
from doudi.office.accounts.services.users import check_post
from doudi.office.common.roles import Role

__all__ = ["fitting_post"]


def fitting_post(*, role: Role, organisation: int, division: int) -> str:
    """The department that goes with that role in the organisation of this key, empty for all but department officers.

    Refused: no such organisation, and what `check_post` refuses a user.
    """
    found = Organisation.objects.filter(pk=organisation).first()
    if found is None:
        raise Refusal("accounts.no_organisation", "没有这个机构；请先在“机构”页建好，再来选。")
    check_post(role, found, division)
    return found.kind if role is Role.DEPARTMENT_OFFICER else ""
