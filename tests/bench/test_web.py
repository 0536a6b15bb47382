"""The bench of the office's pages, small: what it measures is there and right. Time is not tested here."""

import json
import os
import subprocess
import sys

import pytest

from bench.conftest import BENCH
from doudi.landing.ids import check_character
from served.people import invented
from served.report import BOUNDS, holds, table

SIZES = {"persons": 2_000, "households": 700, "alerts": 200}


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """What a small bench said, and its figures."""
    told = tmp_path_factory.mktemp("web") / "figures.json"
    sizes = [word for name, number in SIZES.items() for word in (f"--{name}", str(number))]
    command = [sys.executable, str(BENCH / "web.py"), *sizes, "--requests", "8", "--json", str(told)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert told.is_file(), done.stdout + done.stderr
    return done, json.loads(told.read_text())


@pytest.mark.slow
def test_every_bound_has_its_figure(measured):
    _, told = measured
    assert BOUNDS.keys() <= told["figures"].keys()
    assert all(figure > 0 for figure in told["figures"].values())


@pytest.mark.slow
@pytest.mark.parametrize("page", ["list", "detail"])
def test_a_page_asks_the_database_no_more_than_it_may(measured, page):
    assert holds(f"{page} queries", measured[1]["figures"][f"{page} queries"])


@pytest.mark.slow
@pytest.mark.parametrize("page", ["list", "dashboard"])
def test_a_page_weighs_no_more_than_it_may(measured, page):
    assert holds(f"{page} KiB", measured[1]["figures"][f"{page} KiB"])


@pytest.mark.slow
def test_the_exit_code_says_whether_every_bound_holds(measured):
    done, told = measured
    assert (done.returncode == 0) == all(holds(name, figure) for name, figure in told["figures"].items()), done.stderr


def test_invented_people_have_ids_of_their_own_that_read_well():
    people = invented(61_000, 20_000).people
    ids = people["person_id"]
    assert ids.n_unique() == people.height
    assert all(check_character(each[:17]) == each[17] for each in ids.gather_every(997))
    assert people["household"].n_unique() == 20_000


def test_the_same_numbers_make_the_same_city():
    assert invented(500, 200).people.equals(invented(500, 200).people)


def test_a_figure_past_its_bound_is_marked():
    lines = list(table({"list CPU ms": 41.0, "detail CPU ms": 40.0, "list ms": 9_000.0}))
    assert [line.split("|")[4].strip() for line in lines[2:]] == ["**no**", "yes", ""]
