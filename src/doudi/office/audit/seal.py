"""封链：把已经写定的流水逐条接进 SM3 链，再把链头记到库外。

The sealer. It seals what can no longer be followed by something earlier: entries of transactions below the oldest one
still running. Business never waits for it.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from doudi.office.audit.chain import FIRST, NAMED_COLUMNS, link
from doudi.office.audit.heads import Head, append, last
from doudi.office.audit.whole import whole_journal

__all__ = ["rows_of", "seal_journal"]

_BATCH: Final = 20_000  # entries in memory at once, and links in one COPY
_LOCK: Final = 0x53_4D_33  # one sealer at a time, whoever started it

# Entries that no link names yet, of transactions that are over, in the order in which these began to write. Everything
# below the last sealed transaction was sealed with it, so the search begins there. After a restore into another cluster
# transactions count anew: a number at or above the snapshot's end is an old cluster's, whose transactions are all over,
# and new ones are found by their greater id.
_FINISHED: Final = f"""
    SELECT {NAMED_COLUMNS} FROM audit_entry e LEFT JOIN audit_seal s ON s.entry_id = e.id
    WHERE s.entry_id IS NULL AND (e.tx >= %s::text::xid8 OR e.id > %s)
      AND (e.tx < pg_snapshot_xmin(pg_current_snapshot()) OR e.tx >= pg_snapshot_xmax(pg_current_snapshot()))
    ORDER BY e.tx >= pg_snapshot_xmax(pg_current_snapshot()) DESC, e.tx, e.id LIMIT {_BATCH}
"""  # noqa: S608 - names of our own columns

_LAST: Final = """
    SELECT s.position, s.hash, coalesce(e.tx, '0'::xid8)::text, (SELECT max(entry_id) FROM audit_seal)
    FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id ORDER BY s.position DESC LIMIT 1
"""


def seal_journal(*, at: datetime) -> int:
    """Seals every finished entry and records the head; how many were sealed. Doing it twice, or at once, changes nothing."""
    sealed = 0
    while count := _seal_some():
        sealed += count
    _record_head(at)
    return sealed


def _seal_some() -> int:
    with whole_journal(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_LAST)
        position, before, last_tx, greatest = cursor.fetchone() or (0, FIRST, "0", 0)
        cursor.execute(_FINISHED, [last_tx, greatest])
        rows = list(rows_of(cursor))
        with cursor.copy("COPY audit_seal (position, entry_id, hash) FROM STDIN") as links:
            for number, row in enumerate(rows, position + 1):
                before = link(bytes(before), row)
                links.write_row((number, row["id"], before))
    return len(rows)


def rows_of(cursor: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - Django's own cursor has no type
    """The rows of a query by the names of its columns, some thousand at a time; `detail` as what its JSON says."""
    names = [column[0] for column in cursor.description]
    while rows := cursor.fetchmany(2000):
        for values in rows:
            row = dict(zip(names, values, strict=True))
            if isinstance(row.get("detail"), str):
                row["detail"] = json.loads(row["detail"])
            yield row


def _record_head(at: datetime) -> None:
    """After the links are committed: a head must never vouch for a link that was undone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT position, entry_id, hash FROM audit_seal ORDER BY position DESC LIMIT 1")
        found = cursor.fetchone()
        if found is None:
            return
        position, entry_id, digest = found
        recorded = last()
        if recorded is None or recorded.position < position:
            append(Head(position, entry_id, bytes(digest).hex(), at.isoformat()))
