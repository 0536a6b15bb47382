-- on_other_roll               其他困难在册
-- asks      他在其他困难册上吗？哪天认定？
-- grain     person_key
-- columns   other_since  the latest determination
-- reads     low_income_roll
-- shard     person
-- facts     enrolled_other, other_since
-- evidence  low_income_roll where category = '其他困难' on since
SELECT person_key, TRUE AS enrolled_other, max(since) AS other_since
FROM low_income_roll
WHERE category = '其他困难'
GROUP BY person_key
