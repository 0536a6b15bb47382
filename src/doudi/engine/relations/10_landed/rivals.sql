-- rivals                       相争：同一来源中主键不止出现一次的行，按期别与修订排位
-- asks      哪些行说的是同一件事？谁作数？同一次交付里有没有说法不一？
-- grain     batch_no, line
-- columns   place  1 = the line that holds · contradicted  the delivery that holds says two different things
-- reads     lines, contested               (of the same feed; `plan` writes this text once per feed)
-- shard     person
WITH placed AS (
    -- Most keys come once. Landing wrote down the few that may not, so that nobody has to sort the others.
    SELECT
        key_hash, content_hash, person_key, batch_no, line, period, revision,
        row_number() OVER (
            PARTITION BY key_hash ORDER BY period DESC, revision DESC, content_hash, batch_no, line
        ) AS place,
        count(*) OVER (PARTITION BY key_hash) AS of_key,
        max(period * 1000 + revision) OVER (PARTITION BY key_hash) AS latest
    FROM lines
    WHERE key_hash IN (SELECT key_hash FROM contested)
),
latest AS (
    SELECT key_hash, count(DISTINCT content_hash) > 1 AS contradicted
    FROM placed
    WHERE of_key > 1 AND period * 1000 + revision = latest
    GROUP BY key_hash
)
SELECT
    placed.person_key, placed.batch_no, placed.line, placed.place,
    latest.contradicted AND placed.period * 1000 + placed.revision = placed.latest AS contradicted
FROM placed JOIN latest ON latest.key_hash = placed.key_hash
