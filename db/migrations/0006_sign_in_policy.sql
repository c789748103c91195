-- How people sign in. Every save is a row; the one in force has no to_seq. Without a row the standard holds.
CREATE TABLE sign_in_policies (
  pk       INTEGER PRIMARY KEY,
  version  INTEGER NOT NULL UNIQUE,  -- 1, 2, 3 …
  body     TEXT NOT NULL,            -- JSON of the rules
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL,            -- user id; empty for the host
  from_seq INTEGER NOT NULL,
  to_seq   INTEGER,
  mac      TEXT NOT NULL DEFAULT ''
);

-- What a password was seen to be when it was chosen or used.
ALTER TABLE passwords ADD COLUMN length INTEGER; -- at least so many characters; NULL from before it was noted: 8

-- Earlier passwords that may not come back, as many as the policy in force wants.
CREATE TABLE earlier_passwords (
  pk         INTEGER PRIMARY KEY,
  user_pk    INTEGER NOT NULL REFERENCES users (pk),
  hash       TEXT NOT NULL,      -- argon2id, PHC form
  retired_at TIMESTAMP NOT NULL,
  mac        TEXT NOT NULL DEFAULT ''
);

CREATE INDEX earlier_passwords_of_user ON earlier_passwords (user_pk, pk);

-- Browsers in which people have signed in. Several people can have the same browser: then the digest is in several rows.
CREATE TABLE known_browsers (
  pk           INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  digest       TEXT NOT NULL,       -- SHA-256 of the browser's own cookie; a new one with every sign-in
  user_pk      INTEGER NOT NULL REFERENCES users (pk),
  trusted      BOOLEAN NOT NULL,    -- the person asked not to be asked for a second factor here
  epoch        INTEGER NOT NULL,    -- the person's epoch then; ending all sessions ends the trust
  user_agent   TEXT NOT NULL,
  source_ip    TEXT NOT NULL,       -- of the last sign-in
  created_at   TIMESTAMP NOT NULL,
  last_used_at TIMESTAMP NOT NULL,
  expires_at   TIMESTAMP NOT NULL,
  mac          TEXT NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX known_browsers_digest ON known_browsers (digest, user_pk);
CREATE INDEX known_browsers_of_user ON known_browsers (user_pk);

-- Networks from which a second factor was proved in a known browser.
CREATE TABLE known_networks (
  browser_pk INTEGER NOT NULL REFERENCES known_browsers (pk),
  network    TEXT NOT NULL,        -- IPv4 /24 or IPv6 /48
  proved_at  TIMESTAMP NOT NULL,
  mac        TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (browser_pk, network)
);

ALTER TABLE sessions ADD COLUMN browser TEXT NOT NULL DEFAULT ''; -- id of the known browser, empty before it is known

-- E-mails on their way, and what became of them. Written in the transaction of the act that they tell of.
CREATE TABLE outbox (
  pk            INTEGER PRIMARY KEY,
  id            TEXT NOT NULL UNIQUE,
  kind          TEXT NOT NULL,
  user_pk       INTEGER REFERENCES users (pk), -- NULL for a wish that nobody has looked up yet
  recipient     TEXT NOT NULL,
  subject       TEXT NOT NULL,
  body          TEXT NOT NULL,       -- sealed with the master key, base64; empty once sent or given up
  state         TEXT NOT NULL,       -- queued, sent, failed
  attempts      INTEGER NOT NULL,
  problem       TEXT NOT NULL,       -- what the last failure was
  created_at    TIMESTAMP NOT NULL,
  next_at       TIMESTAMP NOT NULL,  -- not before; while it is being sent, until when that may take
  expires_at    TIMESTAMP NOT NULL,  -- worthless from then on
  settled_at    TIMESTAMP            -- when it was sent or given up
);

CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'queued';
CREATE INDEX outbox_order ON outbox (created_at, pk);

-- What happened to a person's own sign-in, for their next visit.
CREATE TABLE notices (
  pk         INTEGER PRIMARY KEY,
  user_pk    INTEGER NOT NULL REFERENCES users (pk),
  kind       TEXT NOT NULL,
  text       TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL,
  told_at    TIMESTAMP            -- NULL until it was shown after a sign-in
);

CREATE INDEX notices_of_user ON notices (user_pk, pk);
