"""Which role is sent what, and what the message of a run shows it: a table that people who know the procedure have read.

`python tests/office/messages/test_golden.py --write` writes it anew; a change of it is a change of what people are told.
"""

import os
import sys
from pathlib import Path

import django

import personas
from doudi.office.common.fields import FieldClass, Sight, sight
from doudi.office.common.roles import LABELS, Role
from doudi.office.messages.kinds import DIGEST, KINDS

GOLDEN = Path(__file__).parents[1] / "golden_messages.txt"
FACTS = {"day": "2026-06-30", "households": 2, "alerts": 3, "red": 1, "by": [["政策未落实", 2], ["情形复杂", 1]]}
NAME = "欧阳娜娜"


def cell(role, kind):
    """How a role has a kind."""
    if role not in kind.to:
        return "—"
    return "收，可停" if kind.mutable else "收"


def shown(role):
    """What the message of a run says to this role, with the name of a household's head."""
    from doudi.office.messages.texts import said  # noqa: PLC0415  # Django must be up before it is read

    if role not in KINDS[DIGEST].to:
        return "—"
    viewer = personas.viewer(next(name for name, each in personas.everybody().items() if each.role == role))
    return f"{said(viewer, DIGEST, FACTS)}户主：{viewer.shows(FieldClass.NAME, NAME)}"


def drawn():
    """The table as text: a role a line, a kind a column, and what the message of a run shows."""
    lines = ["岗位角色 | " + " | ".join(kind.title for kind in KINDS.values()) + " | 监测有新增，怎样说"]
    for role in Role:
        if role is not Role.MACHINE:
            cells = " | ".join(cell(role, kind) for kind in KINDS.values())
            lines.append(f"{LABELS[role]} | {cells} | {shown(role)}")
    return "\n".join(lines) + "\n"


def test_the_table_is_the_one_that_was_read():
    assert drawn() == GOLDEN.read_text("utf-8")


def test_it_shows_of_a_household_what_the_table_of_field_classes_allows():
    for role in KINDS[DIGEST].to:
        text = shown(role)
        assert (NAME in text) == (sight(role, FieldClass.NAME) is Sight.PLAIN), LABELS[role]
        assert ("政策未落实" in text) == (sight(role, FieldClass.HARDSHIP) is Sight.PLAIN), LABELS[role]


if __name__ == "__main__" and "--write" in sys.argv:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.office.config.settings")
    django.setup()
    GOLDEN.write_text(drawn(), "utf-8")
