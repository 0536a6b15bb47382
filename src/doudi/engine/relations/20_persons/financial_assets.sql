-- financial_assets             金融资产：最近一次经授权核对的合计
-- asks      核对时金融资产多少？
-- grain     person_key
-- columns   financial_assets_fen  fen, of the latest inquiry
-- reads     financial_check
-- shard     person
-- facts     financial_assets_fen
-- evidence  financial_check on asked
WITH latest AS (
    SELECT person_key, balance_fen, asked, max(asked) OVER (PARTITION BY person_key) AS latest FROM financial_check
)
SELECT person_key, max(balance_fen) AS financial_assets_fen
FROM latest
WHERE asked = latest
GROUP BY person_key
