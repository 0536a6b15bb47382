"""What no template of the office may hold, and what each component has to bring."""

import re

import pytest
import yaml

from architecture.source import ROOT, found

OFFICE = ROOT / "src" / "doudi" / "office"
COMPONENTS = OFFICE / "ui" / "components"

# The policy of content is 'self': none of these would work, and each would be a hole if it did.
INLINE = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"\s(?:on[a-z]{3,}|hx-on[\w:-]*)\s*=", re.IGNORECASE),
    "a scripted address": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*(?:javascript|data):", re.IGNORECASE),
    "a file from elsewhere": re.compile(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE),
    "text that is not escaped": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off"),
}

# Parts that are shown inside another component's example.
PARTS = {
    "th": "table",
    "row_link": "table",
    "pick": "table",
    "pick_all": "table",
    "bulk": "table",
    "entry": "timeline",
    "fact": "facts",
}


def inline(text):
    return [what for what, pattern in INLINE.items() if pattern.search(text)]


@pytest.mark.parametrize(
    "planted",
    ["<script>x()</script>", "<p style='color:red'>", "<style>a{}</style>", "<button onclick='x()'>", "<i hx-on:click='x'>",
     "<a href='javascript:x()'>", "<script src='https://elsewhere.example/x.js'></script>", "{{ name|safe }}"],
)  # fmt: skip
def test_a_planted_inline_piece_is_seen(planted):
    assert inline(planted)


def test_a_script_from_a_file_is_accepted():
    assert inline('<script src="{{ script }}" defer></script>') == []


def test_no_template_of_the_office_holds_anything_inline():
    rows = [
        f"{page.relative_to(OFFICE)}: {what}"
        for page in sorted(OFFICE.rglob("*.html"))
        for what in inline(page.read_text("utf-8"))
    ]
    assert not rows, found(rows)


def components():
    return sorted(folder.name for folder in COMPONENTS.iterdir() if folder.is_dir())


@pytest.mark.parametrize("name", components())
def test_every_component_has_its_template_and_its_story(name):
    folder = COMPONENTS / name
    assert (folder / f"{name}.html").is_file()
    story = COMPONENTS / PARTS.get(name, name) / "examples.yaml"
    told = yaml.safe_load(story.read_text("utf-8"))
    assert told["title"]
    assert told["about"]
    assert any(f"<c-{name.replace('_', '-')}" in example["source"] for example in told["examples"])


@pytest.mark.parametrize("name", components())
def test_a_component_holds_nothing_that_is_not_its_own(name):
    own = {f"{name}.html", f"{name}.css", "examples.yaml"}
    assert {file.name for file in (COMPONENTS / name).iterdir()} <= own


def test_pages_ask_only_for_components_that_exist():
    there = {name.replace("_", "-") for name in components()} | {"vars", "slot"}
    rows = [
        f"{page.relative_to(OFFICE)}: <c-{name}>"
        for page in sorted(OFFICE.rglob("*.html"))
        for name in re.findall(r"<c-([\w.-]+)", page.read_text("utf-8"))
        if name not in there
    ]
    assert not rows, found(rows)
