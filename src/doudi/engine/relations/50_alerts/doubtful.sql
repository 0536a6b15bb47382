-- doubtful                     疑例：每项指标判断不了的对象，取二十个
-- asks      判断不了的人和户，缺的到底是什么？
-- grain     indicator, subject_kind, subject_key
-- columns   a sample, small enough to be evaluated one by one
-- reads     verdicts
-- shard     none
SELECT indicator, subject_kind, subject_key
FROM (
    SELECT
        indicator, subject_kind, subject_key,
        row_number() OVER (PARTITION BY indicator ORDER BY subject_key) AS place
    FROM verdicts
    WHERE verdict IS NULL
) AS ranked
WHERE place <= 20
