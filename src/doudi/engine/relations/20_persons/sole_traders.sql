-- sole_traders                 个体经营
-- asks      他是不是存续的个体经营者？
-- grain     person_key
-- columns   sole_trader  true
-- reads     business
-- shard     person
-- facts     sole_trader
-- evidence  business where role = '个体经营者' AND status = '存续'
SELECT DISTINCT person_key, TRUE AS sole_trader
FROM business
WHERE role = '个体经营者' AND status = '存续'
