"""三种差错：拒绝（请人处理）、缺口（缺数据）、故障（程序的错）。

Three kinds of error and no fourth. A `Refusal` is the world saying no, and the user can act on it; a `Gap` is data
that is missing and ends as *unknown*; a `Fault` is our own bug and is loud. `docs/errors.md` lists every code, tested.
"""

__all__ = ["DoudiError", "Fact", "Fault", "Gap", "Refusal"]

# What an error may carry for machines: never a citizen id or a name, since facts end in logs and in `--json`.
Fact = str | int | bool | None


class DoudiError(Exception):
    """An error with a stable `code`, one Chinese `sentence`, and `facts` for machines.

    The code is a literal, dotted and lower-case: `wing.what`, as in `landing.unknown_feed`. Once published it never
    changes; the sentence may.
    """

    def __init__(self, code: str, sentence: str, **facts: Fact) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence
        self.facts = facts

    def __str__(self) -> str:
        return self.sentence


class Refusal(DoudiError):
    """拒绝。The world says no and the user can act: shown as its sentence, exit code not zero, never a traceback."""


class Gap(DoudiError):
    """缺口。Data is missing: whoever catches it answers *unknown* and counts it; it never becomes a "no"."""


class Fault(DoudiError):
    """故障。Our own bug: nobody below the outermost edge catches it."""
