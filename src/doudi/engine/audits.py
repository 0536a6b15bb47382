"""审计：每个关系做完就查——一行一个对象、没有孤儿、人数不丢。

Checks on finished relations. A failed audit is a Fault: our own bug, found before it becomes an alert.
"""

from collections.abc import Mapping

from doudi.engine.backends.duckdb import Backend
from doudi.engine.step import Step
from doudi.errors import Fault

__all__ = ["audit_grain", "audit_people"]


def audit_grain(backend: Backend, step: Step) -> int:
    """The rows of a stored relation. Its grain must be unique, and a grain of one column never null."""
    rows = int(backend.rows(f"SELECT count(*) FROM {step.name}")[0][0])
    if not step.grain:
        return rows
    different = backend.different(step.name, step.grain)
    if different != rows:
        columns = ", ".join(step.grain)
        raise Fault(
            "engine.grain_not_unique", f"关系 {step.name} 应当一行一个（{columns}），实有 {rows} 行、{different} 个。"
        )
    return rows


# Everybody is in a household, everybody has the facts that are looked at first, whoever is noted has those of the sieve,
# and whoever is kept has all of them.
ALL_OF = (("persons", "members"), ("noted_members", "noted_person_facts"), ("kept_members", "person_records"))


def audit_people(backend: Backend, rows: Mapping[str, int], asked: str = "members") -> int:
    """How many people, by the rows of the relations made: nobody is lost on the way, and no household is of nobody.

    `asked`: the relation of those whom the run asks about; a part of a run does not ask about everybody, nor makes again
    what it takes over.
    """
    for source, name in (*ALL_OF, (asked, "sieve_person_facts")):
        if {source, name} <= rows.keys() and rows[name] != rows[source]:
            raise Fault("engine.people_lost", f"{source} 有 {rows[source]} 人，{name} 里却有 {rows[name]} 人。")
    alone = int(
        backend.rows(
            "SELECT count(*) FROM households LEFT JOIN members ON members.household_key = households.household_key "
            "WHERE members.household_key IS NULL"
        )[0][0]
    )
    if alone:
        raise Fault("engine.empty_household", f"有 {alone} 户没有成员。")
    return rows["persons"]
