"""The running office: opens by one command, mends its children, and leaves nothing when it goes, however it goes."""

import os
import shutil
import signal
import socket

import psycopg
import pytest

from doudi.errors import Refusal
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


def test_a_torn_beginning_of_a_database_is_made_anew(tmp_path):
    place = places.places(tmp_path)
    postgres._prepare(place)
    for last in (place.data / "global" / "pg_control", *postgres._marks(place)):  # written last, so not there yet
        last.unlink()
    postgres.stop(postgres.start(place))
    postgres.erase(place)
    assert not place.base.exists()


def test_data_of_an_earlier_home_at_this_place_are_not_taken_over(tmp_path):
    place = places.places(tmp_path / "home")
    postgres.stop(postgres.start(place))
    (tmp_path / "home").rename(tmp_path / "put-aside")
    if place.servant is None:
        pytest.skip("here the data went with the home")
    with pytest.raises(Refusal, match="那个目录可能删过又重建"):
        postgres.start(place)
    shutil.rmtree(tmp_path / "home")
    (tmp_path / "put-aside").rename(tmp_path / "home")
    postgres.stop(postgres.start(place))
    postgres.erase(place)


def test_a_database_that_is_gone_is_not_begun_anew_unasked(tmp_path):
    place = places.places(tmp_path)
    postgres.stop(postgres.start(place))
    shutil.rmtree(place.data)
    with pytest.raises(Refusal, match="现在不见了"):
        postgres.start(place)
    postgres.erase(place)
    postgres.stop(postgres.start(place))
    postgres.erase(place)


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
