"""The committed document of the API is the source's own, and it tells the truth about doors, parameters and errors."""

import json
import re

from architecture.source import ROOT
from doudi.office.api import v1
from doudi.office.api.openapi import document, text
from doudi.office.api.routing import DOORS, PARAMETERS

FILE = ROOT / "docs" / "run" / "openapi.json"
PAGE = ROOT / "docs" / "run" / "api.md"
TOLD = json.loads(FILE.read_text("utf-8"))
OPERATIONS = {each["get"]["operationId"]: each["get"] for each in TOLD["paths"].values()}


def test_the_committed_file_equals_the_source():
    assert FILE.read_text("utf-8") == text(), "run `python3 dev docs` and commit docs/run/openapi.json"


def test_every_operation_is_a_reading_behind_a_gate():
    assert {method for each in TOLD["paths"].values() for method in each} == {"get"}
    assert set(OPERATIONS) == set(DOORS) == {pattern.name for pattern in v1.urlpatterns} - {"openapi"}
    assert all(door.roles and not door.anybody for door in DOORS.values())


def test_the_parameters_told_are_those_that_the_gate_lets_through():
    for name, told in OPERATIONS.items():
        assert {each["name"] for each in told["parameters"] if each["in"] == "query"} == PARAMETERS[name], name


def test_every_operation_tells_what_a_refusal_looks_like():
    for name, told in OPERATIONS.items():
        shapes = {status: list(answer["content"]) for status, answer in told["responses"].items()}
        assert shapes.pop("200") == ["application/json"], name
        assert set(shapes) == {"401", "403", "404", "405", "422", "500"}
        assert all(shape == ["application/problem+json"] for shape in shapes.values())


def test_every_field_of_a_number_says_its_unit_or_what_it_counts():
    silent = [
        f"{name}.{field}"
        for name, shape in document()["components"]["schemas"].items()
        for field, told in shape.get("properties", {}).items()
        if "integer" in json.dumps(told) and "description" not in told and field not in {"id", "status"}
    ]
    assert silent == []


def test_the_document_is_served_to_whoever_asks_and_to_be_read_only(office_db, client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.json() == TOLD
    assert client.post("/api/v1/openapi.json").status_code == 405


def test_the_page_of_the_api_names_every_operation_and_no_other():
    named = set(re.findall(r"`GET (/api/v1/[^`]*)`", PAGE.read_text("utf-8"))) - {"/api/v1/openapi.json"}
    assert named == set(TOLD["paths"])
