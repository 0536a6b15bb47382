"""One database for all tests that commit: each finds it as it was migrated.

A copy of the template costs some four hundred files; rows are taken away in a hundredth of that. What a test may change
besides rows (a trigger, a right, a table of its own) shows in the seal, and then the next test gets a copy again.
"""

from doudi.office.config import postgres

NAME = "own_swept"

_SEAL = """
SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
    SELECT concat_ws(' ', 'class', oid, relname, relkind, relacl, relrowsecurity, relforcerowsecurity, relnatts, relowner)
      FROM pg_class WHERE relkind <> 't' AND relpersistence = 'p'
    UNION ALL SELECT concat_ws(' ', 'column', attrelid, attnum, attname, attnotnull, attacl) FROM pg_attribute
     WHERE attrelid >= 16384 AND attnum > 0 AND attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r')
    UNION ALL SELECT concat_ws(' ', 'trigger', oid, tgenabled, xmin) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', 'rule', oid, xmin) FROM pg_policy
    UNION ALL SELECT concat_ws(' ', 'function', oid, xmin) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', 'constraint', oid) FROM pg_constraint
    UNION ALL SELECT concat_ws(' ', 'default', oid, xmin) FROM pg_attrdef
    UNION ALL SELECT concat_ws(' ', 'schema', oid, nspacl) FROM pg_namespace WHERE nspname !~ '^pg_t'
    UNION ALL SELECT concat_ws(' ', 'said', setrole, setconfig) FROM pg_db_role_setting
    UNION ALL SELECT concat_ws(' ', 'database', datacl, shobj_description(oid, 'pg_database')) FROM pg_database
     WHERE datname = current_database()
) told(line)
"""
_TABLES = (
    "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
)
_COUNTERS = "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), start_value, last_value FROM pg_sequences ORDER BY 1"
_OTHERS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Swept:
    """The database on one server; `lend` it to a test, `take_back` when the test is done."""

    def __init__(self, server):
        self._server, self._ready = server, False

    def lend(self):
        """Its name. It holds what the migrations left, and nobody else is in it."""
        if not self._ready:
            self._server.copy(NAME)
            with self._server.enter(NAME, postgres.SUPERUSER) as door:
                self._tables = [name for (name,) in door.execute(_TABLES)]
                self._filled = {name for name, some in _some(door, self._tables) if some}
                self._left = self._what_stays(door)
                self._counters = {name: last for name, _, last in door.execute(_COUNTERS).fetchall()}
        self._ready = False
        return NAME

    def take_back(self):
        """Every row of the test goes; where more than rows was changed, the database does."""
        with self._server.enter(NAME, postgres.SUPERUSER) as door:
            door.execute(_OTHERS)
            if self._what_stays(door) == self._left:
                self._sweep(door)
                self._ready = True

    def _what_stays(self, door):
        told = [door.execute(_SEAL).fetchone()]
        for name in sorted(self._filled):
            told += door.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t").fetchall()
        return told

    def _sweep(self, door):
        written = [name for name, some in _some(door, self._tables) if some and name not in self._filled]
        door.execute("SET session_replication_role = replica")  # the journal forbids what is done here
        for name in written:
            door.execute(f"DELETE FROM {name}")
        if written:
            door.execute("VACUUM " + ", ".join(written))
        for name, first, last in door.execute(_COUNTERS).fetchall():
            if last != self._counters[name]:
                door.execute(
                    "SELECT setval(%s, %s, %s)", (name, self._counters[name] or first, self._counters[name] is not None)
                )


def _some(door, tables):
    """(table, does it hold a row) for each."""
    return door.execute(
        " UNION ALL ".join(f"SELECT '{name}', EXISTS (SELECT FROM {name})" for name in tables)
    ).fetchall()
