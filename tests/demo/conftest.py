"""One small city for all tests of this folder: three thousand people, four months."""

import pytest

from doudi.demo import build_city
from doudi.demo.truth import read_truth

ASKED = {"persons": 3000, "seed": 7, "month": "2026-06", "months": 4}


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    out = tmp_path_factory.mktemp("city") / "out"
    build_city(out, **ASKED)
    return out


@pytest.fixture(scope="session")
def truth(city):
    return read_truth(city)
