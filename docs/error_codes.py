"""Writes docs/errors.md from the source: every code that a Refusal, a Gap or a Fault is raised with.

`python docs/error_codes.py` prints the page, `--write` replaces it; `dev docs` does the latter.
Raises SystemExit naming the line when a code is not a literal: a code nobody can search for is none.
"""

import ast
import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "errors.md"
KINDS = ("Refusal", "Gap", "Fault")
FORM = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")

HEAD = """# Error codes

Generated from the source by `python3 dev docs`; a test holds it equal to the source.

**Refusal** 拒绝: the world says no and the user can act. **Gap** 缺口: data is missing, the answer is *unknown*.
**Fault** 故障: our own bug. The code is stable, the sentence may improve; `…` stands for what the sentence fills in.

| code | kind | sentence | raised in |
|---|---|---|---|
"""


class Raised(NamedTuple):
    """One place where a code is given: its sentence as read, its kind, its file."""

    code: str
    kind: str
    sentence: str
    where: str


def kinds_of_error(trees: dict[str, ast.Module]) -> dict[str, str]:
    """Class name -> Refusal, Gap or Fault, for the three and every class derived from them."""
    kinds = {kind: kind for kind in KINDS}
    classes = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for _ in range(5):  # a class may be derived from one that is read later
        for node in classes:
            for base in node.bases:
                name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
                if name in kinds:
                    kinds.setdefault(node.name, kinds[name])
    return kinds


def sentence(node: ast.expr | None) -> str:
    """The sentence as far as the source knows it."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(sentence(part) if isinstance(part, ast.Constant) else "…" for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return sentence(left) + sentence(right)
        case ast.IfExp(body=body, orelse=orelse):
            return f"{sentence(body)} / {sentence(orelse)}"
        case _:
            return "…"


def calls_in(tree: ast.Module, kinds: dict[str, str]) -> list[tuple[ast.Call, str]]:
    """Calls that give a code: of an error class, or `super().__init__` inside one derived from it."""
    calls = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in kinds:
                calls.append((node, name))
        if isinstance(node, ast.ClassDef) and node.name in kinds:
            calls += [
                (inner, kinds[node.name])
                for inner in ast.walk(node)
                if isinstance(inner, ast.Call) and ast.unparse(inner.func) == "super().__init__"
            ]
    return calls


def raised(package: Path) -> list[Raised]:
    """Every code of the package with its sentence, in the order of code and place."""
    trees = {
        path.relative_to(package).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(package.rglob("*.py"))
        if path.name != "errors.py" or path.parent != package
    }
    kinds = kinds_of_error(trees)
    rows = []
    for where, tree in trees.items():
        for call, name in calls_in(tree, kinds):
            first = call.args[0] if call.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and FORM.fullmatch(first.value):
                told = sentence(call.args[1]) if len(call.args) > 1 else "…"
                rows.append(Raised(first.value, kinds[name], told, where))
            elif name in KINDS:
                shown = ast.unparse(first) if first else "nothing"
                sys.exit(f"{where}:{call.lineno} {name} wants a literal code of the form wing.what, not {shown}")
    return sorted(set(rows))


def page(rows: list[Raised]) -> str:
    """The whole of docs/errors.md."""
    lines = []
    for code in sorted({row.code for row in rows}):
        same = [row for row in rows if row.code == code]
        told, kinds, places = (sorted({getattr(row, field) for row in same}) for field in ("sentence", "kind", "where"))
        cells = (f"`{code}`", ", ".join(kinds), "<br>".join(told), ", ".join(places))
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n")
    return HEAD + "".join(lines)


if __name__ == "__main__":
    written = page(raised(ROOT / "src" / "doudi"))
    if "--write" in sys.argv[1:]:
        PAGE.write_text(written, "utf-8")
    else:
        sys.stdout.write(written)
