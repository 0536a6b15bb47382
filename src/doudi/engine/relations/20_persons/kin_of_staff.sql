-- kin_of_staff                 近亲属：备案表中经办人员与村居干部的近亲属
-- asks      他是不是工作人员近亲属？有没有备案？
-- grain     person_key
-- columns   kin_undeclared  null = the declaration column is blank
-- reads     staff_kin
-- shard     person
-- facts     kin_of_staff, kin_undeclared
-- evidence  staff_kin by kin_key
SELECT kin_key AS person_key, TRUE AS kin_of_staff, bool_or(declared = '否') AS kin_undeclared
FROM staff_kin
GROUP BY kin_key
