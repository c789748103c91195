-- How many digits the codes of an authenticator app have. Rows from before, and all with six, have none: their MACs stay as they are.
ALTER TABLE totp_devices ADD COLUMN digits INTEGER;
