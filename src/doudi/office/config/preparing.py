"""示范城市还在准备时，网站先打开，把走到哪一步告诉来的人。

While the demo city is made ready the site already answers: each page is the one that says how far it is. The state is a
file that whoever prepares holds locked; a preparation that was killed holds it no longer, and the site opens.
"""

import contextlib
import fcntl
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

__all__ = ["STEPS", "Preparing", "Progress", "preparing", "steps"]

STEPS: Final = ("区划和账号", "部门文件", "落地", "监测")
_AGAIN_AFTER: Final = 4  # seconds


class Progress:
    """What the one who prepares tells the site: at which step he is, and a note to it."""

    def __init__(self, file: Path, say: Callable[[str], None]) -> None:
        self._file, self._say, self._said = file, say, ""
        self.step(STEPS[0])

    def step(self, name: str, note: str = "") -> None:
        """This step has begun, or goes on with another note."""
        # In place, never renamed: the lock is on this very file.
        self._file.write_text(json.dumps({"step": STEPS.index(name), "note": note}), "utf-8")
        if (told := f"{name}：{note}" if note else name) != self._said:
            self._said = told
            self._say(told)


@contextlib.contextmanager
def preparing(home: Path, say: Callable[[str], None]) -> Iterator[Progress]:
    """The site of `home` is being prepared while this lasts."""
    file = _file(home)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield Progress(file, say)
        finally:
            file.unlink(missing_ok=True)


def steps(home: Path) -> list[dict[str, str]]:
    """The steps with their states, as the component of that name draws them; empty when nobody prepares."""
    try:
        with _file(home).open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                told = json.loads(file.read() or '{"step": 0, "note": ""}')
            else:
                return []  # whoever prepared was killed
    except FileNotFoundError:
        return []
    state = {-1: "done", 0: "now", 1: "waiting"}
    return [
        {
            "title": title,
            "state": state[(number > told["step"]) - (number < told["step"])],
            "note": told["note"] if number == told["step"] else "",
        }
        for number, title in enumerate(STEPS)
    ]


class Preparing:
    """Middleware of the demo: until the city is ready, every page is the one that says so, as 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/ui/") and (walked := steps(settings.HOME)):
            response = render(request, "config/preparing.html", {"steps": walked}, status=503)
            for header in ("Retry-After", "Refresh"):
                response.headers[header] = str(_AGAIN_AFTER)
            response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - Django's mark: no error, nothing to log
            return response
        return self.get_response(request)


def _file(home: Path) -> Path:
    return home / "office" / "preparing.json"
