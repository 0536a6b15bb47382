-- illness_on_record   重病登记册上有他
-- asks      登记册上有没有他的行？内容对不对另说。
-- grain     person_key
-- columns   serious_illness_on_record  true
-- reads     serious_illness
-- shard     person
-- facts     serious_illness_on_record
-- evidence  serious_illness on diagnosed
SELECT DISTINCT person_key, TRUE AS serious_illness_on_record
FROM serious_illness
