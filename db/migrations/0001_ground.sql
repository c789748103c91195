-- The schema of Gatehouse. Conventions:
--   pk             row key for joins; never leaves the database, never reused
--   id             public identifier, random, shaped as AWS shapes it; what other tables of the product refer to
--   from_seq       audit sequence of the event that opened the row
--   to_seq         audit sequence of the event that closed it; NULL while it is current
--   …_folded       lower-case copy for comparing and searching
-- Times are UTC. Rows with from_seq and to_seq are closed, never deleted.

-- One row. Every write transaction locks it first, so that writers stand in line on both engines.
CREATE TABLE head (
  id            INTEGER PRIMARY KEY,   -- always 1
  seq           INTEGER NOT NULL,      -- sequence of the newest event
  hash          TEXT NOT NULL,         -- its hash, 64 hex digits
  next_pk       INTEGER NOT NULL,      -- the next row key to hand out
  access_change INTEGER NOT NULL       -- grows exactly when who can do what may have changed
);
INSERT INTO head (id, seq, hash, next_pk, access_change)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', 1, 1);

CREATE TABLE organization (
  pk                 INTEGER PRIMARY KEY, -- always 1
  id                 TEXT NOT NULL,       -- o-…
  name               TEXT NOT NULL,
  root_id            TEXT NOT NULL,       -- r-…
  instance_id        TEXT NOT NULL,       -- ssoins-…
  identity_store_id  TEXT NOT NULL,       -- d-…
  region             TEXT NOT NULL,       -- home Region
  management_account TEXT NOT NULL,       -- 12 digits
  created_at         TIMESTAMP NOT NULL
);

-- Organizational units; the root is one of them.
CREATE TABLE ous (
  pk         INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  version    INTEGER NOT NULL,   -- grows with every save
  created_at TIMESTAMP NOT NULL,
  from_seq   INTEGER NOT NULL,
  to_seq     INTEGER
);

-- Where a unit hangs; the root has no row.
CREATE TABLE ou_parents (
  pk        INTEGER PRIMARY KEY,
  ou_pk     INTEGER NOT NULL REFERENCES ous (pk),
  parent_pk INTEGER NOT NULL REFERENCES ous (pk),
  from_seq  INTEGER NOT NULL,
  to_seq    INTEGER
);
CREATE UNIQUE INDEX ou_parents_now ON ou_parents (ou_pk) WHERE to_seq IS NULL;
CREATE INDEX ou_children_now ON ou_parents (parent_pk) WHERE to_seq IS NULL;

CREATE TABLE accounts (
  pk         INTEGER PRIMARY KEY,
  id         TEXT NOT NULL,  -- 12 digits; an account that left may come back as a new row
  name       TEXT NOT NULL,
  email      TEXT NOT NULL,
  state      TEXT NOT NULL,  -- ACTIVE, SUSPENDED, …
  tags       TEXT NOT NULL,  -- JSON object of strings
  version    INTEGER NOT NULL,
  created_at TIMESTAMP NOT NULL,
  from_seq   INTEGER NOT NULL,
  to_seq     INTEGER
);
CREATE UNIQUE INDEX accounts_now ON accounts (id) WHERE to_seq IS NULL;

CREATE TABLE account_parents (
  pk         INTEGER PRIMARY KEY,
  account_pk INTEGER NOT NULL REFERENCES accounts (pk),
  ou_pk      INTEGER NOT NULL REFERENCES ous (pk),
  from_seq   INTEGER NOT NULL,
  to_seq     INTEGER
);
CREATE UNIQUE INDEX account_parents_now ON account_parents (account_pk) WHERE to_seq IS NULL;
CREATE INDEX account_children_now ON account_parents (ou_pk) WHERE to_seq IS NULL;

