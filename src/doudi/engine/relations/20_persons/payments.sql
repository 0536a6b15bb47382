-- payments                     救助发放：一笔报两次只算一次
-- asks      哪天、哪个项目、给了谁多少？
-- grain     person_key, programme, date, amount_fen
-- columns   amount_fen  null = in kind, or blank · batch_no, line  of one of the reports
-- reads     assistance
-- shard     person
SELECT person_key, programme, date, amount_fen, min(batch_no) AS batch_no, min(line) AS line
FROM assistance
GROUP BY person_key, programme, date, amount_fen
