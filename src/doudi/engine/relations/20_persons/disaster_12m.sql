-- disaster_12m                 受灾：近12个月
-- asks      他家受灾了吗？房屋损毁到什么程度？损失多少？
-- grain     person_key
-- columns   house_damage  the worst, 无 = none recorded · disaster_loss_fen  null = not assessed
-- reads     disaster, monitoring
-- shard     person
-- facts     disaster_hit, disaster_date, house_damage, disaster_loss_fen
-- evidence  disaster where date >= from_12m on date
SELECT
    person_key,
    TRUE AS disaster_hit,
    max(date) AS disaster_date,
    CASE
        WHEN bool_or(house = '倒塌') THEN '倒塌'
        WHEN bool_or(house = '严重损坏') THEN '严重损坏'
        WHEN bool_or(house = '一般损坏') THEN '一般损坏'
        WHEN bool_and(house = '无') THEN '无'
    END AS house_damage,
    CASE WHEN count(loss_fen) = count(*) THEN CAST(sum(loss_fen) AS BIGINT) END AS disaster_loss_fen
FROM disaster CROSS JOIN monitoring
WHERE date >= from_12m
GROUP BY person_key
