"""What must never stand in a tracked file, and what an exception from a tool owes its reader."""

import io
import re
import tokenize

import pytest

from architecture.source import ROOT, found, tracked

# Bracketed letters keep this page from finding itself.
NEVER = {
    "a path of somebody's machine": re.compile(r"(?<![\w.$}])/([r]oot\b|[w]ork\b|[h]ome/[a-z]|[t]mp/[a-z]|[U]sers/)"),
    "a folder outside the tree": re.compile(r"\.\./[s]hared|[.]library/"),
    "a registry's host": re.compile(r"[p]ypi\.org|[p]ythonhosted|[r]egistry\.npmjs|[d]eb\.debian|[p]ypi\.tuna"),
    "an option that ties the lock to a machine": re.compile(r"^--(index|extra-index|find|trusted)[-]", re.MULTILINE),
    "who typed it": re.compile(r"(?i)\b([a]nthropic|[c]laude|[c]opilot|[c]hatgpt|co-[a]uthored-by)\b|AI[ ]assistant"),
}
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".ini", ".sql", ".lock", ".txt", ".csv", ".json", ".geojson", ""}

EXCUSE = re.compile(r"#\s*(noqa|type:\s*ignore|pragma|ruff:\s*noqa)\b(?P<rest>.*)")
CODES = re.compile(r"^\s*(:\s*[A-Z]+\d+(\s*,\s*[A-Z]+\d+)*|\[[\w\-, ]+\])?[\s#\-—–:]*")
WORDS_OF_A_REASON = 8  # characters: less than that explains nothing


def unwanted(text):
    return [f"{what}: {match.group()!r}" for what, pattern in NEVER.items() for match in pattern.finditer(text)]


def unexcused(source):
    """Comments that silence a tool without saying why."""
    if not EXCUSE.search(source):  # found in a moment; to tell comments from texts takes a hundred times as long
        return
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and (excuse := EXCUSE.search(token.string)):
            reason = CODES.sub("", excuse["rest"], count=1)
            if len(reason) < WORDS_OF_A_REASON:
                yield f"{token.start[0]}: {token.string}"


def python_files():
    return [path for path in tracked() if path.suffix == ".py"]


@pytest.mark.parametrize(
    "planted",
    [
        "see /" + "work/main/x",
        "cd /" + "root",
        "open('/" + "tmp/mine.csv')",
        "copied from ../" + "shared/design.md",
        "--find" + "-links /opt",
        "https://pypi" + ".org/simple",
    ],
)
def test_a_planted_word_is_seen(planted):
    assert unwanted(planted)


@pytest.mark.parametrize("planted", ["x = 1  # noqa: E501\n", "x = 1  # type: ignore[misc]\n", "x = 1  # noqa\n"])
def test_a_planted_silence_without_a_reason_is_seen(planted):
    assert list(unexcused(planted))


@pytest.mark.parametrize("fine", ["x = 1  # noqa: E501 - a table reads better whole\n", "x = 1  # says why\n"])
def test_a_silence_with_a_reason_is_accepted(fine):
    assert list(unexcused(fine)) == []


def test_no_tracked_file_says_what_it_must_not():
    rows = [
        f"{path.relative_to(ROOT)} — {row}"
        for path in tracked()
        if path.suffix in TEXT
        for row in unwanted(path.read_text("utf-8"))
    ]
    assert not rows, found(rows)


def test_every_silenced_tool_is_told_why():
    rows = [f"{path.relative_to(ROOT)}:{row}" for path in python_files() for row in unexcused(path.read_text("utf-8"))]
    assert not rows, found(rows)


def test_every_exception_in_the_project_file_says_why_on_its_line():
    quoted_codes = re.compile(r'^\s*"[A-Z]+\d*"(\s*,\s*"[A-Z]+\d*")*,')
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    rows = [line for line in lines if quoted_codes.match(line) and "  #" not in line]
    assert not rows, found(rows)
