-- in_population                人口：公安人口库怎样登记这个人
-- asks      他多大、是男是女、户口在哪一类、住处和户籍是否同一乡镇？
-- grain     person_key
-- columns   lives_elsewhere  null = residence not recorded, or not below county
-- reads     population
-- shard     person
-- facts     in_population, birth_date, male, relation_to_head, hukou_kind, lives_elsewhere
-- evidence  population
SELECT
    person_key,
    TRUE AS in_population,
    max(birth) AS birth_date,
    bool_or(male) AS male,
    max(relation) AS relation_to_head,
    max(hukou_kind) AS hukou_kind,
    bool_or(CASE
        WHEN live_division // 1000000 <> hukou_division // 1000000 THEN TRUE
        -- A code cut to its county says nothing about the township.
        WHEN live_division % 1000000 = 0 OR hukou_division % 1000000 = 0 THEN NULL
        ELSE live_division // 1000 <> hukou_division // 1000
    END) AS lives_elsewhere
FROM population
GROUP BY person_key
