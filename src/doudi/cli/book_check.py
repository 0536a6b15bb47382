"""检查政策簿：读得通、每个条款有着落、每个案例成立。

What `doudi policy check` finds. Reading alone refuses unknown words, units that do not fit, overlapping periods and
floats; here come citations and cases.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doudi.cli.screen import Watch
from doudi.errors import Refusal
from doudi.policy.book_yaml import read_yaml
from doudi.policy.cases import Case, check_case, read_case
from doudi.policy.load import load_book
from doudi.policy.rule import Book

__all__ = ["BookCheck", "cases_as_written", "check_book"]


@dataclass(frozen=True)
class BookCheck:
    """Rows of what the book holds, and one sentence for each thing that is wrong."""

    book_hash: str
    counts: tuple[tuple[str, int], ...]
    wrong: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {"book": self.book_hash, "counts": dict(self.counts), "wrong": list(self.wrong)}


def check_book(folder: Path, watch: Watch) -> BookCheck:
    """Reads the book in `folder` and runs every case. Refused where it cannot be read at all."""
    book = load_book(folder)
    wrong: list[str] = []
    cited = {clause for _, clause in citations(book)}
    written = list(cases_as_written(folder))
    for done, (place, raw) in enumerate(written, 1):
        try:
            case = read_case(book, raw, place)
            cited |= set(case.basis)
            wrong += unknown_basis(book, case)
            wrong += check_case(case)
        except Refusal as refusal:
            wrong.append(refusal.sentence)
        watch(done, len(written), place)
    wrong += clauses_without_a_place(book, cited)
    return BookCheck(book.hash, counts(book, len(written)), tuple(wrong))


def cases_as_written(folder: Path) -> Iterator[tuple[str, Any]]:
    """File name and entry of every case of the book."""
    for path in sorted((folder / "cases").glob("*.yaml")):
        for raw in read_yaml(path):
            yield path.name, raw


def citations(book: Book) -> Iterator[tuple[str, str]]:
    """Who rests on which clause: parameters, words, paths, programmes, indicators."""
    parameters = [(p.name, value.basis) for p in book.parameters.values() for value in p.values]
    rules = [(word.name, word.basis) for word in book.words.values()]
    paths = [(path.name, path.basis) for tier in book.tiers for path in tier.paths]
    due = [(programme.name, programme.basis) for programme in book.programmes]
    alerts = [(indicator.name, indicator.basis) for indicator in book.indicators]
    for who, basis in (*parameters, *rules, *paths, *due, *alerts):
        for clause in basis:
            yield who, clause


def unknown_basis(book: Book, case: Case) -> list[str]:
    """Clauses that a case names and the book does not have."""
    return [
        f"案例“{case.name}”引用的条款 {clause} 不在政策簿里。" for clause in case.basis if clause not in book.clauses()
    ]


def clauses_without_a_place(book: Book, cited: set[str]) -> list[str]:
    """A clause is cited, or implemented by a feature, or says why it is not formalised; and not both of the last two."""
    wrong = []
    for clause in book.clauses().values():
        if clause.id not in cited and not clause.feature and not clause.not_formalised:
            wrong.append(f"条款 {clause.id}（{clause.meaning}）没有规则引用，也没有写明由什么实现或为何尚未写成规则。")
        if clause.id in cited and clause.not_formalised:
            wrong.append(f"条款 {clause.id} 已有规则引用，却仍写着尚未写成规则。")
    return wrong


def counts(book: Book, cases: int) -> tuple[tuple[str, int], ...]:
    """What the book holds, in the order in which an official would ask."""
    values = [value for parameter in book.parameters.values() for value in parameter.values]
    return (
        ("文件", len(book.documents)),
        ("条款", len(book.clauses())),
        ("参数", len(book.parameters)),
        ("参数取值", len(values)),
        ("其中示范参数", sum(value.demo for value in values)),
        ("事实", len(book.facts)),
        ("推出的词", len(book.order)),
        ("层级", len(book.tiers)),
        ("救助项目", len(book.programmes)),
        ("指标", len(book.indicators)),
        ("案例", cases),
    )
