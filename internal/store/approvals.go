package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

type approvalRow struct {
	ID, Action, Act, Summary, Objects, Reason, AskedBy, AskedName string
	SourceIP, State, DecidedBy, Decider, Word                     string
	AskedAt, EndsAt                                               time.Time
	FactorAt, DecidedAt                                           sql.NullTime
}

const selectApproval = `
	SELECT id, action, act, summary, objects, reason, asked_by, asked_name, asked_at, factor_at, source_ip, ends_at, state, decided_by,
		decider, decided_at, word
	FROM approvals`

func (r approvalRow) approval() (model.Approval, error) {
	a := model.Approval{ID: model.ApprovalID(r.ID), Action: r.Action, Act: r.Act, Summary: r.Summary, Reason: r.Reason,
		AskedBy: model.UserID(r.AskedBy), AskedName: r.AskedName, AskedAt: r.AskedAt.UTC(), FactorAt: utcTime(r.FactorAt),
		SourceIP: r.SourceIP, EndsAt: r.EndsAt.UTC(), State: model.ApprovalState(r.State), DecidedBy: model.UserID(r.DecidedBy),
		Decider: r.Decider, DecidedAt: utcTime(r.DecidedAt), Word: r.Word}
	if err := json.Unmarshal([]byte(r.Objects), &a.Objects); err != nil {
		return a, fmt.Errorf("decode the objects of approval %s: %w", r.ID, err)
	}
	return a, nil
}

// Approval returns an approval, to decide on it: the whole table is checked, so that one that was decided on cannot be put
// back as it waited.
func (r Reader) Approval(ctx context.Context, id model.ApprovalID) (model.Approval, error) {
	if err := r.whole(ctx, approvals); err != nil {
		return model.Approval{}, err
	}
	var row approvalRow
	if err := r.found(ctx, &row, "request for approval", string(id), selectApproval+` WHERE id = ?`, id); err != nil {
		return model.Approval{}, err
	}
	return row.approval()
}

// WaitingApprovals returns the approvals that nobody has decided on, the oldest first. Some may have run out.
func (r Reader) WaitingApprovals(ctx context.Context) ([]model.Approval, error) {
	return r.approvals(ctx, ` WHERE state = ? ORDER BY pk`, model.ApprovalWaiting)
}

// PastApprovals returns the newest approvals that wait no more, newest first.
func (r Reader) PastApprovals(ctx context.Context, most int) ([]model.Approval, error) {
	return r.approvals(ctx, ` WHERE state <> ? ORDER BY pk DESC LIMIT ?`, model.ApprovalWaiting, most)
}

func (r Reader) approvals(ctx context.Context, which string, args ...any) ([]model.Approval, error) {
	var rows []approvalRow
	if err := r.list(ctx, &rows, selectApproval+which, args...); err != nil {
		return nil, fmt.Errorf("list approvals: %w", err)
	}
	list := make([]model.Approval, len(rows))
	for i, row := range rows {
		var err error
		if list[i], err = row.approval(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// InsertApproval keeps an act that waits. When it was asked for is the transaction's time.
func (t *Tx) InsertApproval(ctx context.Context, a model.Approval) error {
	objects, err := json.Marshal(a.Objects)
	if err != nil {
		return fmt.Errorf("encode the objects of an approval: %w", err)
	}
	err = t.insert(ctx, approvals, `
		INSERT INTO approvals (pk, id, action, act, summary, objects, reason, asked_by, asked_name, asked_at, factor_at, source_ip, ends_at,
			state, decided_by, decider, decided_at, word)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', NULL, '')`,
		t.newPK(), a.ID, a.Action, a.Act, a.Summary, string(objects), a.Reason, a.AskedBy, a.AskedName, t.now, orNull(a.FactorAt),
		a.SourceIP, a.EndsAt.UTC(), model.ApprovalWaiting)
	if err != nil {
		return fmt.Errorf("keep an approval: %w", err)
	}
	return nil
}

// DecideApproval notes what became of an approval that waits: a.State, and who said so with which word. It returns false when
// somebody decided before.
func (t *Tx) DecideApproval(ctx context.Context, a model.Approval) (bool, error) {
	n, err := t.amend(ctx, approvals, `state = ?, decided_by = ?, decider = ?, decided_at = ?, word = ?`, `id = ? AND state = ?`,
		a.State, a.DecidedBy, a.Decider, t.now, a.Word, a.ID, model.ApprovalWaiting)
	if err != nil {
		return false, fmt.Errorf("note what became of an approval: %w", err)
	}
	return n == 1, nil
}
