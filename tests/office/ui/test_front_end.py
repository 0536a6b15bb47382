"""The front end's own house: a lock that names no host, majors that are pinned, bundles that stay light."""

import gzip
import json
import re

import pytest

from architecture.source import ROOT
from doudi.office.ui.assets import BUILD

FRONT = ROOT / "frontend"
KIB = 1024
# gzip, KiB: a list loads style and app; a dashboard charts and borders too (its pages stay within 220)
WEIGHTS = {"app.css": 8, "app.js": 21, "charts.js": 185, "counties.json": 5}


def test_the_lock_names_no_host():
    lock = (FRONT / "package-lock.json").read_text("utf-8")
    assert "resolved" not in lock
    assert "://" not in re.sub(r'"url": "[^"]*"', "", lock)  # where a package asks for donations is no source


def test_every_package_of_the_lock_has_its_digest():
    packages = json.loads((FRONT / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_majors_are_pinned():
    told = json.loads((FRONT / "package.json").read_text("utf-8"))
    asked = {**told["dependencies"], **told["devDependencies"]}
    assert all(re.fullmatch(r"\^\d+\.\d+\.\d+", version) for version in asked.values())
    assert asked["htmx.org"].startswith("^2.")


def test_the_licence_of_every_package_is_told():
    notes = (FRONT / "LICENSES.md").read_text("utf-8")
    packages = json.loads((FRONT / "package-lock.json").read_text("utf-8"))["packages"]
    shipped = {
        name.removeprefix("node_modules/") for name, package in packages.items() if name and not package.get("optional")
    }
    assert {name for name in shipped if f"| {name} |" not in notes} == set()


@pytest.mark.parametrize(("name", "most"), WEIGHTS.items())
def test_a_built_file_stays_light(name, most):
    if not (BUILD / "manifest.json").is_file():
        pytest.skip("the front end is not built: run `npm ci && node build.mjs` in frontend/")
    built = BUILD / json.loads((BUILD / "manifest.json").read_text("utf-8"))[name]
    assert len(gzip.compress(built.read_bytes())) <= most * KIB
    assert built.with_name(f"{built.name}.gz").is_file()
    assert built.with_name(f"{built.name}.br").is_file()
