-- hardship_students            家庭经济困难学生：最近学年
-- asks      困难等级、学费住宿费、学校已资助多少？
-- grain     person_key
-- columns   tuition_fen_year, school_aid_fen_year  fen, null = blank
-- reads     hardship_student
-- shard     person
-- facts     hardship_student, hardship_level, tuition_fen_year, school_aid_fen_year
-- evidence  hardship_student
WITH latest AS (
    SELECT *, max(year) OVER (PARTITION BY person_key) AS latest FROM hardship_student
)
SELECT
    person_key,
    TRUE AS hardship_student,
    CASE WHEN min(level) = max(level) THEN min(level) END AS hardship_level,
    max(fee_year_fen) AS tuition_fen_year,
    max(aid_year_fen) AS school_aid_fen_year
FROM latest
WHERE year = latest
GROUP BY person_key
