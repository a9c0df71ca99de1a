-- The tables of the database `ajax`. The server applies this file whenever it meets the database anew, so
-- every statement may run twice. By hand: CREATE DATABASE ajax CHARACTER SET utf8mb4;
-- It stays inside what both MySQL 8 and MariaDB 10.11 take.

CREATE TABLE IF NOT EXISTS users (
  id         INT UNSIGNED NOT NULL AUTO_INCREMENT,
  -- Names are compared by code point: the usual collations hold `admin` and `ádmin` for the same.
  uname      VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- A scrypt hash with its parameters, never the password.
  upwd       VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  nickname   VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (id),
  -- What decides whether a name is taken; everything else is a hint.
  UNIQUE KEY users_uname (uname)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS terms (
  -- Compared by code point, too: a search regardless of case says so in the query.
  term       VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  text_en    VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  text_zh    VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (term)
) ENGINE=InnoDB;

-- Sessions, with SESSION_STORE=database. Times are in ms since 1970, by the clock of the database.
CREATE TABLE IF NOT EXISTS sessions (
  -- The session's handle, from which no cookie can be made.
  id         CHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- A user's canonical name; NULL for an anonymous visitor.
  owner      VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  -- A JSON object. Each value is text, and that is JSON again: so JSON_MERGE_PATCH sets it whole.
  data       MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY sessions_owner (owner, created_at),
  KEY sessions_expires (expires_at)
) ENGINE=InnoDB;
