"""Readers who ask the site over loopback, one after the other or several at once; and what their answers weigh."""

from __future__ import annotations

import gzip
import http.client
import re
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from served.seat import Seat

__all__ = ["Ask", "Times", "cold_bytes", "read", "read_at_once"]

GZIP = b"\x1f\x8b"  # how everything begins that is compressed so


@dataclass(frozen=True)
class Ask:
    """One request: an address, and the form that is sent to it (none: GET)."""

    path: str
    form: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Times:
    """Milliseconds of the answers to some requests, all of which were 200."""

    milliseconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return round(statistics.median(self.milliseconds), 1)

    @property
    def p95(self) -> float:
        """The 95th percentile, of few requests the greatest."""
        ordered = sorted(self.milliseconds)
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 1)


def read(port: int, seat: Seat, asks: Sequence[Ask]) -> Times:
    """One reader, one connection. Ends the bench when an answer is not 200: a page that fails fast is not a fast page."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        return Times(tuple(_asked(line, seat, ask)[0] for ask in asks))
    finally:
        line.close()


def read_at_once(port: int, seat: Seat, asks: Sequence[Ask], readers: int) -> Times:
    """As many readers at once, each with his share of the requests."""
    times: list[float] = []
    failed: list[BaseException] = []

    def one(mine: Sequence[Ask]) -> None:
        try:
            times.extend(read(port, seat, mine).milliseconds)
        except BaseException as error:  # noqa: BLE001  # told by the thread that waits
            failed.append(error)

    threads = [threading.Thread(target=one, args=(asks[start::readers],)) for start in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return Times(tuple(times))


def cold_bytes(port: int, seat: Seat, path: str) -> int:
    """What a browser that has nothing loads: the page and every script, style sheet and picture it names, as sent."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        page = _asked(line, seat, Ask(path))[1]
        told = gzip.decompress(page) if page[:2] == GZIP else page
        named = set(re.findall(r'(?:src|href)="(/(?:static|ui)/[^"#]+|/[^"]*\.(?:svg|css|js|png))"', told.decode()))
        return len(page) + sum(len(_asked(line, seat, Ask(each))[1]) for each in named)
    finally:
        line.close()


def _asked(line: http.client.HTTPConnection, seat: Seat, ask: Ask) -> tuple[float, bytes]:
    headers = {"Cookie": seat.cookies, "Accept-Encoding": "gzip, br", "X-CSRFToken": seat.token}
    body = urlencode(ask.form) if ask.form else None
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    begun = time.perf_counter()
    line.request("POST" if body else "GET", ask.path, body, headers)
    answer = line.getresponse()
    content = answer.read()
    took = (time.perf_counter() - begun) * 1000
    if answer.status != 200:
        raise SystemExit(f"{ask.path.split('/')[1]}: the site answered {answer.status}")
    return took, content
