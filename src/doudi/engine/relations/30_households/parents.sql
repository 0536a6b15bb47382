-- parents                      父母：亲属登记中的父母子女
-- asks      这个人的父母是谁？
-- grain     person_key, parent_key
-- columns   at most two parents of a person are used by the rules
-- reads     kinship
-- shard     person
SELECT DISTINCT person_key, relative_key AS parent_key
FROM kinship
WHERE kind IN ('父亲', '母亲') AND relative_key IS NOT NULL
