-- parents                      父母：亲属登记中的父母子女
-- asks      这个人的父母是谁？
-- grain     person_key, parent_key
-- columns   at most a father and a mother; of two fathers on record the smaller key
-- reads     kinship
-- shard     person
SELECT person_key, parent_key
FROM (
    SELECT person_key, kind, min(relative_key) AS parent_key
    FROM kinship
    WHERE kind IN ('父亲', '母亲')
    GROUP BY person_key, kind
) AS one_of_each
GROUP BY person_key, parent_key
