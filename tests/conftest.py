"""What every test may rely on: a home of its own, no production switch, a steady Hypothesis."""

import fcntl
import gc
import os

import django
import pytest
from hypothesis import HealthCheck, settings

# Django reads its settings once and refuses to begin without a secret: both are said before any of it is opened.
os.environ["DJANGO_SETTINGS_MODULE"] = "doudi.office.config.settings"
os.environ.setdefault("DOUDI_SECRET_KEY", "of the tests alone")
django.setup()

# Two shared cores make single examples slow without anything being wrong; failures must be the same for everyone.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("steady")

SHARED = ("architecture", "demo", "policybook")  # folders whose tests rest on one thing that is made once for a process


@pytest.fixture(autouse=True)
def doudi_home(tmp_path_factory, monkeypatch):
    """An empty DOUDI_HOME for this test alone: no test reads or writes the developer's ./var."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("DOUDI_HOME", str(home))
    monkeypatch.delenv("DOUDI_PRODUCTION", raising=False)
    return home


@pytest.fixture(autouse=True)
def disk_in_no_hurry(monkeypatch):
    """What is written need not outlive a power cut here: waiting for the disk was a third of some tests' time."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture(scope="session")
def landed_city(tmp_path_factory):
    """A demo city of 1,500 over six months and the home in which it landed: `files` and `home` below this folder. It is made
    once for all processes that run the tests, by the first that asks; whoever writes into a home copies it.
    """
    from doudi.demo import build_city  # noqa: PLC0415  # tests that ask for no city wait for no makers of one
    from doudi.landing import land  # noqa: PLC0415  # likewise
    from doudi.readout.places import place  # noqa: PLC0415  # likewise

    base = tmp_path_factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "landed-city"
    root.mkdir(exist_ok=True)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "made").exists():
            build_city(root / "files", persons=1500, seed=5, month="2026-06", months=6)
            sent = sorted(path for path in (root / "files").glob("*/*") if path.is_file())
            landing = land(sent, home=root / "home", received_at="2026-07-02T09:00:00+08:00", place=place())
            assert landing.refused == ()
            (root / "made").touch()
    return root


def pytest_collection_finish():
    """Modules and tests stay until the end: whoever collects garbage need not look at them, which was a tenth of the time."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure():
    """What is left at the end is given back in the usual way."""
    gc.unfreeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With `-n`, the tests of a file stay together, and so do those of a folder that share one city or one book."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415  # only where tests are dealt out

    class ByRoom(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.split("::", 1)[0]
            folder = file.rsplit("/", 1)[0]
            return folder if folder.endswith(SHARED) else file

    return ByRoom(config, log)
