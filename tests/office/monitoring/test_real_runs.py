"""A real small city: monitored by the worker, taken over, its households' cards made; a killed worker leaves nothing half."""

import shutil
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest

from cli.door import doudi
from doudi.landing import Vault
from doudi.landing.keys import open_keys
from doudi.landing.seal import Sealer
from doudi.office.accounts.scope import Viewer
from doudi.office.audit.models import Entry
from doudi.office.common.actor import machine
from doudi.office.common.clock import BEIJING
from doudi.office.common.roles import Role
from doudi.office.common.scope import whole_city
from doudi.office.exchange import selectors as exchange
from doudi.office.monitoring import services
from doudi.office.monitoring.models import Alert, HouseholdFacts, Run
from doudi.office.monitoring.pulse import Pulse, is_dead
from doudi.office.monitoring.selectors.facts import facts_card
from doudi.office.registry.selectors import by_key
from office.monitoring.conftest import CITY

pytestmark = pytest.mark.slow

AT = datetime(2026, 4, 1, 9, 0, tzinfo=BEIJING)
DAY = date(2026, 3, 31)


@pytest.fixture(scope="module")
def landed(tmp_path_factory):
    """A home in which one month of 600 people landed. Nobody writes here."""
    folder = tmp_path_factory.mktemp("landed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOUDI_HOME", str(folder / "home"))
        patch.delenv("DOUDI_PRODUCTION", raising=False)
        for words in (("demo", folder / "files", "--persons", 600, "--month", "2026-03"), ("land", folder / "files")):
            done = doudi(*words)
            assert done.code == 0, done.err
    return folder / "home"


@pytest.fixture
def city(landed, own_office_db, tmp_path, monkeypatch, settings):
    """That home, a test's own; the office's vault is the command line's file. The value is the home."""
    home = tmp_path / "city"
    shutil.copytree(landed, home)
    monkeypatch.setenv("DOUDI_HOME", str(home))
    settings.HOME = home

    @contextmanager
    def open_vault():
        with Vault.open(home) as vault:
            yield vault

    monkeypatch.setattr(exchange, "open_vault", open_vault)
    monkeypatch.setattr(exchange, "sealer", lambda: Sealer(open_keys(home).field))
    monkeypatch.setattr(exchange, "refs", lambda keys: _asked(open_vault, "refs", keys))
    monkeypatch.setattr(exchange, "search_tokens", lambda _, texts: [hash(text) for text in texts])
    return home


def _asked(open_vault, door, keys):
    with open_vault() as vault:
        return getattr(vault, door)(list(keys))


def asked(**more):
    with whole_city():
        return services.request_run(actor=machine("monitor"), at=AT, day=DAY, **more)


def clock():
    return AT + timedelta(minutes=5)


def viewer(role=Role.COUNTY_OFFICER, division=CITY):
    return Viewer(7, "someone", "某某", role, division)


def test_the_worker_makes_the_run_and_takes_it_over(city):
    run_id = asked(kind="scheduled")
    assert services.run_now(run_id, clock=clock)
    run = Run.objects.get(pk=run_id)
    assert (run.state, run.day, run.folder, run.error) == ("finished", DAY, "2026-03-31", "")
    with whole_city():
        assert run.manifest["alerts"] == run.changes["new"] == Alert.objects.count() > 0
        outside = [row.pk for row in Alert.objects.all() if not 370000000000 <= row.managing_division < 380000000000]
    assert outside == []
    assert Entry.objects.filter(act="monitoring.run_finished", subject=str(run_id)).count() == 1
    assert run.steps_done > 3
    assert not services.run_now(run_id, clock=clock), "a job that comes twice does nothing the second time"


def test_a_run_with_nothing_landed_fails_with_a_sentence(city):
    shutil.rmtree(city / "lake" / "batches")
    (city / "lake" / "batches").mkdir()
    run_id = asked(kind="scheduled")
    services.run_now(run_id, clock=clock)
    run = Run.objects.get(pk=run_id)
    assert (run.state, run.error_code) == ("failed", "monitoring.nothing_landed")


def test_a_run_killed_half_way_leaves_the_old_state_and_is_made_again(city, monkeypatch):
    run_id = asked(kind="scheduled")

    def killed(**_):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("doudi.office.monitoring.services.running.tell", lambda _: killed())
        patch.setattr("doudi.office.monitoring.services.running._failed", lambda *_: None)  # a kill tidies nothing up
        with pytest.raises(SystemExit):
            services.run_now(run_id, clock=clock)
    run = Run.objects.get(pk=run_id)
    assert run.state == "running"
    with whole_city():
        assert Alert.objects.count() == 0
    services.tend(at=clock())
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("asked", 1)
    assert services.run_now(run_id, clock=clock)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("finished", 2)


