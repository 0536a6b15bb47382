-- household_of_person          归户：每个人属于哪个候选家庭
-- asks      他和谁是一家？
-- grain     person_key
-- columns   source, household_token  same pair = same household · source  what it rests on: 1 单人 2 在册证 3 户口簿 4 防返贫
--           case_token  null = on no case · register_head  the population roll calls him 户主
-- reads     persons, in_population, dibao_roll, low_income_roll, fanpin_roll, kinship, monitoring
-- shard     none
WITH cases AS (
    -- A person on two cases is a two-place enrolment; the older case keeps him, then the smaller token.
    SELECT person_key, case_token
    FROM (
        SELECT
            person_key, case_token,
            row_number() OVER (PARTITION BY person_key ORDER BY rank, since, case_token) AS place
        FROM (
            SELECT person_key, case_no_token AS case_token, since, 1 AS rank
            FROM dibao_roll WHERE coalesce(status, '在保') <> '停发'
            UNION ALL
            SELECT person_key, case_no_token, since, 2 FROM low_income_roll
        ) AS named
    ) AS ranked
    WHERE place = 1
),
watched AS (
    SELECT person_key, household_no_token AS fanpin_token FROM fanpin_roll
),
books AS (
    SELECT
        person_key, TRUE AS registered, relation_to_head = '户主' AS register_head,
        CASE WHEN NOT collective THEN household_no_token END AS book_token, household_no_token
    FROM in_population
    UNION ALL
    SELECT person_key, FALSE, FALSE, NULL, NULL FROM persons WHERE NOT registered
),
crowded AS (
    SELECT household_no_token
    FROM in_population CROSS JOIN monitoring
    GROUP BY household_no_token, largest_household
    HAVING NOT coalesce(count(*) <= largest_household, FALSE)
),
anchors AS (
    SELECT
        books.person_key, books.registered, books.register_head, cases.case_token, watched.fanpin_token,
        -- A collective or oversized register names a dormitory, not a family.
        CASE WHEN crowded.household_no_token IS NULL THEN books.book_token END AS book_token
    FROM books
    LEFT JOIN cases ON cases.person_key = books.person_key
    LEFT JOIN watched ON watched.person_key = books.person_key
    LEFT JOIN crowded ON crowded.household_no_token = books.household_no_token
),
sole AS (
    -- A register with one case (one watched household) in it: those it does not name belong to it as possible members.
    SELECT
        book_token,
        CASE WHEN min(case_token) = max(case_token) THEN min(case_token) END AS case_token,
        CASE WHEN min(fanpin_token) = max(fanpin_token) THEN min(fanpin_token) END AS fanpin_token
    FROM anchors
    WHERE book_token IS NOT NULL AND (case_token IS NOT NULL OR fanpin_token IS NOT NULL)
    GROUP BY book_token
),
placed AS (
    SELECT
        anchors.person_key, anchors.case_token, anchors.registered, anchors.register_head,
        CASE
            WHEN coalesce(anchors.case_token, sole.case_token) IS NOT NULL THEN 2
            WHEN coalesce(anchors.fanpin_token, sole.fanpin_token) IS NOT NULL THEN 4
            WHEN anchors.book_token IS NOT NULL THEN 3
            ELSE 1
        END AS source,
        coalesce(
            anchors.case_token, sole.case_token, anchors.fanpin_token, sole.fanpin_token, anchors.book_token,
            anchors.person_key
        ) AS household_token
    FROM anchors LEFT JOIN sole ON sole.book_token = anchors.book_token
),
eldest AS (
    SELECT relative_key, person_key AS child_key
    FROM (
        SELECT
            kinship.relative_key, persons.person_key,
            row_number() OVER (
                PARTITION BY kinship.relative_key ORDER BY persons.birth, persons.name_token, persons.person_key
            ) AS place
        FROM kinship
        JOIN persons AS parents ON parents.person_key = kinship.relative_key AND NOT parents.registered
        JOIN persons ON persons.person_key = kinship.person_key
        WHERE kinship.kind IN ('父亲', '母亲')
    ) AS children
    WHERE place = 1
),
adopted AS (
    -- A parent whom no register of people names any more stays beside his child.
    SELECT eldest.relative_key, child.source, child.household_token
    FROM eldest JOIN placed AS child ON child.person_key = eldest.child_key
)
SELECT
    placed.person_key, coalesce(adopted.source, placed.source) AS source,
    coalesce(adopted.household_token, placed.household_token) AS household_token, placed.case_token, placed.register_head
FROM placed
LEFT JOIN adopted ON adopted.relative_key = placed.person_key AND placed.source = 1 AND NOT placed.registered
