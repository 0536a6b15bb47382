"""The office at the size of a city: what its pages cost, with the real site and the real database.

Run: `python bench/web.py --json FILE`. Fills a fresh embedded PostgreSQL with an invented city (1,000,000 persons in 350,000
households, 100,000 alerts; ids and names in the vault, the population by the registry's own door), starts gunicorn as an
installation does and reads as a county officer over loopback: list, detail and household page, search, dashboard. Queries are
counted in this process with the same views. What is fast must also be right: before anything is measured, counts and searches
are compared with what was made. CPU is that of the site and of the database together. Prints a table, each figure
beside its bound; exits 1 where one does not hold. A million persons need some 6 GB of disk in TMPDIR and /var/tmp; wall
milliseconds tell of the neighbours too: keep the machine idle.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from served.house import opened
from served.people import invented
from served.report import BOUNDS, KINDS, holds, table

__all__: list[str] = []


def bench(options: argparse.Namespace) -> dict[str, float]:
    """All figures by name."""
    city = invented(options.persons, options.households)
    # A home in which the database is made; its data lie in /var/tmp when the bench runs as root.
    with tempfile.TemporaryDirectory(prefix="doudi-web-") as made, opened(Path(made)) as database:
        from served.measured import measured  # noqa: PLC0415  # models can be imported only now

        return measured(Path(made), database, city, options)


def parsed() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--households", type=int, default=350_000)
    parser.add_argument("--alerts", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=120, help="of each kind")
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--only", type=lambda text: text.split(","), default=KINDS, help=",".join(KINDS))
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args()


def main() -> int:
    """Measures, prints, and says by the exit code whether every bound holds."""
    options = parsed()
    found = bench(options)
    sizes = f"{options.persons:,} persons, {options.households:,} households, {options.alerts:,} alerts"
    print(f"\n{sizes}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("\n".join(table(found)))
    if options.json:
        told = {"persons": options.persons, "households": options.households, "alerts": options.alerts}
        options.json.write_text(json.dumps(told | {"figures": found, "bounds": BOUNDS}, indent=1), "utf-8")
    return 0 if all(holds(name, figure) for name, figure in found.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
