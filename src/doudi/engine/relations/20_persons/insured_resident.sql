-- insured_resident             居民医保：本年登记、缴费与资助
-- asks      他今年参保了吗？缴了吗？资助了多少？
-- grain     person_key
-- columns   premium_subsidy_fen  fen, null = the column is blank
-- reads     medical_enrolment, monitoring
-- shard     person
-- facts     insured_resident, premium_unpaid, premium_subsidy_fen
-- evidence  medical_enrolment where scheme = '居民'
SELECT
    -- The key is person, year and scheme: one line each.
    person_key,
    TRUE AS insured_resident,
    paid = '未缴' AS premium_unpaid,
    subsidy_fen AS premium_subsidy_fen
FROM medical_enrolment CROSS JOIN monitoring
WHERE year = year(at_date) AND scheme = '居民'
