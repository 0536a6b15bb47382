-- on_public_payroll            财政供养
-- asks      他是不是财政供养人员？
-- grain     person_key
-- columns   public_payroll  true
-- reads     public_payroll
-- shard     person
-- facts     public_payroll
-- evidence  public_payroll
SELECT DISTINCT person_key, TRUE AS public_payroll
FROM public_payroll
