"""A town of few households over two counties, whose runs are written by hand; viewers of any place and role."""

from datetime import datetime

import pytest

from doudi.office.accounts.scope import Viewer
from doudi.office.common.actor import machine
from doudi.office.common.clock import BEIJING
from doudi.office.common.codes import WHOLE
from doudi.office.common.roles import Role
from doudi.office.common.scope import enter_scope
from doudi.office.monitoring import services
from doudi.office.monitoring.services import running
from office.monitoring.written import PlainVault, Town, frames, stand_in

AT = datetime(2026, 4, 1, 9, 0, tzinfo=BEIJING)
CITY, COUNTY, TOWNSHIP, VILLAGE, NEIGHBOUR = 370500000000, 370502000000, 370502001000, 370502001011, 370503000000
OTHER_VILLAGE, OTHER_TOWN = 370502001013, 370502002000
NEIGHBOURS_TOWN = 370503001000
FIRST, SECOND, THIRD, FOURTH = "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-01"


@pytest.fixture
def town(whole_city, doudi_home, monkeypatch):
    """Five households: 1 and 2 in the village, 3 in the next one, 4 in the other town, 5 in the neighbour county."""
    import personas  # noqa: PLC0415  # Django must be up before models are read

    personas.divisions()
    enter_scope(*WHOLE)
    vault = PlainVault()
    stand_in(monkeypatch, vault)
    monkeypatch.setattr(running, "population_of", frames)
    (doudi_home / "tmp").mkdir()
    made = Town(doudi_home, vault)
    for key, division in enumerate((VILLAGE, VILLAGE, OTHER_VILLAGE, OTHER_TOWN, NEIGHBOURS_TOWN), start=1):
        made.household(key, division, name=f"示范{'甲乙丙丁戊'[key - 1]}")
    return made


@pytest.fixture
def take(town):
    """Takes over a written run; gives its id."""
    return lambda day: services.import_finished(actor=machine("monitor"), at=AT, folder=day)


@pytest.fixture
def look():
    """A viewer of that role and division, entered: both lines of defence stand."""

    def enter(role=Role.CITY_OFFICER, division=CITY, user_id=7):
        who = Viewer(user_id, "someone", "某某", role, division)
        who.enter()
        return who

    yield enter
    enter_scope(*WHOLE)
