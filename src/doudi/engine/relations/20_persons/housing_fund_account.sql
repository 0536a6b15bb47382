-- housing_fund_account         公积金账户
-- asks      公积金在正常缴存吗？基数多少？
-- grain     person_key
-- columns   housing_fund_base_fen_month  fen
-- reads     housing_fund
-- shard     person
-- facts     housing_fund_base_fen_month, housing_fund_active
-- evidence  housing_fund
SELECT person_key, max(base_fen) AS housing_fund_base_fen_month, bool_or(status = '正常') AS housing_fund_active
FROM housing_fund
GROUP BY person_key
