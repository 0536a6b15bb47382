"""The figures of a bench of the whole city: medians, ratios between them, and the bounds they are held against."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence

from scale.measure import Stage

__all__ = ["KEYS", "figures", "ratio_table", "stage_table"]

KEYS = (
    "persons", "floor_cpu_s", "landing_lines_per_s", "landing_rss_mb", "monitor_cpu_s", "monitor_cpu_over_floor",
    "monitor_cpu_over_polars", "monitor_rss_mb", "incremental_clustered_over_full", "incremental_spread_over_full",
    "rule_edit_s", "decide_ms", "explain_ms", "cpu_s_per_million",
)  # fmt: skip

# figure -> what it is, and its bound; null = it has none
_BOUNDS: dict[str, tuple[str, str | None]] = {
    "monitor_cpu_over_floor": ("full monitor over the scan floor, CPU", "≤ 8"),
    "monitor_cpu_over_polars": ("what both compute: engine over the Polars twin, CPU", "≤ 0.7"),
    "whole_over_polars": ("the whole monitor, alerts and reasons included, over the Polars twin, CPU", None),
    "incremental_clustered_over_full": ("monitor after 1 % of lines changed in one county, over full, CPU", "≤ 0.15"),
    "incremental_spread_over_full": ("monitor after 1 % of lines changed everywhere, over full, CPU", "≤ 0.35"),
    "rule_edit_s": ("monitor after one threshold was edited, CPU seconds", "≤ 1"),
    "rule_edit_wall_s": ("the same, wall seconds", None),
    "landing_lines_per_s": ("landing GB18030 CSV, lines per wall second", "≥ 400,000"),
    "landing_lines_per_cpu_s": ("the same, lines per CPU second", None),
    "city_lines_per_s": ("landing the whole city from mixed formats, lines per wall second", None),
    "landing_rss_mb": ("landing, peak MB of all its processes", None),
    "monitor_rss_mb": ("full monitor, peak MB", "≤ 1,200"),
    "cpu_s_per_million": ("full monitor, CPU seconds per million persons", None),
    "decide_ms": ("one household decided, warm, ms", "≤ 5"),
    "explain_ms": ("one household explained, warm, ms", "≤ 300"),
}
_MB_PER_MIB = 1.048576


def figures(
    persons: int, rounds: Mapping[str, Sequence[Stage]], warm: Mapping[str, Sequence[float]], lines: Mapping[str, float]
) -> dict[str, float | None]:
    """Every figure; null = its stages were not asked for.

    `rounds`: the stages of each round by name. `warm`: ms of one answer. `lines`: landed by `land` and by `land city`.
    """

    def median(stage: str, what: str = "cpu_seconds") -> float | None:
        return statistics.median(getattr(one, what) for one in rounds[stage]) if rounds.get(stage) else None

    full, polars = median("monitor"), median("polars")
    return {
        "persons": persons,
        "floor_cpu_s": _round(median("floor"), 3),
        "landing_lines_per_s": _over(lines.get("land"), median("land", "wall_seconds"), 0),
        "landing_lines_per_cpu_s": _over(lines.get("land"), median("land"), 0),
        "city_lines_per_s": _over(lines.get("land city"), median("land city", "wall_seconds"), 0),
        "landing_rss_mb": _megabytes(median("land", "peak_mib")),
        "monitor_cpu_s": _round(full, 2),
        "monitor_cpu_over_floor": _over(full, median("floor")),
        "monitor_cpu_over_polars": _over(median("shared"), polars),
        "whole_over_polars": _over(full, polars),
        "monitor_rss_mb": _megabytes(median("monitor", "peak_mib")),
        "incremental_clustered_over_full": _over(median("clustered"), full),
        "incremental_spread_over_full": _over(median("spread"), full),
        "rule_edit_s": _round(median("rule"), 2),
        "rule_edit_wall_s": _round(median("rule", "wall_seconds"), 2),
        "decide_ms": _round(statistics.median(warm["warm decide"]) if warm.get("warm decide") else None, 2),
        "explain_ms": _round(statistics.median(warm["warm explain"]) if warm.get("warm explain") else None, 1),
        "cpu_s_per_million": _over(full, persons / 1e6, 2),
    }


def _round(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _over(value: float | None, other: float | None, digits: int = 3) -> float | None:
    return None if value is None or not other else round(value / other, digits)


def _megabytes(mib: float | None) -> float | None:
    return None if mib is None else round(mib * _MB_PER_MIB)


def stage_table(rounds: Mapping[str, Sequence[Stage]]) -> Iterator[str]:
    """A Markdown table: the median of every stage, and the least and greatest CPU seconds seen."""
    yield "| stage | CPU s (least to greatest) | wall s | peak MiB |"
    yield "|---|---|---|---|"
    for name, stages in rounds.items():
        cpu = sorted(stage.cpu_seconds for stage in stages)
        wall = statistics.median(stage.wall_seconds for stage in stages)
        peak = max(stage.peak_mib for stage in stages)
        around = f" ({cpu[0]:.2f} to {cpu[-1]:.2f})" if len(cpu) > 1 else ""
        yield f"| {name} | {statistics.median(cpu):.2f}{around} | {wall:.2f} | {peak:,} |"


def ratio_table(found: Mapping[str, float | None]) -> Iterator[str]:
    """A Markdown table: every figure beside its bound, and whether it holds."""
    yield "| figure | measured | bound | holds |"
    yield "|---|---|---|---|"
    for name, (what, bound) in _BOUNDS.items():
        value = found[name]
        said = "not measured" if value is None else f"{value:,}"
        yield f"| {what} | {said} | {bound or ''} | {_holds(value, bound)} |"


def _holds(value: float | None, bound: str | None) -> str:
    if value is None or bound is None:
        return ""
    sign, _, limit = bound.partition(" ")
    number = float(limit.replace(",", ""))
    return "yes" if (value <= number if sign == "≤" else value >= number) else "NO"
