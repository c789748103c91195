package model

import (
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
)

// Identifiers are random, shaped as AWS shapes them, and never used again. Each noun has its own type, so that
// two of them cannot be swapped.
type (
	UserID          string // identity store user: 10 hex digits, a dash, a UUID
	GroupID         string // identity store group: as UserID
	AccountID       string // 12 digits
	OUID            string // r-… for the root, ou-…-… below it
	PermissionSetID string // ps-…, 16 hex digits
	AssignmentID    string // UUID
	PolicyID        string // p-…; p-FullAWSAccess is AWS's own
	SessionID       string // UUID of a signed-in browser
	DeviceID        string // UUID of a second factor
	BrowserID       string // UUID of a known browser
	LinkID          string // UUID of a one-time link
	MailID          string // UUID of an e-mail
	ScenarioID      string // UUID of a saved scenario
	ApprovalID      string // UUID of an act that waits for a second administrator
	AccessKeyID     string // ASIA and 16 upper-case characters
)

// hexDigits returns n random lower-case hexadecimal digits.
func hexDigits(random io.Reader, n int) (string, error) {
	raw := make([]byte, (n+1)/2)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	return hex.EncodeToString(raw)[:n], nil
}

// NewUUID returns a random (version 4) UUID in lower case.
func NewUUID(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16]), nil
}

// NewPrincipalID returns an identifier for a user or a group of the identity store, as the identity store API shapes it:
// the ten hex digits of the store, a dash and a UUID (at most 47 characters).
func NewPrincipalID(random io.Reader, store string) (string, error) {
	uuid, err := NewUUID(random)
	if err != nil {
		return "", err
	}
	return store[len("d-"):] + "-" + uuid, nil
}

// NewOUID returns an identifier for an organizational unit below the root with the given id.
func NewOUID(random io.Reader, root OUID) (OUID, error) {
	digits, err := hexDigits(random, 8)
	if err != nil {
		return "", err
	}
	return OUID("ou-" + string(root)[len("r-"):] + "-" + digits), nil
}

// NewPermissionSetID returns an identifier for a permission set.
func NewPermissionSetID(random io.Reader) (PermissionSetID, error) {
	digits, err := hexDigits(random, 16)
	return PermissionSetID("ps-" + digits), err
}

// NewPolicyID returns an identifier for an organization policy.
func NewPolicyID(random io.Reader) (PolicyID, error) {
	digits, err := hexDigits(random, 10)
	return PolicyID("p-" + digits), err
}

// NewAccessKeyID returns an access key id for temporary credentials: ASIA and 16 characters of A–Z and 2–7.
func NewAccessKeyID(random io.Reader) (AccessKeyID, error) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	raw := make([]byte, 16)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	for i, b := range raw {
		raw[i] = alphabet[b&31]
	}
	return AccessKeyID("ASIA" + string(raw)), nil
}

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// Valid reports whether id is twelve digits.
func (id AccountID) Valid() bool { return accountID.MatchString(string(id)) }
