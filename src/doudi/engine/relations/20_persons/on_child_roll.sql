-- on_child_roll                儿童福利在册：孤儿、事实无人抚养、困境儿童
-- asks      这个孩子在册吗？从哪天起？
-- grain     person_key
-- columns   on_child_roll  true · child_since  the earliest where two kinds
-- reads     child_welfare_roll
-- shard     person
-- facts     on_child_roll, child_since
-- evidence  child_welfare_roll on since
SELECT person_key, TRUE AS on_child_roll, min(since) AS child_since
FROM child_welfare_roll
GROUP BY person_key
