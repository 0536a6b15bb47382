"""关系：一个文件一个关系，表头说明一行是什么、读什么、怎样分片、给出哪些事实、凭据在哪。

Reads `relations/**/*.sql`: the header (`-- key  value` lines) and one SELECT. Knows no inputs and runs nothing.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from doudi.errors import Fault

__all__ = ["Evidence", "Relation", "fact_relations", "parse_relation", "read_relations"]

SHARDS = ("person", "household", "none")
HEADER_KEYS = (
    "asks", "grain", "columns", "reads", "shard", "stored", "window", "facts", "floors", "beside", "evidence",
)  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """Where the lines behind a fact stand: a relation with batch_no and line, which of them, and what dates them.

    `fact` empty = every fact of the file. `where` may use the columns of `monitoring`. `of_head`: a fact of the
    household that its head's lines alone tell.
    """

    fact: str
    relation: str
    where: str | None
    dated: str | None
    person: str = "person_key"
    of_head: bool = False


@dataclass(frozen=True)
class Relation:
    """One relation. `facts` are the words it gives; `floors` those of which more may exist than the register reaches;
    `window` the months its facts sum over, null = it does not sum over time. Not `stored`: as large as its feed and read
    once for everybody, so that it is worked out where it is read. `beside` (feed, column), for a shard that is none: his
    rows hang on his own lines and on those of the feed that agree with one of them in that column.
    """

    name: str
    stage: str
    title: str
    grain: tuple[str, ...]
    reads: tuple[str, ...]
    shard: str
    sql: str
    stored: bool = True
    facts: tuple[str, ...] = ()
    floors: frozenset[str] = frozenset()
    window: int | None = None
    beside: tuple[tuple[str, str], ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def audited(self) -> tuple[str, ...]:
        """The columns that are unique together; none when the grain is told in prose ('line of the feed')."""
        return (
            self.grain
            if all("_" in column or column in ("date", "programme", "source") for column in self.grain)
            else ()
        )

    def evidence_of(self, fact: str) -> tuple[Evidence, ...]:
        """Where the lines behind one of its facts stand."""
        return tuple(each for each in self.evidence if each.fact in ("", fact))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[,\s]+", text.split("(", maxsplit=1)[0].strip()) if part)


def _evidence(text: str) -> Evidence:
    found = re.fullmatch(r"(?:(\w+): )?(\w+)( of head)?(?: where (.+?))?(?: by (\w+))?(?: on (\w+))?", text.strip())
    if found is None:
        raise Fault("engine.bad_header", f"关系表头的 evidence 读不懂：{text}")
    return Evidence(
        found[1] or "", found[2], found[4], found[6], found[5] or "person_key", of_head=found[3] is not None
    )


def _header(text: str, place: str) -> tuple[str, dict[str, str]]:
    """The title line and the keyed lines; a line that starts without a key continues the one before."""
    lines = [line[2:].strip() for line in text.splitlines() if line.startswith("--")]
    keyed: dict[str, str] = {}
    key = ""
    for line in lines[1:]:
        word, _, rest = line.partition(" ")
        if word in HEADER_KEYS:
            key = word
            keyed[key] = rest.strip()
        elif key:
            keyed[key] += " " + line
        else:
            raise Fault("engine.bad_header", f"{place} 的表头有不认识的一行：{line}")
    return lines[0], keyed


def parse_relation(name: str, stage: str, text: str) -> Relation:
    """A relation from its text. A missing or unreadable header is a Fault: these files are ours."""
    body_at = re.search(r"^(?!--)\S", text, re.MULTILINE)
    title, keyed = _header(text[: body_at.start()] if body_at else text, name)
    if body_at is None or title.split()[0] != name or not {"grain", "reads", "shard", "asks", "columns"} <= set(keyed):
        raise Fault(
            "engine.bad_header", f"关系 {name} 的表头不完整：要有同名标题、asks、grain、columns、reads、shard。"
        )
    if keyed["shard"] not in SHARDS:
        raise Fault("engine.bad_header", f"关系 {name} 的 shard 只能是 {'、'.join(SHARDS)}。")
    return Relation(
        name=name,
        stage=stage,
        title=title.removeprefix(name).strip(),
        grain=tuple(re.findall(r"\w+", keyed["grain"].split(";")[0])),
        reads=_listed(keyed["reads"]),
        shard=keyed["shard"],
        sql=text[body_at.start() :].strip(),
        stored=keyed.get("stored", "").split(" ")[0] != "no",
        facts=_listed(keyed.get("facts", "")),
        floors=frozenset(_listed(keyed.get("floors", ""))),
        window=int(keyed["window"]) if "window" in keyed else None,
        beside=tuple(re.findall(r"(\w+) by (\w+)", keyed.get("beside", ""))),
        evidence=tuple(_evidence(part) for part in keyed.get("evidence", "").split(";") if part.strip()),
    )


def _texts(folder: Traversable) -> list[tuple[str, str]]:
    return sorted(
        (entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".sql")
    )


@cache
def read_relations(stage: str) -> tuple[Relation, ...]:
    """The relations of one folder ('20_persons'), each after those it reads that stand in the same folder."""
    waiting = [parse_relation(name, stage, text) for name, text in _texts(files("doudi.engine") / "relations" / stage)]
    names, ordered = {relation.name for relation in waiting}, list[Relation]()
    while waiting:
        done = {relation.name for relation in ordered}
        ready = [relation for relation in waiting if names & set(relation.reads) <= done]
        if not ready:
            raise Fault("engine.circle", f"{stage} 中的关系互相读取，成了一圈：{'、'.join(r.name for r in waiting)}。")
        ordered += ready
        waiting = [relation for relation in waiting if relation not in ready]
    return tuple(ordered)


@cache
def fact_relations() -> tuple[Relation, ...]:
    """All relations that give facts, with their evidence."""
    every = (*read_relations("20_persons"), *read_relations("30_households"))
    return tuple(relation for relation in every if relation.facts)
