-- A few rows to find at the first start, for an empty table only: what somebody deletes stays deleted.

-- Names that are taken. `!` is the hash of no password, so nobody can log in with them.
INSERT IGNORE INTO users (uname, upwd, nickname)
SELECT seed.uname, '!', seed.nickname
FROM (
  SELECT 'admin' AS uname, 'Admin' AS nickname
  UNION ALL SELECT 'alice', 'Alice'
  UNION ALL SELECT 'laowang', '老王'
  UNION ALL SELECT '王小明', '小明'
) AS seed
WHERE NOT EXISTS (SELECT 1 FROM users);
