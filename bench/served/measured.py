"""The whole bench in an office that is open: filled, proved right, asked. Imported when Django is up."""

from __future__ import annotations

import argparse
from pathlib import Path

from doudi.office.common.clock import right_now
from served.agreeing import disagreements
from served.asking import figures
from served.filling import fill
from served.house import site
from served.people import Invented
from served.seat import seated

__all__ = ["measured"]


def measured(home: Path, database: int, city: Invented, options: argparse.Namespace) -> dict[str, float]:
    """All figures by name; `database` is the server's process id. Ends the bench where office and city disagree."""
    seconds = fill(home, city, options.alerts, right_now())
    seat = seated()
    if wrong := list(disagreements(city, options.alerts, seat.division)):
        raise SystemExit("\n".join(wrong))
    with site(home) as (port, gunicorn):
        found = dict(figures(port, seat, (gunicorn, database), city, options))
    return {f"{name} seconds": took for name, took in seconds.items()} | found