CREATE TABLE users (
  pk               INTEGER PRIMARY KEY,
  id               TEXT NOT NULL UNIQUE,
  user_name        TEXT NOT NULL,
  user_name_folded TEXT NOT NULL,
  given_name       TEXT NOT NULL,
  family_name      TEXT NOT NULL,
  display_name     TEXT NOT NULL,
  email            TEXT NOT NULL,
  email_folded     TEXT NOT NULL,
  title            TEXT NOT NULL,
  search_folded    TEXT NOT NULL,    -- display name, user name and e-mail, for substring search
  sort_folded      TEXT NOT NULL,    -- display name folded, for order and keyset paging
  status           TEXT NOT NULL,    -- ENABLED or DISABLED
  session_epoch    INTEGER NOT NULL, -- sessions of an older epoch are over
  version          INTEGER NOT NULL,
  created_at       TIMESTAMP NOT NULL,
  updated_at       TIMESTAMP NOT NULL,
  from_seq         INTEGER NOT NULL,
  to_seq           INTEGER
);
CREATE UNIQUE INDEX users_name_now ON users (user_name_folded) WHERE to_seq IS NULL;
CREATE UNIQUE INDEX users_email_now ON users (email_folded) WHERE to_seq IS NULL;
CREATE INDEX users_order_now ON users (sort_folded, pk) WHERE to_seq IS NULL;
CREATE INDEX users_status_now ON users (status, sort_folded, pk) WHERE to_seq IS NULL;

CREATE TABLE groups (
  pk          INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  description TEXT NOT NULL,
  version     INTEGER NOT NULL,
  created_at  TIMESTAMP NOT NULL,
  updated_at  TIMESTAMP NOT NULL,
  from_seq    INTEGER NOT NULL,
  to_seq      INTEGER
);
CREATE UNIQUE INDEX groups_name_now ON groups (name_folded) WHERE to_seq IS NULL;

CREATE TABLE memberships (
  pk       INTEGER PRIMARY KEY,
  group_pk INTEGER NOT NULL REFERENCES groups (pk),
  user_pk  INTEGER NOT NULL REFERENCES users (pk),
  since    TIMESTAMP NOT NULL,
  from_seq INTEGER NOT NULL,
  to_seq   INTEGER
);
CREATE UNIQUE INDEX memberships_now ON memberships (group_pk, user_pk) WHERE to_seq IS NULL;
CREATE INDEX memberships_of_user_now ON memberships (user_pk) WHERE to_seq IS NULL;

-- Policy documents, stored once whatever refers to them: inline, AWS-managed in use, SCPs.
CREATE TABLE documents (
  hash TEXT PRIMARY KEY,  -- SHA-256 of the body, 64 hex digits
  body TEXT NOT NULL      -- JSON as it was saved
);

CREATE TABLE permission_sets (
  pk          INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  created_at  TIMESTAMP NOT NULL,
  from_seq    INTEGER NOT NULL,
  to_seq      INTEGER
);
CREATE UNIQUE INDEX permission_sets_name_now ON permission_sets (name_folded) WHERE to_seq IS NULL;

-- Every save of a permission set; the current one has no to_seq.
CREATE TABLE permission_set_versions (
  pk              INTEGER PRIMARY KEY,
  set_pk          INTEGER NOT NULL REFERENCES permission_sets (pk),
  version         INTEGER NOT NULL,  -- 1, 2, 3 …
  name            TEXT NOT NULL,
  description     TEXT NOT NULL,
  session_seconds INTEGER NOT NULL,  -- 3600 to 43200
  relay_state     TEXT NOT NULL,
  tags            TEXT NOT NULL,     -- JSON object of strings
  saved_at        TIMESTAMP NOT NULL,
  saved_by        TEXT NOT NULL,     -- user id; empty for the host
  from_seq        INTEGER NOT NULL,
  to_seq          INTEGER
);
CREATE UNIQUE INDEX permission_set_versions_now ON permission_set_versions (set_pk) WHERE to_seq IS NULL;
CREATE UNIQUE INDEX permission_set_versions_number ON permission_set_versions (set_pk, version);

