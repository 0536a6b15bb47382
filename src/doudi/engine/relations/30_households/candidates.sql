-- candidates                   候选家庭：户主与人数
-- asks      这一户谁是户主、几口人？
-- grain     source, household_token
-- columns   head_key  the register's 户主 (one on the case first), else the eldest · members  count
-- reads     household_of_person, in_population, persons
-- shard     none
WITH ranked AS (
    SELECT
        source, household_token, person_key,
        count(*) OVER (PARTITION BY source, household_token) AS members,
        row_number() OVER (
            PARTITION BY source, household_token
            ORDER BY
                CASE WHEN relation_to_head = '户主' THEN 0 ELSE 1 END,
                CASE WHEN case_token IS NOT NULL THEN 0 ELSE 1 END,
                CASE WHEN birth_date IS NULL THEN 1 ELSE 0 END,
                -- The token stands before the key: keys follow the order of landing.
                birth_date, name_token, person_key
        ) AS place
    FROM household_of_person
    LEFT JOIN in_population USING (person_key)
    LEFT JOIN persons USING (person_key)
)
SELECT source, household_token, person_key AS head_key, members
FROM ranked
WHERE place = 1
