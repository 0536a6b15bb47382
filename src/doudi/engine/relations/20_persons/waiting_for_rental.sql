-- waiting_for_rental           公租房轮候
-- asks      他在轮候公租房吗？从哪天？
-- grain     person_key
-- columns   waiting_since  the earliest, null = blank
-- reads     housing_need
-- shard     person
-- facts     waiting_public_rental, waiting_on_record, waiting_since
-- evidence  housing_need where kind = '公租房轮候' on since
SELECT person_key, TRUE AS waiting_public_rental, TRUE AS waiting_on_record, min(since) AS waiting_since
FROM housing_need
WHERE kind = '公租房轮候'
GROUP BY person_key
