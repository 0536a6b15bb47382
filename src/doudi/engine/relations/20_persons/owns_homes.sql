-- owns_homes                   不动产：登记在名下的住宅与商业用房
-- asks      名下几套住宅、按份额多少平方米、几处商业用房？
-- grain     person_key
-- columns   home_area_m2  whole m2, rounded down · a blank share counts only when he is the sole owner
-- reads     real_estate
-- shard     none
-- beside    real_estate by certificate_token
-- facts     homes, home_area_m2, shops
-- floors    homes, home_area_m2, shops
-- evidence  homes: real_estate where use = '住宅' on registered; home_area_m2: real_estate where use = '住宅' on registered;
--           shops: real_estate where use = '商业' on registered
WITH sole AS (
    -- Most shares are written down; only of the others it is asked who else stands on the certificate.
    SELECT certificate_token
    FROM real_estate
    WHERE certificate_token IN (SELECT certificate_token FROM real_estate WHERE share_micro IS NULL)
    GROUP BY certificate_token
    HAVING count(DISTINCT person_key) = 1
),
held AS (
    SELECT
        real_estate.person_key, real_estate.use, real_estate.area_micro,
        coalesce(real_estate.share_micro, CASE WHEN sole.certificate_token IS NULL THEN 0 ELSE 1000000 END) AS share_micro
    FROM real_estate LEFT JOIN sole ON sole.certificate_token = real_estate.certificate_token
)
SELECT
    person_key,
    -- The key is the certificate and the person: one line each.
    count(*) FILTER (WHERE use = '住宅') AS homes,
    CAST(coalesce(sum(area_micro * least(share_micro, 1000000) // 1000000) FILTER (WHERE use = '住宅'), 0) // 1000000 AS BIGINT)
        AS home_area_m2,
    count(*) FILTER (WHERE use = '商业') AS shops
FROM held
GROUP BY person_key
