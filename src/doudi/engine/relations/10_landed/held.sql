-- held                         在手：同一来源、同一主键取期别与修订最高的一行
-- asks      每个来源现在说的是哪些行？
-- grain     line of the feed, one per key
-- columns   the feed's own columns, batch_no and line
-- reads     lines, rivals                 (of the same feed; `plan` writes this text once per feed)
-- shard     person
SELECT lines.*
FROM lines
-- An anti-join written out: NOT EXISTS is planned as a grouping of all lines, and keeps filters from the scan.
LEFT JOIN rivals ON rivals.batch_no = lines.batch_no AND rivals.line = lines.line AND rivals.place > 1
WHERE rivals.line IS NULL
