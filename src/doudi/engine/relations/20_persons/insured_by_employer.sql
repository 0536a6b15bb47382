-- insured_by_employer          单位参保：近24个月单位职工或公益性岗位缴费
-- asks      最近哪个月有单位给他缴社保？基数多少？
-- grain     person_key
-- columns   insured_base_fen_month  of the latest month, the highest where two employers paid
-- reads     social_insurance, monitoring
-- shard     person
-- facts     insured_employer, insured_employer_month, insured_base_fen_month
-- evidence  social_insurance where payer_kind <> '灵活就业' AND month >= from_24m on month
WITH paid AS (
    SELECT person_key, month AS paid_month, base_fen, max(month) OVER (PARTITION BY person_key) AS latest
    FROM social_insurance CROSS JOIN monitoring
    WHERE payer_kind IN ('单位职工', '公益性岗位') AND month >= from_24m
)
SELECT
    person_key,
    TRUE AS insured_employer,
    max(latest) AS insured_employer_month,
    max(base_fen) FILTER (WHERE paid_month = latest) AS insured_base_fen_month
FROM paid
GROUP BY person_key
