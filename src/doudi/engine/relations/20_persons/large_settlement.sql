-- large_settlement             住院或慢特病：近12个月的结算
-- asks      最近一次住院或慢特病结算在哪天？
-- grain     person_key
-- columns   last_large_settlement  date
-- reads     medical_counted
-- shard     person
-- window    12
-- facts     had_large_settlement, last_large_settlement
-- evidence  medical_counted where kind <> '普通门诊' on date
SELECT person_key, TRUE AS had_large_settlement, max(date) AS last_large_settlement
FROM medical_counted
WHERE kind <> '普通门诊'
GROUP BY person_key
