-- roll_on_record               低保、特困、边缘等名册上有他
-- asks      名册上有没有他的行？内容对不对另说。
-- grain     person_key
-- columns   roll_on_record  true
-- reads     dibao_roll, tekun_roll, low_income_roll
-- shard     person
-- facts     roll_on_record
-- evidence  dibao_roll on since; tekun_roll on since; low_income_roll on since
SELECT person_key, TRUE AS roll_on_record FROM dibao_roll
UNION SELECT person_key, TRUE FROM tekun_roll
UNION SELECT person_key, TRUE FROM low_income_roll
