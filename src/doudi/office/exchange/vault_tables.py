"""The vault's tables, as the migration makes them. Rows are ciphertext, blind indexes and numbers; see `landing.keeper`."""

from typing import Final

__all__ = ["CREATE", "DROP", "TABLES"]

_PREFIX: Final = "exchange_vault_"

# As landing.keeper.COLUMNS; a bytea is sealed, or a keyed digest.
_COLUMNS: Final = {
    "counters": "name text PRIMARY KEY, value bigint NOT NULL",
    "checks": "name text PRIMARY KEY, value bytea NOT NULL",
    "persons": "person_key bigint PRIMARY KEY, ref bytea NOT NULL, id bytea NOT NULL",
    "blinds": "blind bytea PRIMARY KEY, person_key bigint NOT NULL",
    "names": "person_key bigint, token bigint, registered int, reported int, name bytea NOT NULL,"
    " PRIMARY KEY (person_key, token)",
    "labels": "kind text, token bigint, label bytea NOT NULL, PRIMARY KEY (kind, token)",
    "rejects": "batch text, line int, reason_code text, county int, content bytea NOT NULL,"
    " PRIMARY KEY (batch, line, reason_code)",
    "originals": "batch text PRIMARY KEY, file_name bytea NOT NULL",
}

TABLES: Final = tuple(_PREFIX + name for name in _COLUMNS)

# Rows are seen and written only in a transaction that opened the vault; for the owner of the tables as well.
_OPEN: Final = "current_setting('app.vault', true) = 'open'"

_ERASED: Final = f"""
CREATE FUNCTION {_PREFIX}erased() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN DELETE FROM {_PREFIX}blinds WHERE person_key = old.person_key; RETURN NULL; END $$;
CREATE TRIGGER person_erased AFTER DELETE ON {_PREFIX}persons FOR EACH ROW EXECUTE FUNCTION {_PREFIX}erased();
"""  # noqa: S608 - our own names


def _table(name: str, columns: str) -> str:
    table = _PREFIX + name
    return (
        f"CREATE TABLE {table} ({columns});"
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY vault_open ON {table} USING ({_OPEN}) WITH CHECK ({_OPEN});"
    )


CREATE: Final = "".join(_table(*each) for each in _COLUMNS.items()) + _ERASED
DROP: Final = "".join(f"DROP TABLE {table};" for table in TABLES) + f"DROP FUNCTION {_PREFIX}erased();"
