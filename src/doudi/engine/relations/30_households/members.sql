-- members                      户与人：谁属于哪一户，谁是户主
-- asks      这一户有哪些人？
-- grain     person_key
-- columns   household_key · is_head · case_token  null = on no case
-- reads     household_of_person, household_keys
-- shard     household
SELECT
    of_person.person_key, keys.household_key, of_person.person_key = keys.head_key AS is_head,
    of_person.case_token
FROM household_of_person AS of_person
JOIN household_keys AS keys
    ON keys.source = of_person.source AND keys.household_token = of_person.household_token
