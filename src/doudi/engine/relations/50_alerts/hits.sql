-- hits                         命中：哪个对象命中了哪项指标
-- asks      今天有哪些预警成立？
-- grain     subject_kind, subject_key, indicator
-- columns   red  raised to 红 · distance  how far past the line, in the book's unit, null = no line
-- reads     verdicts
-- shard     household
SELECT subject_kind, subject_key, indicator, red, distance
FROM verdicts
WHERE verdict
