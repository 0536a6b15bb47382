-- seriously_ill                重病：卫健登记的重病患者
-- asks      他有没有重病？最近哪天确诊？
-- grain     person_key
-- columns   illness_diagnosed  the latest
-- reads     serious_illness
-- shard     person
-- facts     serious_illness, illness_diagnosed
-- evidence  serious_illness on diagnosed
SELECT person_key, TRUE AS serious_illness, max(diagnosed) AS illness_diagnosed
FROM serious_illness
GROUP BY person_key
