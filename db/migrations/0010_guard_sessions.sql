-- Sessions, role credentials and one-time links carry MACs as well: whoever can only write to the database signs nobody in with them.
ALTER TABLE sessions ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE role_sessions ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE links ADD COLUMN mac TEXT NOT NULL DEFAULT '';
