-- records_conflict             关键记录矛盾
-- asks      同一次交付里说法不一，或证件与姓名不符的人？
-- grain     person_key
-- columns   records_conflict  true
-- reads     conflicts
-- shard     person
-- facts     records_conflict
-- evidence  conflicts
SELECT DISTINCT person_key, TRUE AS records_conflict
FROM conflicts
