package store

import (
	"context"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

const selectPolicy = `
	SELECT p.id, p.kind, v.name, v.description, d.body AS document, p.aws_managed AS managed, v.version, p.created_at,
		v.saved_at AS updated_at
	FROM policies p
	JOIN policy_versions v ON v.policy_pk = p.pk AND v.to_seq IS NULL
	JOIN documents d ON d.hash = v.document_hash
	WHERE p.to_seq IS NULL`

type policyRow struct {
	ID, Kind, Name, Description, Document string
	Managed                               bool
	Version                               int64
	CreatedAt, UpdatedAt                  time.Time
}

func (r policyRow) policy() model.Policy {
	return model.Policy{
		ID:          model.PolicyID(r.ID),
		Kind:        model.PolicyKind(r.Kind),
		Name:        r.Name,
		Description: r.Description,
		Document:    r.Document,
		AWSManaged:  r.Managed,
		Version:     r.Version,
		CreatedAt:   r.CreatedAt.UTC(),
		UpdatedAt:   r.UpdatedAt.UTC(),
	}
}

// Policy returns an organization policy in its current version.
func (r Reader) Policy(ctx context.Context, id model.PolicyID) (model.Policy, error) {
	var row policyRow
	err := r.found(ctx, &row, "policy", string(id), selectPolicy+` AND p.id = ?`, id)
	return row.policy(), err
}

// Policies returns every organization policy in its current version, by name.
func (r Reader) Policies(ctx context.Context) ([]model.Policy, error) {
	var rows []policyRow
	if err := r.list(ctx, &rows, selectPolicy+` ORDER BY p.name_folded, p.id`); err != nil {
		return nil, fmt.Errorf("list policies: %w", err)
	}
	policies := make([]model.Policy, len(rows))
	for i, row := range rows {
		policies[i] = row.policy()
	}
	return policies, nil
}

// PolicyVersions returns every version of a policy, newest first.
func (r Reader) PolicyVersions(ctx context.Context, id model.PolicyID) ([]model.PolicyVersion, error) {
	var versions []model.PolicyVersion
	err := r.list(ctx, &versions, `
		SELECT v.version, v.name, v.description, d.body AS document, v.saved_at, v.saved_by
		FROM policy_versions v
		JOIN policies p ON p.pk = v.policy_pk AND p.to_seq IS NULL
		JOIN documents d ON d.hash = v.document_hash
		WHERE p.id = ?
		ORDER BY v.version DESC`, id)
	if err != nil {
		return nil, fmt.Errorf("list the versions of policy %s: %w", id, err)
	}
	return versions, nil
}

// InsertPolicy keeps a new policy as its version 1; by is who saved it, empty for the host.
func (t *Tx) InsertPolicy(ctx context.Context, p model.Policy, by model.UserID) error {
	t.accessChanged()
	pk := t.newPK()
	err := t.insert(ctx, policies, `
		INSERT INTO policies (pk, id, kind, name, name_folded, aws_managed, created_at, from_seq)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, pk, p.ID, p.Kind, p.Name, fold(p.Name), p.AWSManaged, t.now, t.seq())
	if isUnique(err) {
		return policyNameTaken(p)
	}
	if err != nil {
		return fmt.Errorf("insert policy %s: %w", p.ID, err)
	}
	p.Version = 1
	return t.insertPolicyVersion(ctx, pk, p, by)
}

// UpdatePolicy saves a policy as its next version, provided that nobody saved it since the version it carries.
func (t *Tx) UpdatePolicy(ctx context.Context, p model.Policy, by model.UserID) error {
	t.accessChanged()
	var pk int64
	err := t.found(ctx, &pk, "policy", string(p.ID), `SELECT pk FROM policies WHERE id = ? AND to_seq IS NULL`, p.ID)
	if err != nil {
		return err
	}
	n, err := t.amend(ctx, policyVersions, `to_seq = ?`, `policy_pk = ? AND version = ? AND to_seq IS NULL`,
		t.seq(), pk, p.Version)
	if err != nil {
		return fmt.Errorf("close version %d of policy %s: %w", p.Version, p.ID, err)
	}
	if n == 0 {
		return model.Stale("policy")
	}
	_, err = t.amend(ctx, policies, `name = ?, name_folded = ?`, `pk = ?`, p.Name, fold(p.Name), pk)
	if isUnique(err) {
		return policyNameTaken(p)
	}
	if err != nil {
		return fmt.Errorf("rename policy %s: %w", p.ID, err)
	}
	p.Version++
	return t.insertPolicyVersion(ctx, pk, p, by)
}

func policyNameTaken(p model.Policy) error {
	return model.Taken(
		"name",
		fmt.Sprintf("There is an %s with this name already. Choose another name.", p.Kind.Short()),
	)
}

func (t *Tx) insertPolicyVersion(ctx context.Context, policy int64, p model.Policy, by model.UserID) error {
	hash, err := t.keepDocument(ctx, p.Document)
	if err != nil {
		return err
	}
	err = t.insert(ctx, policyVersions, `
		INSERT INTO policy_versions (pk, policy_pk, version, name, description, document_hash, saved_at, saved_by, from_seq)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.newPK(), policy, p.Version, p.Name, p.Description, hash, t.now, by, t.seq())
	if err != nil {
		return fmt.Errorf("insert version %d of policy %s: %w", p.Version, p.ID, err)
	}
	return nil
}

// ClosePolicy ends a policy. The caller makes sure that it is attached nowhere.
func (t *Tx) ClosePolicy(ctx context.Context, id model.PolicyID) error {
	t.accessChanged()
	_, err := t.amend(ctx, policyVersions, `to_seq = ?`,
		`to_seq IS NULL AND policy_pk = (SELECT pk FROM policies WHERE id = ? AND to_seq IS NULL)`, t.seq(), id)
	if err != nil {
		return fmt.Errorf("close the version of policy %s: %w", id, err)
	}
	_, err = t.amend(ctx, policies, `to_seq = ?`, `id = ? AND to_seq IS NULL`, t.seq(), id)
	return err
}
