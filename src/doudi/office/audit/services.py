"""The journal's writes: what was done, what was read, what was refused; one move of a workflow; the chain over all."""

from doudi.office.audit.moves import make_due_moves as make_due_moves
from doudi.office.audit.moves import make_move as make_move
from doudi.office.audit.seal import seal_journal as seal_journal
from doudi.office.audit.write import Reading as Reading
from doudi.office.audit.write import record as record
from doudi.office.audit.write import record_reading as record_reading
from doudi.office.audit.write import record_readings as record_readings
from doudi.office.audit.write import record_refusal as record_refusal

__all__ = [
    "Reading", "make_due_moves", "make_move", "record", "record_reading", "record_readings", "record_refusal", "seal_journal",
]  # fmt: skip
