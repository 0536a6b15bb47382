-- medical_12m                  医疗：近12个月自负费用与已获医疗救助
-- asks      他一年里自己付了多少医疗费？最贵的一次住院付了多少？
-- grain     person_key
-- columns   …_fen_12m  fen, ≥ 0 · last_large_settlement  null = no stay and no chronic-disease visit
-- reads     medical_counted
-- shard     person
-- window    12
-- facts     self_paid_fen_12m, self_paid_in_scope_fen_12m, outpatient_self_paid_fen_12m, largest_stay_self_paid_fen_12m, medical_aid_fen_12m
-- evidence  self_paid_fen_12m: medical_counted on date; self_paid_in_scope_fen_12m: medical_counted on date;
--           medical_aid_fen_12m: medical_counted where aid_paid_fen > 0 on date;
--           outpatient_self_paid_fen_12m: medical_counted where kind <> '住院' on date;
--           largest_stay_self_paid_fen_12m: medical_counted where kind = '住院' on date
SELECT
    person_key,
    CAST(greatest(sum(self_paid_fen), 0) AS BIGINT) AS self_paid_fen_12m,
    CAST(greatest(sum(self_paid_in_scope_fen), 0) AS BIGINT) AS self_paid_in_scope_fen_12m,
    CAST(greatest(coalesce(sum(self_paid_fen) FILTER (WHERE kind <> '住院'), 0), 0) AS BIGINT)
        AS outpatient_self_paid_fen_12m,
    greatest(coalesce(max(self_paid_fen) FILTER (WHERE kind = '住院'), 0), 0) AS largest_stay_self_paid_fen_12m,
    CAST(greatest(sum(aid_paid_fen), 0) AS BIGINT) AS medical_aid_fen_12m
FROM medical_counted
GROUP BY person_key
