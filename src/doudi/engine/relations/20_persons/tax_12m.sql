-- tax_12m                      税务：近12个月申报的各项所得毛额
-- asks      税务登记的工资、劳务、经营、租金、利息各多少？
-- grain     person_key
-- columns   …_gross_fen_12m  fen, ≥ 0: what the register reaches, and only of its own item
-- reads     income_tax, monitoring
-- shard     person
-- window    12
-- facts     wage_gross_fen_12m, labour_gross_fen_12m, business_gross_fen_12m, rent_gross_fen_12m, interest_gross_fen_12m
-- floors    wage_gross_fen_12m, labour_gross_fen_12m, business_gross_fen_12m, rent_gross_fen_12m, interest_gross_fen_12m
-- evidence  wage_gross_fen_12m: income_tax where item = '工资薪金' AND month >= from_12m on month;
--           labour_gross_fen_12m: income_tax where item = '劳务报酬' AND month >= from_12m on month;
--           business_gross_fen_12m: income_tax where item = '经营所得' AND month >= from_12m on month;
--           rent_gross_fen_12m: income_tax where item = '财产租赁' AND month >= from_12m on month;
--           interest_gross_fen_12m: income_tax where item = '利息股息红利' AND month >= from_12m on month
WITH items AS (
    -- Added up per item first: then only one line per person and item is asked what it is.
    SELECT person_key, item, CAST(sum(income_fen) AS BIGINT) AS income_fen
    FROM income_tax CROSS JOIN monitoring
    WHERE month >= from_12m
    GROUP BY person_key, item
)
SELECT
    person_key,
    greatest(coalesce(max(income_fen) FILTER (WHERE item = '工资薪金'), 0), 0) AS wage_gross_fen_12m,
    greatest(coalesce(max(income_fen) FILTER (WHERE item = '劳务报酬'), 0), 0) AS labour_gross_fen_12m,
    greatest(coalesce(max(income_fen) FILTER (WHERE item = '经营所得'), 0), 0) AS business_gross_fen_12m,
    greatest(coalesce(max(income_fen) FILTER (WHERE item = '财产租赁'), 0), 0) AS rent_gross_fen_12m,
    greatest(coalesce(max(income_fen) FILTER (WHERE item = '利息股息红利'), 0), 0) AS interest_gross_fen_12m
FROM items
GROUP BY person_key
