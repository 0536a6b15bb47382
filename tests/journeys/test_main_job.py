"""From department files to explained alerts: what was planted is found, what almost was is not, and nothing is guessed."""

import json
import random
import shutil
from collections import Counter, defaultdict
from datetime import timedelta

import pyarrow.parquet as pq
import pytest

from doudi import policybook_dir
from doudi.landing import Vault, land
from doudi.policy.load import load_book
from doudi.readout.places import place
from journeys.conftest import RECEIVED, City, department_files

pytestmark = pytest.mark.slow
SERIOUS = ("红", "橙")
DELIVERY = "supervision.delivery_missing"


def alerts_of(run):
    return [json.loads(line) for line in (run.folder / "alerts.jsonl").read_text("utf-8").splitlines()]


def household_numbers(city, run):
    """subject_ref → 户号, read as the command line does."""
    with Vault.open(city.home) as vault:
        rows = [json.loads(line) for line in (run.folder / "subjects.jsonl").read_text("utf-8").splitlines()]
        return {
            row["subject_ref"]: vault.label("household_no", row["household_no_token"])
            for row in rows
            if row.get("household_no_token")
        }


def found(city, run):
    """indicator → the 户号 with an alert of it."""
    numbers = household_numbers(city, run)
    by_indicator = defaultdict(set)
    for alert in alerts_of(run):
        by_indicator[alert["indicator"]].add(numbers.get(alert["subject_ref"]))
    return by_indicator


def planted(city, kind):
    """indicator → the 户号 planted for it; deliveries have none and are asked for by themselves."""
    by_indicator = defaultdict(set)
    for plant in city.truth().plants:
        if plant.kind == kind and plant.indicator != DELIVERY:
            by_indicator[plant.indicator].add(plant.household_no)
    return by_indicator


@pytest.fixture(scope="module")
def later(city, first_run, tmp_path_factory):
    """The same city half a year later, in which nobody delivered anything since."""
    return city.monitor(at=city.at + timedelta(days=180), folder=tmp_path_factory.mktemp("later") / "run")


def about_households():
    return [i for i in load_book(policybook_dir()).indicators if not i.off and i.subject != "delivery"]


def test_every_indicator_has_its_three_plants(city):
    kinds = [planted(city, kind) for kind in ("positive", "near_miss", "unknown")]
    lacking = [i.id for i in about_households() if not all(i.id in kind for kind in kinds)]
    assert lacking == []


def test_every_positive_is_found(city, first_run):
    got = found(city, first_run)
    assert {i: wanted - got[i] for i, wanted in planted(city, "positive").items() if wanted - got[i]} == {}


@pytest.mark.parametrize("kind", ["near_miss", "unknown"])
def test_near_misses_and_unknowns_stay_silent(city, first_run, kind):
    got = found(city, first_run)
    assert {i: silent & got[i] for i, silent in planted(city, kind).items() if silent & got[i]} == {}


def test_what_cannot_be_told_is_counted_with_what_is_missing(city, first_run):
    cannot = first_run.manifest.cannot_tell
    uncounted = [i for i in planted(city, "unknown") if not cannot.get(i, {}).get("subjects")]
    assert uncounted == []


def test_a_late_delivery_is_itself_an_alert(city, first_run):
    late = {alert["subject_ref"] for alert in alerts_of(first_run) if alert["indicator"] == DELIVERY}
    subjects = {(plant.kind, plant.subject) for plant in city.truth().plants if plant.indicator == DELIVERY}
    assert subjects
    assert any("disability_allowance/370572" in ref for ref in late), "a county that never delivered"
    assert any("housing_fund" in ref for ref in late), "a feed that is three months late"
    assert not any("population" in ref for ref in late), "what came on time is no alert"
    told = [a for a in alerts_of(first_run) if a["indicator"] == DELIVERY]
    assert all(reason["feed"] and reason["absent"] for alert in told for reason in alert["reasons"])


def test_every_alert_about_people_names_a_line_of_a_file(city, first_run):
    lines = {}
    for path in (city.home / "lake/lines").glob("*/*.parquet"):
        lines[path.stem] = set(pq.read_table(path, columns=["line"])["line"].to_pylist())
    untraced, wrong = [], []
    for alert in alerts_of(first_run):
        if alert["subject_ref"].startswith("delivery"):
            continue
        traced = [reason for reason in alert["reasons"] if reason.get("line")]
        untraced += [] if traced else [alert["indicator"]]
        wrong += [reason for reason in traced if reason["line"] not in lines[reason["batch"]]]
    assert (Counter(untraced), wrong) == (Counter(), [])


def test_serious_alerts_of_a_first_run_are_few(city, first_run):
    """At most 3 % of the households that were not planted (`doudi monitor` prints the share of a whole city)."""
    numbers = household_numbers(city, first_run)
    plants = {plant.household_no for plant in city.truth().plants}
    concerned = {numbers.get(a["subject_ref"]) for a in alerts_of(first_run) if a["level"] in SERIOUS} - plants - {None}
    assert len(concerned) * 100 <= 3 * city.truth().statistics.households


def test_monitoring_twice_changes_nothing(city, first_run, tmp_path):
    again = city.monitor(folder=tmp_path / "again")
    assert (again.folder / "alerts.jsonl").read_bytes() == (first_run.folder / "alerts.jsonl").read_bytes()
    assert again.manifest.relations == first_run.manifest.relations


def test_months_landed_in_any_order_give_the_same_alerts(city, first_run, tmp_path):
    files = department_files(city.files)
    random.Random(3).shuffle(files)
    home = tmp_path / "home"
    shutil.copytree(city.home / "keys", home / "keys")
    half = len(files) // 2
    for part in (files[:half], files[half:]):
        assert land(part, home=home, received_at=RECEIVED, place=place()).refused == ()
    other = City(city.files, home, city.at).monitor()
    assert (other.folder / "alerts.jsonl").read_bytes() == (first_run.folder / "alerts.jsonl").read_bytes()


def test_a_stale_feed_clears_nothing(first_run, later):
    """Half a year without deliveries: alerts continue or stand unconfirmed, none is cleared, none is opened on silence."""
    before = {alert["alert_id"] for alert in alerts_of(first_run) if not alert["subject_ref"].startswith("delivery")}
    people = [alert for alert in alerts_of(later) if not alert["subject_ref"].startswith("delivery")]
    assert [alert["indicator"] for alert in people if alert["status"] == "cleared"] == []
    assert before <= {alert["alert_id"] for alert in people}
    absent = [
        a["indicator"] for a in people if a["status"] == "new" and any(reason.get("absent") for reason in a["reasons"])
    ]
    assert absent == []


def test_a_delivery_still_missing_is_the_same_alert_half_a_year_later(first_run, later):
    """Deliveries are numbered anew in each run; their alerts are found again by name."""
    first = {a["alert_id"]: a["subject_ref"] for a in alerts_of(first_run) if a["indicator"] == DELIVERY}
    again = {a["alert_id"]: a["subject_ref"] for a in alerts_of(later) if a["status"] in ("continuing", "unconfirmed")}
    assert first.items() <= again.items()
