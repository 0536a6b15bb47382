-- death_on_record              死亡：有死亡或火化记录的人
-- asks      哪一天死亡？
-- grain     person_key
-- columns   death_date  the earliest recorded
-- reads     death
-- shard     person
-- facts     death_on_record, death_date
-- evidence  death on date
SELECT person_key, TRUE AS death_on_record, min(date) AS death_date
FROM death
GROUP BY person_key
