package mfa

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

const (
	// RecoveryCodes is how many recovery codes a person holds after they are made.
	RecoveryCodes = 10

	recoveryBytes = 15 // 120 bits, written as 24 base32 characters
	recoveryChars = recoveryBytes * 8 / 5
	recoveryGroup = 4
)

// NewRecoveryCodes draws ten codes of 120 bits from random, in the form a person copies down: six groups of four
// characters (A–Z, 2–7) joined by dashes. Making new ones is meant to void all earlier ones.
func NewRecoveryCodes(random io.Reader) ([]string, error) {
	codes := make([]string, RecoveryCodes)
	for i := range codes {
		raw := make([]byte, recoveryBytes)
		if _, err := io.ReadFull(random, raw); err != nil {
			return nil, fmt.Errorf("draw recovery codes: %w", err)
		}
		codes[i] = grouped(encoding.EncodeToString(raw))
	}
	return codes, nil
}

// RecoveryDigest returns the SHA-256 digest under which a recovery code is stored and looked up, in 64 hex digits,
// and whether code has the shape of one. Letter case, spaces and dashes do not matter. Codes carry 120 bits, so that
// a plain digest is enough: ASVS 6.5.2 asks for a password hash only below 112.
func RecoveryDigest(code string) (digest string, ok bool) {
	code, ok = cleanRecoveryCode(code)
	if !ok {
		return "", false
	}
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:]), true
}

// IsRecoveryCode reports whether input has the shape of a recovery code, so that one field can take either kind.
func IsRecoveryCode(input string) bool {
	_, ok := cleanRecoveryCode(input)
	return ok
}

func cleanRecoveryCode(code string) (string, bool) {
	code = dropSeparators(code)
	if len(code) != recoveryChars {
		return "", false
	}
	var clean strings.Builder
	for _, c := range []byte(code) {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		letter := 'A' <= c && c <= 'Z'
		digit := '2' <= c && c <= '7'
		if !letter && !digit {
			return "", false
		}
		clean.WriteByte(c)
	}
	return clean.String(), true
}

func grouped(code string) string {
	var b strings.Builder
	for i := 0; i < len(code); i += recoveryGroup {
		if i > 0 {
			b.WriteByte('-')
		}
		b.WriteString(code[i : i+recoveryGroup])
	}
	return b.String()
}
