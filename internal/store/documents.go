package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// keepDocument keeps a policy document and returns the hash by which rows refer to it. A document that is kept already
// takes no further space.
func (t *Tx) keepDocument(ctx context.Context, body string) (hash string, err error) {
	sum := sha256.Sum256([]byte(body))
	hash = hex.EncodeToString(sum[:])
	if err := t.exec(ctx, `INSERT INTO documents (hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING`, hash, body); err != nil {
		return "", fmt.Errorf("keep a policy document: %w", err)
	}
	return hash, nil
}
