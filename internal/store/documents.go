package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Document returns a policy document by its hash, as it was saved.
func (r Reader) Document(ctx context.Context, hash string) (string, error) {
	var body string
	return body, r.found(ctx, &body, "policy document", hash, `SELECT body FROM documents WHERE hash = ?`, hash)
}

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
