package store

import (
	"context"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// Attached is a policy at a target.
type Attached struct {
	Policy model.Policy // without its document
	Target model.Target
	Since  time.Time
}

type attachedRow struct {
	ID, Kind, Name, Description string
	Managed                     bool
	Version                     int64
	OU, Account                 string
	Since                       time.Time
}

// Attachments returns every policy at every target, in the order in which they were attached.
func (r Reader) Attachments(ctx context.Context) ([]Attached, error) {
	var rows []attachedRow
	err := r.list(ctx, &rows, `
		SELECT p.id, p.kind, v.name, v.description, p.aws_managed AS managed, v.version,
			COALESCE(u.id, '') AS ou, COALESCE(a.id, '') AS account, x.since
		FROM policy_attachments x
		JOIN policies p ON p.pk = x.policy_pk
		JOIN policy_versions v ON v.policy_pk = p.pk AND v.to_seq IS NULL
		LEFT JOIN ous u ON u.pk = x.ou_pk
		LEFT JOIN accounts a ON a.pk = x.account_pk
		WHERE x.to_seq IS NULL
		ORDER BY x.pk`)
	if err != nil {
		return nil, fmt.Errorf("list attached policies: %w", err)
	}
	attached := make([]Attached, len(rows))
	for i, row := range rows {
		target := model.Target{Kind: model.TargetOU, ID: row.OU}
		if row.OU == "" {
			target = model.Target{Kind: model.TargetAccount, ID: row.Account}
		}
		attached[i] = Attached{Target: target, Since: row.Since.UTC(), Policy: model.Policy{ID: model.PolicyID(row.ID),
			Kind: model.PolicyKind(
				row.Kind,
			), Name: row.Name, Description: row.Description, AWSManaged: row.Managed, Version: row.Version}}
	}
	return attached, nil
}

// AttachPolicy attaches a policy to a unit, the root or an account, all of which exist.
func (t *Tx) AttachPolicy(ctx context.Context, a model.Attachment) error {
	t.accessChanged()
	ou, account := targetIDs(a.Target)
	err := t.insert(ctx, attachments, `
		INSERT INTO policy_attachments (pk, policy_pk, ou_pk, account_pk, since, from_seq)
		VALUES (?, (SELECT pk FROM policies WHERE id = ? AND to_seq IS NULL),
			(SELECT pk FROM ous WHERE id = ? AND to_seq IS NULL),
			(SELECT pk FROM accounts WHERE id = ? AND to_seq IS NULL), ?, ?)`,
		t.newPK(), a.Policy, ou, account, t.now, t.seq())
	if isUnique(err) {
		return &model.Error{Kind: model.Conflict, Message: "The policy is attached there already."}
	}
	if err != nil {
		return fmt.Errorf("attach policy %s to %s: %w", a.Policy, a.Target.ID, err)
	}
	return nil
}

// DetachPolicy ends an attachment; it reports false when there is none.
func (t *Tx) DetachPolicy(ctx context.Context, a model.Attachment) (bool, error) {
	t.accessChanged()
	ou, account := targetIDs(a.Target)
	n, err := t.amend(ctx, attachments, `to_seq = ?`, `
		to_seq IS NULL AND policy_pk = (SELECT pk FROM policies WHERE id = ? AND to_seq IS NULL)
			AND (ou_pk = (SELECT pk FROM ous WHERE id = ? AND to_seq IS NULL)
				OR account_pk = (SELECT pk FROM accounts WHERE id = ? AND to_seq IS NULL))`,
		t.seq(), a.Policy, ou, account)
	if err != nil {
		return false, fmt.Errorf("detach policy %s from %s: %w", a.Policy, a.Target.ID, err)
	}
	return n == 1, nil
}

// targetIDs splits a target into the id of its unit and that of its account; one of them is empty.
func targetIDs(t model.Target) (ou, account string) {
	if t.Kind == model.TargetOU {
		return t.ID, ""
	}
	return "", t.ID
}
