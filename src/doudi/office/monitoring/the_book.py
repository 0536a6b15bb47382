"""The policy book of this installation, read once a process: an alert's words are taken from it."""

from functools import cache

from doudi.policy.rule import Book, Clause, Document
from doudi.readout.home import book

__all__ = ["clauses", "the_book"]


@cache
def the_book() -> Book:
    """The book. A new one takes hold when the office is started again."""
    return book()


@cache
def clauses() -> dict[str, tuple[Clause, Document]]:
    """Every clause by id, with the document that it stands in."""
    return {clause.id: (clause, document) for document in the_book().documents for clause in document.clauses}
