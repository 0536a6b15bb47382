-- housing_need_on_record   危房名册上有他
-- asks      登记册上有没有他的行？内容对不对另说。
-- grain     person_key
-- columns   housing_need_on_record  true
-- reads     housing_need
-- shard     person
-- facts     housing_need_on_record
-- evidence  housing_need where kind IN ('危房C级', '危房D级') on since
SELECT DISTINCT person_key, TRUE AS housing_need_on_record
FROM housing_need
WHERE kind IN ('危房C级', '危房D级')
