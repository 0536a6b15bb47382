-- dead                         已死亡：有记录为是；没有记录而仍在新鲜人口库中为否
-- asks      这个人还在世吗？
-- grain     person_key
-- columns   dead  null = neither a record of death nor a place in a fresh population roll
-- reads     persons, death, silence
-- shard     none
-- beside    death by person_key
-- facts     dead
-- evidence  death on date; population
SELECT
    persons.person_key,
    CASE
        WHEN death.person_key IS NOT NULL THEN TRUE
        WHEN persons.registered AND silence.fresh_population AND silence.fresh_death THEN FALSE
    END AS dead
FROM persons
-- The key of a death is the person: one line each.
LEFT JOIN death ON death.person_key = persons.person_key
LEFT JOIN silence ON silence.county = persons.county
