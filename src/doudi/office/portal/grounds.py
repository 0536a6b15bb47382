"""依据：一件事凭哪一条，用我们自己的一句话说。

The clauses that the portal's pages rest on, out of the policy book.
"""

from functools import cache
from typing import Final

from doudi import policybook_dir
from doudi.errors import Fault
from doudi.office.portal.cards import Ground
from doudi.policy.load import load_book

__all__ = ["ASKED_BY", "grounds", "grounds_of"]

# What a matter on the workbench rests on. Its clauses stand in the policy book; a test looks each of them up.
ASKED_BY: Final = {
    "alerts": ("G3.1.alerting", "G3.4.unfulfilled", "G3.4.eligible", "G3.4.complex", "G3.4.ineligible"),
    "deliveries": ("G3.1.sharing", "G3.2.quality"),
    "late": ("G3.1.sharing", "G3.2.collect", "G5.2.departments"),
    "runs": ("G3.1.alerting", "G3.1.digital"),
    "exports": ("N5.61",),
    "visits": ("G3.3.visit", "N1.6"),
    "supervision": ("G3.1.digital", "G5.3.funds", "N5.66"),
    "accounts": ("N5.61",),
    "journal": ("G3.1.digital", "N5.66"),
}


@cache
def _clauses() -> dict[str, tuple[str, str, str]]:
    """Clause → the document's number, its title, the clause in our words."""
    book = load_book(policybook_dir())
    return {
        clause.id: (document.number, document.title, clause.meaning)
        for document in book.documents
        for clause in document.clauses
    }


@cache
def grounds_of(*clauses: str) -> tuple[Ground, ...]:
    """These clauses in words, those of one document together. One that the book lost is shown by its id alone."""
    known, by_document = _clauses(), dict[tuple[str, str], list[tuple[str, str]]]()
    for clause in clauses:
        number, title, meaning = known.get(clause, (clause, "", "政策簿里已经没有这一条"))
        by_document.setdefault((number, title), []).append((clause, meaning))
    return tuple(Ground(number, title, tuple(cited)) for (number, title), cited in by_document.items())


def grounds(matter: str) -> tuple[Ground, ...]:
    """What that kind of matter rests on."""
    if matter not in ASKED_BY:
        raise Fault("portal.no_ground", f"工作台上的“{matter}”没有写明依据；请在 portal/grounds.py 补上条款。")
    return grounds_of(*ASKED_BY[matter])
