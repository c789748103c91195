-- MACs over the rows that say who may sign in and who may do what, under a key that is not in the database. internal/store
-- makes them for the rows that are there when the database is opened next; until then they are empty. A column that is
-- added to such a table later must allow NULL: the MACs of older rows then stay as they are.
ALTER TABLE passwords ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE totp_devices ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE recovery_codes ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE permission_sets ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE permission_set_versions ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE permission_set_policies ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE policies ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE policy_versions ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE policy_attachments ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE assignments ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE memberships ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE ou_parents ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE account_parents ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE organization ADD COLUMN mac TEXT NOT NULL DEFAULT '';

-- How many rows each of those tables has, and a keyed sum over their MACs, so that a missing row is noticed as well.
ALTER TABLE head ADD COLUMN tallies TEXT NOT NULL DEFAULT '';
ALTER TABLE head ADD COLUMN mac TEXT NOT NULL DEFAULT ''; -- over the whole row

-- What the trail was at some hours, signed with a key that is not in the database, and printed to the log.
CREATE TABLE checkpoints (
  pk        INTEGER PRIMARY KEY,
  seq       INTEGER NOT NULL,   -- of the newest event then
  hash      TEXT NOT NULL,      -- its hash
  at        TIMESTAMP NOT NULL,
  key_id    TEXT NOT NULL,      -- of the master key that the signing key comes from
  signature TEXT NOT NULL,      -- Ed25519, base64url
  mac       TEXT NOT NULL DEFAULT ''
);

-- How far the trail was sent to a collector of logs.
CREATE TABLE shipments (
  destination TEXT PRIMARY KEY,
  seq         INTEGER NOT NULL,   -- of the last event sent
  holder      TEXT NOT NULL,      -- which process sends; one at a time
  held_until  TIMESTAMP NOT NULL
);
