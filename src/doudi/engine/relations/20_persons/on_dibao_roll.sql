-- on_dibao_roll                低保在册
-- asks      他在低保册上吗？哪一类、从哪天、最近哪天复核？停发的不算在册。
-- grain     person_key
-- columns   dibao_kind  无 = payment stopped, null = two kinds at once · dibao_reviewed  never reviewed = since
-- reads     dibao_roll
-- shard     person
-- facts     enrolled_dibao, enrolled_single, dibao_kind, dibao_since, dibao_reviewed, dibao_income_unstable, dibao_phasing_out
-- evidence  dibao_roll on since
WITH lines AS (
    SELECT *, coalesce(status, '在保') <> '停发' AS paid FROM dibao_roll
)
SELECT
    person_key,
    bool_or(paid) AS enrolled_dibao,
    bool_or(paid AND single = '是') AS enrolled_single,
    CASE
        WHEN NOT bool_or(paid) THEN '无'
        WHEN min(kind) FILTER (WHERE paid) = max(kind) FILTER (WHERE paid) THEN min(kind) FILTER (WHERE paid)
    END AS dibao_kind,
    min(since) FILTER (WHERE paid) AS dibao_since,
    max(coalesce(reviewed, since)) FILTER (WHERE paid) AS dibao_reviewed,
    CASE WHEN bool_or(paid) THEN bool_or(income_class = '不固定') FILTER (WHERE paid) ELSE FALSE END AS dibao_income_unstable,
    bool_or(paid AND coalesce(status, '在保') = '渐退') AS dibao_phasing_out
FROM lines
GROUP BY person_key
