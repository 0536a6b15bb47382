"""自带的 PostgreSQL：建库、启动、停下；只认本机套接字，只让本账号进来。

The embedded PostgreSQL 18: made, started, stopped. It listens on a unix socket alone and lets in one account of the
operating system, ours, by its name (`peer`): there is no password to keep. Its log holds no statement and no value.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from psycopg.conninfo import make_conninfo

from doudi.errors import Refusal
from doudi.office.config.database import APP_ROLE, OWNER_ROLE
from doudi.office.config.inheritance import leave_with_parent
from doudi.office.config.places import Places, binaries, client_name, own_folder

__all__ = ["SUPERUSER", "administrator", "erase", "external", "runs", "start", "stop", "stop_stale"]

SUPERUSER: Final = "postgres"  # enters to provision, and to back up; never the office
SECONDS_TO_START: Final = 60
SECONDS_TO_STOP: Final = 20
_LOG_BYTES: Final = 10_000_000

_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    # No row and no statement enters the log: errors of statements are told to whoever made them.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
}


def external() -> bool:
    """Does PGHOST name a server of somebody else's? Then none is started."""
    return bool(os.environ.get("PGHOST"))


def administrator(place: Places) -> str:
    """How the embedded server's administrator enters, as psycopg's conninfo."""
    return make_conninfo(host=str(place.socket), user=SUPERUSER)


