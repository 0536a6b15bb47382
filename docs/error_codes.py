"""Writes docs/errors.md from the source: every code that a Refusal, a Gap or a Fault is raised with.

`python docs/error_codes.py` prints the page, `--write` replaces it; `dev docs` does the latter. A code is found where it
is a literal: given to one of the three, to a class derived from them, or to a *messenger*, a function that hands one of
its own parameters on as the code. SystemExit names the line of any other: a code nobody can search for is none.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "errors.md"
KINDS = {kind: kind for kind in ("Refusal", "Gap", "Fault")}
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


class Messenger(NamedTuple):
    """A function that raises with a code it was given: how it is called, and what it makes of it."""

    definition: ast.FunctionDef
    kind: str
    code: str
    sentence: ast.expr | None

    def given(self, call: ast.Call) -> dict[str, ast.expr]:
        """Parameter -> argument of one call, defaults included."""
        arguments = self.definition.args
        names = [argument.arg for argument in arguments.args]
        defaults = dict(zip(names[len(names) - len(arguments.defaults) :], arguments.defaults, strict=True))
        if names[:1] in (["self"], ["cls"]):
            names = names[1:]
        named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        return defaults | dict(zip(names, call.args, strict=False)) | named


def name_of(node: ast.expr) -> str:
    """`Refusal` for `Refusal` and for `errors.Refusal`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def kinds_of_error(trees: Mapping[str, ast.Module]) -> dict[str, str]:
    """Class name -> Refusal, Gap or Fault, for the three and every class derived from them."""
    kinds = dict(KINDS)
    classes = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for _ in range(5):  # a class may be derived from one that is read later
        for node in classes:
            for base in node.bases:
                if name_of(base) in kinds:
                    kinds.setdefault(node.name, kinds[name_of(base)])
    return kinds


def messengers(tree: ast.Module, kinds: Mapping[str, str]) -> dict[str, Messenger]:
    """The messengers of one module, by name."""
    found = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            parameters = {argument.arg for argument in function.args.args}
            for call, kind in direct_calls(function, kinds):
                if call.args and isinstance(call.args[0], ast.Name) and call.args[0].id in parameters:
                    told = call.args[1] if len(call.args) > 1 else None
                    found[function.name] = Messenger(function, kind, call.args[0].id, told)
    return found


def direct_calls(tree: ast.AST, kinds: Mapping[str, str]) -> Iterator[tuple[ast.Call, str]]:
    """Calls that make an error: of its class, or `super().__init__` inside a class derived from it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) in kinds:
            yield node, kinds[name_of(node.func)]
        if isinstance(node, ast.ClassDef) and node.name in kinds:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and ast.unparse(inner.func) == "super().__init__":
                    yield inner, kinds[node.name]


def sentence(node: ast.expr | None, given: Mapping[str, ast.expr]) -> str:
    """The sentence as far as the source knows it; `given` are the arguments of a messenger's call."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name) if name in given:
            return sentence(given[name], {})
        case ast.JoinedStr(values=parts):
            return "".join(sentence(p.value if isinstance(p, ast.FormattedValue) else p, given) for p in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return sentence(left, given) + sentence(right, given)
        case ast.IfExp(body=body, orelse=orelse):
            return f"{sentence(body, given)} / {sentence(orelse, given)}"
        case _:
            return "…"


def codes_in(tree: ast.Module, kinds: Mapping[str, str]) -> Iterator[tuple[int, str, ast.expr | None, str]]:
    """(line, kind, the code's expression, the sentence) of every error made in a module."""
    helpers = messengers(tree, kinds)
    inside = {id(call) for helper in helpers.values() for call, _ in direct_calls(helper.definition, kinds)}
    for call, kind in direct_calls(tree, kinds):
        handed_on = id(call) in inside and isinstance(call.args[0], ast.Name)
        inherited = name_of(call.func) not in KINDS and not call.args  # the class's own __init__ gives the code
        if not handed_on and not inherited:
            told = call.args[1] if len(call.args) > 1 else None
            yield call.lineno, kind, call.args[0] if call.args else None, sentence(told, {})
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and (helper := helpers.get(name_of(call.func))):
            given = helper.given(call)
            yield call.lineno, helper.kind, given.get(helper.code), sentence(helper.sentence, given)


def raised(package: Path) -> list[Raised]:
    """Every code of the package with its sentence, in the order of code and place."""
    paths = [path for path in sorted(package.rglob("*.py")) if path != package / "errors.py"]
    trees = {path.relative_to(package).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}
    kinds = kinds_of_error(trees)
    rows = set()
    for where, tree in trees.items():
        for line, kind, code, told in codes_in(tree, kinds):
            if isinstance(code, ast.Constant) and isinstance(code.value, str) and FORM.fullmatch(code.value):
                rows.add(Raised(code.value, kind, told, where))
            else:
                shown = ast.unparse(code) if code else "nothing"
                sys.exit(f"{where}:{line} {kind} wants a literal code of the form wing.what, not {shown}")
    return sorted(rows)


def page(rows: list[Raised]) -> str:
    """The whole of docs/errors.md."""
    lines = []
    for code in sorted({row.code for row in rows}):
        same = [row for row in rows if row.code == code]
        kinds, told, places = (sorted({getattr(row, part) for row in same}) for part in ("kind", "sentence", "where"))
        cells = (f"`{code}`", ", ".join(kinds), "<br>".join(told), ", ".join(places))
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n")
    return HEAD + "".join(lines)


if __name__ == "__main__":
    written = page(raised(ROOT / "src" / "doudi"))
    if "--write" in sys.argv[1:]:
        PAGE.write_text(written, "utf-8")
    else:
        sys.stdout.write(written)
