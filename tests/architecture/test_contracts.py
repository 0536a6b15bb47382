"""The import contracts hold, and each refuses a trespass planted against it alone."""

import configparser
import os
import subprocess
import sys

import pytest

from architecture.source import ROOT

CONTRACTS = ROOT / "importlinter.ini"

OFFICES = ("portal", "charity", "monitoring", "fieldwork", "registry")

# The smallest house in which every contract has its rooms: package -> modules.
HOUSE = {
    "doudi": ["errors", "cli"],
    "doudi/policy": ["load"],
    "doudi/landing": ["lake"],
    "doudi/engine": ["run"],
    "doudi/engine/backends": ["duckdb"],
    "doudi/readout": ["inputs"],
    "doudi/demo": ["truth"],
    "doudi/office": [],
    **{
        f"doudi/office/{office}": ["services"]
        for office in ("portal", "charity", "monitoring", "fieldwork", "registry")
    },
}

PLANTED = [
    # contract, room, the line planted in it
    ("offices", "office/registry/services", "from doudi.office.portal import services"),
    ("offices", "office/charity/services", "from doudi.office.monitoring import services"),
    ("offices", "office/corridor/__init__", ""),
    ("policy-is-pure", "policy/load", "import doudi.engine.run"),
    ("policy-is-pure", "policy/load", "import django"),
    ("policy-is-pure", "policy/load", "import duckdb"),
    ("landing-is-pure", "landing/lake", "from doudi.policy import load"),
    ("landing-is-pure", "landing/lake", "import doudi.engine"),
    ("engine-has-no-office", "engine/run", "from doudi.office.registry import services"),
    ("engine-has-no-office", "engine/run", "import django"),
    ("one-door-to-each-backend", "engine/run", "import duckdb"),
    ("one-door-to-each-backend", "landing/lake", "import duckdb"),
    ("one-door-to-each-backend", "cli", "import duckdb"),
    ("one-door-to-each-backend", "engine/run", "import pyspark.sql"),
    ("one-door-to-each-backend", "engine/run", "import sqlglot"),
    ("wings-are-strangers", "engine/run", "from doudi.landing import lake"),
    ("wings-are-strangers", "policy/load", "from doudi.landing import lake"),
    ("demo-and-cli-stand-on-top", "landing/lake", "from doudi.demo.truth import planted"),
    ("demo-and-cli-stand-on-top", "engine/run", "from doudi.demo import truth"),
    ("demo-and-cli-stand-on-top", "policy/load", "import doudi.demo.truth"),
    ("demo-and-cli-stand-on-top", "landing/lake", "import doudi.cli"),
    ("readout-between", "engine/run", "from doudi.readout import inputs"),
    ("readout-between", "office/registry/services", "from doudi.readout import inputs"),
    ("errors-stand-below", "errors", "import doudi.policy.load"),
    ("who-calls-the-engine", "office/fieldwork/services", "from doudi.engine import run"),
    ("who-calls-the-engine", "landing/lake", "from doudi.engine import run"),
]

WELCOME = [
    ("engine/backends/duckdb", "import duckdb"),
    ("office/monitoring/services", "from doudi.engine import run"),
    ("office/portal/services", "from doudi.office.registry import services"),
    ("engine/run", "from doudi.policy import load"),
    ("demo/truth", "import doudi.errors"),
    ("cli", "import doudi.demo.truth"),
]


def built(folder, *lines):
    """A miniature house under `folder` with the (room, line) pairs planted in it."""
    for package, rooms in HOUSE.items():
        (folder / package).mkdir(parents=True, exist_ok=True)
        for room in ("__init__", *rooms):
            (folder / package / f"{room}.py").touch()
    for room, line in lines:
        path = folder / "doudi" / f"{room}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(line + "\n")
    return folder


def linted(house, *options):
    """(exit code, everything said) of the real contract file applied to the `doudi` found in the folder `house`."""
    run = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    command = [sys.executable, "-c", run, "--config", str(CONTRACTS), "--no-cache", *options]
    env = {**os.environ, "PYTHONPATH": str(house)}  # before the editable install's own path
    done = subprocess.run(command, cwd=house, env=env, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout + done.stderr


def declared():
    """Contract id -> its name, from the real file."""
    parser = configparser.ConfigParser()
    parser.read(CONTRACTS, "utf-8")
    return {s.split(":")[-1]: parser[s]["name"] for s in parser.sections() if s.startswith("importlinter:contract:")}


def test_our_own_house_keeps_every_contract():
    code, said = linted(ROOT / "src")
    assert code == 0, said


def test_an_orderly_miniature_keeps_every_contract(tmp_path):
    code, said = linted(built(tmp_path, *WELCOME))
    assert code == 0, said
    assert f"{len(declared())} kept, 0 broken" in said


def test_each_contract_has_a_planted_trespass():
    assert {contract for contract, _, _ in PLANTED} == set(declared())


@pytest.mark.parametrize(("contract", "room", "line"), PLANTED)
def test_a_planted_import_breaks_its_contract(tmp_path, contract, room, line):
    code, said = linted(built(tmp_path, (room, line)), "--contract", contract)
    assert code == 1, said
    assert f"{declared()[contract]} BROKEN" in said, said
