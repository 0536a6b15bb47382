"""While the demo city is prepared the site says how far it is; when that ends, even by a kill, the site opens."""

import subprocess
import sys

import pytest
from django.http import HttpResponse

from doudi.office.config.preparing import Preparing, preparing, steps


@pytest.fixture
def ask(rf, settings):
    settings.DEMO = True
    return lambda path="/": Preparing(lambda _: HttpResponse("the site"))(rf.get(path))


def test_each_page_says_how_far_the_city_is(doudi_home, ask):
    told = []
    with preparing(doudi_home, told.append) as progress:
        progress.step("落地", "12 个文件")
        answer = ask("/alerts/")
        assert answer.status_code == 503
        assert answer["Refresh"] == "4"
        assert "12 个文件" in answer.content.decode()
    assert told[-1] == "落地：12 个文件"


def test_the_steps_before_are_done_and_those_after_wait(doudi_home):
    with preparing(doudi_home, lambda _: None) as progress:
        progress.step("部门文件")
        assert [step["state"] for step in steps(doudi_home)] == ["done", "now", "waiting", "waiting"]


def test_when_it_is_ready_the_site_opens(doudi_home, ask):
    with preparing(doudi_home, lambda _: None):
        pass
    assert ask().content == b"the site"


def test_the_faces_own_files_are_served_meanwhile(doudi_home, ask):
    with preparing(doudi_home, lambda _: None):
        assert ask("/ui/mark.svg").content == b"the site"


def test_a_preparation_that_was_killed_keeps_nobody_out(doudi_home, ask):
    program = (
        "import os, pathlib, sys; from doudi.office.config.preparing import preparing; "
        "p = preparing(pathlib.Path(sys.argv[1]), print); p.__enter__(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, str(doudi_home)], check=False, capture_output=True)
    assert (doudi_home / "office" / "preparing.json").exists()
    assert ask().content == b"the site"
