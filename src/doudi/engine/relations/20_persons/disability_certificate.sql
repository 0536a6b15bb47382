-- disability_certificate       残疾人证
-- asks      持有有效残疾人证吗？哪类、几级？
-- grain     person_key
-- columns   disability_grade  1 heaviest … 4, 9 = cancelled or expired · disability_kind  无 = likewise
-- reads     disability, monitoring
-- shard     person
-- facts     disability_kind, disability_grade, disability_issued, disability_cancelled
-- evidence  disability on issued
WITH certificates AS (
    SELECT *, coalesce(status, '有效') = '有效' AND (until IS NULL OR until >= at_date) AS valid
    FROM disability CROSS JOIN monitoring
)
SELECT
    person_key,
    CASE WHEN bool_or(valid) THEN max(kind) FILTER (WHERE valid) ELSE '无' END AS disability_kind,
    CASE
        WHEN NOT bool_or(valid) THEN 9
        ELSE min(CASE grade WHEN '一级' THEN 1 WHEN '二级' THEN 2 WHEN '三级' THEN 3 WHEN '四级' THEN 4 END)
            FILTER (WHERE valid)
    END AS disability_grade,
    max(issued) FILTER (WHERE valid) AS disability_issued,
    NOT bool_or(valid) AS disability_cancelled
FROM certificates
GROUP BY person_key
