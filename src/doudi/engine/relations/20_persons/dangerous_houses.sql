-- dangerous_houses             危房
-- asks      户主名下住房鉴定为几级危房？
-- grain     person_key
-- columns   dangerous_house  the worse of two
-- reads     housing_need
-- shard     person
-- facts     dangerous_house, dangerous_house_since
-- evidence  housing_need where kind IN ('危房C级', '危房D级') on since
SELECT
    person_key,
    CASE WHEN bool_or(kind = '危房D级') THEN 'D级' ELSE 'C级' END AS dangerous_house,
    max(since) AS dangerous_house_since
FROM housing_need
WHERE kind IN ('危房C级', '危房D级')
GROUP BY person_key
