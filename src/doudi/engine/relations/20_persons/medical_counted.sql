-- medical_counted              计入的医疗结算：近12个月、未被冲销的结算行
-- asks      哪些结算行算数？每行自己负担多少？
-- grain     line of medical_settlement
-- columns   a reversal that names no settlement of the same person is not counted, and cancels nothing ·
--           self_paid_fen, self_paid_in_scope_fen  fen, may be below 0 on a refund that names no settlement
-- reads     medical_settlement, monitoring
-- shard     person
-- stored    no                     (a line of it for nearly every settlement)
WITH reversed AS (
    SELECT DISTINCT person_key, reverses_token FROM medical_settlement WHERE reverses_token IS NOT NULL
)
SELECT
    medical_settlement.person_key, batch_no, line, date, kind,
    total_fen - basic_paid_fen - major_paid_fen - aid_paid_fen - coalesce(insurer_paid_fen, 0) AS self_paid_fen,
    -- What an insurer paid beyond the scope leaves nothing to pay in it; only a refund may be below 0.
    CASE
        WHEN total_fen < 0 THEN in_scope_fen - basic_paid_fen - major_paid_fen - aid_paid_fen - coalesce(insurer_paid_fen, 0)
        ELSE greatest(in_scope_fen - basic_paid_fen - major_paid_fen - aid_paid_fen - coalesce(insurer_paid_fen, 0), 0)
    END AS self_paid_in_scope_fen,
    aid_paid_fen
FROM medical_settlement
CROSS JOIN monitoring
-- A reversal and the settlement of the same person that it names cancel out: neither is counted.
LEFT JOIN reversed
    ON reversed.person_key = medical_settlement.person_key AND reversed.reverses_token = settlement_no_token
WHERE date >= from_12m
    AND medical_settlement.reverses_token IS NULL
    AND reversed.reverses_token IS NULL
