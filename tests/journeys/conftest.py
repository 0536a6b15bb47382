"""One small city for every journey: made, landed and monitored once."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from doudi import policybook_dir
from doudi.demo import build_city
from doudi.demo.truth import read_truth
from doudi.engine.previous import find_previous
from doudi.engine.run import run
from doudi.landing import Vault, land
from doudi.policy.load import load_book
from doudi.readout.inputs import read_inputs
from doudi.readout.places import place

AT = date(2026, 6, 30)
RECEIVED = "2026-07-02T09:00:00+08:00"


@dataclass(frozen=True)
class City:
    """A demo city on disk and the home it was landed in."""

    files: Path
    home: Path
    at: date

    def monitor(self, at=None, folder=None):
        """One run; what it compares with is found as the command line finds it."""
        day = at or self.at
        with Vault.open(self.home) as vault:
            return run(
                read_inputs(self.home, day),
                load_book(policybook_dir()),
                vault.refs,
                previous=find_previous(self.home, day),
                folder=folder,
            )

    def truth(self):
        return read_truth(self.files)


def department_files(folder):
    """What a department would send; not the city's own README and truth."""
    return sorted(path for path in folder.glob("*/*") if path.is_file())


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    root = tmp_path_factory.mktemp("city")
    files, home = root / "files", root / "home"
    build_city(files, persons=1500, seed=5, month="2026-06", months=6)
    landing = land(department_files(files), home=home, received_at=RECEIVED, place=place())
    assert landing.refused == ()
    return City(files, home, AT)


@pytest.fixture(scope="session")
def first_run(city):
    return city.monitor()
