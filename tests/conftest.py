"""What every test may rely on: a home of its own, no production switch, a steady Hypothesis."""

import pytest
from hypothesis import HealthCheck, settings

# Two shared cores make single examples slow without anything being wrong; failures must be the same for everyone.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def doudi_home(tmp_path_factory, monkeypatch):
    """An empty DOUDI_HOME for this test alone: no test reads or writes the developer's ./var."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("DOUDI_HOME", str(home))
    monkeypatch.delenv("DOUDI_PRODUCTION", raising=False)
    return home
