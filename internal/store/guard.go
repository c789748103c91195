package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// guarded is a table whose rows carry a MAC over all their columns, so that a row that was not written here shows. To
// guard one more: give it a column mac, list it here and in guardedTables, write it through insert, amend, end and remove,
// and check it where it is read for a decision.
type guarded struct {
	name    string
	key     string // its primary key
	columns string // all but mac; a later column must allow NULL, which leaves older MACs as they are
	history bool   // rows are closed with to_seq, not deleted
}

var (
	passwords = guarded{name: "passwords", key: "user_pk", columns: "user_pk, hash, changed_at, last_used_at, length"}

	earlierPasswords = guarded{name: "earlier_passwords", key: "pk", columns: "pk, user_pk, hash, retired_at"}

	totpDevices = guarded{name: "totp_devices", key: "pk", columns: "pk, id, user_pk, name, secret, session_id, last_step, " +
		"confirmed_at, last_used_at, created_at, digits"}

	securityKeys = guarded{name: "security_keys", key: "pk", columns: "pk, id, user_pk, name, credential_id, public_key, model, " +
		"transports, discoverable, backup_eligible, backed_up, sign_count, suspect_at, last_used_at, created_at"}

	recoveryCodes = guarded{name: "recovery_codes", key: "pk", columns: "pk, user_pk, digest, created_at, used_at"}

	permissionSets = guarded{name: "permission_sets", key: "pk", history: true,
		columns: "pk, id, name, name_folded, created_at, from_seq, to_seq"}

	setVersions = guarded{name: "permission_set_versions", key: "pk", history: true,
		columns: "pk, set_pk, version, name, description, session_seconds, relay_state, tags, saved_at, saved_by, from_seq, to_seq"}

	setPolicies = guarded{name: "permission_set_policies", key: "version_pk, position",
		columns: "version_pk, position, kind, name, path, document_hash"}

	policies = guarded{name: "policies", key: "pk", history: true,
		columns: "pk, id, kind, name, name_folded, aws_managed, created_at, from_seq, to_seq"}

	policyVersions = guarded{name: "policy_versions", key: "pk", history: true,
		columns: "pk, policy_pk, version, name, description, document_hash, saved_at, saved_by, from_seq, to_seq"}

	attachments = guarded{name: "policy_attachments", key: "pk", history: true,
		columns: "pk, policy_pk, ou_pk, account_pk, since, from_seq, to_seq"}

	assignments = guarded{name: "assignments", key: "pk", history: true,
		columns: "pk, id, user_pk, group_pk, set_pk, account_pk, ou_pk, starts_at, expires_at, reason, created_by, created_at, " +
			"from_seq, to_seq"}

	memberships = guarded{name: "memberships", key: "pk", history: true,
		columns: "pk, group_pk, user_pk, since, from_seq, to_seq"}

	ouParents = guarded{name: "ou_parents", key: "pk", history: true, columns: "pk, ou_pk, parent_pk, from_seq, to_seq"}

	accountParents = guarded{name: "account_parents", key: "pk", history: true,
		columns: "pk, account_pk, ou_pk, from_seq, to_seq"}

	users = guarded{name: "users", key: "pk", history: true, columns: "pk, id, user_name, user_name_folded, given_name, family_name, " +
		"display_name, email, email_folded, title, search_folded, sort_folded, status, session_epoch, version, created_at, updated_at, " +
		"from_seq, to_seq"}

	groups = guarded{name: "groups", key: "pk", history: true,
		columns: "pk, id, name, name_folded, description, version, created_at, updated_at, from_seq, to_seq"}

	ous = guarded{name: "ous", key: "pk", history: true, columns: "pk, id, name, version, created_at, from_seq, to_seq"}

	accounts = guarded{name: "accounts", key: "pk", history: true,
		columns: "pk, id, name, email, state, tags, version, created_at, from_seq, to_seq"}

	organizations = guarded{name: "organization", key: "pk",
		columns: "pk, id, name, root_id, instance_id, identity_store_id, region, management_account, created_at"}

	signInPolicies = guarded{name: "sign_in_policies", key: "pk", history: true,
		columns: "pk, version, body, saved_at, saved_by, from_seq, to_seq"}

	knownBrowsers = guarded{name: "known_browsers", key: "pk", columns: "pk, id, digest, user_pk, trusted, epoch, user_agent, source_ip, " +
		"created_at, last_used_at, expires_at"}

	knownNetworks = guarded{name: "known_networks", key: "browser_pk, network", columns: "browser_pk, network, proved_at"}

	approvals = guarded{name: "approvals", key: "pk", columns: "pk, id, action, act, summary, objects, reason, asked_by, asked_name, " +
		"asked_at, factor_at, source_ip, ends_at, state, decided_by, decider, decided_at, word"}

	sessions = guarded{name: "sessions", key: "pk", columns: "pk, id, digest, user_pk, stage, methods, signed_in_at, factor_at, " +
		"created_at, last_seen_at, source_ip, user_agent, epoch, flash, ended_at, browser"}

	roleSessions = guarded{name: "role_sessions", key: "pk", columns: "pk, access_key_id, token_digest, master_key, user_pk, " +
		"account_pk, set_pk, role_arn, role_id, session_name, session_id, epoch, issued_at, expires_at, revoked_at, last_used_at"}

	links = guarded{name: "links", key: "pk", columns: "pk, id, digest, user_pk, purpose, created_by, created_at, expires_at, used_at"}

	checkpoints = guarded{name: "checkpoints", key: "pk", columns: "pk, seq, hash, at, key_id, signature"}
)

