-- on_tekun_roll                特困在册
-- asks      他在特困册上吗？分散还是集中、自理能力、从哪天？停发的不算在册。
-- grain     person_key
-- columns   tekun_kind, tekun_care  无 = payment stopped, null = the roll says two things
-- reads     tekun_roll
-- shard     person
-- facts     enrolled_tekun, tekun_kind, tekun_dispersed, tekun_care, tekun_since
-- evidence  tekun_roll on since
WITH lines AS (
    SELECT *, coalesce(status, '在保') <> '停发' AS paid FROM tekun_roll
)
SELECT
    person_key,
    bool_or(paid) AS enrolled_tekun,
    CASE
        WHEN NOT bool_or(paid) THEN '无'
        WHEN min(kind) FILTER (WHERE paid) = max(kind) FILTER (WHERE paid) THEN min(kind) FILTER (WHERE paid)
    END AS tekun_kind,
    CASE
        WHEN NOT bool_or(paid) THEN FALSE
        WHEN min(support) FILTER (WHERE paid) = max(support) FILTER (WHERE paid)
            THEN min(support) FILTER (WHERE paid) = '分散'
    END AS tekun_dispersed,
    CASE
        WHEN NOT bool_or(paid) THEN '无'
        WHEN min(care) FILTER (WHERE paid) = max(care) FILTER (WHERE paid) THEN min(care) FILTER (WHERE paid)
    END AS tekun_care,
    min(since) FILTER (WHERE paid) AS tekun_since
FROM lines
GROUP BY person_key
