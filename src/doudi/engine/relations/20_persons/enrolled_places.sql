-- enrolled_places              在保地数：低保、特困在册的不同乡镇与证
-- asks      他是不是在两处同时享受？
-- grain     person_key
-- columns   enrolled_places  item; stopped payments are not counted
-- reads     dibao_roll, tekun_roll
-- shard     person
-- facts     enrolled_places
-- evidence  dibao_roll on since; tekun_roll on since
WITH places AS (
    SELECT person_key, division // 1000 AS town, case_no_token AS case_token
    FROM dibao_roll WHERE coalesce(status, '在保') <> '停发'
    UNION
    SELECT person_key, division // 1000, CAST(NULL AS BIGINT)
    FROM tekun_roll WHERE coalesce(status, '在保') <> '停发'
)
SELECT person_key, count(*) AS enrolled_places
FROM places
GROUP BY person_key
