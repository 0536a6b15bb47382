-- on_child_roll                儿童福利在册：孤儿、事实无人抚养、困境儿童
-- asks      这个孩子在册吗？
-- grain     person_key
-- columns   on_child_roll  true
-- reads     child_welfare_roll
-- shard     person
-- facts     on_child_roll
-- evidence  child_welfare_roll on since
SELECT DISTINCT person_key, TRUE AS on_child_roll
FROM child_welfare_roll
