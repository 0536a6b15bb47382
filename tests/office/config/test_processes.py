"""The running office: opens by one command, mends its children, and leaves nothing when it goes, however it goes."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
import pytest

from doudi.office.config import places, postgres

pytestmark = pytest.mark.slow
LONGEST = 60


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
    """The process and all below it: {pid: command line}."""
    members = {pid: Path(f"/proc/{pid}/cmdline").read_bytes().decode()}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            members |= family(int(child))
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


@pytest.fixture
def office(tmp_path):
    """An office that is closed yet."""
    with office_in(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """An office that stays open for the tests of this file; none of them closes it."""
    with office_in(tmp_path_factory.mktemp("opened")) as made:
        made.open()
        yield made


def test_the_office_opens_and_each_of_its_processes_is_there(opened):
    commands = " ".join(family(opened.process.pid).values())
    assert all(word in commands for word in ("postgres", "gunicorn", "procrastinate"))


@pytest.mark.parametrize("word", ["procrastinate", "gunicorn", "postgres"])
def test_a_child_that_dies_is_started_again(opened, word):
    def the_one():
        found = [pid for pid, command in family(opened.process.pid).items() if word in command]
        return min(found) if found else None

    old = the_one()
    os.kill(old, signal.SIGKILL)
    eventually(lambda: (the_one() or old) != old)
    assert eventually(lambda: answers(opened.port))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_when_the_supervisor_goes_nothing_stays_and_the_next_one_opens(office, number):
    processes = office.open()
    assert len(processes) >= 5
    office.process.send_signal(number)
    office.process.communicate(timeout=LONGEST)
    eventually(lambda: not [pid for pid in processes if alive(pid)], 20)
    if number is signal.SIGKILL:
        office.open()


def test_a_second_office_of_the_same_home_is_refused_in_a_sentence(opened):
    assert "已经开着" in opened.refusal("serve", "--port", str(free_port()))


def test_a_taken_port_is_one_sentence(office):
    with socket.socket() as other:
        other.bind(("127.0.0.1", office.port))
        other.listen()
        told = office.refusal("serve", "--port", str(office.port))
    assert told.startswith(f"▸ 端口 {office.port} 用不了")
    assert "PORT=" in told
    assert len(told.splitlines()) == 1


def test_a_torn_beginning_of_a_database_is_made_anew(tmp_path):
    place = places.places(tmp_path)
    postgres._prepare(place)
    (place.data / "global" / "pg_control").unlink()
    postgres.stop(postgres.start(place))
    postgres.erase(place)
    assert not place.base.exists()


def test_a_server_that_runs_on_is_stopped_before_the_next(tmp_path):
    place = places.places(tmp_path)
    left = postgres.start(place)
    after = postgres.start(place)
    assert left.wait(LONGEST) == 0
    assert postgres.runs(place)
    postgres.stop(after)
    assert not postgres.runs(place)
    postgres.erase(place)


def migrations_are_complete(office):
    with office.command("manage", "migrate", "--check", "--database", "owner") as process:
        process.communicate(timeout=LONGEST)
        return process.returncode == 0


def test_a_command_borrows_the_database_of_the_open_office_or_starts_one_for_itself(opened, office):
    assert migrations_are_complete(opened)
    assert not migrations_are_complete(office)
    assert not postgres.runs(places.places(office.home))


def test_the_servers_log_holds_no_statement_and_no_value(opened):
    place = places.places(opened.home)
    with postgres_door(place) as door, pytest.raises(Exception, match="division by zero"):
        door.execute("SELECT 1 / (length('李某某') - 3)")
    assert "李某某" not in place.log.read_text("utf-8")


def postgres_door(place):
    return psycopg.connect(postgres.administrator(place), dbname="doudi", autocommit=True)


def test_a_server_of_somebody_else_is_used_and_none_is_started(office, office_server):
    office_server.copy("own_external")
    office.environment |= {"PGHOST": office_server.host, "PGDATABASE": "own_external"}
    commands = " ".join(office.open().values())
    assert "gunicorn" in commands
    assert "postgres\0" not in commands
    assert not places.places(office.home).data.exists()
    office.close()
    office.process = None
    office_server.drop("own_external")


def test_a_folder_that_somebody_else_laid_out_is_refused(tmp_path):
    place = places.places(tmp_path)
    place.base.symlink_to(tmp_path)
    try:
        with pytest.raises(Exception, match="不是本账号建立的"):
            postgres.start(place)
    finally:
        place.base.unlink()
    shutil.rmtree(tmp_path / "office")
