"""谁看得到哪些流水。

Who may read which entries of the journal.
"""

from typing import Final

from doudi.office.accounts.scope import Viewer
from doudi.office.audit.selectors import Sight, everything, in_scope, own
from doudi.office.common.roles import Role

__all__ = ["READERS", "sight_of"]

# Those who read what others did. Their reading is journalled, and they may take it with them.
READERS: Final = frozenset({Role.AUDIT_ADMIN, Role.SUPERVISOR})


def sight_of(viewer: Viewer) -> Sight:
    """Everything for the audit administrator, his scope for an external supervisor, one's own acts for everybody else."""
    if viewer.role is Role.AUDIT_ADMIN:
        return everything()
    if viewer.role is Role.SUPERVISOR:
        return in_scope(*viewer.range)
    return own(viewer.user_id or 0)
