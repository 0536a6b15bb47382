-- runs_companies               市场主体：存续企业的任职与出资
-- asks      他是几家存续企业的法定代表人或股东？认缴多少？
-- grain     person_key
-- columns   company_capital_fen  fen, the highest entry of each company
-- reads     business
-- shard     person
-- facts     companies, company_capital_fen
-- floors    companies, company_capital_fen
-- evidence  business where role <> '个体经营者' AND status = '存续'
WITH roles AS (
    SELECT person_key, credit_code_token, max(capital_fen) AS capital_fen
    FROM business
    WHERE status = '存续' AND role IN ('法定代表人', '股东')
    GROUP BY person_key, credit_code_token
)
SELECT person_key, count(*) AS companies, CAST(coalesce(sum(capital_fen), 0) AS BIGINT) AS company_capital_fen
FROM roles
GROUP BY person_key
