-- head_hukou                   户主户口类别
-- asks      户主是城镇还是农村户口？
-- grain     household_key
-- columns   head_hukou_kind  null = the population roll contradicts itself about the head
-- reads     households, blind
-- shard     household
-- facts     head_hukou_kind
-- evidence  population of head
SELECT household_key, CASE WHEN coalesce(blind.population, FALSE) THEN NULL ELSE head_hukou_kind END AS head_hukou_kind
FROM households
LEFT JOIN blind ON blind.person_key = households.head_key
WHERE head_hukou_kind IS NOT NULL
