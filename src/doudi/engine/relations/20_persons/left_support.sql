-- left_support                 退出：低保、特困退出记录
-- asks      他最近哪天退出？
-- grain     person_key
-- columns   left_date  the latest
-- reads     refused_or_left
-- shard     person
-- facts     has_left, left_date
-- evidence  refused_or_left where happened = '退出' on date
SELECT person_key, TRUE AS has_left, max(date) AS left_date
FROM refused_or_left
WHERE happened = '退出'
GROUP BY person_key