// guardedTables are all of them.
func guardedTables() []guarded {
	return append(graphTables(), passwords, earlierPasswords, totpDevices, securityKeys, recoveryCodes, signInPolicies,
		knownBrowsers, knownNetworks, approvals, sessions, roleSessions, links, checkpoints)
}

// graphTables are those that have a say in who can do what.
func graphTables() []guarded {
	return []guarded{organizations, users, groups, ous, accounts, ouParents, accountParents, memberships, permissionSets, setVersions, setPolicies,
		policies, policyVersions, attachments, assignments}
}

// ErrUnguarded reports a mistake in the program: a database that is used before Guard.
var ErrUnguarded = errors.New("store: the database was opened without the key of its MACs")

// Damage says where a guarded table is not as it was written here.
type Damage struct {
	Table string
	Row   string // its key, as column=value; empty: the table as a whole
	What  string
}

// Error says which row of which table, and what is wrong.
func (d *Damage) Error() string {
	if d.Row == "" {
		return fmt.Sprintf("table %s: %s", d.Table, d.What)
	}
	return fmt.Sprintf("table %s, row %s: %s", d.Table, d.Row, d.What)
}

// Forged reports whether a row is not as it was written here, under a key that is at hand.
func (d *Damage) Forged() bool { return d.What == wrongMAC }

// The things that can be wrong.
const (
	wrongMAC   = "it does not match its MAC: it was changed, or written, outside Gatehouse"
	missingKey = "its MAC is of a master key that is not at hand"
	wrongTally = "rows are missing, or were put back or added outside Gatehouse"
	wrongBody  = "the document does not match its hash"

	missingBody = "the document is missing"
)

// stopped is what people see of a damage; whoever reads the log sees it all.
func stopped(d *Damage) error {
	if d.What == missingKey {
		return fmt.Errorf("%w (%w)", &model.Error{Kind: model.Unavailable, Message: "The master key under which this database was " +
			"written is not at hand. Whoever runs this console has to bring it back."}, d)
	}
	return fmt.Errorf("%w (%w)", &model.Error{Kind: model.Unavailable, Message: "Gatehouse found that its database was changed " +
		"from outside, and decides nothing on what it cannot trust. Tell whoever runs this console: its log names the place."}, d)
}

// Guard gives the store the keys for the MACs of rows; nothing can be written before. Tables that have never been guarded,
// such as those of a database from before there were MACs, get them now, once: what their rows were until then is taken
// as it is. How many rows these were is returned; for the caller to tell, since nothing in the rows can prove it.
func (s *Store) Guard(ctx context.Context, keys vault.RowKeys) (adopted int, err error) {
	if keys.Zero() {
		return 0, ErrUnguarded
	}
	*s.guard = guard{keys: keys, adopting: true}
	defer func() { s.guard.adopting = false }()
	err = s.write(ctx, func(tx *Tx) error {
		adopted, err = tx.adopt(ctx)
		return err
	})
	return adopted, err
}

// GuardDamaged gives a store the keys without looking at anything, for Accept.
func (s *Store) GuardDamaged(keys vault.RowKeys) { *s.guard = guard{keys: keys} }

// guard holds the keys of the MACs; empty before Guard.
type guard struct {
	keys      vault.RowKeys
	adopting  bool // Guard is under way: a head without a MAC is one from before there were any
	accepting bool // Accept is under way: a damaged head is mended
}

// plain is the list of a table's columns as the engine keeps them. SQLite's driver turns times and booleans into Go's
// when it knows the column, and so hides differences; behind a plus sign it does not know it.
func (r Reader) plain(g guarded) string {
	if r.q.DriverName() != "sqlite" {
		return g.columns + ", mac"
	}
	return "+" + strings.ReplaceAll(g.columns, ", ", ", +") + ", +mac"
}

// guardedRow is a row of a guarded table.
type guardedRow struct {
	names  []string
	values []any
	mac    any
}

// canonical appends the bytes that a row's MAC is over: the table, and each column that is not NULL with its name, its
// type and its value, led by their lengths, so that no two different rows share them.
func (g guarded) canonical(b []byte, row guardedRow) []byte {
	b = lengthened(b, "gatehouse row 1")
	b = lengthened(b, g.name)
	for i, value := range row.values {
		if value == nil {
			continue
		}
		b = lengthened(b, row.names[i])
		switch v := value.(type) {
		case int64:
			// #nosec G115 -- the bits of the number, whatever its sign
			b = binary.BigEndian.AppendUint64(append(b, 'i'), uint64(v))
		case bool:
			b = append(b, 'b', map[bool]byte{false: 0, true: 1}[v])
		case string:
			b = lengthened(append(b, 's'), v)
		case []byte:
			b = lengthened(append(b, 'x'), string(v))
		case time.Time:
			b = lengthened(append(b, 't'), v.UTC().Format(time.RFC3339Nano))
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, 'f'), math.Float64bits(v))
		default:
			b = lengthened(append(b, '?'), fmt.Sprintf("%T %v", v, v))
		}
	}
	return b
}

func lengthened(b []byte, text string) []byte {
	// #nosec G115 -- no value of a row has 4 GiB
	return append(binary.BigEndian.AppendUint32(b, uint32(len(text))), text...)
}

// value returns the value of a column.
func (row guardedRow) value(column string) any {
	for i, name := range row.names {
		if name == column {
			return row.values[i]
		}
	}
	return nil
}

// keyOf names a row for people.
func (g guarded) keyOf(row guardedRow) string {
	var parts []string
	for column := range strings.SplitSeq(g.key, ", ") {
		parts = append(parts, fmt.Sprintf("%s=%v", column, row.value(column)))
	}
	return strings.Join(parts, " ")
}

// past reports whether a row was closed.
func (g guarded) past(row guardedRow) bool { return g.history && row.value("to_seq") != nil }
