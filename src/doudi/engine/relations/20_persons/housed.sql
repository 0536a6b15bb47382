-- housed                       公租房在租或领租赁补贴
-- asks      他已经得到住房保障了吗？
-- grain     person_key
-- columns   housed_by_state  true
-- reads     housing_need
-- shard     person
-- facts     housed_by_state
-- evidence  housing_need where kind IN ('公租房在租', '租赁补贴在领') on since
SELECT DISTINCT person_key, TRUE AS housed_by_state
FROM housing_need
WHERE kind IN ('公租房在租', '租赁补贴在领')
