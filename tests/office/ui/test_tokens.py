"""No colour, size or space stands outside tokens.css, and every token that is asked for exists and is used."""

import re

import pytest

from architecture.source import ROOT, found

TOKENS = ROOT / "frontend" / "css" / "tokens.css"
COMPONENTS = ROOT / "src" / "doudi" / "office" / "ui" / "components"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
STRING = re.compile(r"\"[^\"]*\"")
LITERAL = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|lab|lch|oklch|color)a?\("
    r"|(?<![\w-])-?(?:\d*\.)?\d+(?:px|rem|em|ch|ex|pt|mm|cm|in|vh|vw|ms|s)\b"
    r"|(?<=[:\s])(?:white|black|red|green|blue|gray|grey|orange|yellow|silver)\b(?=[;\s])"
)
EM_OF_LETTERS = re.compile(r"letter-spacing: [\d.]+em")  # spacing within a word follows the word's own size
ASKED, GIVEN = re.compile(r"var\((--[\w-]+)"), re.compile(r"(?<![\w(-])(--[\w-]+):")
READ_BY_SCRIPT = re.compile(r"token\([\"`]([\w-]+?)(?:\$\{at\})?[\"`]\)")


def sheets():
    return sorted((ROOT / "frontend" / "css").glob("*.css")) + sorted(COMPONENTS.glob("*/*.css"))


def literals(css):
    plain = EM_OF_LETTERS.sub("", STRING.sub('""', COMMENT.sub("", css)))
    return [match.group() for match in LITERAL.finditer(plain)]


@pytest.mark.parametrize(
    "planted",
    ["a { color: #fff; }", "a { margin: 3px; }", "a { color: red; }", "a { inset: 0 -1.5rem; }", "a { color: rgb(0 0 0); }",
     "a { transition: all 200ms; }"],
)  # fmt: skip
def test_a_planted_literal_is_seen(planted):
    assert literals(planted)


@pytest.mark.parametrize(
    "fine",
    ["a { margin: 0 auto; }", "a { color: var(--level-red); }", "a { inline-size: 100%; }", "a { flex: 1 1 auto; }"],
)
def test_a_sheet_that_only_names_tokens_is_accepted(fine):
    assert literals(fine) == []


def test_no_sheet_but_the_tokens_holds_a_literal():
    rows = [
        f"{sheet.relative_to(ROOT)}: {literal}"
        for sheet in sheets()
        if sheet != TOKENS
        for literal in literals(sheet.read_text("utf-8"))
    ]
    assert not rows, found(rows)


def test_every_token_is_given_and_used():
    given = set(GIVEN.findall(TOKENS.read_text("utf-8")))
    styles = "".join(COMMENT.sub("", sheet.read_text("utf-8")) for sheet in sheets())
    scripts = "".join(script.read_text("utf-8") for script in (ROOT / "frontend" / "js").glob("*.js"))
    asked = set(ASKED.findall(styles))
    read = {f"--{name}" for name in READ_BY_SCRIPT.findall(scripts)}

    assert asked - given == set()
    assert {token for token in given - asked if not any(token.startswith(name) for name in read)} == set()


def test_no_script_names_a_colour():
    rows = [
        f"{script.name}: {literal}"
        for script in sorted((ROOT / "frontend" / "js").glob("*.js"))
        for literal in re.findall(r"[\"`']#[0-9a-fA-F]{3,8}\b|\brgb\(", script.read_text("utf-8"))
    ]
    assert not rows, found(rows)
