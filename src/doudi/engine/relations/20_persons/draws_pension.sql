-- draws_pension                养老待遇
-- asks      他每月领多少养老金？其中中央基础养老金多少？
-- grain     person_key
-- columns   basic_…  null = blank for some scheme · pension_scheme  null = two schemes
-- reads     pension
-- shard     person
-- facts     pension_fen_month, basic_pension_fen_month, pension_scheme, pension_fen_12m, basic_pension_fen_12m
-- evidence  pension
WITH drawn AS (
    SELECT
        person_key, amount_month_fen, scheme,
        -- Only the residents' scheme has a basic part paid by the centre.
        CASE WHEN scheme = '居民' THEN basic_month_fen ELSE coalesce(basic_month_fen, 0) END AS basic_fen
    FROM pension
)
SELECT
    person_key,
    CAST(sum(amount_month_fen) AS BIGINT) AS pension_fen_month,
    CASE WHEN bool_and(basic_fen IS NOT NULL) THEN CAST(sum(basic_fen) AS BIGINT) END AS basic_pension_fen_month,
    CASE WHEN min(scheme) = max(scheme) THEN min(scheme) END AS pension_scheme,
    CAST(sum(amount_month_fen) * 12 AS BIGINT) AS pension_fen_12m,
    CASE WHEN bool_and(basic_fen IS NOT NULL) THEN CAST(sum(basic_fen) * 12 AS BIGINT) END AS basic_pension_fen_12m
FROM drawn
GROUP BY person_key
