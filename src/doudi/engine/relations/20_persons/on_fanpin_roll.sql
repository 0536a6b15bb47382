-- on_fanpin_roll               防返贫监测对象在册
-- asks      他所在户是不是监测对象？风险消除了没有？
-- grain     person_key
-- columns   fanpin_income_fen_year  fen per head and year, null = not recorded
-- reads     fanpin_roll, monitoring
-- shard     person
-- facts     enrolled_fanpin, fanpin_since, fanpin_income_fen_year, fanpin_cleared
-- evidence  fanpin_roll on since
SELECT
    person_key,
    bool_or(cleared IS NULL OR cleared > at_date) AS enrolled_fanpin,
    max(since) AS fanpin_since,
    max(income_year_fen) AS fanpin_income_fen_year,
    bool_and(cleared IS NOT NULL AND cleared <= at_date) AS fanpin_cleared
FROM fanpin_roll CROSS JOIN monitoring
GROUP BY person_key
