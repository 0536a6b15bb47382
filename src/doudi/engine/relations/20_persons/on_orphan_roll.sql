-- on_orphan_roll               孤儿在册
-- asks      这个孩子是不是在册孤儿？
-- grain     person_key
-- columns   on_orphan_roll  true
-- reads     child_welfare_roll
-- shard     person
-- facts     on_orphan_roll
-- evidence  child_welfare_roll where kind = '孤儿' on since
SELECT DISTINCT person_key, TRUE AS on_orphan_roll
FROM child_welfare_roll
WHERE kind = '孤儿'
