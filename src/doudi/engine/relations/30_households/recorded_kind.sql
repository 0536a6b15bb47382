-- recorded_kind                登记城乡类别：在册证上写的
-- asks      这一户的证是城市还是农村？
-- grain     household_key
-- columns   recorded_kind  null = the members' certificates differ, or one of them contradicts itself
-- reads     members, dibao_roll, tekun_roll, blind
-- shard     household
-- facts     recorded_kind
-- evidence  dibao_roll on since; tekun_roll on since
SELECT
    household_key,
    CASE WHEN min(kind) = max(kind) AND NOT bool_or(doubtful) THEN min(kind) END AS recorded_kind
FROM (
    SELECT dibao_roll.person_key, kind, coalesce(blind.dibao_roll, FALSE) AS doubtful
    FROM dibao_roll LEFT JOIN blind ON blind.person_key = dibao_roll.person_key
    WHERE coalesce(status, '在保') <> '停发'
    UNION ALL
    SELECT tekun_roll.person_key, kind, coalesce(blind.tekun_roll, FALSE)
    FROM tekun_roll LEFT JOIN blind ON blind.person_key = tekun_roll.person_key
    WHERE coalesce(status, '在保') <> '停发'
) AS named
JOIN members ON members.person_key = named.person_key
GROUP BY household_key
