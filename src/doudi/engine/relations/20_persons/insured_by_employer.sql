-- insured_by_employer          单位参保：近24个月单位职工或公益性岗位缴费
-- asks      最近哪个月有单位给他缴社保？基数多少？
-- grain     person_key
-- columns   insured_base_fen_month  of the latest month, the highest where two employers paid
-- reads     social_insurance, monitoring
-- shard     person
-- facts     insured_employer, insured_employer_month, insured_base_fen_month
-- evidence  social_insurance where payer_kind <> '灵活就业' AND month >= from_24m on month
WITH paid AS (
    SELECT
        person_key, max(month) AS latest,
        -- The highest base of the latest month in one pass: the day of the month above it, the base moved above 0, 0 = blank.
        max(
            date_diff('day', from_24m, month) * 1000000000000000 + coalesce(base_fen + 500000000000000, 0)
        ) % 1000000000000000 AS moved_base
    FROM social_insurance CROSS JOIN monitoring
    WHERE payer_kind IN ('单位职工', '公益性岗位') AND month >= from_24m
    GROUP BY person_key
)
SELECT
    person_key,
    TRUE AS insured_employer,
    latest AS insured_employer_month,
    CASE WHEN moved_base > 0 THEN moved_base - 500000000000000 END AS insured_base_fen_month
FROM paid
