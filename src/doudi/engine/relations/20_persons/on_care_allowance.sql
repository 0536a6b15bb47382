-- on_care_allowance             在领重度残疾人护理补贴
-- asks      他在领这项补贴吗？
-- grain     person_key
-- columns   receives_care_allowance  true
-- reads     disability_allowance
-- shard     person
-- facts     receives_care_allowance
-- evidence  disability_allowance where kind = '重度残疾人护理补贴' on since
SELECT DISTINCT person_key, TRUE AS receives_care_allowance
FROM disability_allowance
WHERE kind = '重度残疾人护理补贴'
