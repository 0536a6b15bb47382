"""Writes what follows from the workflow tables: `docs/build/workflows.md` (diagrams) and the golden file of moves.

`python docs/workflows.py --write` writes the page, as `dev docs` does. `--golden` writes `tests/office/golden_moves.txt`:
that one is never written along, since its difference is what somebody who knows the procedure has to read.
"""

import os
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module, util
from pathlib import Path

import django

import doudi.office
from doudi.office.common.roles import LABELS, Role
from doudi.office.common.workflow import Workflow

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "build" / "workflows.md"
GOLDEN = ROOT / "tests" / "office" / "golden_moves.txt"

HEAD = """# Workflows

Generated from the tables in each office's `states.py` by `python3 dev docs`; a test holds it equal to the source. Every arrow is
performed by `audit.services.make_move`. A `*` asks for a reason, a `?` has conditions of its own. What has a *due* is made by the
house itself once the time in that column of the row has come.

"""

GOLDEN_HEAD = """\
# 流程 × 状态 × 岗位 × 走法：谁在什么状态下能办什么，办完到什么状态。* 须写理由，? 另有条件（写在该走法的 needs 里）。
# 没有列出的岗位，在那个状态下什么也不能办。改动请由懂业务的人逐行看过，再运行 python docs/workflows.py --golden。
"""


def workflows() -> list[Workflow]:
    """Every workflow of the house, by its key: whatever stands as one in an office's `states`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.office.config.settings")
    os.environ.setdefault("DOUDI_SECRET_KEY", "for the documents alone")
    django.setup()
    found: dict[str, Workflow] = {}
    for office in pkgutil.iter_modules(doudi.office.__path__, "doudi.office."):
        if util.find_spec(f"{office.name}.states"):
            states = vars(import_module(f"{office.name}.states"))
            found |= {table.key: table for table in states.values() if isinstance(table, Workflow)}
    return [found[key] for key in sorted(found)]


def page() -> str:
    """The whole page: a diagram and a table a workflow."""
    return HEAD + "\n".join("\n".join(_told(table)) + "\n" for table in workflows())


def golden() -> str:
    """The whole golden file: a block a workflow, a line for each role that may do something in a state."""
    return GOLDEN_HEAD + "".join("\n" + "".join(f"{line}\n" for line in _block(table)) for table in workflows())


def _told(table: Workflow) -> Iterator[str]:
    yield f"## {table.name} `{table.key}`"
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state, (word, _) in table.states.items():
        yield f"    {state}: {word}"
    yield f"    [*] --> {table.start}"
    for move in table.moves:
        yield f"    {move.old} --> {move.new}: {move.name}{_marks(move)}"
    yield "```"
    yield ""
    yield "| move | from | to | by | due |"
    yield "|---|---|---|---|---|"
    for move in table.moves:
        roles = "、".join(LABELS[role] for role in Role if role in move.by)
        due = f"`{move.due}`" if move.due else ""
        yield f"| {move.name}{_marks(move)} | {table.word(move.old)} | {table.word(move.new)} | {roles} | {due} |"


def _block(table: Workflow) -> Iterator[str]:
    yield f"[{table.key}] {table.name}，起于 {table.start}"
    for state, (word, tone) in table.states.items():
        yield f"  {state} {word} ({tone})"
        for role in Role:
            may = [
                f"{move.name}{_marks(move)}→{move.new}" for move in table.moves if move.old == state and role in move.by
            ]
            if may:
                yield f"    {role.value}: {'  '.join(may)}"


def _marks(move: object) -> str:
    asks_why, needs = getattr(move, "asks_why", False), getattr(move, "needs", ())
    return ("*" if asks_why else "") + ("?" if needs else "")


if __name__ == "__main__":
    if "--golden" in sys.argv[1:]:
        GOLDEN.write_text(golden(), "utf-8")
    elif "--write" in sys.argv[1:]:
        PAGE.write_text(page(), "utf-8")
    else:
        sys.stdout.write(page())
