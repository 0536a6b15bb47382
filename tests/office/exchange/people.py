"""Who sends and who looks in the exchange's tests, and the small files they send."""

import datetime as dt

from doudi.office.accounts.scope import Viewer
from doudi.office.common.clock import BEIJING
from doudi.office.common.roles import Role
from doudi.office.exchange import services
from landing.files import DIBAO, SETTLEMENT, csv_text, dibao_line, settlement_line, valid_id

AT = dt.datetime(2026, 4, 2, 9, 0, tzinfo=BEIJING)
CITY, COUNTY, NEIGHBOUR = 370500000000, 370502000000, 370503000000

ZHANG = Viewer(1, "zhangmin", "张敏", Role.COUNTY_OFFICER, COUNTY)
ZHAO = Viewer(2, "zhaoqiang", "赵强", Role.COUNTY_OFFICER, NEIGHBOUR)
ZHOU = Viewer(3, "zhoutao", "周涛", Role.CITY_OFFICER, CITY)
ZHENG = Viewer(4, "zhengyi", "郑医", Role.DEPARTMENT_OFFICER, CITY, "医保")
FENG = Viewer(5, "fenglian", "冯联", Role.DEPARTMENT_OFFICER, CITY, "残联")
HE = Viewer(6, "hedu", "何督", Role.SUPERVISOR, CITY, purpose="审计通知书一号")

ROLL, SETTLED = "dibao_roll_2026-03.csv", "medical_settlement_2026-03.csv"


def roll(count=4, first=1, **changes):
    """A 低保 roll of 东营区 as bytes."""
    return csv_text(DIBAO, [dibao_line(number, **changes) for number in range(first, first + count)]).encode()


def settlements(count=3):
    """Medical settlements, which name no county."""
    return csv_text(SETTLEMENT, [settlement_line(number) for number in range(1, count + 1)]).encode()


def broken_roll():
    """Two good lines, one with a wrong check digit, one of the neighbour county without a name."""
    wrong = valid_id(7)[:-1] + ("0" if valid_id(7)[-1] != "0" else "1")
    lines = [
        dibao_line(1), dibao_line(2), dibao_line(3) | {"公民身份号码": wrong},
        dibao_line(4) | {"公民身份号码": "12345", "经办乡镇代码": "370503100000"},
    ]  # fmt: skip
    return csv_text(DIBAO, lines).encode()


def sent(name, content, viewer=ZHANG, at=AT, **said):
    """An upload received in two chunks."""
    half = len(content) // 2
    return services.receive(
        actor=viewer.actor, at=at, name=name, chunks=[content[:half], content[half:]],
        department=viewer.department, **said,
    )  # fmt: skip


def landed(name, content, viewer=ZHANG, at=AT, **said):
    """The same upload after the worker's turn."""
    upload = sent(name, content, viewer, at, **said)
    services.land_waiting(at=at)
    upload.refresh_from_db()
    return upload
