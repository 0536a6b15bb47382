-- disaster_on_record   受灾记录上有他
-- asks      登记册上有没有他的行？内容对不对另说。
-- grain     person_key
-- columns   disaster_on_record  true
-- reads     disaster
-- shard     person
-- facts     disaster_on_record
-- evidence  disaster on date
SELECT DISTINCT person_key, TRUE AS disaster_on_record
FROM disaster
