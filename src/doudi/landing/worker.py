"""备料的进程：从管道收一块、还一块；主进程一死，它读到管道的尽头就走。

A process that prepares pieces. It is begun by `workers.py`, is told over its pipe where the program lies, the secret of
the tokens and the place, and answers one question at a time until there are no more.
"""

import pickle
import sys
from typing import BinaryIO

from doudi.errors import Refusal
from doudi.landing.prepare import Preparer

__all__ = ["serve"]


def serve() -> None:
    """Answers (piece, what its file is) with what was prepared, or with the refusal of the file."""
    asked, answered = sys.stdin.buffer, sys.stdout.buffer
    preparer: Preparer = pickle.load(asked)  # noqa: S301  # from our own parent
    while True:
        try:
            piece, known = pickle.load(asked)  # noqa: S301  # from our own parent
        except EOFError:
            return
        try:
            _answer(answered, preparer.prepare(piece, known))
        except Refusal as refusal:
            _answer(answered, refusal)


def _answer(answered: BinaryIO, answer: object) -> None:
    pickle.dump(answer, answered, protocol=pickle.HIGHEST_PROTOCOL)
    answered.flush()
