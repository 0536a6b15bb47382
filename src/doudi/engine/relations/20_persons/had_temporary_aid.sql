-- had_temporary_aid            临时救助记录
-- asks      近12个月他得过临时救助吗？最近一次在哪天？
-- grain     person_key
-- columns   last_temporary_aid  the latest
-- reads     payments, monitoring
-- shard     person
-- facts     temporary_aid_on_record, last_temporary_aid
-- evidence  assistance where programme = '临时救助' AND date >= from_12m on date
SELECT person_key, TRUE AS temporary_aid_on_record, max(date) AS last_temporary_aid
FROM payments CROSS JOIN monitoring
WHERE programme = '临时救助' AND date >= from_12m
GROUP BY person_key
