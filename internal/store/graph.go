package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// Graph is everything that has a say in who can do what, as rows of integers: what internal/access builds on.
type Graph struct {
	Organization model.Organization
	OUs          []OUNode
	Accounts     []AccountNode
	Users        []UserNode
	Groups       []GroupNode
	Memberships  []MembershipEdge
	Sets         []SetNode
	SetPolicies  []SetPolicyNode
	Assignments  []AssignmentEdge
	Attachments  []AttachmentEdge
	Documents    map[string]string // hash → JSON, of every document the rows above refer to
}

// The rows of a Graph. PK fields join them; zero means none.
type (
	OUNode struct {
		PK       int64
		ID       model.OUID
		Name     string
		ParentPK int64
	}
	AccountNode struct {
		PK    int64
		ID    model.AccountID
		Name  string
		State model.AccountState
		OUPK  int64
	}
	UserNode struct {
		PK          int64
		ID          model.UserID
		UserName    string
		DisplayName string
		Status      model.UserStatus
	}
	GroupNode struct {
		PK   int64
		ID   model.GroupID
		Name string
	}
	MembershipEdge struct{ GroupPK, UserPK int64 }
	SetNode        struct {
		PK             int64
		ID             model.PermissionSetID
		Name           string
		Description    string
		SessionSeconds int64
		RelayState     string
		Version        int64
	}
	SetPolicyNode struct {
		SetPK        int64
		Position     int
		Kind         string
		Name         string
		Path         string
		DocumentHash string
	}
	AssignmentEdge struct {
		PK                  int64
		ID                  model.AssignmentID
		UserPK, GroupPK     int64
		SetPK               int64
		AccountPK, OUPK     int64
		StartsAt, ExpiresAt sql.NullTime
		Reason              string
		CreatedAt           time.Time
	}
	AttachmentEdge struct {
		PolicyPK        int64
		PolicyID        model.PolicyID
		Kind            model.PolicyKind
		Name            string
		DocumentHash    string
		OUPK, AccountPK int64
	}
)

// The kinds of policy in a permission set, as permission_set_policies.kind keeps them.
const (
	KindManaged          = "managed"
	KindCustomer         = "customer"
	KindInline           = "inline"
	KindManagedBoundary  = "boundary-managed"
	KindCustomerBoundary = "boundary-customer"
)

// Graph reads the whole graph. Call it inside Snapshot or a Tx, so that all rows are of one moment.
func (r Reader) Graph(ctx context.Context) (Graph, error) {
	var g Graph
	var err error
	if g.Organization, err = r.Organization(ctx); err != nil {
		return g, err
	}
	for _, table := range graphTables() {
		if err := r.whole(ctx, table); err != nil {
			return g, err
		}
	}
	for _, step := range []struct {
		what  string
		dst   any
		query string
	}{
		{"units", &g.OUs, `
			SELECT u.pk, u.id, u.name, COALESCE(p.parent_pk, 0) AS parent_pk
			FROM ous u LEFT JOIN ou_parents p ON p.ou_pk = u.pk AND p.to_seq IS NULL
			WHERE u.to_seq IS NULL`},
		{"accounts", &g.Accounts, `
			SELECT a.pk, a.id, a.name, a.state, p.ou_pk
			FROM accounts a JOIN account_parents p ON p.account_pk = a.pk AND p.to_seq IS NULL
			WHERE a.to_seq IS NULL`},
		{"users", &g.Users, `SELECT pk, id, user_name, display_name, status FROM users WHERE to_seq IS NULL`},
		{"groups", &g.Groups, `SELECT pk, id, name FROM groups WHERE to_seq IS NULL`},
		{"memberships", &g.Memberships, `SELECT group_pk, user_pk FROM memberships WHERE to_seq IS NULL`},
		{"permission sets", &g.Sets, `
			SELECT s.pk, s.id, v.name, v.description, v.session_seconds, v.relay_state, v.version
			FROM permission_sets s JOIN permission_set_versions v ON v.set_pk = s.pk AND v.to_seq IS NULL
			WHERE s.to_seq IS NULL`},
		{"policies of sets", &g.SetPolicies, `
			SELECT v.set_pk, p.position, p.kind, p.name, p.path, COALESCE(p.document_hash, '') AS document_hash
			FROM permission_set_policies p JOIN permission_set_versions v ON v.pk = p.version_pk AND v.to_seq IS NULL
			ORDER BY v.set_pk, p.position`},
		{"assignments", &g.Assignments, `
			SELECT pk, id, COALESCE(user_pk, 0) AS user_pk, COALESCE(group_pk, 0) AS group_pk, set_pk,
				COALESCE(account_pk, 0) AS account_pk, COALESCE(ou_pk, 0) AS ou_pk, starts_at, expires_at, reason,
				created_at
			FROM assignments WHERE to_seq IS NULL ORDER BY pk`},
		{"attached policies", &g.Attachments, `
			SELECT a.policy_pk, p.id AS policy_id, p.kind, v.name, v.document_hash,
				COALESCE(a.ou_pk, 0) AS ou_pk, COALESCE(a.account_pk, 0) AS account_pk
			FROM policy_attachments a
			JOIN policies p ON p.pk = a.policy_pk AND p.to_seq IS NULL
			JOIN policy_versions v ON v.policy_pk = p.pk AND v.to_seq IS NULL
			WHERE a.to_seq IS NULL ORDER BY a.pk`},
	} {
		if err := r.list(ctx, step.dst, step.query); err != nil {
			return g, fmt.Errorf("read the %s of the graph: %w", step.what, err)
		}
	}
	return g, r.readDocuments(ctx, &g)
}

