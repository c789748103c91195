package store

import (
	"context"
	"fmt"
	"time"
)

// Checkpoint is what the trail was at a moment, signed. What the signature is over is for internal/audit to say.
type Checkpoint struct {
	Seq       int64  // of the newest event then; 0: the trail was empty
	Hash      string // of that event, 64 hex digits
	At        time.Time
	KeyID     string // of the master key that the signing key comes from
	Signature string // Ed25519, base64url
}

// InsertCheckpoint keeps a checkpoint.
func (t *Tx) InsertCheckpoint(ctx context.Context, c Checkpoint) error {
	err := t.insert(ctx, checkpoints, `INSERT INTO checkpoints (pk, seq, hash, at, key_id, signature) VALUES (?, ?, ?, ?, ?, ?)`,
		t.newPK(), c.Seq, c.Hash, c.At.UTC(), c.KeyID, c.Signature)
	if err != nil {
		return fmt.Errorf("keep a checkpoint: %w", err)
	}
	return nil
}

// Checkpoints returns the newest checkpoints, the newest first; all of them when most is zero.
func (r Reader) Checkpoints(ctx context.Context, most int) ([]Checkpoint, error) {
	query, args := `SELECT seq, hash, at, key_id, signature FROM checkpoints ORDER BY pk DESC`, []any(nil)
	if most > 0 {
		query, args = query+` LIMIT ?`, []any{most}
	}
	var list []Checkpoint
	if err := r.list(ctx, &list, query, args...); err != nil {
		return nil, fmt.Errorf("list the checkpoints: %w", err)
	}
	for i := range list {
		list[i].At = list[i].At.UTC()
	}
	return list, nil
}