-- The policies of one version of a set, in order.
CREATE TABLE permission_set_policies (
  version_pk    INTEGER NOT NULL REFERENCES permission_set_versions (pk),
  position      INTEGER NOT NULL,
  kind          TEXT NOT NULL,  -- managed, customer, inline, boundary-managed, boundary-customer
  name          TEXT NOT NULL,  -- ARN of a managed policy; name of a customer-managed one; empty for inline
  path          TEXT NOT NULL,  -- path of a customer-managed one
  document_hash TEXT REFERENCES documents (hash), -- NULL: the document is not known, the policy grants nothing
  PRIMARY KEY (version_pk, position)
);

-- Service and resource control policies.
CREATE TABLE policies (
  pk          INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  kind        TEXT NOT NULL,
  name        TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  aws_managed BOOLEAN NOT NULL,
  created_at  TIMESTAMP NOT NULL,
  from_seq    INTEGER NOT NULL,
  to_seq      INTEGER
);
CREATE UNIQUE INDEX policies_name_now ON policies (kind, name_folded) WHERE to_seq IS NULL;

CREATE TABLE policy_versions (
  pk            INTEGER PRIMARY KEY,
  policy_pk     INTEGER NOT NULL REFERENCES policies (pk),
  version       INTEGER NOT NULL,
  name          TEXT NOT NULL,
  description   TEXT NOT NULL,
  document_hash TEXT NOT NULL REFERENCES documents (hash),
  saved_at      TIMESTAMP NOT NULL,
  saved_by      TEXT NOT NULL,
  from_seq      INTEGER NOT NULL,
  to_seq        INTEGER
);
CREATE UNIQUE INDEX policy_versions_now ON policy_versions (policy_pk) WHERE to_seq IS NULL;

-- Where a policy holds: exactly one of ou_pk and account_pk is set.
CREATE TABLE policy_attachments (
  pk         INTEGER PRIMARY KEY,
  policy_pk  INTEGER NOT NULL REFERENCES policies (pk),
  ou_pk      INTEGER REFERENCES ous (pk),
  account_pk INTEGER REFERENCES accounts (pk),
  since      TIMESTAMP NOT NULL,
  from_seq   INTEGER NOT NULL,
  to_seq     INTEGER
);
CREATE UNIQUE INDEX policy_attachments_ou_now ON policy_attachments (policy_pk, ou_pk) WHERE to_seq IS NULL AND ou_pk IS NOT NULL;
CREATE UNIQUE INDEX policy_attachments_account_now ON policy_attachments (policy_pk, account_pk) WHERE to_seq IS NULL AND account_pk IS NOT NULL;

-- Assignments are rules. Exactly one of user_pk and group_pk, and exactly one of account_pk and ou_pk, is set.
CREATE TABLE assignments (
  pk         INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  user_pk    INTEGER REFERENCES users (pk),
  group_pk   INTEGER REFERENCES groups (pk),
  set_pk     INTEGER NOT NULL REFERENCES permission_sets (pk),
  account_pk INTEGER REFERENCES accounts (pk),
  ou_pk      INTEGER REFERENCES ous (pk),
  starts_at  TIMESTAMP,         -- NULL: at once
  expires_at TIMESTAMP,         -- NULL: without end
  reason     TEXT NOT NULL,
  created_by TEXT NOT NULL,     -- user id; empty for the host
  created_at TIMESTAMP NOT NULL,
  from_seq   INTEGER NOT NULL,
  to_seq     INTEGER,
  CHECK ((user_pk IS NULL) <> (group_pk IS NULL)),
  CHECK ((account_pk IS NULL) <> (ou_pk IS NULL))
);
CREATE INDEX assignments_user_now ON assignments (user_pk) WHERE to_seq IS NULL;
CREATE INDEX assignments_group_now ON assignments (group_pk) WHERE to_seq IS NULL;
CREATE INDEX assignments_set_now ON assignments (set_pk) WHERE to_seq IS NULL;
CREATE INDEX assignments_account_now ON assignments (account_pk) WHERE to_seq IS NULL;
CREATE INDEX assignments_ou_now ON assignments (ou_pk) WHERE to_seq IS NULL;
CREATE INDEX assignments_end_now ON assignments (expires_at, pk) WHERE to_seq IS NULL AND expires_at IS NOT NULL;

