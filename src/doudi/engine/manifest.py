"""运行单：这次用了什么、做出了什么；同样的湖和参数，得到同样的一张。

What one run used and made. It holds no clock and no path, so that equal runs have equal manifests; `differences`
compares two of them for `--replay`.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from doudi.engine.inputs import Inputs
from doudi.errors import Refusal
from doudi.policy.rule import Book
from doudi.policy.view import View

__all__ = ["WHOLE", "Manifest", "counted", "demo_settings", "differences", "inputs_told", "read_manifest"]

# Who is known, who lives with whom, and what holds of whom: every run tells of these, of the whole city.
WHOLE = ("delivery_facts", "households", "members", "parents", "persons", "verdicts")


@dataclass(frozen=True)
class Manifest:
    """`relations`: name -> {rows, hash}; of a run that judged a part again only `WHOLE`.

    `counts`: per disposition, indicator, level, county and status (cleared apart).

    `cannot_tell`: per indicator the subjects, the feeds that are missing and the facts left open. `demo_parameters`: ids of 示范参数 that
    some county's answers rest on. `previous` names the run that `diff` compared with, null = the first.
    """

    at: str
    known: str | None
    version: str
    book: str
    production: bool
    memory: str
    previous: str | None
    inputs: Mapping[str, Any]
    people: int
    households: int
    alerts: int
    alerts_per_1000_households: str
    counts: Mapping[str, Mapping[str, int]]
    cannot_tell: Mapping[str, Mapping[str, Any]]
    demo_parameters: tuple[str, ...]
    relations: Mapping[str, Mapping[str, Any]]

    def as_json(self) -> str:
        """Canonical text: sorted keys, one trailing newline."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_manifest(path: Path) -> Manifest:
    """A manifest from its file. Refuses a file that is not one."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        told["demo_parameters"] = tuple(told["demo_parameters"])
        return Manifest(**told)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Refusal(
            "engine.not_a_manifest", f"{path.name} 不是运行单：请给出 runs 下某次运行的 manifest.json。"
        ) from error


def differences(one: Manifest, other: Manifest) -> list[str]:
    """Names of what differs between two runs: relations by hash, then the other entries; empty = the same run.

    A run that judged a part again tells only of the relations that are whole (`WHOLE`), from which all the rest follows.
    """
    names = sorted(set(one.relations) & set(other.relations) | set(WHOLE))
    found = [name for name in names if one.relations.get(name) != other.relations.get(name)]
    told, retold = asdict(one), asdict(other)
    return found + [key for key in told if key not in ("relations", "memory") and told[key] != retold[key]]


def inputs_told(inputs: Inputs) -> dict[str, Any]:
    """The batches by feed, and what was in force."""
    return {
        name: {
            "batches": sorted(file.batch for file in feed.files),
            "in_force": [[county, period, revision] for county, period, revision in feed.in_force],
            "stale": sorted(
                {row.county or row.department or row.programme or "全市" for row in feed.freshness if not row.fresh},
                key=str,
            ),
        }
        for name, feed in sorted(inputs.feeds.items())
    }


def counted(alerts: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Alerts per status; and, of those not cleared, per disposition, indicator, level and county."""
    listed = list(alerts)
    standing = [alert for alert in listed if alert["status"] != "cleared"]
    counts = {"status": Counter(alert["status"] for alert in listed)}
    for key in ("disposition", "indicator", "level", "county"):
        counts[key] = Counter(str(alert[key]) for alert in standing)
    return {key: dict(sorted(counter.items())) for key, counter in counts.items()}


def demo_settings(book: Book, views: Mapping[int, View]) -> tuple[str, ...]:
    """The 示范参数 that some indicator of this run rests on, in some county."""
    used: set[str] = set()
    for indicator in book.indicators:
        if not indicator.off:
            used |= book.rests_on(indicator.when, indicator.unless, indicator.red_when, indicator.distance)
    return tuple(sorted(name for name in set().union(*(view.demo for view in views.values())) if name in used))