def test_a_run_whose_worker_lives_is_not_put_back(city):
    run_id = asked(kind="scheduled")
    Run.objects.filter(pk=run_id).update(state="running")
    pulse = Pulse(run_id)
    assert pulse.take()
    try:
        services.tend(at=clock())
        assert Run.objects.get(pk=run_id).state == "running"
    finally:
        pulse.close()
    with whole_city():
        assert is_dead(run_id)


def test_a_run_that_dies_again_and_again_is_given_up(city):
    run_id = asked(kind="scheduled")
    Run.objects.filter(pk=run_id).update(state="running", attempts=3)
    services.tend(at=clock())
    run = Run.objects.get(pk=run_id)
    assert (run.state, "接连 3 次" in run.error) == ("failed", True)


def test_one_run_at_a_time(city):
    first = asked(kind="scheduled")
    Run.objects.filter(pk=first).update(state="running")
    second = asked(kind="scheduled")
    assert second != first
    assert not services.run_now(second, clock=clock)
    assert Run.objects.get(pk=second).state == "asked"


@pytest.fixture(scope="module")
def monitored_home(landed, tmp_path_factory):
    """The same home with a run in it. Nobody writes here."""
    home = tmp_path_factory.mktemp("monitored") / "home"
    shutil.copytree(landed, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOUDI_HOME", str(home))
        assert doudi("monitor", "--at", DAY.isoformat()).code == 0
    return home


@pytest.fixture
def monitored(city, monitored_home):
    """That run, taken over."""
    shutil.copytree(monitored_home / "runs", city / "runs")
    return services.import_finished(actor=machine("demo"), at=AT, folder=DAY.isoformat())


def test_cards_are_made_of_every_alerted_and_every_enrolled_household_once(city, monitored):
    made = services.make_cards(monitored)
    assert made > 0
    assert services.make_cards(monitored) == 0
    with whole_city():
        alerted = set(Alert.objects.filter(household_key__isnull=False).values_list("household_key", flat=True))
        cards = dict(HouseholdFacts.objects.values_list("household_key", "sealed"))
    assert alerted <= set(cards)
    assert not any("户主".encode() in bytes(sealed) for sealed in cards.values())


def test_a_card_is_made_when_it_is_opened_and_says_the_same(city, monitored):
    with whole_city():
        key = Alert.objects.filter(household_key__isnull=False).values_list("household_key", flat=True).first()
        first = facts_card(viewer(), by_key(viewer(), key))
        again = facts_card(viewer(), by_key(viewer(), key))
    assert first == again
    assert first.persons
    assert first.tiers


def test_a_card_is_not_found_beyond_the_jurisdiction_nor_by_the_village(city, monitored):
    with whole_city():
        row = Alert.objects.filter(household_key__isnull=False).first()
        home = by_key(viewer(), row.household_key)
        assert facts_card(viewer(), home) is not None
        assert facts_card(viewer(Role.VILLAGE_HELPER, row.managing_division), home) is None
        elsewhere = viewer(division=110101000000)
        assert by_key(elsewhere, row.household_key) is None
        assert facts_card(elsewhere, home) is None


def test_no_card_tells_a_township_of_tax_property_custody_or_diagnosis(city, monitored):
    with whole_city():
        keys = set(Alert.objects.filter(household_key__isnull=False).values_list("household_key", flat=True))
        cards = [facts_card(viewer(Role.TOWN_OFFICER, CITY), by_key(viewer(), key)) for key in sorted(keys)[:12]]
        whole = [facts_card(viewer(), by_key(viewer(), key)) for key in sorted(keys)[:12]]
    shown = {line for card in cards for person in card.persons for fact in person.facts for line in fact.says}
    seen = {line for card in whole for person in card.persons for fact in person.facts for line in fact.says}
    guarded = ("生活用机动车数", "住房套数", "月养老金", "登记工资", "最近重病确诊日", "重病 ", "公积金", "在营企业")
    assert any(line.startswith(guarded) for line in seen)
    assert not any(line.startswith(guarded) for line in shown)
    assert not any("-" in line for line in seen if line.startswith("出生日期"))
