package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// InsertPermissionSet keeps a new permission set as its version 1. documents maps the ARNs of AWS-managed policies to
// their JSON; a policy without one grants nothing.
func (t *Tx) InsertPermissionSet(
	ctx context.Context,
	s model.PermissionSet,
	by model.UserID,
	documents map[string]string,
) error {
	t.accessChanged()
	pk := t.newPK()
	err := t.insert(ctx, permissionSets, `
		INSERT INTO permission_sets (pk, id, name, name_folded, created_at, from_seq) VALUES (?, ?, ?, ?, ?, ?)`,
		pk, s.ID, s.Name, fold(s.Name), t.now, t.seq())
	if isUnique(err) {
		return model.Taken("name", fmt.Sprintf("There is a permission set called %s already.", s.Name))
	}
	if err != nil {
		return fmt.Errorf("keep a permission set: %w", err)
	}
	s.Version = 1
	return t.insertVersion(ctx, pk, by, SetVersion{PermissionSet: s, Documents: documents})
}

// UpdatePermissionSet keeps a new version of a permission set in place of version s.Version, whose name it keeps. A
// Conflict error says that it is not the current one any more.
func (t *Tx) UpdatePermissionSet(
	ctx context.Context,
	s model.PermissionSet,
	by model.UserID,
	documents map[string]string,
) error {
	t.accessChanged()
	var set struct {
		PK   int64
		Name string
	}
	err := t.found(
		ctx,
		&set,
		"permission set",
		string(s.ID),
		`SELECT pk, name FROM permission_sets WHERE id = ? AND to_seq IS NULL`,
		s.ID,
	)
	if err != nil {
		return err
	}
	closed, err := t.amend(ctx, setVersions, `to_seq = ?`, `set_pk = ? AND version = ? AND to_seq IS NULL`,
		t.seq(), set.PK, s.Version)
	if err != nil {
		return fmt.Errorf("close a version of a permission set: %w", err)
	}
	if closed == 0 {
		return model.Stale("permission set")
	}
	s.Name, s.Version = set.Name, s.Version+1
	return t.insertVersion(ctx, set.PK, by, SetVersion{PermissionSet: s, Documents: documents})
}

func (t *Tx) insertVersion(ctx context.Context, setPK int64, by model.UserID, v SetVersion) error {
	if v.Tags == nil {
		v.Tags = model.Tags{}
	}
	tags, err := json.Marshal(v.Tags)
	if err != nil {
		return fmt.Errorf("encode tags: %w", err)
	}
	pk := t.newPK()
	err = t.insert(ctx, setVersions, `
		INSERT INTO permission_set_versions (pk, set_pk, version, name, description, session_seconds, relay_state, tags,
			saved_at, saved_by, from_seq)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		pk, setPK, v.Version, v.Name, v.Description, int64(v.SessionDuration/time.Second), v.RelayState, string(tags), t.now,
		by, t.seq())
	if err != nil {
		return fmt.Errorf("keep a version of a permission set: %w", err)
	}
	for i, p := range policyRows(v) {
		if err := t.insertSetPolicy(ctx, pk, i, p); err != nil {
			return err
		}
	}
	return nil
}

// setPolicy is a row of permission_set_policies with the document itself.
type setPolicy struct{ kind, name, path, body string }

func policyRows(v SetVersion) []setPolicy {
	var rows []setPolicy
	for _, arn := range v.ManagedPolicies {
		rows = append(rows, setPolicy{kind: KindManaged, name: arn, body: v.Documents[arn]})
	}
	for _, c := range v.CustomerPolicies {
		rows = append(rows, setPolicy{kind: KindCustomer, name: c.Name, path: c.Path})
	}
	if v.InlinePolicy != "" {
		rows = append(rows, setPolicy{kind: KindInline, body: v.InlinePolicy})
	}
	if arn := v.Boundary.ManagedPolicy; arn != "" {
		rows = append(rows, setPolicy{kind: KindManagedBoundary, name: arn, body: v.Documents[arn]})
	}
	if c := v.Boundary.Customer; c.Name != "" {
		rows = append(rows, setPolicy{kind: KindCustomerBoundary, name: c.Name, path: c.Path})
	}
	return rows
}

func (t *Tx) insertSetPolicy(ctx context.Context, versionPK int64, position int, p setPolicy) error {
	var hash sql.NullString
	if p.body != "" {
		kept, err := t.keepDocument(ctx, p.body)
		if err != nil {
			return err
		}
		hash = sql.NullString{String: kept, Valid: true}
	}
	err := t.insert(ctx, setPolicies, `
		INSERT INTO permission_set_policies (version_pk, position, kind, name, path, document_hash)
		VALUES (?, ?, ?, ?, ?, ?)`,
		versionPK, position, p.kind, p.name, p.path, hash)
	if err != nil {
		return fmt.Errorf("keep a policy of a permission set: %w", err)
	}
	return nil
}

// DeletePermissionSet closes version version of a permission set, and the set with it. A Conflict error says that it is
// not the current one any more, or that assignments use it.
func (t *Tx) DeletePermissionSet(ctx context.Context, id model.PermissionSetID, version int64) error {
	t.accessChanged()
	var set struct {
		PK    int64
		Rules int
	}
	err := t.found(ctx, &set, "permission set", string(id), `
		SELECT s.pk, (SELECT count(*) FROM assignments a WHERE a.set_pk = s.pk AND a.to_seq IS NULL) AS rules
		FROM permission_sets s WHERE s.id = ? AND s.to_seq IS NULL`, id)
	if err != nil {
		return err
	}
	if set.Rules > 0 {
		return &model.Error{Kind: model.Conflict, Message: "This permission set is assigned. Remove its assignments first."}
	}
	closed, err := t.amend(ctx, setVersions, `to_seq = ?`, `set_pk = ? AND version = ? AND to_seq IS NULL`,
		t.seq(), set.PK, version)
	if err != nil {
		return fmt.Errorf("close a version of a permission set: %w", err)
	}
	if closed == 0 {
		return model.Stale("permission set")
	}
	_, err = t.amend(ctx, permissionSets, `to_seq = ?`, `pk = ?`, t.seq(), set.PK)
	return err
}
