-- insured_by_self              灵活就业参保
-- asks      最近哪个月以灵活就业身份缴过社保？
-- grain     person_key
-- columns   insured_flexible_month  first day of the month
-- reads     social_insurance
-- shard     person
-- facts     insured_flexible_month
-- evidence  social_insurance where payer_kind = '灵活就业' on month
SELECT person_key, max(month) AS insured_flexible_month
FROM social_insurance
WHERE payer_kind = '灵活就业'
GROUP BY person_key