CREATE TABLE passwords (
  user_pk      INTEGER PRIMARY KEY REFERENCES users (pk),
  hash         TEXT NOT NULL,       -- argon2id, PHC form
  changed_at   TIMESTAMP NOT NULL,
  last_used_at TIMESTAMP
);

-- Consecutive failures, per person. Written in transactions of their own, before the answer goes out.
CREATE TABLE attempts (
  user_pk             INTEGER PRIMARY KEY REFERENCES users (pk),
  password_failures   INTEGER NOT NULL,
  password_failed_at  TIMESTAMP,
  code_failures       INTEGER NOT NULL,
  codes_disabled_at   TIMESTAMP          -- set at the fifth wrong code in a row; codes stay refused until a factor is bound anew
);

-- Failed sign-ins of late with one user name from one network, whether or not anybody has that name.
CREATE TABLE throttles (
  subject   TEXT NOT NULL,      -- SHA-256 of the folded user name, 64 hex digits; empty: all names together
  network   TEXT NOT NULL,      -- IPv4 address or IPv6 /64
  failures  INTEGER NOT NULL,
  first_at  TIMESTAMP NOT NULL, -- of the failures that count
  failed_at TIMESTAMP NOT NULL, -- the last of them
  PRIMARY KEY (subject, network)
);
CREATE INDEX throttles_age ON throttles (failed_at);

-- Authenticator apps.
CREATE TABLE totp_devices (
  pk           INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  user_pk      INTEGER NOT NULL REFERENCES users (pk),
  name         TEXT NOT NULL,
  secret       TEXT NOT NULL,      -- sealed with the master key, base64
  session_id   TEXT NOT NULL,      -- the browser session that may confirm it and see its secret until then
  last_step    INTEGER NOT NULL,   -- the newest time step that was accepted
  confirmed_at TIMESTAMP,          -- NULL until one code was proved
  last_used_at TIMESTAMP,
  created_at   TIMESTAMP NOT NULL
);
CREATE INDEX totp_devices_of_user ON totp_devices (user_pk);

CREATE TABLE recovery_codes (
  pk         INTEGER PRIMARY KEY,
  user_pk    INTEGER NOT NULL REFERENCES users (pk),
  digest     TEXT NOT NULL,       -- SHA-256 of the code, 64 hex digits
  created_at TIMESTAMP NOT NULL,
  used_at    TIMESTAMP
);
CREATE INDEX recovery_codes_of_user ON recovery_codes (user_pk);

-- One-time links.
CREATE TABLE links (
  pk         INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  digest     TEXT NOT NULL UNIQUE, -- SHA-256 of the token
  user_pk    INTEGER REFERENCES users (pk), -- NULL for set-up
  purpose    TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL,
  expires_at TIMESTAMP NOT NULL,
  used_at    TIMESTAMP
);

-- Signed-in browsers.
CREATE TABLE sessions (
  pk           INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  digest       TEXT NOT NULL UNIQUE, -- SHA-256 of the cookie's value
  user_pk      INTEGER NOT NULL REFERENCES users (pk),
  stage        TEXT NOT NULL,        -- password, enrolment, signed-in
  methods      TEXT NOT NULL,        -- how the person proved who they are
  signed_in_at TIMESTAMP,
  factor_at    TIMESTAMP,
  created_at   TIMESTAMP NOT NULL,
  last_seen_at TIMESTAMP NOT NULL,   -- written at most once a minute
  source_ip    TEXT NOT NULL,
  user_agent   TEXT NOT NULL,
  epoch        INTEGER NOT NULL,
  flash        TEXT NOT NULL,        -- messages for the next page, JSON
  ended_at     TIMESTAMP
);
CREATE INDEX sessions_of_user ON sessions (user_pk);

