"""The table of matrix.yaml: who is answered what at which address, and how an address names something."""

from functools import cache
from pathlib import Path

import yaml

from doudi.office.common.roles import BUSINESS, LABELS, Role

FILE = Path(__file__).with_name("matrix.yaml")

# One person a role, and the neighbours who must see nothing.
PEOPLE = ("张敏", "张审", "李伟", "王芳", "周涛", "吴静", "郑医", "秦系", "尤安", "许审", "何督")
NEIGHBOURS = ("赵强", "孙丽", "钱勇")

# How a household lies to each person: where it is managed. Null: there is no such place in the city.
RELATIONS = {
    "张敏": {"own": "county", "child": "town", "sibling": "next county", "parent": "city"},
    "张审": {"own": "county", "child": "village", "sibling": "town of next county", "parent": "city"},
    "李伟": {"own": "town", "child": "village", "sibling": "next town", "parent": "county"},
    "王芳": {"own": "village", "child": None, "sibling": "next village", "parent": "town"},
    "周涛": {"own": "city", "child": "county", "sibling": None, "parent": None},
    "吴静": {"own": None, "child": "city", "sibling": None, "parent": None},
    "何督": {"own": "city", "child": "village", "sibling": None, "parent": None},
    "赵强": {"own": "next county", "child": "town of next county", "sibling": "county", "parent": "city"},
    "孙丽": {"own": "next town", "child": None, "sibling": "town", "parent": "county"},
    "钱勇": {"own": "next village", "child": None, "sibling": "village", "parent": "town"},
}
# Who sees no household looks at one in the middle of the city and finds nothing.
ELSEWHERE = {"own": "county", "child": "village", "sibling": "next county", "parent": "city"}
SEEN = {"own": True, "child": True, "sibling": False, "parent": False}

DOORS = {
    "city": 370500000000, "county": 370502000000, "town": 370502001000, "village": 370502001011,
    "next village": 370502001013, "next town": 370502002000, "next county": 370503000000,
    "town of next county": 370503001000,
}  # fmt: skip

_GROUPS = {
    "staff": set(Role) - {Role.MACHINE},
    "readers": set(BUSINESS) - {Role.MACHINE},
    "senders": {Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.DEPARTMENT_OFFICER},
}


@cache
def table():
    """Name of an address → its line."""
    return yaml.safe_load(FILE.read_text("utf-8"))


def expected(line, method, name, role):
    """The status that the table gives this person for what lies in his jurisdiction."""
    if role not in roles(line["door"]):
        return 404
    if method == "post" and role is Role.SUPERVISOR and not line.get("reading") and not line.get("anybody"):
        return 403
    if line["takes"] not in (method, "both"):
        return 405
    if name not in line.get("only", [name]):
        return 404
    status = line.get(method, 200)
    return status.get(role.value, 404) if isinstance(status, dict) else status


def roles(words):
    """`readers, system_admin` and `staff - village_helper` as a set of roles."""
    found = set()
    for part in words.split(","):
        plus, *minus = (word.strip() for word in part.split(" - "))
        found |= _one(plus).difference(*map(_one, minus))
    return found


def _one(word):
    return _GROUPS[word] if word in _GROUPS else {Role(word)}


def missing_line(name, route):
    """What whoever added an address is told."""
    words = "、".join(f"{role.value} {LABELS[role]}" for role in Role if role is not Role.MACHINE)
    return (
        f"{route}（{name}）不在 tests/office/matrix.yaml 里：每个网址都要写明给哪些岗位。请加一行，例如\n"
        f"  {name}: {{door: readers, takes: get}}\n"
        f"网址里有一户、一条预警的写上 of: household 或 of: alert；办事的写 takes: post 和空表得到的状态。岗位：{words}。"
    )
