"""Reading our own source as trees: what the tests of this folder ask about it."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "doudi"


def modules(*below, package=PACKAGE):
    """Each (path relative to the package, syntax tree) of the package, or of the wings named `below` only."""
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        if "migrations" not in inside.parts and (not below or inside.parts[0] in below):  # those are generated
            yield inside.as_posix(), _tree(path)


@cache
def _tree(path):
    """A module is read once, however many tests ask about it: nobody changes the package, or a tree, meanwhile."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


@cache
def nodes(tree):
    """All nodes of a tree."""
    return tuple(ast.walk(tree))


def functions(tree):
    """Every function of a module, however deep."""
    return [node for node in nodes(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def dotted(node):
    """`datetime.date.today` for that expression; an empty string for anything that is not a dotted name."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=base, attr=name):
            return f"{dotted(base)}.{name}" if dotted(base) else f"?.{name}"
        case _:
            return ""


def tracked():
    """The files that a commit holds or would hold: everything in the tree that git does not ignore."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def found(rows):
    """Complaints as one readable text, for the message of an assertion."""
    return "\n" + "\n".join(rows)
