-- Security keys and passkeys: WebAuthn credentials.
CREATE TABLE security_keys (
  pk              INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE,
  user_pk         INTEGER NOT NULL REFERENCES users (pk),
  name            TEXT NOT NULL,
  credential_id   TEXT NOT NULL UNIQUE, -- the authenticator's, base64url without padding
  public_key      TEXT NOT NULL,        -- COSE key, base64url without padding
  model           TEXT NOT NULL,        -- AAGUID of the authenticator, 32 hex digits
  transports      TEXT NOT NULL,        -- how it is reached, as its browser said: "internal usb", may be empty
  discoverable    BOOLEAN NOT NULL,     -- a passkey: it can sign in without a user name
  backup_eligible BOOLEAN NOT NULL,     -- may be copied to the person's other devices; never changes
  backed_up       BOOLEAN NOT NULL,     -- was, when it was used last
  sign_count      INTEGER NOT NULL,     -- how often it has signed, as it says; 0 for ever: it does not count
  suspect_at      TIMESTAMP,            -- when it counted backwards: refused since, there may be a copy
  last_used_at    TIMESTAMP,
  created_at      TIMESTAMP NOT NULL,
  mac             TEXT NOT NULL DEFAULT '' -- over the whole row, as in the other tables that are guarded
);
CREATE INDEX security_keys_of_user ON security_keys (user_pk);

-- What keys are asked to sign. A row is deleted when it is answered, whatever the answer.
CREATE TABLE challenges (
  pk         INTEGER PRIMARY KEY,
  digest     TEXT NOT NULL UNIQUE, -- SHA-256 of the challenge, 64 hex digits
  purpose    TEXT NOT NULL,        -- enrol, second-factor, passkey, step-up, add
  holder     TEXT NOT NULL,        -- SHA-256 of the cookie of the browser that may answer
  network    TEXT NOT NULL,        -- it came from
  expires_at TIMESTAMP NOT NULL
);
CREATE INDEX challenges_age ON challenges (expires_at);
CREATE INDEX challenges_of_network ON challenges (network, expires_at);
