"""The figures beside what the program is held to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

__all__ = ["BOUNDS", "KINDS", "holds", "table"]

KINDS = ("list", "detail", "household", "search", "dashboard")

# At most; a figure without a bound, as those of the household page, is told for the record.
BOUNDS = {
    **{f"{page} CPU ms": 40 for page in ("list", "detail")},
    **{f"{page} queries": 12 for page in ("list", "detail")},
    **{f"{page} p95 ms at 8 readers": 200 for page in ("list", "detail")},
    "search ms": 100,
    "dashboard ms": 300,
    "list KiB": 40,
    "dashboard KiB": 220,
}


def holds(name: str, figure: float) -> bool:
    """Is the figure within its bound?"""
    return name not in BOUNDS or figure <= BOUNDS[name]


def table(found: Mapping[str, float]) -> Iterator[str]:
    """The lines of the table in Markdown."""
    yield "| figure | measured | bound | holds |"
    yield "|---|--:|--:|---|"
    for name, figure in found.items():
        bound = f"≤ {BOUNDS[name]}" if name in BOUNDS else ""
        verdict = ("yes" if holds(name, figure) else "**no**") if bound else ""
        yield f"| {name} | {figure:,.1f} | {bound} | {verdict} |"
