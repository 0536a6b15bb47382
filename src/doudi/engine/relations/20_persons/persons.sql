-- persons                      人：最近人口库的人，加上低收入各名册点到的人，和有死亡记录的父母
-- asks      我们认得哪些人？他归哪个县管？
-- grain     person_key
-- columns   county  roll's, else residence, else hukou; 0 = none of the city's · name_token, birth  as the police wrote them
--           registered  the population roll names him
-- reads     in_population, dibao_roll, tekun_roll, low_income_roll, fanpin_roll, child_welfare_roll, kinship, death, silence
-- shard     none
WITH named AS (
    SELECT person_key, scope AS county FROM dibao_roll
    UNION ALL SELECT person_key, scope FROM tekun_roll
    UNION ALL SELECT person_key, scope FROM low_income_roll
    UNION ALL SELECT person_key, NULL FROM fanpin_roll
    UNION ALL SELECT person_key, NULL FROM child_welfare_roll
    -- The dead leave the population roll, but their children's rules still ask about them: a line of the child makes a row of
    -- the parent, which is why this is not made person by person.
    UNION ALL SELECT kinship.relative_key, NULL
    FROM kinship JOIN death ON death.person_key = kinship.relative_key
    WHERE kinship.kind IN ('父亲', '母亲')
),
enrolled AS (
    SELECT person_key, min(county) AS county FROM named GROUP BY person_key
)
SELECT
    resident.person_key, coalesce(enrolled.county, live.county, hukou.county, 0) AS county,
    resident.name_token, resident.birth_date AS birth, TRUE AS registered
FROM in_population AS resident
LEFT JOIN enrolled ON enrolled.person_key = resident.person_key
LEFT JOIN silence AS live ON live.county = resident.live_division // 1000000
LEFT JOIN silence AS hukou ON hukou.county = resident.hukou_division // 1000000
UNION ALL
SELECT enrolled.person_key, coalesce(enrolled.county, 0), NULL, NULL, FALSE
FROM enrolled
LEFT JOIN in_population AS resident ON resident.person_key = enrolled.person_key
WHERE resident.person_key IS NULL
