"""The texts by which a staged population becomes the registry: set-based, in one transaction, changing only what changed.

Tables with row-level security take no COPY, so everything is copied into temporary tables first.
"""

from typing import Final

__all__ = ["CHANGED", "COUNTS", "HOUSEHOLDS", "NEW_PERSONS", "PERSONS", "STATISTICS", "TABLES", "TABLES_GONE", "TOKENS"]

TABLES: Final = """
CREATE TEMP TABLE staged_household ({households}) ON COMMIT DROP;
CREATE TEMP TABLE staged_person ({persons}) ON COMMIT DROP;
CREATE TEMP TABLE staged_ref (person_key bigint, ref uuid) ON COMMIT DROP;
CREATE TEMP TABLE staged_token (token bigint, person_key bigint) ON COMMIT DROP;
"""

TABLES_GONE: Final = "DROP TABLE staged_household, staged_person, staged_ref, staged_token"

# A ref is made with the row and never touched again. `%(day)s` is the run's day.
HOUSEHOLDS: Final = (
    """
INSERT INTO registry_household AS old (
    household_key, ref, head_key, members, household_no_token, hukou_kind, tiers,
    hukou_division, residence_division, managing_division, run_day, present)
SELECT household_key, gen_random_uuid(), head_key, members, household_no_token, hukou_kind, tiers,
    hukou_division, residence_division, managing_division, %(day)s, true
FROM staged_household
ON CONFLICT (household_key) DO UPDATE SET
    head_key = excluded.head_key, members = excluded.members, household_no_token = excluded.household_no_token,
    hukou_kind = excluded.hukou_kind, tiers = excluded.tiers, hukou_division = excluded.hukou_division,
    residence_division = excluded.residence_division, managing_division = excluded.managing_division,
    run_day = excluded.run_day, present = true
WHERE (old.head_key, old.members, old.household_no_token, old.hukou_kind, old.tiers, old.hukou_division,
       old.residence_division, old.managing_division, old.present)
    IS DISTINCT FROM (excluded.head_key, excluded.members, excluded.household_no_token, excluded.hukou_kind,
       excluded.tiers, excluded.hukou_division, excluded.residence_division, excluded.managing_division, true)
""",
    """
UPDATE registry_household SET present = false, run_day = %(day)s
WHERE present AND NOT EXISTS (SELECT FROM staged_household AS new WHERE new.household_key = registry_household.household_key)
""",
)

NEW_PERSONS: Final = """
SELECT new.person_key FROM staged_person AS new
WHERE NOT EXISTS (SELECT FROM registry_person AS old WHERE old.person_key = new.person_key)
ORDER BY new.person_key
"""

# Whoever no register names has no token of his name, so that his name may change unseen: he is always made again.
CHANGED: Final = """
SELECT new.person_key FROM staged_person AS new
LEFT JOIN registry_person AS old ON old.person_key = new.person_key
WHERE old.person_key IS NULL OR new.name_token IS NULL OR (old.name_token, old.hukou_division, old.residence_division,
    old.managing_division) IS DISTINCT FROM (new.name_token, new.hukou_division, new.residence_division, new.managing_division)
ORDER BY new.person_key
"""

PERSONS: Final = (
    """
INSERT INTO registry_person AS old (
    person_key, ref, household_id, is_head, birth, male, registered, name_token, tiers,
    hukou_division, residence_division, managing_division, run_day, present)
SELECT new.person_key, staged_ref.ref, household_key, is_head, birth, male, registered, name_token, tiers,
    hukou_division, residence_division, managing_division, %(day)s, true
FROM staged_person AS new JOIN staged_ref ON staged_ref.person_key = new.person_key
""",
    """
UPDATE registry_person AS old SET
    household_id = new.household_key, is_head = new.is_head, birth = new.birth, male = new.male,
    registered = new.registered, name_token = new.name_token, tiers = new.tiers, hukou_division = new.hukou_division,
    residence_division = new.residence_division, managing_division = new.managing_division, run_day = %(day)s, present = true
FROM staged_person AS new
WHERE old.person_key = new.person_key
    AND (old.household_id, old.is_head, old.birth, old.male, old.registered, old.name_token, old.tiers,
         old.hukou_division, old.residence_division, old.managing_division, old.present)
    IS DISTINCT FROM (new.household_key, new.is_head, new.birth, new.male, new.registered, new.name_token, new.tiers,
         new.hukou_division, new.residence_division, new.managing_division, true)
""",
    """
UPDATE registry_person SET present = false, run_day = %(day)s
WHERE present AND NOT EXISTS (SELECT FROM staged_person AS new WHERE new.person_key = registry_person.person_key)
""",
)

# Sorted, so that the index is filled from left to right.
TOKENS: Final = (
    "DELETE FROM registry_search_token WHERE person_key = ANY(%(again)s)",
    """
INSERT INTO registry_search_token (token, division, person_key)
SELECT DISTINCT new.token, place.division, new.person_key
FROM staged_token AS new
JOIN registry_person AS person ON person.person_key = new.person_key
CROSS JOIN LATERAL (VALUES (hukou_division), (residence_division), (managing_division)) AS place(division)
ORDER BY 1, 2, 3
""",
)

COUNTS: Final = (
    "DELETE FROM registry_population_count",
    """
INSERT INTO registry_population_count (division, tier, households, persons)
SELECT division, tier, sum(households), sum(persons)
FROM (
    SELECT managing_division AS division, '' AS tier, count(*) AS households, sum(members) AS persons
    FROM registry_household WHERE present GROUP BY 1
    UNION ALL
    SELECT managing_division, unnest(tiers), count(*), 0 FROM registry_household WHERE present GROUP BY 1, 2
    UNION ALL
    SELECT managing_division, unnest(tiers), 0, count(*) FROM registry_person WHERE present GROUP BY 1, 2
) AS counted
GROUP BY division, tier
""",
)

# Instead of when autovacuum comes by; a server before PostgreSQL 17 warns that the role may not, and goes on.
STATISTICS: Final = "ANALYZE registry_household, registry_person, registry_search_token, registry_population_count"
