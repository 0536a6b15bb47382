"""开门：占住端口，备好数据库，启动网站和后台，直到有人关门。

Opening the office: takes the port, readies the database, starts web and worker, and stays until somebody closes it.
"""

import contextlib
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Final, Never

from doudi.errors import Refusal
from doudi.office.config import processes
from doudi.office.config.migrating import migrate
from doudi.office.config.secret import make_secret_key

__all__ = ["HOST", "alone", "serve"]

HOST: Final = "127.0.0.1"
_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve(home: Path, port: int, say: Callable[[str], None]) -> Never:
    """Runs the office of `home` until a signal; exits with 128 + the signal's number.

    Refused: another process runs this office, the port is taken, the database does not start, a migration fails.
    """
    for number in _ENDING:
        signal.signal(number, _leave)
    with alone(home), _listening(port) as door:
        try:
            make_secret_key(home)
            with processes.database(home) as look_after:
                owner = {"DOUDI_DB_OWNER_PASSWORD": os.environ.get("DOUDI_DB_OWNER_PASSWORD", "")}
                migrate(home, processes.environment(home, **owner))
                say(f"网站开在 http://{HOST}:{door.getsockname()[1]}/")
                children = [processes.web(home, door.fileno()), processes.worker(home)]
                processes.keep(children, look_after, say)
        finally:
            say("都已停下")
    raise AssertionError("only a signal ends the office")


def _leave(received: int, _: FrameType | None) -> None:
    """The first signal ends the office; further ones would only disturb its leaving."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + received)


@contextlib.contextmanager
def alone(home: Path) -> Iterator[None]:
    """One supervisor an installation. The kernel lets go when the holder dies."""
    (home / "office").mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / "office" / "serving.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal("config.already_open", f"{home} 的办公区已经开着；请用那一个，或先把它停下。") from None
        yield


@contextlib.contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise Refusal(
                "config.port_taken",
                f"端口 {port} 用不了（可能别的程序占着）；请用 PORT=另一个端口 再启动。",
                port=port,
            ) from error
        door.listen(512)
        yield door
