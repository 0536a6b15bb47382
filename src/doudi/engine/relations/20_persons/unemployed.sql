-- unemployed                   登记失业
-- asks      他现在登记失业吗？从哪天？失业金多少？
-- grain     person_key
-- columns   registered_unemployed  false = every registration has ended · unemployment_benefit_fen_month  null = blank
-- reads     unemployment, monitoring
-- shard     person
-- facts     registered_unemployed, unemployed_since, unemployment_benefit_fen_month
-- evidence  unemployment on since
WITH spells AS (
    SELECT *, until IS NULL OR until > at_date AS running FROM unemployment CROSS JOIN monitoring
)
SELECT
    person_key,
    bool_or(running) AS registered_unemployed,
    max(since) FILTER (WHERE running) AS unemployed_since,
    CASE WHEN bool_or(running) THEN max(benefit_month_fen) FILTER (WHERE running) ELSE 0 END
        AS unemployment_benefit_fen_month
FROM spells
GROUP BY person_key
