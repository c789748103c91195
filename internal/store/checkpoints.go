package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"gatehouse/internal/audit"
)

// TrailHead returns the newest event as the head names it. The error is a *Damage when the head is not as it was written.
func (r Reader) TrailHead(ctx context.Context) (audit.Head, error) {
	h, err := r.headNow(ctx)
	return audit.Head{Seq: h.Seq, Hash: h.Hash}, err
}

// TrailHead returns the newest event, this transaction's own included.
func (t *Tx) TrailHead(context.Context) (audit.Head, error) {
	return audit.Head{Seq: t.head.Seq, Hash: t.head.Hash}, nil
}

// InsertCheckpoint keeps a checkpoint.
func (t *Tx) InsertCheckpoint(ctx context.Context, c audit.Checkpoint) error {
	err := t.insert(ctx, checkpoints, `INSERT INTO checkpoints (pk, seq, hash, at, key_id, signature) VALUES (?, ?, ?, ?, ?, ?)`,
		t.newPK(), c.Seq, c.Hash, c.At.UTC(), c.KeyID, base64.RawURLEncoding.EncodeToString(c.Signature))
	if err != nil {
		return fmt.Errorf("keep a checkpoint: %w", err)
	}
	return nil
}

// Checkpoints returns the newest checkpoints, the newest first; all of them when most is zero. A signature that cannot be
// read is empty.
func (r Reader) Checkpoints(ctx context.Context, most int) ([]audit.Checkpoint, error) {
	var rows []struct {
		Seq                    int64
		Hash, KeyID, Signature string
		At                     time.Time
	}
	query, args := `SELECT seq, hash, at, key_id, signature FROM checkpoints ORDER BY pk DESC`, []any(nil)
	if most > 0 {
		query, args = query+` LIMIT ?`, []any{most}
	}
	if err := r.list(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("list the checkpoints: %w", err)
	}
	list := make([]audit.Checkpoint, len(rows))
	for i, row := range rows {
		signature, err := base64.RawURLEncoding.Strict().DecodeString(row.Signature)
		if err != nil {
			signature = nil
		}
		list[i] = audit.Checkpoint{Head: audit.Head{Seq: row.Seq, Hash: row.Hash}, At: row.At.UTC(), KeyID: row.KeyID,
			Signature: signature}
	}
	return list, nil
}
