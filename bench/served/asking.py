"""What is asked of the site, page by page, and the figures that come of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import psycopg
from django.db import transaction
from django.test import Client

from doudi.office.accounts.scope import Viewer, within
from doudi.office.common.codes import range_of
from doudi.office.common.roles import Role
from doudi.office.monitoring.models import Alert, HouseholdFacts
from doudi.office.registry.models import Household
from served.house import cpu_seconds, settle
from served.people import Invented
from served.readers import Ask, cold_bytes, read, read_at_once
from served.seat import Seat

__all__ = ["asked_pages", "figures", "searches"]

KIBI = 1024


PAGES = ("list", "detail", "household")


def figures(
    port: int, seat: Seat, servers: tuple[int, int], city: Invented, options: argparse.Namespace
) -> Iterator[tuple[str, float]]:
    """Milliseconds, CPU, statements and bytes of every kind of page that was asked for."""
    pages, wanted = asked_pages(seat, options.requests), options.only
    for name in (each for each in PAGES if each in wanted):
        asks = pages[name]
        _met(port, seat, asks)
        settle()
        before = cpu_seconds(*servers)
        yield f"{name} ms", read(port, seat, asks).median
        settle()
        yield f"{name} CPU ms", round((cpu_seconds(*servers) - before) * 1000 / len(asks), 1)
        yield f"{name} queries", statements(seat, asks[:2])
        yield f"{name} p95 ms at {options.readers} readers", read_at_once(port, seat, asks, options.readers).p95
    if "search" in wanted:
        slowest = 0.0
        for kind, asks in searches(seat, city, max(options.requests // 5, 4)).items():
            _met(port, seat, asks)
            took = read(port, seat, asks).p95
            slowest = max(slowest, took)
            yield f"search by {kind} ms", took
        yield "search ms", slowest
    if "dashboard" in wanted:
        dashboard = pages["dashboard"][: max(options.requests // 4, 4)]
        _met(port, seat, dashboard)
        yield "dashboard ms", read(port, seat, dashboard).p95
        yield "dashboard queries", statements(seat, dashboard[:2])
        yield "dashboard KiB", round(cold_bytes(port, seat, dashboard[0].path) / KIBI, 1)
    if "list" in wanted:
        yield "list KiB", round(cold_bytes(port, seat, pages["list"][0].path) / KIBI, 1)


def _met(port: int, seat: Seat, asks: list[Ask]) -> None:
    """Both workers have met the page: over several connections, since one stays with the worker that took it."""
    read_at_once(port, seat, (asks * 32)[:32], 8)


def asked_pages(seat: Seat, requests: int) -> dict[str, list[Ask]]:
    """Requests of each kind, all about what lies in the seat's jurisdiction."""
    viewer = Viewer(None, "bench", "", Role.COUNTY_OFFICER, seat.division)
    with transaction.atomic():
        viewer.enter()
        alerts = list(
            Alert.objects.filter(within(viewer)).order_by("alert_id").values_list("alert_id", flat=True)[:requests]
        )
        told = HouseholdFacts.objects.filter(within(viewer)).values("household_key")
        homes = list(Household.objects.filter(pk__in=told).order_by("ref").values_list("ref", flat=True)[:requests])
    paths = {
        "list": ["/alerts/"],
        "detail": [f"/alerts/{key}" for key in alerts],
        "household": [f"/households/{ref.hex}" for ref in homes],
        "dashboard": [f"/dashboard/{seat.division}"],
    }
    return {page: [Ask(of[number % len(of)]) for number in range(requests)] for page, of in paths.items()}


def searches(seat: Seat, city: Invented, requests: int) -> dict[str, list[Ask]]:
    """Searches for people of the jurisdiction, by each thing that somebody can be found by."""
    lo, hi = range_of(seat.division)
    theirs = city.people.filter(city.people["residence_division"].is_between(lo, hi)).head(requests * 7)
    people = theirs.gather_every(7).select("name", "person_id", "household").rows(named=True)
    texts = {
        "name": [person["name"] for person in people],
        "part": [person["name"][:2] for person in people],
        "id": [person["person_id"] for person in people],
        "name and last four": [f"{person['name'][:1]} {person['person_id'][-4:]}" for person in people],
        "household number": [f"3799H{person['household']:08d}" for person in people],
    }
    return {kind: [Ask("/search", (("q", text),)) for text in asked] for kind, asked in texts.items()}


def statements(seat: Seat, asks: Sequence[Ask]) -> int:
    """The most statements that one of these requests sends to the database, the vault's included; asked in this process."""
    client = Client(headers={"cookie": seat.cookies})
    most = 0
    for warm in (True, False):
        for ask in asks:
            with _counted() as sent:
                answer = client.get(ask.path, headers={"host": "127.0.0.1"})
            if answer.status_code != 200:
                raise SystemExit(f"{ask.path.split('/')[1]}: the page answered {answer.status_code}")
            most = most if warm else max(most, len(sent))
    return most


@contextmanager
def _counted() -> Iterator[list[str]]:
    """Every statement that any cursor sends; transactions and savepoints are the connection's and not counted."""
    sent: list[str] = []

    def counting(send: Callable[..., Any]) -> Callable[..., Any]:
        def counted(cursor: object, query: object, *more: object, **named: object) -> object:
            sent.append(str(query))
            return send(cursor, query, *more, **named)

        return counted

    with ExitStack() as patches:
        for name in ("execute", "executemany"):
            send = getattr(psycopg.Cursor, name)
            patches.enter_context(mock.patch.object(psycopg.Cursor, name, counting(send)))
        yield sent