-- Issued role credentials.
CREATE TABLE role_sessions (
  pk            INTEGER PRIMARY KEY,
  access_key_id TEXT NOT NULL UNIQUE,
  token_digest  TEXT NOT NULL,       -- SHA-256 of the session token
  master_key    TEXT NOT NULL,       -- id of the master key that the secret access key is derived from
  user_pk       INTEGER NOT NULL REFERENCES users (pk),
  account_pk    INTEGER NOT NULL REFERENCES accounts (pk),
  set_pk        INTEGER NOT NULL REFERENCES permission_sets (pk),
  role_arn      TEXT NOT NULL,
  role_id       TEXT NOT NULL,       -- AROA…
  session_name  TEXT NOT NULL,
  session_id    TEXT NOT NULL,       -- browser session that asked for it
  epoch         INTEGER NOT NULL,    -- the person's epoch then
  issued_at     TIMESTAMP NOT NULL,
  expires_at    TIMESTAMP NOT NULL,
  revoked_at    TIMESTAMP,
  last_used_at  TIMESTAMP            -- written at most once a minute
);
CREATE INDEX role_sessions_of_user ON role_sessions (user_pk, issued_at);
CREATE INDEX role_sessions_of_role ON role_sessions (user_pk, account_pk, set_pk, last_used_at);

-- The audit trail. Triggers of the next migration refuse changing and deleting.
CREATE TABLE events (
  seq        INTEGER PRIMARY KEY,
  at         TIMESTAMP NOT NULL,
  actor      TEXT NOT NULL,      -- user id, may be empty
  actor_name TEXT NOT NULL,
  session    TEXT NOT NULL,
  action     TEXT NOT NULL,
  outcome    TEXT NOT NULL,
  objects    TEXT NOT NULL,      -- JSON list of kind, id, name
  summary    TEXT NOT NULL,
  reason     TEXT NOT NULL,
  allowed_by TEXT NOT NULL,      -- ARN of the role session that allowed it
  source_ip  TEXT NOT NULL,
  request_id TEXT NOT NULL,
  repeated   INTEGER NOT NULL,
  state      TEXT NOT NULL,      -- JSON of the main thing afterwards, without secrets
  prev       TEXT NOT NULL,
  hash       TEXT NOT NULL
);
CREATE INDEX events_of_actor ON events (actor, seq);
CREATE INDEX events_of_action ON events (action, seq);
CREATE INDEX events_of_time ON events (at);

-- Which events concern a thing, for its History tab. Derived from events.objects.
CREATE TABLE event_objects (
  kind TEXT NOT NULL,
  id   TEXT NOT NULL,
  seq  INTEGER NOT NULL REFERENCES events (seq),
  PRIMARY KEY (kind, id, seq)
);

-- Saved simulations with what they should yield.
CREATE TABLE scenarios (
  pk          INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  body        TEXT NOT NULL,      -- JSON: the questions and the expected verdicts
  version     INTEGER NOT NULL,
  created_at  TIMESTAMP NOT NULL,
  updated_at  TIMESTAMP NOT NULL,
  from_seq    INTEGER NOT NULL,
  to_seq      INTEGER
);
CREATE UNIQUE INDEX scenarios_name_now ON scenarios (name_folded) WHERE to_seq IS NULL;

-- Generated reports: within four hours the same bytes are served.
CREATE TABLE reports (
  pk           INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  kind         TEXT NOT NULL,     -- credentials
  generated_at TIMESTAMP NOT NULL,
  generated_by TEXT NOT NULL,
  body         TEXT NOT NULL      -- CSV
);
CREATE INDEX reports_newest ON reports (kind, generated_at);
