"""组件陈列：每个组件的例子就写在组件旁边。

The stories of the components, read from `components/<name>/examples.yaml` and rendered as a page would.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from django.http import HttpRequest
from django.template import RequestContext, engines
from django.utils.safestring import SafeString
from django_cotton.compiler_regex import CottonCompiler

from doudi.office.ui.loader import COMPONENTS

__all__ = ["Example", "Story", "stories"]


@dataclass(frozen=True, slots=True)
class Example:
    """One use of a component: how it is written in a page, and what comes of it."""

    title: str
    source: str
    drawn: SafeString


@dataclass(frozen=True, slots=True)
class Story:
    """A component: its tag, its Chinese word, what it is for, its examples."""

    name: str
    title: str
    about: str
    examples: tuple[Example, ...]


@cache
def _told() -> tuple[tuple[str, Mapping[str, Any]], ...]:
    files = sorted(COMPONENTS.glob("*/examples.yaml"))
    return tuple((file.parent.name, yaml.safe_load(file.read_text("utf-8"))) for file in files)


def stories(request: HttpRequest) -> list[Story]:
    """One row a component, in the order of their names."""
    return [
        Story(name, told["title"], told["about"], tuple(_example(request, each) for each in told["examples"]))
        for name, told in _told()
    ]


def _example(request: HttpRequest, told: Mapping[str, Any]) -> Example:
    # Django's own engine, since cotton's tags are built into it and not into the facade.
    engine = engines["django"].engine  # type: ignore[attr-defined]  # the facade of Django's templates has it
    template = engine.from_string(CottonCompiler().process(told["source"]))
    drawn = template.render(RequestContext(request, dict(told.get("context", {}))))
    return Example(told["title"], told["source"].strip(), drawn)
