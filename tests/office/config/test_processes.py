"""The running office: opens by one command, mends its children, and leaves nothing when it goes, however it goes."""

import os
import signal
import socket

import psycopg
import pytest

from doudi.office.config import places, postgres
from office.opened import LONGEST, alive, answers, eventually, family, free_port, office_in

pytestmark = pytest.mark.slow


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
    eventually(lambda: not [pid for pid in processes if alive(pid)])
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
