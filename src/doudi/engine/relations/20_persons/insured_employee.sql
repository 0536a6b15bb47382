-- insured_employee             职工医保：本年登记
-- asks      他今年在职工医保吗？
-- grain     person_key
-- columns   insured_employee  true
-- reads     medical_enrolment, monitoring
-- shard     person
-- facts     insured_employee
-- evidence  medical_enrolment where scheme = '职工'
SELECT
    -- The key is person, year and scheme: one line each.
    person_key, TRUE AS insured_employee
FROM medical_enrolment CROSS JOIN monitoring
WHERE year = year(at_date) AND scheme = '职工'
