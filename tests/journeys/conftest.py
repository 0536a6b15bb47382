"""One small city for every journey: made, landed and monitored once."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from doudi import policybook_dir
from doudi.demo.truth import read_truth
from doudi.engine.previous import find_previous
from doudi.engine.run import run
from doudi.landing import Vault
from doudi.policy.load import load_book
from doudi.readout.inputs import read_inputs

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
def city(landed_city, tmp_path_factory):
    home = shutil.copytree(landed_city / "home", tmp_path_factory.mktemp("city") / "home")
    return City(landed_city / "files", home, AT)


@pytest.fixture(scope="session")
def first_run(city):
    return city.monitor()
