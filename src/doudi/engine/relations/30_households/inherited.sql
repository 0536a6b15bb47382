-- inherited                    沿用：上一次的户，户主或多数成员仍在的，继续用原来的户键
-- asks      这一户是不是上次的那一户？
-- grain     source, household_token; household_key
-- columns   household_key  of the previous run
-- reads     household_of_person, candidates, previous_members
-- shard     none
WITH before AS (
    SELECT household_key, count(*) AS members, max(CASE WHEN is_head THEN person_key END) AS head_key
    FROM previous_members GROUP BY household_key
),
shared AS (
    SELECT now.source, now.household_token, previous.household_key, count(*) AS together
    FROM household_of_person AS now
    JOIN previous_members AS previous ON previous.person_key = now.person_key
    GROUP BY now.source, now.household_token, previous.household_key
),
claims AS (
    SELECT
        shared.source, shared.household_token, shared.household_key, shared.together,
        CASE WHEN candidates.head_key = before.head_key THEN 0 ELSE 1 END AS changed_head
    FROM shared
    JOIN before ON before.household_key = shared.household_key
    JOIN candidates
        ON candidates.source = shared.source AND candidates.household_token = shared.household_token
    WHERE candidates.head_key = before.head_key OR shared.together * 2 > before.members
),
first_choice AS (
    -- Most members first: the head who leaves a family of four alone does not take the key with him.
    SELECT *, row_number() OVER (
        PARTITION BY household_key ORDER BY together DESC, changed_head, source, household_token
    ) AS place
    FROM claims
),
second_choice AS (
    SELECT *, row_number() OVER (
        PARTITION BY source, household_token ORDER BY together DESC, changed_head, household_key
    ) AS turn
    FROM first_choice WHERE place = 1
)
SELECT source, household_token, household_key
FROM second_choice
WHERE turn = 1
