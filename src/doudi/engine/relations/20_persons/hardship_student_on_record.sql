-- hardship_student_on_record   困难学生名册上有他
-- asks      登记册上有没有他的行？内容对不对另说。
-- grain     person_key
-- columns   hardship_student_on_record  true
-- reads     hardship_student
-- shard     person
-- facts     hardship_student_on_record
-- evidence  hardship_student
SELECT DISTINCT person_key, TRUE AS hardship_student_on_record
FROM hardship_student
