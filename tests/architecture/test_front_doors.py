"""An office is entered by its front doors only: services, selectors, events, states."""

import ast

import pytest

from architecture.source import PACKAGE, found

OFFICES = PACKAGE / "office"
FRONT_DOORS = {"services", "selectors", "events", "states"}
SIDE_DOORS = {("accounts", "scope")}
OPEN_HOUSES = {"common", "ui"}


def imported(node, module):
    """Absolute dotted names that an import statement in `module` (a tuple of parts) reaches."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = ".".join(module[: -node.level]) if node.level else ""
    stem = ".".join(filter(None, [base, node.module]))
    return [f"{stem}.{alias.name}" for alias in node.names]


def trespass(home, name):
    """How importing `name` from the office `home` trespasses, or None."""
    match name.split("."):
        case ["doudi", "office", away, *_] if home in {away, "config"} or away in OPEN_HOUSES:
            return None
        case ["doudi", "office", away, door, *_] if door not in FRONT_DOORS and (away, door) not in SIDE_DOORS:
            return f"enters {away} by its window: {name}"
        case ["doudi", "office", away]:
            return f"takes the whole office {away}"
        case _:
            return None


def trespasses(offices):
    for path in offices.rglob("*.py"):
        inside = path.relative_to(offices).with_suffix("").parts
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for name in imported(node, ("doudi", "office", *inside)):
                if complaint := trespass(inside[0], name):
                    yield f"{path}:{node.lineno} {complaint}"


PLANTED = [
    "from doudi.office.registry.models import Person",
    "from ..registry.models import Person",
    "import doudi.office.registry.models",
    "from doudi.office import registry",
]


@pytest.mark.parametrize("line", PLANTED)
def test_a_planted_trespass_is_seen(tmp_path, line):
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "views.py").write_text(line)
    assert list(trespasses(tmp_path))


@pytest.mark.parametrize(
    "line",
    ["from doudi.office.registry import services", "from doudi.office.common import roles", "from .forms import Form"],
)
def test_the_front_door_is_open(tmp_path, line):
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "views.py").write_text(line)
    assert list(trespasses(tmp_path)) == []


def test_offices_enter_each_other_by_the_front_door():
    complaints = list(trespasses(OFFICES))
    assert not complaints, found(complaints)
