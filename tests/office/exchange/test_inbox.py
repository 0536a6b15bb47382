"""收件目录：写完的才取，入了库的挪走，拒收的放回去并写明原因，改过再看。"""

import os

import pytest

from doudi.office.common.clock import right_now
from doudi.office.exchange import inbox, services
from doudi.office.exchange.models import Batch, Upload
from office.exchange.people import ROLL, roll

pytestmark = pytest.mark.usefixtures("own_office_db")


@pytest.fixture
def folder(tmp_path, settings):
    settings.DOUDI_INBOX = tmp_path / "inbox"
    settings.DOUDI_INBOX.mkdir()
    return settings.DOUDI_INBOX


def put(folder, name, content, age=120):
    path = folder / name
    path.write_bytes(content)
    moment = right_now().timestamp() - age
    os.utime(path, (moment, moment))
    return path


def turn():
    """A look, a landing, and the look after it."""
    inbox.look(at=right_now())
    services.land_waiting(at=right_now())
    inbox.look(at=right_now())


def names(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_whole_file_is_landed_and_put_away(folder):
    put(folder, ROLL, roll())
    turn()
    assert Batch.objects.get().feed == "dibao_roll"
    assert (folder / "done" / ROLL).is_file()
    assert names(folder) == [ROLL]


def test_a_file_that_still_grows_is_left_alone(folder):
    put(folder, ROLL, roll(), age=5)
    turn()
    assert Upload.objects.count() == 0
    assert (folder / ROLL).is_file()


def test_a_refused_file_comes_back_with_its_reason_and_is_looked_at_again_when_changed(folder):
    put(folder, ROLL, "这不是表\n".encode())
    turn()
    assert names(folder) == [ROLL, f"{ROLL}.原因.txt"]
    reason = folder / f"{ROLL}.原因.txt"
    assert reason.read_text().strip()
    turn()
    assert Upload.objects.count() == 1
    os.utime(reason, (right_now().timestamp() - 300,) * 2)
    put(folder, ROLL, roll())
    turn()
    assert Upload.objects.filter(state="landed").count() == 1
    assert (folder / "done" / ROLL).is_file()


def test_an_empty_file_comes_back_at_once(folder):
    put(folder, ROLL, b"")
    inbox.look(at=right_now())
    assert "空" in (folder / f"{ROLL}.原因.txt").read_text()


def test_a_file_taken_by_a_worker_that_died_is_entered_at_the_next_look(folder, monkeypatch):
    put(folder, ROLL, roll())
    monkeypatch.setattr(inbox, "_enter", lambda *_: None)
    inbox.look(at=right_now())
    assert Upload.objects.count() == 0
    monkeypatch.undo()
    turn()
    assert Batch.objects.count() == 1
    assert (folder / "done" / ROLL).is_file()


def test_a_second_file_of_a_name_does_not_replace_the_first(folder):
    put(folder, ROLL, roll())
    turn()
    put(folder, ROLL, roll(5))
    turn()
    assert len(names(folder / "done")) == 2


@pytest.mark.parametrize("name", [".hidden.csv", "~$open.xlsx", "x.csv.原因.txt"])
def test_what_is_no_delivery_is_left(folder, name):
    put(folder, name, roll())
    turn()
    assert Upload.objects.count() == 0


def test_links_are_not_followed(folder, tmp_path):
    secret = put(tmp_path, "secret.csv", roll())
    (folder / ROLL).symlink_to(secret)
    turn()
    assert Upload.objects.count() == 0


def test_no_folder_means_nothing_is_looked_at(settings):
    settings.DOUDI_INBOX = None
    assert inbox.look(at=right_now()) == 0
