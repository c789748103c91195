-- Acts of the highest value that wait, or waited, for a second administrator.
CREATE TABLE approvals (
  pk         INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  action     TEXT NOT NULL,          -- such as organizations:DeletePolicy
  act        TEXT NOT NULL,          -- JSON of what the verb was asked to do; holds no secrets
  summary    TEXT NOT NULL,          -- what the trail would have said of it
  objects    TEXT NOT NULL,          -- JSON of the things it concerns, as an event names them
  reason     TEXT NOT NULL,
  asked_by   TEXT NOT NULL,          -- user id
  asked_name TEXT NOT NULL,          -- what they were called
  asked_at   TIMESTAMP NOT NULL,
  factor_at  TIMESTAMP,              -- when they had last proved a second factor; NULL: they had not
  source_ip  TEXT NOT NULL,          -- where they asked from
  ends_at    TIMESTAMP NOT NULL,     -- the first moment at which nobody can approve it any more
  state      TEXT NOT NULL,          -- waiting, approved, declined, withdrawn, ended
  decided_by TEXT NOT NULL,          -- user id; empty while it waits, and when it ended by itself
  decider    TEXT NOT NULL,          -- what they were called
  decided_at TIMESTAMP,
  word       TEXT NOT NULL,          -- what they said, or why it ended
  mac        TEXT NOT NULL DEFAULT ''
);

CREATE INDEX approvals_by_state ON approvals (state, pk);
