-- at_school                    学籍
-- asks      他在校吗？什么学段、是否全日制、是否寄宿？
-- grain     person_key
-- columns   school_stage, full_time, boarding  null = two schools that differ, or blank
-- reads     student_roll
-- shard     person
-- facts     in_school, school_stage, full_time, boarding
-- evidence  student_roll
SELECT
    person_key,
    TRUE AS in_school,
    CASE WHEN min(stage) = max(stage) THEN min(stage) END AS school_stage,
    CASE WHEN min(full_time) = max(full_time) THEN min(full_time) = '是' END AS full_time,
    CASE WHEN min(boarding) = max(boarding) AND count(boarding) = count(*) THEN min(boarding) = '是' END AS boarding
FROM student_roll
GROUP BY person_key