def start(place: Places, settings: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Starts the server, made first if there is none, and waits until it answers. It ends when this thread's process does.

    What a killed run left behind is stopped first. Refused: it does not start; its log says why.
    """
    _prepare(place)
    stop_stale(place)
    asked = _SETTINGS | dict(settings or {})
    asked |= {"hba_file": str(place.base / "hba.conf"), "ident_file": str(place.base / "ident.conf")}
    options = [f"-c{name}={value}" for name, value in asked.items()]
    _note_who_may_enter(place)
    with _log(place) as log:
        server = _as_servant(
            place,
            [binaries() / "postgres", "-D", place.data, "-k", place.socket, *options],
            stdout=log,
            stderr=log,
        )
    until = time.monotonic() + SECONDS_TO_START
    while not _ready(place, server.pid):
        if server.poll() is not None or time.monotonic() > until:
            stop(server)
            raise Refusal("config.postgres_failed", f"自带数据库没有启动成功，原因见 {place.log}。")
        time.sleep(0.02)
    return server


def runs(place: Places) -> bool:
    """Does a server answer on this data?"""
    pid = _postmaster(place)
    return pid is not None and _ready(place, pid)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stops the server: open transactions are undone, what was committed stays."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(SECONDS_TO_STOP)


def stop_stale(place: Places) -> None:
    """Stops the server of a killed run, if one still runs on this data; a number that is another program's is left alone."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        until = time.monotonic() + SECONDS_TO_STOP
        pid = _postmaster(place)
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        while _postmaster(place) == pid and time.monotonic() < until:
            time.sleep(0.05)
    raise Refusal(
        "config.postgres_stuck", f"上一次留下的数据库（进程 {_postmaster(place)}）停不下来；请结束它后再启动。"
    )


def erase(place: Places) -> None:
    """Removes the stopped server's data for good. For tests and for a demo city made anew."""
    stop_stale(place)
    shutil.rmtree(place.data, ignore_errors=True)
    shutil.rmtree(place.base, ignore_errors=True)
    _marks(place)[1].unlink(missing_ok=True)


def _prepare(place: Places) -> None:
    """Folders, and a cluster when there is none: UTF-8, order of bytes, no password."""
    (place.home / "office").mkdir(parents=True, exist_ok=True, mode=0o700)
    own_folder(place.base)
    for folder in (place.socket, place.data):
        folder.mkdir(mode=0o700, exist_ok=True)
        if place.servant:
            servant = pwd.getpwnam(place.servant)
            os.chown(folder, servant.pw_uid, servant.pw_gid)
    made = (place.data / "global" / "pg_control").is_file()
    _check_belonging(place, made=made)
    if made:
        return
    for half_made in place.data.iterdir():  # killed while it was made
        shutil.rmtree(half_made) if half_made.is_dir() else half_made.unlink()
    made_by = ["--encoding=UTF8", "--locale=C", "--auth=peer", f"--username={SUPERUSER}", "--no-instructions"]
    with _log(place) as log:
        code = _as_servant(place, [binaries() / "initdb", "-D", place.data, *made_by], stdout=log, stderr=log).wait()
    if code:
        shutil.rmtree(place.data, ignore_errors=True)
        raise Refusal("config.initdb_failed", f"自带数据库没有建成，原因见 {place.log}。")
    mark = secrets.token_hex(16)
    for file in _marks(place):
        file.write_text(mark, "ascii")


def _marks(place: Places) -> tuple[Path, Path]:
    """The same word in the data and in the home: they may lie apart, and yet belong together."""
    return place.data / "doudi.id", place.home / "office" / "postgres.id"


def _check_belonging(place: Places, *, made: bool) -> None:
    """Refused: the data are of an earlier home at this place, or this home's data are gone. Never begun anew unasked."""
    of_data, of_home = (file.read_text("ascii") if file.is_file() else None for file in _marks(place))
    if made and of_data != of_home:
        raise Refusal(
            "config.foreign_database",
            f"{place.data} 里的数据库不是 {place.home} 的（那个目录可能删过又重建）；请把它移走或恢复原目录后再启动。",
        )
    if not made and of_home is not None:
        raise Refusal(
            "config.database_gone",
            f"{place.home} 的数据库原在 {place.data}，现在不见了；请从备份恢复，确要从头开始的请先删去 {place.home}。",
        )


def _note_who_may_enter(place: Places) -> None:
    """Written anew at each start, beside the data and not in it."""
    roles = (SUPERUSER, OWNER_ROLE, APP_ROLE)
    (place.base / "hba.conf").write_text("local all all peer map=office\n", "utf-8")
    (place.base / "ident.conf").write_text("".join(f'office "{client_name()}" {role}\n' for role in roles), "utf-8")
    for name in ("hba.conf", "ident.conf"):
        (place.base / name).chmod(0o644)


def _as_servant(place: Places, command: Sequence[str | Path], *, stdout: int, stderr: int) -> subprocess.Popen[bytes]:
    servant = pwd.getpwnam(place.servant) if place.servant else None
    return subprocess.Popen(  # noqa: S603  # our own programs, and no shell
        [str(part) for part in command],
        cwd=place.base,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        env={"LC_ALL": "C", "PATH": os.defpath, "TZ": "Asia/Shanghai"},
        user=servant.pw_uid if servant else None,
        group=servant.pw_gid if servant else None,
        extra_groups=[] if servant else None,
        start_new_session=True,  # a Ctrl-C at the terminal is the launcher's to hand on
        preexec_fn=leave_with_parent(signal.SIGINT),  # noqa: PLW1509  # nothing but one system call runs in it
    )


@contextlib.contextmanager
def _log(place: Places) -> Iterator[int]:
    """The log, open for a child to write to; one that has grown long begins anew, the last is kept beside it."""
    if place.log.is_file() and place.log.stat().st_size > _LOG_BYTES:
        place.log.rename(place.log.with_suffix(".log.1"))
    log = os.open(place.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        yield log
    finally:
        os.close(log)


def _ready(place: Places, pid: int) -> bool:
    lines = _pid_file(place)
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _postmaster(place: Places) -> int | None:
    """The process of the server on this data, None when there is none; a number may have become another program's."""
    lines = _pid_file(place)
    if not lines or not lines[0].isdigit():
        return None
    pid = int(lines[0])
    if not Path("/proc/self").exists():
        return pid if _answers(pid) else None
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return None
    return pid if os.fsencode(place.data) in command else None


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _pid_file(place: Places) -> list[str]:
    try:
        return (place.data / "postmaster.pid").read_text("utf-8").split("\n")
    except FileNotFoundError:
        return []
