-- was_refused                  不予确认：申请未获批准的记录
-- asks      他最近哪天未获批准？
-- grain     person_key
-- columns   refused_date  the latest
-- reads     refused_or_left
-- shard     person
-- facts     has_refusal, refused_date
-- evidence  refused_or_left where happened = '不予确认' on date
SELECT person_key, TRUE AS has_refusal, max(date) AS refused_date
FROM refused_or_left
WHERE happened = '不予确认'
GROUP BY person_key
