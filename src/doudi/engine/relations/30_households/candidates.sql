-- candidates                   候选家庭：户主与人数
-- asks      这一户谁是户主、几口人？
-- grain     source, household_token
-- columns   head_key  the register's 户主 (one on the case first), else the eldest · members  count
-- reads     household_of_person, persons
-- shard     none
WITH houses AS (
    SELECT
        source, household_token, count(*) AS members,
        -- Who is alone, or the only 户主 of the register, heads it; the others are ranked.
        CASE
            WHEN count(*) = 1 THEN min(person_key)
            WHEN count(CASE WHEN register_head THEN 1 END) = 1 THEN min(CASE WHEN register_head THEN person_key END)
        END AS head_key
    FROM household_of_person
    GROUP BY source, household_token
),
ranked AS (
    SELECT
        of_person.source, of_person.household_token, of_person.person_key, houses.members,
        row_number() OVER (
            PARTITION BY of_person.source, of_person.household_token
            ORDER BY
                CASE WHEN register_head THEN 0 ELSE 1 END,
                CASE WHEN case_token IS NOT NULL THEN 0 ELSE 1 END,
                CASE WHEN birth IS NULL THEN 1 ELSE 0 END,
                -- The token stands before the key: keys follow the order of landing.
                birth, name_token, of_person.person_key
        ) AS place
    FROM household_of_person AS of_person
    JOIN houses
        ON houses.source = of_person.source AND houses.household_token = of_person.household_token
        AND houses.head_key IS NULL
    LEFT JOIN persons ON persons.person_key = of_person.person_key
)
SELECT source, household_token, head_key, members FROM houses WHERE head_key IS NOT NULL
UNION ALL
SELECT source, household_token, person_key, members FROM ranked WHERE place = 1
