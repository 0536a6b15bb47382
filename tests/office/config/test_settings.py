"""What an installation's settings promise: headers on every answer, a key of its own, logs that tell nothing of anybody."""

import logging
import stat
import subprocess
import sys

import pytest
from django.http import HttpResponse

from doudi.office.config import processes
from doudi.office.config.headers import SecurityHeaders
from doudi.office.config.logs import Discreet
from doudi.office.config.secret import make_secret_key, secret_key


def test_every_answer_forbids_what_is_not_our_own(rf):
    answer = SecurityHeaders(lambda _: HttpResponse("x"))(rf.get("/"))
    assert answer["Content-Security-Policy"].startswith("default-src 'self'; object-src 'none'")
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"


def test_an_answer_that_says_how_it_may_be_cached_keeps_its_word(rf):
    kept = HttpResponse("x", headers={"Cache-Control": "max-age=60"})
    assert SecurityHeaders(lambda _: kept)(rf.get("/"))["Cache-Control"] == "max-age=60"


def test_static_files_carry_the_headers_too(settings):
    assert settings.MIDDLEWARE[0].endswith("SecurityHeaders")


@pytest.fixture
def no_key_given(monkeypatch):
    monkeypatch.delenv("DOUDI_SECRET_KEY", raising=False)


def test_the_key_is_made_once_and_only_we_may_read_it(tmp_path, no_key_given):
    assert secret_key(tmp_path) == ""
    make_secret_key(tmp_path)
    made = secret_key(tmp_path)
    make_secret_key(tmp_path)
    assert secret_key(tmp_path) == made
    assert len(made) >= 50
    assert stat.S_IMODE((tmp_path / "office" / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "office").iterdir()] == ["secret.key"]


def test_another_installation_has_another_key(tmp_path, no_key_given):
    for name in ("one", "two"):
        make_secret_key(tmp_path / name)
    assert secret_key(tmp_path / "one") != secret_key(tmp_path / "two")


def test_the_environment_may_give_the_key(tmp_path, monkeypatch):
    monkeypatch.setenv("DOUDI_SECRET_KEY", "given")
    assert secret_key(tmp_path) == "given"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Not Found: /households/7f3a", "Not Found: /households/7f3a"),
        ("GET /search?q=张三&page=2 500", "GET /search?〔略〕 500"),
        ("bad id 370502199001011234 here", "bad id 〔略〕 here"),
        ("bad id 37050219900101123x", "bad id 〔略〕"),
        ("old id 370502900101123.", "old id 〔略〕."),
        ("batch 2026063012345678901 of 20 digits", "batch 2026063012345678901 of 20 digits"),
        ("duplicate key\nDETAIL:  Key (name)=(张三) already exists.\nnext", "duplicate key\nDETAIL: 〔略〕\nnext"),
    ],
)
def test_a_line_of_the_log_tells_nothing_of_anybody(said, written):
    record = logging.LogRecord("x", logging.INFO, "x", 1, said, None, None)
    assert Discreet("%(message)s").format(record) == written


def test_a_traceback_tells_nothing_either():
    try:
        int("no such person 370502199001011234")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "failed", None, sys.exc_info())
    assert "3705021990" not in Discreet("%(message)s").format(record)


def deploy_check(**environment):
    program = (
        "import django; django.setup(); from django.core.management import call_command as c; c('check', deploy=True)"
    )
    command = [sys.executable, "-W", "ignore", "-c", program]
    key = "k" * 25 + "0123456789" * 4
    home = {"DJANGO_SETTINGS_MODULE": "doudi.office.config.settings", "DOUDI_SECRET_KEY": key, **environment}
    return subprocess.run(command, check=False, capture_output=True, text=True, env={"PATH": "", **home}).stderr


@pytest.mark.slow
def test_in_production_django_finds_nothing_to_mend(monkeypatch):
    where = {"PYTHONPATH": ":".join(sys.path)}
    told = deploy_check(DOUDI_PRODUCTION="1", **where)
    assert "security.W" not in told.replace("security.W005", "").replace("security.W021", ""), told
    assert "security.W012" in deploy_check(**where)  # cookies go without TLS on a desk's own machine


def test_the_web_server_writes_down_no_request_line_that_it_cannot_read(tmp_path):
    """A name typed into an address without being encoded is such a line; gunicorn tells it at WARNING, whole."""
    command = processes.web(tmp_path, 3).command
    assert command[command.index("--log-level") + 1] == "error"
