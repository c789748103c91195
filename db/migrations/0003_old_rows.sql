-- For counting who has no factor or never signed in, finding the last sign-in, and for telling which old rows may go.
CREATE INDEX totp_devices_confirmed ON totp_devices (user_pk) WHERE confirmed_at IS NOT NULL;
CREATE INDEX sessions_signed_in ON sessions (user_pk, signed_in_at) WHERE signed_in_at IS NOT NULL;
CREATE INDEX links_of_user ON links (user_pk);
