-- in_custody                   羁押：正在服刑或强制隔离戒毒的人
-- asks      从哪天起？还剩几个月？是不是服刑？
-- grain     person_key
-- columns   in_custody, custody_on_record  false = every recorded term has ended · in_prison, prison_on_record  of those, sentences
--           custody_months_left  whole months, null = end not recorded
-- reads     custody, monitoring
-- shard     person
-- facts     in_custody, custody_on_record, in_prison, prison_on_record, custody_since, custody_months_left
-- evidence  custody on since
WITH terms AS (
    SELECT
        custody.person_key, custody.kind, custody.since, custody.until, monitoring.at_date,
        custody.since <= monitoring.at_date AND (custody.until IS NULL OR custody.until > monitoring.at_date) AS running
    FROM custody CROSS JOIN monitoring
)
SELECT
    person_key,
    bool_or(running) AS in_custody,
    bool_or(running) AS custody_on_record,
    bool_or(running AND kind = '服刑') AS in_prison,
    bool_or(running AND kind = '服刑') AS prison_on_record,
    min(since) FILTER (WHERE running) AS custody_since,
    CASE WHEN bool_and(until IS NOT NULL) FILTER (WHERE running) THEN CAST(
        max((year(until) * 12 + month(until)) - (year(at_date) * 12 + month(at_date))
            - CASE WHEN day(until) < day(at_date) THEN 1 ELSE 0 END) FILTER (WHERE running)
    AS BIGINT) END AS custody_months_left
FROM terms
GROUP BY person_key
