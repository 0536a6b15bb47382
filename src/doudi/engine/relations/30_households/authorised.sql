-- authorised                   有有效核对授权
-- asks      这一户签过核对授权书、并据以核对过吗？
-- grain     household_key
-- columns   means_check_consent  true
-- reads     members, financial_check
-- shard     household
-- facts     means_check_consent
-- evidence  financial_check on asked
SELECT DISTINCT members.household_key, TRUE AS means_check_consent
FROM financial_check
JOIN members ON members.person_key = financial_check.person_key
