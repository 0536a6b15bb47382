"""The office as an installation opens it: `python -m doudi.office.config serve` in a home of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from doudi.office.config import places, postgres

LONGEST = 180  # seconds; nothing here takes a tenth of that on a machine with nothing else to do


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def eventually(true, seconds=LONGEST):
    until = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.05)
    return answer


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def family(pid):
    """The process and all below it: {pid: command line}; of one that goes meanwhile, nothing."""
    try:
        members = {pid: Path(f"/proc/{pid}/cmdline").read_bytes().decode()}
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                members |= family(int(child))
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return members


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/no-such-page", timeout=LONGEST) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return None


class Office:
    """The office of one home, as `python -m doudi.office.config serve` opens it."""

    def __init__(self, home):
        self.home, self.port, self.process = home, free_port(), None
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DOUDI_"))}
        self.environment = {**inherited, "DOUDI_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}

    def open(self):
        self.process = self.command("serve", "--port", str(self.port))
        eventually(lambda: answers(self.port) or self.process.poll() is not None)
        assert self.process.poll() is None, self.process.stderr.read()
        return family(self.process.pid)

    def command(self, *words):
        command = [sys.executable, "-m", "doudi.office.config", *words]
        return subprocess.Popen(
            command, env=self.environment, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def refusal(self, *words):
        with self.command(*words) as process:
            told = process.communicate(timeout=LONGEST)[1]
            assert process.returncode == 1
            return told

    def close(self):
        if self.process is not None:
            self.process.terminate()
            self.process.communicate(timeout=LONGEST)


@contextlib.contextmanager
def office_in(home):
    made = Office(home)
    try:
        yield made
    finally:
        made.close()
        postgres.erase(places.places(home))
