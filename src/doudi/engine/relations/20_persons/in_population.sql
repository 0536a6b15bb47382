-- in_population                人口：公安人口库怎样登记这个人
-- asks      他多大、是男是女、户口在哪一类、住处和户籍是否同一乡镇？户号和区划是什么？
-- grain     person_key
-- columns   lives_elsewhere  null = residence not recorded, or not below county · collective  in a 集体户
--           name_token, household_no_token, live_division, hukou_division  as the police wrote them, for those who form
--           households: the roll is read here and nowhere else
-- reads     population
-- shard     person
-- facts     in_population, birth_date, male, relation_to_head, hukou_kind, lives_elsewhere
-- evidence  population
SELECT
    -- The key of the roll is the person: of all counties' lines about him one is in force, and nothing is left to group.
    person_key,
    TRUE AS in_population,
    birth AS birth_date,
    male,
    relation AS relation_to_head,
    hukou_kind,
    CASE
        WHEN live_division // 1000000 <> hukou_division // 1000000 THEN TRUE
        -- A code cut to its county says nothing about the township.
        WHEN live_division % 1000000 = 0 OR hukou_division % 1000000 = 0 THEN NULL
        ELSE live_division // 1000 <> hukou_division // 1000
    END AS lives_elsewhere,
    coalesce(book_kind = '集体户', FALSE) AS collective,
    name_token, household_no_token, live_division, hukou_division
FROM population
