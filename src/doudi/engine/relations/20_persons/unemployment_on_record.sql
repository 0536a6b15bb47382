-- unemployment_on_record       失业登记册上有他：注销日期已过的不算
-- asks      登记册上有没有他仍有效的行？内容对不对另说。
-- grain     person_key
-- columns   unemployment_on_record  true
-- reads     unemployment, monitoring
-- shard     person
-- facts     unemployment_on_record
-- evidence  unemployment on since
SELECT DISTINCT person_key, TRUE AS unemployment_on_record
FROM unemployment CROSS JOIN monitoring
WHERE until IS NULL OR until > at_date
