-- household_of_person          归户：每个人属于哪个候选家庭
-- asks      他和谁是一家？
-- grain     person_key
-- columns   household_token  same token = same household · source  what it rests on: 在册证 防返贫 户口簿 单人
-- reads     persons, population, dibao_roll, low_income_roll, fanpin_roll, kinship, monitoring
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
    SELECT person_key, min(household_no_token) AS fanpin_token FROM fanpin_roll GROUP BY person_key
),
books AS (
    SELECT person_key, min(household_no_token) AS book_token, max(book_kind) AS book_kind FROM population GROUP BY person_key
),
sizes AS (
    SELECT book_token, count(*) AS people FROM books GROUP BY book_token
),
anchors AS (
    SELECT
        persons.person_key, cases.case_token, watched.fanpin_token, books.person_key IS NOT NULL AS registered,
        -- A collective or oversized register names a dormitory, not a family.
        CASE
            WHEN coalesce(books.book_kind, '家庭户') <> '集体户' AND sizes.people <= largest_household
                THEN books.book_token
        END AS book_token
    FROM persons
    CROSS JOIN monitoring
    LEFT JOIN cases ON cases.person_key = persons.person_key
    LEFT JOIN watched ON watched.person_key = persons.person_key
    LEFT JOIN books ON books.person_key = persons.person_key
    LEFT JOIN sizes ON sizes.book_token = books.book_token
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
        anchors.person_key, anchors.case_token, anchors.registered,
        CASE
            WHEN coalesce(anchors.case_token, sole.case_token) IS NOT NULL THEN '在册证'
            WHEN coalesce(anchors.fanpin_token, sole.fanpin_token) IS NOT NULL THEN '防返贫'
            WHEN anchors.book_token IS NOT NULL THEN '户口簿'
            ELSE '单人'
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
        FROM kinship JOIN persons ON persons.person_key = kinship.person_key
        WHERE kinship.kind IN ('父亲', '母亲')
    ) AS children
    WHERE place = 1
)
-- A parent whom no register of people names any more stays beside his child.
SELECT
    placed.person_key, coalesce(child.source, placed.source) AS source,
    coalesce(child.household_token, placed.household_token) AS household_token, placed.case_token
FROM placed
LEFT JOIN eldest ON eldest.relative_key = placed.person_key AND placed.source = '单人' AND NOT placed.registered
LEFT JOIN placed AS child ON child.person_key = eldest.child_key
