-- on_living_allowance             在领困难残疾人生活补贴
-- asks      他在领这项补贴吗？
-- grain     person_key
-- columns   receives_living_allowance  true
-- reads     disability_allowance
-- shard     person
-- facts     receives_living_allowance
-- evidence  disability_allowance where kind = '困难残疾人生活补贴' on since
SELECT DISTINCT person_key, TRUE AS receives_living_allowance
FROM disability_allowance
WHERE kind = '困难残疾人生活补贴'
