-- on_unsupported_roll          事实无人抚养儿童在册
-- asks      这个孩子是不是在册的事实无人抚养儿童？
-- grain     person_key
-- columns   on_unsupported_roll  true
-- reads     child_welfare_roll
-- shard     person
-- facts     on_unsupported_roll
-- evidence  child_welfare_roll where kind = '事实无人抚养儿童' on since
SELECT DISTINCT person_key, TRUE AS on_unsupported_roll
FROM child_welfare_roll
WHERE kind = '事实无人抚养儿童'
