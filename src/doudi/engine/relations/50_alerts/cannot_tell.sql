-- cannot_tell                  无法判断：各指标有多少对象判断不了
-- asks      哪些指标因为缺数据说不出是或否？
-- grain     indicator
-- columns   subjects  count; not those whom an exclusion silenced
-- reads     verdicts
-- shard     none
SELECT indicator, count(*) AS subjects
FROM verdicts
WHERE verdict IS NULL
GROUP BY indicator
