"""A small invented city whose vault is a dictionary: names, ids and digests without a key file."""

import hashlib
import uuid
from datetime import date, datetime

import polars as pl
import pytest

from doudi.office.accounts.scope import Viewer
from doudi.office.common.actor import machine
from doudi.office.common.clock import BEIJING
from doudi.office.common.codes import WHOLE
from doudi.office.common.roles import Role
from doudi.office.common.scope import enter_scope
from doudi.office.registry import services, vaulted
from doudi.office.registry.vaulted import Plain

AT = datetime(2026, 7, 1, 2, 0, tzinfo=BEIJING)
DAY = date(2026, 6, 30)


class PlainVault:
    """What `registry.vaulted` asks of the real one. `asked` counts the persons whose names were wanted."""

    def __init__(self):
        self.people = {}  # person_key -> (name, id)
        self.asked = 0

    def plain(self, *, people=(), names=(), household_nos=()):
        self.asked += len(people)
        known = {key: self.people[key] for key in {*people, *names} if key in self.people}
        return Plain(
            {key: name for key, (name, _) in known.items() if name},
            {key: person_id for key, (_, person_id) in known.items() if key in people},
            {token: f"3799H{token:08d}" for token in household_nos},
        )

    def refs(self, keys):
        return {key: self.ref(key) for key in keys if key in self.people}

    @staticmethod
    def ref(key):
        return uuid.uuid5(uuid.NAMESPACE_OID, str(key)).hex

    def household_no_token(self, text):
        return int(text[5:]) if text.startswith("3799H") and text[5:].isdigit() else -1

    def search_tokens(self, kind, texts):
        return [int.from_bytes(hashlib.sha256(f"{kind}|{text}".encode()).digest()[:8], signed=True) for text in texts]


class City:
    """Frames of a run, built a household at a time."""

    def __init__(self, vault):
        self.vault, self.homes, self.members = vault, [], []

    def household(self, division, *people, **more):
        """`people`: names, or dicts with a name and columns of the members' frame. Gives the keys of the persons."""
        keys = []
        for told in people:
            person = {"name": told} if isinstance(told, str) else dict(told)
            key = person.pop("person_key", len(self.vault.people) + 1)
            name = person.pop("name")
            self.vault.people[key] = name, f"3799011980{key:07d}X"
            keys.append(key)
            self.members.append(
                {
                    "person_key": key, "household_key": keys[0], "is_head": key == keys[0], "birth": date(1980, 2, 29),
                    "registered": True, "name_token": self.vault.search_tokens("bound", [f"{key}{name}"])[0],
                    "county": division // 10**6, "male": None, "tiers": [], "hukou_division": None,
                    "residence_division": None,
                } | person
            )  # fmt: skip
        self.homes.append(
            {
                "household_key": keys[0], "head_key": keys[0], "members": len(keys), "household_no_token": keys[0],
                "head_hukou_kind": "农村", "division": division, "county": division // 10**6, "managing_division": None,
            } | more
        )  # fmt: skip
        return keys

    def forget(self, *keys):
        """These persons stand in no register any more; nor their households when nobody is left."""
        self.members = [row for row in self.members if row["person_key"] not in keys]
        left = {row["household_key"] for row in self.members}
        self.homes = [row for row in self.homes if row["household_key"] in left]

    def frames(self):
        whole = {
            "birth": pl.Date, "tiers": pl.List(pl.String), "male": pl.Boolean, "hukou_division": pl.Int64,
            "residence_division": pl.Int64, "name_token": pl.Int64,
        }  # fmt: skip
        homes = {
            "managing_division": pl.Int64,
            "division": pl.Int64,
            "household_no_token": pl.Int64,
            "county": pl.Int64,
        }
        return pl.DataFrame(self.homes, schema_overrides=homes), pl.DataFrame(self.members, schema_overrides=whole)

    def taken_over(self, at=AT, day=DAY):
        """The city as it is built by now becomes the registry's."""
        households, members = self.frames()
        return services.take_over(households=households, members=members, actor=machine("monitor"), at=at, day=day)


@pytest.fixture
def vault(monkeypatch):
    plain = PlainVault()
    for door in ("plain", "refs", "household_no_token", "search_tokens"):
        monkeypatch.setattr(vaulted, door, getattr(plain, door))
    return plain


@pytest.fixture
def city(whole_city, vault, monkeypatch):
    """Every code of 3705 is known as it is; others are held at their county, as `divisions.known` does it."""

    def held_at(codes):
        return {code: code if code // 10**8 == 3705 else code // 10**6 * 10**6 for code in codes}

    monkeypatch.setattr(services, "_held_at", held_at)
    return City(vault)


@pytest.fixture
def look():
    """A viewer of that role and division, entered: both lines of defence stand. Null role: nobody's scope at all."""

    def enter(division, role=Role.COUNTY_OFFICER, **more):
        viewer = Viewer(7, "zhangmin", "张敏", role, division, **more)
        viewer.enter()
        return viewer

    yield enter
    enter_scope(*WHOLE)
