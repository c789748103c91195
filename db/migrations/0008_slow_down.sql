-- When wrong codes turned somebody's codes off last, whatever became of that since, and when the last wrong one was typed that no
-- right one followed: many within an hour slow down everybody's codes from unknown browsers.
ALTER TABLE attempts ADD COLUMN codes_off_at TIMESTAMP;
ALTER TABLE attempts ADD COLUMN code_failed_at TIMESTAMP;
UPDATE attempts SET codes_off_at = codes_disabled_at;
CREATE INDEX attempts_off ON attempts (codes_off_at) WHERE codes_off_at IS NOT NULL;
CREATE INDEX attempts_wrong ON attempts (code_failed_at) WHERE code_failed_at IS NOT NULL;
