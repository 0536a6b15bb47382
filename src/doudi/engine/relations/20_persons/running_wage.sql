-- running_wage                 在续工资：最近一个有申报、仍在配置月数内的月份
-- asks      他现在还在领多少工资？
-- grain     person_key
-- columns   running_wage_fen_month  fen of that month, all payers
-- reads     income_tax, monitoring
-- shard     person
-- facts     running_wage_fen_month
-- floors    running_wage_fen_month
-- evidence  income_tax where item = '工资薪金' AND month >= running_from on month
WITH months AS (
    SELECT person_key, month AS paid_month, sum(income_fen) AS income_fen
    FROM income_tax CROSS JOIN monitoring
    WHERE item = '工资薪金' AND month >= running_from
    GROUP BY person_key, month
),
latest AS (
    SELECT *, max(paid_month) OVER (PARTITION BY person_key) AS latest FROM months
)
SELECT person_key, CAST(greatest(income_fen, 0) AS BIGINT) AS running_wage_fen_month
FROM latest
WHERE paid_month = latest
