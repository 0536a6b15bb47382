"""Organisations speak the words of the contract with the departments."""

from pathlib import Path

import yaml

import doudi
from doudi.office.accounts.kinds import CIVIL_AFFAIRS, DEPARTMENTS, KINDS, LEVEL_OF_ROLE, SECOND_FACTOR
from doudi.office.common.roles import Role

FEEDS = yaml.safe_load((Path(doudi.__file__).parent / "landing" / "feeds.yaml").read_text("utf-8"))


def test_every_department_that_sends_something_is_a_kind_of_organisation():
    senders = {feed["department"] for feed in FEEDS.values()} - {"各部门"}
    assert senders <= set(DEPARTMENTS)
    assert CIVIL_AFFAIRS in senders


def test_the_offices_that_the_platform_serves_are_all_there():
    assert set("教育 人社 住建 农业农村 卫健 应急 医保 残联 财政 大数据 审计 纪检监察".split()) <= set(KINDS)


def test_every_role_but_the_machines_has_its_levels_and_all_but_helpers_a_second_factor():
    assert set(LEVEL_OF_ROLE) == set(Role) - {Role.MACHINE}
    assert set(SECOND_FACTOR) == {role.value for role in LEVEL_OF_ROLE} - {"village_helper"}
