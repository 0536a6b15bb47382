"""点到的户：有人在某本不常见的登记册上的户。其余的户，这些册子都没提到，事实就是“没有”。

Most households are named by no special register: what the sieve looks at is then known of them without looking, but for
what the population roll and the settlements tell. So the sieve is compiled twice: for everybody, with these facts as
constants, and as it stands for the *noted* households. Both say the same of a household that is not noted.
"""

from collections.abc import Sequence

from doudi.engine.step import Step

__all__ = ["NOTED", "NOTED_MEMBERS", "noted_steps", "with_children", "with_parents"]

STAGE = "35_sieve"
NOTED, NOTED_MEMBERS, NOTED_HOUSEHOLDS = "noted", "noted_members", "noted_household_facts"


def with_parents(households: str, generations: int, members: str) -> str:
    """SELECT household_key of these households (a SELECT) and those of their members' parents, grandparents, …"""
    return _with(households, generations, members, "person_key", "parent_key")


def with_children(households: str, generations: int, members: str) -> str:
    """SELECT household_key of these households (a SELECT) and those of their members' children, grandchildren, …"""
    return _with(households, generations, members, "parent_key", "person_key")


def _with(households: str, generations: int, members: str, here: str, there: str) -> str:
    found = households
    for _ in range(generations):
        found = f"""WITH these AS (
{found}
)
SELECT household_key FROM these
UNION
SELECT theirs.household_key
FROM these
JOIN {members} AS mine ON mine.household_key = these.household_key
JOIN parents ON parents.{here} = mine.person_key
JOIN {members} AS theirs ON theirs.person_key = parents.{there}"""
    return found


def noted_steps(
    relations: Sequence[str], silent: Sequence[str], generations: int, of: tuple[str, str], few: tuple[str, str]
) -> list[Step]:
    """Of the members and households that `of` names: `noted`, the households that a row of the `relations` or a
    contradiction names, or in whose county one of the conditions `silent` does not hold; and those whose answers hang on
    such a household through parents. Then the rows of theirs, and of their parents, in the relations `few` of everybody.
    """
    members, households = of
    sources = (*relations, "blind")
    named = "\n    UNION ALL ".join(f"SELECT person_key FROM {name}" for name in sources)
    proven = " AND ".join(silent) or "TRUE"
    first = f"""SELECT members.household_key
FROM {members} AS members
JOIN (
    {named}
) AS named ON named.person_key = members.person_key
UNION
SELECT households.household_key
FROM {households} AS households
LEFT JOIN silence ON silence.county = households.county
WHERE NOT coalesce({proven}, FALSE)"""
    kin = (members, "parents") if generations else ()
    theirs = with_parents(f"SELECT household_key FROM {NOTED}", generations, members)
    return [
        Step(
            NOTED, STAGE, with_children(first, generations, members), (*sources, "silence", *of, *kin),
            grain=("household_key",),
        ),
        Step(
            NOTED_HOUSEHOLDS, STAGE, f"SELECT * FROM {few[1]} WHERE household_key IN (\n{theirs}\n)",
            (NOTED, few[1], *kin), grain=("household_key",),
        ),
        Step(
            NOTED_MEMBERS, STAGE,
            f"SELECT * FROM {few[0]} WHERE household_key IN (SELECT household_key FROM {NOTED_HOUSEHOLDS})",
            (few[0], NOTED_HOUSEHOLDS), grain=("person_key",),
        ),
    ]  # fmt: skip
