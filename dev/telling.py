"""What is told to the person at the terminal."""

from __future__ import annotations

import sys


class StepFailedError(Exception):
    """A step that failed, with the sentence that the person reads. Exit code 1, whatever the step's own was."""


def say(sentence: str) -> None:
    print(f"▸ {sentence}", file=sys.stderr, flush=True)
