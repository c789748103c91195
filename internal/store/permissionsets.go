package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// SetVersion is a permission set as one save left it.
type SetVersion struct {
	model.PermissionSet                   // UpdatedAt is when this version was saved
	Documents           map[string]string // ARN → JSON of managed policies and boundary, where it is known
	SavedBy             model.UserID      // empty for the host
	SavedByName         string            // display name, empty for the host
	Current             bool
	Seq                 int64  // audit sequence of the event that saved it
	Summary             string // what that event says was done
	Reason              string // and why
}

const versionColumns = `v.pk, s.id, v.name, v.description, v.session_seconds, v.relay_state, v.tags, v.version,
	s.created_at, v.saved_at, v.saved_by, COALESCE(u.display_name, '') AS saved_by_name, v.to_seq IS NULL AS current, v.from_seq,
	COALESCE(e.summary, '') AS summary, COALESCE(e.reason, '') AS reason`

const versionTables = `permission_sets s
	JOIN permission_set_versions v ON v.set_pk = s.pk
	LEFT JOIN users u ON u.id = v.saved_by
	LEFT JOIN events e ON e.seq = v.from_seq`

type versionRow struct {
	PK             int64
	ID             model.PermissionSetID
	Name           string
	Description    string
	SessionSeconds int64
	RelayState     string
	Tags           string
	Version        int64
	CreatedAt      time.Time
	SavedAt        time.Time
	SavedBy        model.UserID
	SavedByName    string
	Current        bool
	FromSeq        int64
	Summary        string
	Reason         string
}

func (r versionRow) version() (SetVersion, error) {
	v := SetVersion{SavedBy: r.SavedBy, SavedByName: r.SavedByName, Current: r.Current, Seq: r.FromSeq,
		Summary: r.Summary, Reason: r.Reason, Documents: map[string]string{},
		PermissionSet: model.PermissionSet{ID: r.ID, Name: r.Name, Description: r.Description,
			SessionDuration: time.Duration(r.SessionSeconds) * time.Second, RelayState: r.RelayState, Version: r.Version,
			CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.SavedAt.UTC()}}
	if err := json.Unmarshal([]byte(r.Tags), &v.Tags); err != nil {
		return v, fmt.Errorf("decode the tags of %s: %w", r.ID, err)
	}
	return v, nil
}

// PermissionSet returns a permission set as it is now, with its documents.
func (r Reader) PermissionSet(ctx context.Context, id model.PermissionSetID) (SetVersion, error) {
	return r.setVersion(ctx, id, `SELECT `+versionColumns+` FROM `+versionTables+`
		WHERE s.id = ? AND s.to_seq IS NULL AND v.to_seq IS NULL`, id)
}

// PermissionSetVersion returns a permission set as one save left it, deleted sets included.
func (r Reader) PermissionSetVersion(ctx context.Context, id model.PermissionSetID, version int64) (SetVersion, error) {
	return r.setVersion(ctx, id, `SELECT `+versionColumns+` FROM `+versionTables+`
		WHERE s.id = ? AND v.version = ?`, id, version)
}

func (r Reader) setVersion(
	ctx context.Context,
	id model.PermissionSetID,
	query string,
	args ...any,
) (SetVersion, error) {
	var row versionRow
	if err := r.found(ctx, &row, "permission set", string(id), query, args...); err != nil {
		return SetVersion{}, err
	}
	v, err := row.version()
	if err != nil {
		return v, err
	}
	return v, r.addPolicies(ctx, row.PK, &v)
}

// PermissionSetVersions returns every save of a permission set, newest first, without policies.
func (r Reader) PermissionSetVersions(ctx context.Context, id model.PermissionSetID) ([]SetVersion, error) {
	var rows []versionRow
	err := r.list(
		ctx,
		&rows,
		`SELECT `+versionColumns+` FROM `+versionTables+` WHERE s.id = ? ORDER BY v.version DESC`,
		id,
	)
	if err != nil {
		return nil, fmt.Errorf("list the versions of a permission set: %w", err)
	}
	versions := make([]SetVersion, len(rows))
	for i, row := range rows {
		if versions[i], err = row.version(); err != nil {
			return nil, err
		}
	}
	return versions, nil
}

func (r Reader) addPolicies(ctx context.Context, versionPK int64, v *SetVersion) error {
	var rows []struct{ Kind, Name, Path, Body string }
	err := r.list(ctx, &rows, `
		SELECT p.kind, p.name, p.path, COALESCE(d.body, '') AS body
		FROM permission_set_policies p LEFT JOIN documents d ON d.hash = p.document_hash
		WHERE p.version_pk = ? ORDER BY p.position`, versionPK)
	if err != nil {
		return fmt.Errorf("list the policies of a permission set: %w", err)
	}
	for _, p := range rows {
		switch p.Kind {
		case KindManaged:
			v.ManagedPolicies = append(v.ManagedPolicies, p.Name)
		case KindCustomer:
			v.CustomerPolicies = append(v.CustomerPolicies, model.CustomerName{Name: p.Name, Path: p.Path})
		case KindInline:
			v.InlinePolicy = p.Body
		case KindManagedBoundary:
			v.Boundary.ManagedPolicy = p.Name
		case KindCustomerBoundary:
			v.Boundary.Customer = model.CustomerName{Name: p.Name, Path: p.Path}
		}
		if p.Body != "" && p.Kind != KindInline {
			v.Documents[p.Name] = p.Body
		}
	}
	return nil
}

// DocumentInUse returns the document that current permission sets have for an AWS-managed policy; empty when none has
// one. A policy means the same in every set that has it, so a newly attached one takes this over the catalogue's.
func (r Reader) DocumentInUse(ctx context.Context, arn string) (string, error) {
	var bodies []string
	err := r.list(ctx, &bodies, `
		SELECT d.body
		FROM permission_set_policies p
		JOIN permission_set_versions v ON v.pk = p.version_pk AND v.to_seq IS NULL
		JOIN documents d ON d.hash = p.document_hash
		WHERE p.name = ? AND p.kind IN ('managed', 'boundary-managed')
		ORDER BY v.pk DESC LIMIT 1`, arn)
	if err != nil {
		return "", fmt.Errorf("look up the document of %s: %w", arn, err)
	}
	if len(bodies) == 0 {
		return "", nil
	}
	return bodies[0], nil
}

// SetsWithoutDocument returns the current permission sets that have an AWS-managed policy or boundary whose document is
// not known, in order of their names.
func (r Reader) SetsWithoutDocument(ctx context.Context) ([]model.PermissionSetID, error) {
	var ids []model.PermissionSetID
	err := r.list(ctx, &ids, `
		SELECT s.id
		FROM permission_sets s
		JOIN permission_set_versions v ON v.set_pk = s.pk AND v.to_seq IS NULL
		WHERE s.to_seq IS NULL AND EXISTS (
			SELECT 1 FROM permission_set_policies p
			WHERE p.version_pk = v.pk AND p.kind IN ('managed', 'boundary-managed') AND p.document_hash IS NULL)
		ORDER BY s.name_folded, s.pk`)
	if err != nil {
		return nil, fmt.Errorf("list permission sets without a document: %w", err)
	}
	return ids, nil
}
