"""The demo city's people: one of each role, made once, with passwords that satisfy the rules."""

import pytest

import personas
from doudi.office.accounts import services
from doudi.office.accounts.models import User
from doudi.office.accounts.passwords import complaints
from doudi.office.accounts.selectors import viewer_for
from doudi.office.common.roles import LABELS, Role

pytestmark = pytest.mark.usefixtures("office_db")


def test_every_role_has_somebody_who_can_log_in():
    personas.divisions()
    accounts = services.make_demo_accounts(at=personas.AT)
    assert {account.role for account in accounts} == {LABELS[role] for role in Role if role is not Role.MACHINE}
    for account in accounts:
        user = services.log_in(login=account.login, password=account.password, at=personas.AT)
        assert user is not None
        assert viewer_for(user, personas.AT).name == account.login
        assert not [said for said in complaints(user, account.password) if "用过" not in said]
    assert {account.login: account.division for account in accounts}["liwei"] == "山东省东营市东营区文汇街道"


def test_made_again_they_keep_their_passwords():
    personas.divisions()
    first = services.make_demo_accounts(at=personas.AT)
    again = services.make_demo_accounts(at=personas.AT)
    assert [account.password for account in again] == [None] * len(first)
    assert User.objects.count() == len(first)
