"""The office, opened with the demo city in it. A second start finds all that is made."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import socket
import subprocess
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import children
import environment
import places
from telling import StepFailedError, say

OFFICE = ("-m", "doudi.office.config")
BEIJING = timezone(timedelta(hours=8))
MONTHS = "6"  # delivered, of which the last is the month before this one: its files have just come in


def home() -> Path:
    return places.VAR / "office"


def run(options: argparse.Namespace) -> int:
    """The office with the demo city in it, open until somebody closes it."""
    port, city = os.environ.get("PORT") or "8000", f"{options.persons} {options.seed} "
    free(port)
    environment.front_end()
    with environment.alone("run"):
        made_for = home() / "demo-city"
        made = made_for.read_text("utf-8") if made_for.is_file() else ""
        ready = made.startswith(city)
        day = made.removeprefix(city) if ready else last_day_of_last_month()
        env = {"DOUDI_HOME": str(home()), "DOUDI_DEMO": "1", "DOUDI_DEMO_DAY": day, "PORT": port}
        if not ready:
            if home().exists():
                say("上一次的示范城市没有做完，或大小不同：删去重做")
            # Also when there is no folder: its database may lie elsewhere.
            children.must(places.PYTHON, *OFFICE, "erase", otherwise="旧的示范城市没有删成", **env)
        with children.started(places.PYTHON, *OFFICE, "serve", **env) as office:
            answered(port, office)
            accounts = places.VAR / "demo-accounts.csv"
            if not ready:
                bring_city(options, accounts, env)
                made_for.write_text(city + day, "utf-8")
            say(f"示范账号（也在 {accounts.relative_to(places.ROOT)}）：")
            print(accounts.read_text("utf-8-sig").replace(",", "  "), flush=True)
            say(f"请用浏览器打开 http://127.0.0.1:{port}/ ；按 Ctrl-C 关门")
            return office.wait()


def last_day_of_last_month() -> str:
    return str(datetime.now(BEIJING).date().replace(day=1) - timedelta(days=1))


def bring_city(options: argparse.Namespace, accounts: Path, env: dict[str, str]) -> None:
    """Invents the city and its department files, and brings them in by the office's own doors."""
    files, month = places.VAR / "demo", env["DOUDI_DEMO_DAY"][:7]
    shutil.rmtree(files, ignore_errors=True)
    size = ("--persons", str(options.persons), "--seed", str(options.seed), "--month", month, "--months", MONTHS)
    making = (places.BIN / "doudi", "demo", files, *size)
    bringing = ("demo", files, "--accounts", accounts, "--", *making)
    children.must(places.PYTHON, *OFFICE, *bringing, otherwise="示范城市没有准备好，原因见上", **env)


def free(port: str) -> None:
    """Refused: somebody listens there, who would be taken for the office."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", int(port)))
        except (OSError, OverflowError, ValueError):
            told = f"端口 {port} 用不了（可能办公区已经开着，或别的程序占着）；请用 PORT=另一个端口 再启动"
            raise StepFailedError(told) from None


def answered(port: str, office: subprocess.Popen[str]) -> None:
    """Returns when the site answers. Refused: the office is gone before it ever did."""
    while office.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), 1) as caller:
            caller.settimeout(60)
            caller.sendall(b"GET /ui/mark.svg HTTP/1.0\r\nHost: localhost\r\n\r\n")
            if caller.recv(9).startswith(b"HTTP/"):
                return
        time.sleep(0.2)
    raise StepFailedError("办公区没有开成，原因见上")
