-- aided_12m                    已获救助金：近12个月
-- asks      各部门一年里给了他多少？
-- grain     person_key
-- columns   aid_received_fen_12m  fen, null = some amount is blank
-- reads     payments, monitoring
-- shard     person
-- window    12
-- facts     aid_received_fen_12m
-- evidence  assistance where date >= from_12m on date
SELECT
    person_key,
    CASE WHEN count(amount_fen) = count(*) THEN CAST(greatest(sum(amount_fen), 0) AS BIGINT) END AS aid_received_fen_12m
FROM payments CROSS JOIN monitoring
WHERE date >= from_12m
GROUP BY person_key
