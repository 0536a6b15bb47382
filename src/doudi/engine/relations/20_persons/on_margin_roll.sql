-- on_margin_roll               低保边缘在册
-- asks      他在低保边缘册上吗？哪天认定？
-- grain     person_key
-- columns   margin_since  the latest determination
-- reads     low_income_roll
-- shard     person
-- facts     enrolled_margin, margin_since
-- evidence  low_income_roll where category = '低保边缘' on since
SELECT person_key, TRUE AS enrolled_margin, max(since) AS margin_since
FROM low_income_roll
WHERE category = '低保边缘'
GROUP BY person_key
