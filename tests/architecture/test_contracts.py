"""The import contracts hold, and each refuses a trespass planted against it alone."""

import configparser
import json
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


# The linter is begun once, and forks for each house: a child reads its own `doudi`, first on its path.
LINTER = """
import json, os, sys
from importlinter.cli import lint_imports_command
for house, said, words in json.load(sys.stdin):
    child = os.fork()
    if not child:
        os.chdir(house)
        sys.path.insert(0, house)  # before the editable install's own path
        os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT), 1)
        os.dup2(1, 2)
        sys.argv[1:] = words
        sys.exit(lint_imports_command())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def linted(folder, houses):
    """(exit code, everything said) of the real contract file, for each (house, options): applied to the `doudi` found there.
    What is said passes through files in `folder`.
    """
    files = [folder / f"{number}.txt" for number in range(len(houses))]
    asked = [
        (str(house), str(file), ["--config", str(CONTRACTS), "--no-cache", *options])
        for file, (house, options) in zip(files, houses, strict=True)
    ]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", LINTER], input=json.dumps(asked), env=env, capture_output=True, text=True, check=False,
        timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [(int(code), file.read_text()) for code, file in zip(done.stdout.split(), files, strict=True)]


def declared():
    """Contract id -> its name, from the real file."""
    parser = configparser.ConfigParser()
    parser.read(CONTRACTS, "utf-8")
    return {s.split(":")[-1]: parser[s]["name"] for s in parser.sections() if s.startswith("importlinter:contract:")}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """(contract, room, line) → what the linter says of a miniature in which that line was planted, of that contract."""
    folder = tmp_path_factory.mktemp("planted")
    houses = [built(folder / str(number), (room, line)) for number, (_, room, line) in enumerate(PLANTED)]
    options = [["--contract", contract] for contract, _, _ in PLANTED]
    return dict(zip(PLANTED, linted(folder, list(zip(houses, options, strict=True))), strict=True))


def test_our_own_house_keeps_every_contract(tmp_path):
    ((code, said),) = linted(tmp_path, [(ROOT / "src", [])])
    assert code == 0, said


def test_an_orderly_miniature_keeps_every_contract(tmp_path):
    ((code, said),) = linted(tmp_path, [(built(tmp_path / "house", *WELCOME), [])])
    assert code == 0, said
    assert f"{len(declared())} kept, 0 broken" in said


def test_each_contract_has_a_planted_trespass():
    assert {contract for contract, _, _ in PLANTED} == set(declared())


@pytest.mark.slow
@pytest.mark.parametrize(("contract", "room", "line"), PLANTED)
def test_a_planted_import_breaks_its_contract(planted, contract, room, line):
    code, said = planted[contract, room, line]
    assert code == 1, said
    assert f"{declared()[contract]} BROKEN" in said, said
