"""The office's vault: `landing.Vault` over the tables, with the keys of the home."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from doudi.errors import Refusal
from doudi.landing import Vault
from doudi.landing.installation import claim_for_office, refuse_command_line_home
from doudi.landing.keys import open_keys, proof_of
from doudi.landing.vault import key_is_foreign
from doudi.office.exchange.keeper import TableKeeper

__all__ = ["begin_vault", "office_home", "read_vault", "write_vault"]

# Keys and databases that this process found to belong together: a page need not ask again.
_PROVED: set[tuple[bytes, str, str]] = set()


def office_home() -> Path:
    """Where this installation's keys, lake, uploads and runs lie."""
    return Path(settings.HOME)


@contextmanager
def read_vault() -> Iterator[Vault]:
    """The vault on the request's own connection, for reading. Refused: nothing was ever received, the key is lost or foreign.

    Its rows are open until the end of the block, and closed again in a transaction that goes on around it.
    """
    home = office_home()
    keys = open_keys(home)
    connection.ensure_connection()
    keeper = TableKeeper(connection.connection)
    with keeper.opened():
        proof = proof_of(keys)
        place = (proof, str(connection.settings_dict["HOST"]), str(connection.settings_dict["NAME"]))
        if place not in _PROVED:
            if not keeper.prove(proof, new=False):
                raise key_is_foreign()
            _PROVED.add(place)
        yield Vault(keeper, keys, home / "vault")


@contextmanager
def write_vault() -> Iterator[Vault]:
    """The vault on a connection of its own, for landing: what it commits stays, whatever transaction stands around."""
    begin_vault()
    home = office_home()
    with psycopg.connect(**{**connection.get_connection_params(), "autocommit": True}) as own:
        yield Vault(TableKeeper(own), open_keys(home), home / "vault")


def begin_vault() -> None:
    """Makes keys and vault where there are none, and claims the home for the office; afterwards it does nothing.

    Refused: the home is the command line's; keys, lake and database do not belong together.
    """
    home = office_home()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "opening").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two processes of a new installation begin at once
        refuse_command_line_home(home)
        keys = open_keys(home, new=True)
        claim_for_office(home)
        with psycopg.connect(**{**connection.get_connection_params(), "autocommit": True}) as own:
            keeper = TableKeeper(own)
            if _anything_landed(home) and not keeper.begun():
                raise Refusal(
                    "exchange.vault_lost",
                    f"{home} 的湖里已有来件，数据库里却没有密库：库换过了，或没有恢复备份。"
                    "系统不会给同样的人另编号码；请恢复原来的数据库。",
                )
            if not keeper.prove(proof_of(keys), new=True):
                raise key_is_foreign()


def _anything_landed(home: Path) -> bool:
    return any((home / "lake" / "batches").glob("*.json"))
