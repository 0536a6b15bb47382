-- medical_counted              计入的医疗结算：近12个月、未被冲销的结算行
-- asks      哪些结算行算数？每行自己负担多少？
-- grain     line of medical_settlement
-- columns   self_paid_fen, self_paid_in_scope_fen  fen, may be below 0 on a refund that names no settlement
-- reads     medical_settlement, monitoring
-- shard     person
WITH reversed AS (
    SELECT DISTINCT reverses_token FROM medical_settlement WHERE reverses_token IS NOT NULL
)
SELECT
    person_key, batch_no, line, date, kind,
    total_fen - basic_paid_fen - major_paid_fen - aid_paid_fen - coalesce(insurer_paid_fen, 0) AS self_paid_fen,
    -- What an insurer paid beyond the scope leaves nothing to pay in it; only a refund may be below 0.
    CASE
        WHEN total_fen < 0 THEN in_scope_fen - basic_paid_fen - major_paid_fen - aid_paid_fen - coalesce(insurer_paid_fen, 0)
        ELSE greatest(in_scope_fen - basic_paid_fen - major_paid_fen - aid_paid_fen - coalesce(insurer_paid_fen, 0), 0)
    END AS self_paid_in_scope_fen,
    aid_paid_fen
FROM medical_settlement
CROSS JOIN monitoring
-- A reversal and the settlement it names cancel out: neither is counted.
WHERE date >= from_12m
    AND reverses_token IS NULL
    AND NOT EXISTS (SELECT 1 FROM reversed WHERE reversed.reverses_token = settlement_no_token)
