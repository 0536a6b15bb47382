"""The demo city comes in by the office's own doors, twice as well as once, while the site says how far it is."""

import csv
import re
import stat
import sys
import urllib.error
import urllib.request

import pytest

from doudi.errors import Refusal
from doudi.office.config.demo import prepare
from office.opened import LONGEST, eventually, office_in

DAY = "2026-06-30"


def test_a_real_installation_takes_no_invented_people(settings, tmp_path):
    settings.DEMO = False
    with pytest.raises(Refusal, match="不是示范安装"):
        prepare(folder=tmp_path, making=[], accounts=tmp_path / "a.csv", clock=None, say=print)


def asked(port, path="/login"):
    """(status, text) of a page."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=LONGEST) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.slow
def test_the_city_comes_in_and_a_second_time_changes_nothing(tmp_path):
    files, accounts = tmp_path / "files", tmp_path / "accounts.csv"
    city = "import sys; sys.argv[0] = 'doudi'; from doudi.cli import app; app()"
    size = ("--persons", "500", "--seed", "1", "--month", DAY[:7], "--months", "1")
    making = (sys.executable, "-c", city, "demo", str(files), *size)
    with office_in(tmp_path / "home") as office:
        office.environment |= {"DOUDI_DEMO": "1", "DOUDI_DEMO_DAY": DAY}
        office.open()
        with office.command("demo", str(files), "--accounts", str(accounts), "--", *making) as bringing:
            status, page = eventually(lambda: asked(office.port)[0] == 503 and asked(office.port))
            assert (status, "示范城市正在准备" in page) == (503, True)
            told = bringing.communicate(timeout=300)[1]
        assert bringing.returncode == 0, told
        assert asked(office.port)[0] == 200
        assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
        people = list(csv.DictReader(accounts.read_text("utf-8-sig").splitlines()))
        assert list(people[0]) == ["login", "password", "role", "division"]
        assert all(person["password"] for person in people)

        before = accounts.read_bytes()
        with office.command("demo", str(files), "--accounts", str(accounts)) as again:
            assert (again.communicate(timeout=300)[1], again.returncode)[1] == 0
        assert accounts.read_bytes() == before
        refused = office.refusal("erase")
        assert "已经开着" in refused
    assert re.search(r"落地：(\d+) / \1 个文件", told)


def test_only_a_demo_is_erased(tmp_path):
    home = tmp_path / "home"
    (home / "keys").mkdir(parents=True)
    with office_in(home) as office:
        assert "只有" in office.refusal("erase")
        assert (home / "keys").exists()
        office.environment |= {"DOUDI_DEMO": "1"}
        with office.command("erase") as erasing:
            erasing.communicate(timeout=LONGEST)
        assert erasing.returncode == 0
        assert not home.exists()
