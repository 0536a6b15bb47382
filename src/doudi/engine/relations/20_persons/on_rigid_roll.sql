-- on_rigid_roll               刚性支出困难在册
-- asks      他在刚性支出困难册上吗？哪天认定？
-- grain     person_key
-- columns   rigid_since  the latest determination
-- reads     low_income_roll
-- shard     person
-- facts     enrolled_rigid, rigid_since
-- evidence  low_income_roll where category = '刚性支出困难' on since
SELECT person_key, TRUE AS enrolled_rigid, max(since) AS rigid_since
FROM low_income_roll
WHERE category = '刚性支出困难'
GROUP BY person_key
