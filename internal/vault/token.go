package vault

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
)

const tokenBytes = 32

// NewToken draws a token of 256 bits from random, for a session, a one-time link or an idempotency key. The token (43
// base64url characters) goes to its holder and nowhere else; the digest is what the database keeps and looks up.
func NewToken(random io.Reader) (token Secret, digest string, err error) {
	raw := make([]byte, tokenBytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", "", fmt.Errorf("draw a token: %w", err)
	}
	text := base64.RawURLEncoding.EncodeToString(raw)
	return Secret(text), TokenDigest(text), nil
}

// TokenDigest returns the SHA-256 digest of a token as it was handed out, in 64 hex digits. Anything else, down to a
// cut or lengthened token, has the digest of no row, so that nothing needs to be checked before the look-up.
func TokenDigest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
