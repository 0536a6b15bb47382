-- owns_vehicles                机动车：在登记、未注销的车辆
-- asks      名下几辆生活用车、摩托车、残疾代步或农用车？
-- grain     person_key
-- columns   counts in items · car_value_fen  fen, the valued ones
-- reads     vehicle
-- shard     person
-- facts     cars, car_value_fen, motorcycles, exempt_vehicles
-- floors    cars, car_value_fen, motorcycles, exempt_vehicles
-- evidence  cars: vehicle where kind IN ('小型轿车', '客车', '货车') AND coalesce(status, '正常') = '正常' on registered;
--           car_value_fen: vehicle where kind IN ('小型轿车', '客车', '货车') AND coalesce(status, '正常') = '正常' on registered;
--           motorcycles: vehicle where kind = '摩托车' on registered;
--           exempt_vehicles: vehicle where kind IN ('残疾人机动轮椅车', '农用车') on registered
WITH kept AS (
    SELECT person_key, kind, value_fen, coalesce(status, '正常') = '正常' AS running FROM vehicle
)
SELECT
    person_key,
    count(*) FILTER (WHERE running AND kind IN ('小型轿车', '客车', '货车')) AS cars,
    CAST(coalesce(sum(value_fen) FILTER (WHERE running AND kind IN ('小型轿车', '客车', '货车')), 0) AS BIGINT)
        AS car_value_fen,
    count(*) FILTER (WHERE running AND kind = '摩托车') AS motorcycles,
    count(*) FILTER (WHERE running AND kind IN ('残疾人机动轮椅车', '农用车')) AS exempt_vehicles
FROM kept
GROUP BY person_key
