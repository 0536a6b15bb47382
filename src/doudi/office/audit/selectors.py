"""The journal's reads: what was done, by whom, about whom; and whether the chain holds."""

from doudi.office.audit.heads import Head as Head
from doudi.office.audit.heads import last as last_head
from doudi.office.audit.moves import overdue as overdue
from doudi.office.audit.read import Asked as Asked
from doudi.office.audit.read import EntryCard as EntryCard
from doudi.office.audit.read import Page as Page
from doudi.office.audit.read import Sight as Sight
from doudi.office.audit.read import entry as entry
from doudi.office.audit.read import everything as everything
from doudi.office.audit.read import how_many as how_many
from doudi.office.audit.read import in_scope as in_scope
from doudi.office.audit.read import journal as journal
from doudi.office.audit.read import of_subject as of_subject
from doudi.office.audit.read import own as own
from doudi.office.audit.verify import KINDS as KINDS
from doudi.office.audit.verify import Finding as Finding
from doudi.office.audit.verify import Verdict as Verdict
from doudi.office.audit.verify import verify_journal as verify_journal
from doudi.office.audit.words import ACTS as ACTS
from doudi.office.audit.words import act_word as act_word
from doudi.office.audit.words import detail_word as detail_word
from doudi.office.audit.words import subject_word as subject_word

__all__ = [
    "ACTS", "KINDS", "Asked", "EntryCard", "Finding", "Head", "Page", "Sight", "Verdict", "act_word", "detail_word", "entry",
    "everything", "how_many", "in_scope", "journal", "last_head", "of_subject", "overdue", "own", "subject_word", "verify_journal",
]  # fmt: skip
