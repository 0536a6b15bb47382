"""Messages of a few people, made as the platform makes them."""

from types import SimpleNamespace

import pytest

import personas
from doudi.office.common.scope import whole_city
from doudi.office.messages import services

VILLAGE = 370502001011


def news(homes=2, keys=()):
    """What a run found in one place."""
    told = {"政策未落实": 2, "情形复杂": 1, "可能符合未纳入": 0}
    return SimpleNamespace(homes=homes, alerts=3, red=1, by_disposition=told, keys=keys)


def above(village=VILLAGE):
    """The village and every place above it."""
    return [village // step * step for step in (1, 10**3, 10**6, 10**8, 10**10, 10**12)]


@pytest.fixture
def people(office_db):
    """Makes the accounts of these people; gives each one's viewer by name."""

    def made(*names):
        with whole_city():
            return {name: personas.viewer(name, user_id=personas.user(name).pk) for name in names}

    return made


@pytest.fixture
def run(office_db):
    """Tells of a run that found something in the village; again for a run of another number."""

    def told(number=1, *, at=personas.AT, keys=(), village=VILLAGE):
        with whole_city():
            found = {code: news(keys=keys) for code in above(village)}
            services.tell_run(at=at, run=number, day=at.date(), news=found)

    return told
