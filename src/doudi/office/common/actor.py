"""办事人：做每一件事的人或程序，记在流水里的名字。

Who does something. A machine acts under its own name, never under a person's.
"""

from dataclasses import dataclass

from doudi.office.common.roles import Role

__all__ = ["Actor", "machine"]


@dataclass(frozen=True, slots=True)
class Actor:
    """`user_id` is None for a machine; `name` is the login name or the machine's; `division` is the jurisdiction's code."""

    user_id: int | None
    name: str
    role: Role
    division: int


def machine(name: str) -> Actor:
    """A part of the platform acting by itself: `sealer`, `landing`, `monitor`, `reaper`, `demo`."""
    return Actor(None, name, Role.MACHINE, 0)
