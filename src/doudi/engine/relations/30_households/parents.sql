-- parents                      父母：亲属登记中的父母子女
-- asks      这个人的父母是谁？
-- grain     person_key, parent_key
-- columns   at most a father and a mother; two fathers on record are none
-- reads     kinship
-- shard     person
SELECT DISTINCT person_key, parent_key
FROM (
    SELECT person_key, min(relative_key) AS parent_key
    FROM kinship
    WHERE kind IN ('父亲', '母亲')
    GROUP BY person_key, kind
    HAVING min(relative_key) = max(relative_key)
) AS known
