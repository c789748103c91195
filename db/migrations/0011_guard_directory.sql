-- People, groups, accounts and units carry MACs as well: their ids say whom everything else is about.
ALTER TABLE users ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE groups ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE ous ADD COLUMN mac TEXT NOT NULL DEFAULT '';
