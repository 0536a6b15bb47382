-- households                   户：户主、管理县与用于显示的区划
-- asks      这一户归哪里管？
-- grain     household_key
-- columns   county  roll's, else residence, else hukou of the head; 0 = none of the city's · division  12 digits
--           household_no_token  the head's 户号, null = not in population · members  count
-- reads     household_keys, members, in_population, dibao_roll, tekun_roll, low_income_roll, persons, silence
-- shard     household
WITH managed AS (
    -- The roll that manages the household: 低保 before 特困 before the rest; the smaller code where two claim it.
    SELECT household_key, min(rank * 10000000000000 + division) % 10000000000000 AS division
    FROM (
        SELECT person_key, division, 1 AS rank FROM dibao_roll WHERE coalesce(status, '在保') <> '停发'
        UNION ALL SELECT person_key, division, 2 FROM tekun_roll WHERE coalesce(status, '在保') <> '停发'
        UNION ALL SELECT person_key, division, 3 FROM low_income_roll
    ) AS named
    JOIN members ON members.person_key = named.person_key
    GROUP BY household_key
),
placed AS (
    SELECT
        keys.household_key, keys.head_key, keys.members, residence.household_no_token,
        residence.hukou_kind AS head_hukou_kind, persons.county AS head_county,
        coalesce(managed.division, residence.live_division, residence.hukou_division) AS division
    FROM household_keys AS keys
    LEFT JOIN managed ON managed.household_key = keys.household_key
    LEFT JOIN in_population AS residence ON residence.person_key = keys.head_key
    LEFT JOIN persons ON persons.person_key = keys.head_key
)
SELECT
    household_key, head_key, members, household_no_token, head_hukou_kind, division,
    coalesce(silence.county, head_county, 0) AS county
FROM placed
LEFT JOIN silence ON silence.county = division // 1000000
