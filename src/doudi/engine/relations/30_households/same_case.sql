-- same_case                    同证：与户主在同一保障证上
-- asks      他和户主是不是同一张证？
-- grain     person_key
-- columns   same_case  null = he or the head is on no case
-- reads     members
-- shard     household
-- facts     same_case
-- evidence  dibao_roll on since; low_income_roll on since
WITH heads AS (
    SELECT household_key, case_token FROM members WHERE is_head
)
SELECT members.person_key, members.case_token = heads.case_token AS same_case
FROM members JOIN heads ON heads.household_key = members.household_key
WHERE members.case_token IS NOT NULL AND heads.case_token IS NOT NULL
