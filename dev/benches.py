"""The benchmarks, by the names of their files."""

from __future__ import annotations

import argparse

import children
import places
from telling import StepFailedError


def bench(options: argparse.Namespace) -> int:
    """Run one benchmark by its file name, or list them."""
    names = sorted(path.stem for path in (places.ROOT / "bench").glob("[!_]*.py"))
    if not options.rest:
        print("\n".join(names) or "还没有基准")
        return 0
    name, *rest = options.rest
    if name not in names:
        raise StepFailedError(f"没有叫 {name} 的基准，现有：{'、'.join(names) or '无'}")
    return children.call(places.PYTHON, places.ROOT / "bench" / f"{name}.py", *rest)[0]