func (r Reader) readDocuments(ctx context.Context, g *Graph) error {
	var rows []struct{ Hash, Body string }
	err := r.list(ctx, &rows, `
		SELECT hash, body FROM documents WHERE hash IN (
			SELECT p.document_hash FROM permission_set_policies p
			JOIN permission_set_versions v ON v.pk = p.version_pk AND v.to_seq IS NULL
			UNION
			SELECT v.document_hash FROM policy_versions v WHERE v.to_seq IS NULL)`)
	if err != nil {
		return fmt.Errorf("read the documents of the graph: %w", err)
	}
	g.Documents = make(map[string]string, len(rows))
	for _, row := range rows {
		if d := judgeDocument(row.Hash, row.Body); d != nil {
			return stopped(d)
		}
		g.Documents[row.Hash] = row.Body
	}
	return g.missesNoDocument()
}

// missesNoDocument reports a document that rows refer to and that is not there.
func (g Graph) missesNoDocument() error {
	there := func(hash string) error {
		if _, ok := g.Documents[hash]; ok || hash == "" {
			return nil
		}
		return stopped(&Damage{Table: "documents", Row: "hash=" + hash, What: missingBody})
	}
	for _, p := range g.SetPolicies {
		if err := there(p.DocumentHash); err != nil {
			return err
		}
	}
	for _, a := range g.Attachments {
		if err := there(a.DocumentHash); err != nil {
			return err
		}
	}
	return nil
}

// Organization returns the organization; a NotFound error before set-up.
func (r Reader) Organization(ctx context.Context) (model.Organization, error) {
	var o model.Organization
	err := r.one(ctx, &o, `
		SELECT id, name, root_id, instance_id, identity_store_id, region, management_account, created_at
		FROM organization WHERE pk = 1`)
	if errors.Is(err, sql.ErrNoRows) {
		return o, &model.Error{Kind: model.NotFound, Message: "This Gatehouse has not been set up yet."}
	}
	o.CreatedAt = o.CreatedAt.UTC()
	return o, err
}

// InsertOrganization keeps the organization of this installation. There is one.
func (t *Tx) InsertOrganization(ctx context.Context, o model.Organization) error {
	t.accessChanged()
	err := t.insert(ctx, organizations, `
		INSERT INTO organization (pk, id, name, root_id, instance_id, identity_store_id, region, management_account, created_at)
		VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)`,
		o.ID, o.Name, o.RootID, o.InstanceID, o.IdentityStoreID, o.Region, o.ManagementAccount, t.now)
	if isUnique(err) {
		return &model.Error{Kind: model.Conflict, Message: "This Gatehouse is set up already."}
	}
	return err
}
