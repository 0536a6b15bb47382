-- household_keys               户键：沿用旧的，新户以户主立户
-- asks      这一户叫什么号？
-- grain     source, household_token; household_key
-- columns   household_key  founder's person_key + 2^40 * how many of his households came before that still stand
-- reads     candidates, inherited, previous_members
-- shard     none
WITH founders AS (
    SELECT household_key % 1099511627776 AS founder, max(household_key // 1099511627776) + 1 AS taken
    FROM previous_members GROUP BY household_key % 1099511627776
)
SELECT
    candidates.source, candidates.household_token, candidates.head_key, candidates.members,
    coalesce(
        inherited.household_key,
        -- Heads differ between candidates, so a new key is unique; the count keeps it apart from a key still in use.
        candidates.head_key + coalesce(founders.taken, 0) * 1099511627776
    ) AS household_key
FROM candidates
LEFT JOIN inherited
    ON inherited.source = candidates.source AND inherited.household_token = candidates.household_token
LEFT JOIN founders ON founders.founder = candidates.head_key
