-- on_roll_elsewhere            外地在保：省级平台说他在别处领低保或特困
-- asks      他在外地有没有享受？
-- grain     person_key
-- columns   enrolled_elsewhere  true
-- reads     enrolled_elsewhere
-- shard     person
-- facts     enrolled_elsewhere
-- evidence  enrolled_elsewhere on since
SELECT DISTINCT person_key, TRUE AS enrolled_elsewhere
FROM enrolled_elsewhere
