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
    SELECT person_key, month AS paid_month, CAST(sum(income_fen) AS BIGINT) AS income_fen
    FROM income_tax CROSS JOIN monitoring
    WHERE item = '工资薪金' AND month >= running_from
    GROUP BY person_key, month
),
latest AS (
    SELECT
        person_key,
        -- The sum of the latest month in one pass: the day of the month above the sum moved above 0, 0 = blank.
        max(
            date_diff('day', running_from, paid_month) * 1000000000000000 + coalesce(income_fen + 500000000000000, 0)
        ) % 1000000000000000 AS moved_income
    FROM months CROSS JOIN monitoring
    GROUP BY person_key
)
SELECT
    person_key,
    CASE WHEN moved_income = 0 THEN 0 ELSE greatest(moved_income - 500000000000000, 0) END AS running_wage_fen_month
FROM latest
