package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/audit"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
	"gatehouse/internal/vault"
)

// protected are the tables whose rows say who may sign in and who may do what.
var protected = []string{"passwords", "totp_devices", "security_keys", "recovery_codes", "permission_sets",
	"permission_set_versions", "permission_set_policies", "policies", "policy_versions", "policy_attachments", "assignments",
	"memberships", "users", "groups", "ous", "accounts", "ou_parents", "account_parents", "organization", "approvals", "sessions", "role_sessions", "links", "checkpoints",
	"documents", "head"}

// guardedStore is a store with rows in every protected table, most of them alike for two people, some closed.
func guardedStore(t *testing.T) (*store.Store, *storetest.Intruder) {
	t.Helper()
	location := storetest.Location(t)
	s := openAt(t, location)
	change(t, s, func(tx *store.Tx) error { return plantGuarded(t.Context(), tx) })
	change(t, s, func(tx *store.Tx) error { return changeGuarded(t.Context(), tx) })
	i := storetest.NewIntruder(t, location)
	for _, table := range protected {
		i.Remember(table)
	}
	if found := damages(t, s); len(found) > 0 {
		t.Fatalf("before anything was changed: %q", found)
	}
	return s, i
}

func plantGuarded(ctx context.Context, tx *store.Tx) error {
	err := errors.Join(
		tx.InsertOrganization(ctx, model.Organization{ID: "o-sc7k2p9d1q", RootID: rootUnit, ManagementAccount: "111122223333"}),
		tx.InsertOU(ctx, model.OU{ID: rootUnit, Name: "Root"}),
		tx.InsertOU(ctx, model.OU{ID: prodUnit, Name: "Production", Parent: rootUnit}),
		tx.InsertAccount(ctx, model.Account{ID: prodAccount, Name: "Live", State: model.AccountActive, OU: prodUnit}),
		tx.InsertAccount(ctx, model.Account{ID: devAccount, Name: "Dev", State: model.AccountActive, OU: rootUnit}),
		tx.InsertPolicy(ctx, model.Policy{ID: guardrails, Kind: model.ServiceControlPolicy, Name: "Guardrails",
			Document: `{"Deny":1}`}, ""),
		tx.InsertPolicy(ctx, model.Policy{ID: "p-full", Kind: model.ServiceControlPolicy, Name: "Full", Document: `{"Allow":1}`,
			AWSManaged: true}, ""),
		tx.AttachPolicy(ctx, model.Attachment{Policy: guardrails, Target: unitTarget(prodUnit)}),
		tx.AttachPolicy(ctx, model.Attachment{Policy: "p-full", Target: accountTarget(devAccount)}),
		tx.InsertPermissionSet(ctx, model.PermissionSet{ID: "ps-read", Name: "Reader", SessionDuration: time.Hour,
			ManagedPolicies: []string{arnA, arnB}}, "", map[string]string{arnA: `{"a":1}`}),
		tx.InsertPermissionSet(ctx, model.PermissionSet{ID: "ps-admin", Name: "Admin", SessionDuration: time.Hour,
			InlinePolicy: `{"all":1}`}, "", nil),
		tx.InsertGroup(ctx, model.Group{ID: "g-ops", Name: "Operations"}))
	for _, name := range []string{"ana", "bo"} {
		user := model.UserID("u-" + name)
		set := map[string]model.PermissionSetID{"ana": "ps-admin", "bo": "ps-read"}[name]
		err = errors.Join(err,
			tx.InsertUser(ctx, model.User{ID: user, UserName: name, Email: name + "@securecart.example"}),
			tx.SetPassword(ctx, user, model.Password{Hash: "$argon2id$v=19$m=19456,t=2,p=1$" + name, Length: 12}, 1),
			tx.InsertTOTPDevice(ctx, user, model.TOTPDevice{ID: model.DeviceID("d-" + name), Name: "Phone", Secret: []byte(name)}),
			tx.InsertSecurityKey(ctx, user, securityKey(name)),
			tx.ReplaceRecoveryCodes(ctx, user, []string{"digest 1 of " + name, "digest 2 of " + name}),
			tx.InsertAssignment(ctx, model.Assignment{ID: model.AssignmentID(name), PermissionSet: set,
				Target:    model.Target{Kind: model.TargetAccount, ID: string(prodAccount)},
				Principal: model.Principal{Kind: model.PrincipalUser, ID: string(user)}, ExpiresAt: noon.Add(time.Hour)}))
		_, joined := tx.InsertMembership(ctx, "g-ops", user)
		err = errors.Join(err, joined, plantSessions(ctx, tx, name, set))
	}
	for _, id := range []model.ApprovalID{"one", "other"} {
		err = errors.Join(err, tx.InsertApproval(ctx, model.Approval{ID: id, Action: model.ActDeleteUser, Act: `{"User":"u-bo"}`,
			Summary: "Deleted bo", Reason: "left", AskedBy: "u-ana", AskedName: "Ana", EndsAt: noon.Add(time.Hour)}))
	}
	_, confirmed := tx.ConfirmTOTPDevice(ctx, "d-ana", "Phone", 7)
	return errors.Join(err, confirmed,
		tx.InsertCheckpoint(ctx, audit.Checkpoint{Head: audit.Head{Seq: 1, Hash: "aa"}, KeyID: "01234567", Signature: []byte("s")}),
		tx.InsertCheckpoint(ctx, audit.Checkpoint{Head: audit.Head{Seq: 2, Hash: "bb"}, KeyID: "01234567", Signature: []byte("t")}))
}

// plantSessions signs a person in, gives them a role, and sends them a link.
func plantSessions(ctx context.Context, tx *store.Tx, name string, set model.PermissionSetID) error {
	user := model.UserID("u-" + name)
	return errors.Join(
		tx.InsertSession(ctx, model.Session{ID: model.SessionID("s-" + name), User: user, Stage: model.StagePassword,
			Methods: "password", SourceIP: "192.0.2.1", UserAgent: "browser of " + name}, "cookie of "+name),
		tx.InsertRoleSession(ctx, model.RoleSession{AccessKeyID: model.AccessKeyID("ASIA" + strings.ToUpper(name)), User: user,
			Account: prodAccount, PermissionSet: set, RoleARN: "arn of " + name, RoleID: "AROA" + name, SessionName: name,
			Session: model.SessionID("s-" + name), MasterKey: "01234567", IssuedAt: noon, ExpiresAt: noon.Add(time.Hour)}, "token of "+name),
		tx.InsertLink(ctx, model.Link{ID: model.LinkID("l-" + name), User: user, Purpose: model.LinkPassword, CreatedBy: "u-ana",
			ExpiresAt: noon.Add(time.Hour)}, "link of "+name))
}

// securityKey is a key that differs from another person's in all it says.
func securityKey(owner string) model.SecurityKey {
	ana := owner == "ana"
	return model.SecurityKey{ID: model.DeviceID("k-" + owner), Name: "Key of " + owner, Credential: []byte("credential of " + owner),
		PublicKey: []byte("public key of " + owner), Model: "model of " + owner, Transports: "usb " + owner, Discoverable: ana,
		BackupEligible: ana, BackedUp: ana, SignCount: uint32(len(owner))}
}

// changeGuarded saves, closes and moves some of it.
func changeGuarded(ctx context.Context, tx *store.Tx) error {
	_, used := tx.UseRecoveryCode(ctx, "u-ana", "digest 1 of ana")
	_, signed := tx.UseSecurityKey(ctx, "k-ana", 3, 4, true)
	_, suspected := tx.SuspectSecurityKey(ctx, "k-bo")
	_, removed := tx.CloseAssignment(ctx, "bo")
	_, left := tx.CloseMembership(ctx, "g-ops", "u-bo")
	_, raised := tx.RaiseSession(ctx, model.Session{ID: "s-ana", Stage: model.StageSignedIn, Methods: "password totp",
		SignedInAt: noon, FactorAt: noon}, "cookie of ana", "raised cookie of ana")
	_, ended := tx.EndSession(ctx, "s-bo")
	_, revoked := tx.RevokeRoleSession(ctx, "ASIABO")
	_, followed := tx.UseLink(ctx, "l-bo")
	return errors.Join(used, signed, suspected, removed, left, raised, ended, revoked, followed,
		tx.KeepFlash(ctx, "s-ana", "saved"), tx.SeeSession(ctx, "s-ana"), tx.UseRoleSession(ctx, "ASIAANA"),
		tx.UpdatePolicy(ctx, model.Policy{ID: guardrails, Kind: model.ServiceControlPolicy, Name: "Guardrails",
			Document: `{"Deny":2}`, Version: 1}, "u-ana"),
		tx.UpdatePermissionSet(ctx, model.PermissionSet{ID: "ps-read", SessionDuration: 2 * time.Hour, Version: 1}, "u-bo", nil),
		tx.MoveAccount(ctx, prodAccount, rootUnit), tx.SetUserStatus(ctx, "u-bo", model.UserDisabled))
}

func TestEachOf500FlippedBitsIsFound(t *testing.T) {
	t.Parallel()
	s, i := guardedStore(t)
	draw := mathrand.New(mathrand.NewPCG(2026, 11))
	for flips := 0; flips < 500; {
		table := protected[draw.IntN(len(protected))]
		rows, columns := i.Rows(table), i.Columns(table)
		row, column := rows[draw.IntN(len(rows))], columns[draw.IntN(len(columns))]
		before := i.Cell(table, column, row)
		after, ok := storetest.Flipped(draw, before)
		if !ok || !i.Put(table, column, row, after) {
			continue // nothing to flip, or the engine itself refuses what came out
		}
		flips++
		if found := damages(t, s); len(found) == 0 {
			t.Errorf("%s.%s in row %s: %#v became %#v, and nothing was found", table, column, row, before, after)
		}
		i.Restore(table)
	}
	if found := damages(t, s); len(found) > 0 {
		t.Errorf("after all was put back: %q", found)
	}
}

func TestACellOfAnotherRowIsFound(t *testing.T) {
	t.Parallel()
	s, i := guardedStore(t)
	copied := 0
	for _, table := range protected {
		for _, column := range i.Columns(table) {
			count := len(i.Rows(table))
			for pair := range count * count {
				rows := i.Rows(table) // their addresses are new each time
				from, to := rows[pair/count], rows[pair%count]
				value := i.Cell(table, column, from)
				if same(value, i.Cell(table, column, to)) || !i.Put(table, column, to, value) {
					continue
				}
				copied++
				if found := damages(t, s); len(found) == 0 {
					t.Errorf("%s.%s: the value %v of row %s stands in row %s, and nothing was found", table, column, value, from, to)
				}
				i.Restore(table)
			}
		}
	}
	if copied < 100 {
		t.Errorf("%d cells were copied: too few to tell", copied)
	}
}

func same(a, b any) bool {
	x, ok := a.(time.Time)
	if y, too := b.(time.Time); ok && too {
		return x.Equal(y)
	}
	return a == b
}

func TestARowThatIsMissingAddedOrPutBackIsFound(t *testing.T) {
	t.Parallel()
	s, i := guardedStore(t)
	for _, table := range protected {
		for n := range i.Rows(table) {
			i.Do(`DELETE FROM ` + table + i.At(i.Rows(table)[n]))
			if found := damages(t, s); len(found) == 0 && table != "documents" { // one that nothing refers to may go
				t.Errorf("row %d of %s was deleted, and nothing was found", n, table)
			}
			i.Restore(table)
		}
	}
	// A code that was used is made unused by putting back the row from before, MAC and all.
	i.Do(`DELETE FROM kept_recovery_codes`)
	i.Do(`INSERT INTO kept_recovery_codes SELECT * FROM recovery_codes`)
	change(t, s, func(tx *store.Tx) error {
		ok, err := tx.UseRecoveryCode(t.Context(), "u-bo", "digest 2 of bo")
		if !ok {
			t.Error("the code was not there to use")
		}
		return err
	})
	i.Restore("recovery_codes")
	if found := damages(t, s); len(found) != 1 || !strings.Contains(found[0], "recovery_codes") {
		t.Errorf("an earlier row was put back; found %q", found)
	}
}

func TestNothingIsDecidedOnARowThatWasChanged(t *testing.T) {
	t.Parallel()
	s, i := guardedStore(t)
	for _, table := range protected {
		if slices.Contains([]string{"passwords", "totp_devices", "security_keys", "recovery_codes", "approvals",
			"sessions", "role_sessions", "links", "checkpoints"}, table) {
			continue
		}
		column := map[string]string{"documents": "body", "head": "tallies"}[table]
		if column == "" {
			column = "mac"
		}
		i.Do(`UPDATE ` + table + ` SET ` + column + ` = 'x' || ` + column)
		if _, err := s.Graph(t.Context()); model.KindOf(err) != model.Unavailable {
			t.Errorf("%s was changed: Graph() = %v, want Unavailable", table, err)
		}
		i.Restore(table)
	}
	i.Do(`UPDATE passwords SET hash = (SELECT hash FROM passwords ORDER BY user_pk LIMIT 1)`)
	if _, err := s.Password(t.Context(), "u-bo"); model.KindOf(err) != model.Unavailable {
		t.Errorf("Password() of a hash from another row = %v, want Unavailable", err)
	}
	if _, err := s.Password(t.Context(), "u-ana"); err != nil {
		t.Errorf("Password() of whoever was left alone = %v", err)
	}
	i.Do(`UPDATE totp_devices SET secret = 'c3RvbGVu'`)
	if _, err := s.TOTPDevices(t.Context(), "u-ana"); model.KindOf(err) != model.Unavailable {
		t.Errorf("TOTPDevices() of another secret = %v, want Unavailable", err)
	}
	i.Do(`UPDATE security_keys SET public_key = 'c3RvbGVu'`)
	if _, err := s.SecurityKeys(t.Context(), "u-ana"); model.KindOf(err) != model.Unavailable {
		t.Errorf("SecurityKeys() of another public key = %v, want Unavailable", err)
	}
	i.Do(`UPDATE recovery_codes SET used_at = NULL`)
	err := try(t.Context(), s, func(tx *store.Tx) error {
		_, err := tx.UseRecoveryCode(t.Context(), "u-ana", "digest 1 of ana")
		return err
	})
	if model.KindOf(err) != model.Unavailable {
		t.Errorf("UseRecoveryCode() of one that was made unused = %v, want Unavailable", err)
	}
}

// Rows point at each other by their keys, and what the keys stand for is in the rows of the directory and of the organization.
func TestNothingIsDecidedWhereKeysStandForSomethingElse(t *testing.T) {
	t.Parallel()
	s, i := guardedStore(t)
	for what, c := range map[string]struct {
		table  string
		change []string
	}{
		"the ids of two accounts are exchanged": {"accounts", []string{
			`UPDATE accounts SET id = 'x' || id`, `UPDATE accounts SET id = '` + string(devAccount) + `' WHERE name = 'Live'`,
			`UPDATE accounts SET id = '` + string(prodAccount) + `' WHERE name = 'Dev'`}},
		"a unit is closed, and what is attached to it": {"ous", []string{`UPDATE ous SET to_seq = 1 WHERE id = '` + string(prodUnit) + `'`}},
		"a group has another id":                       {"groups", []string{`UPDATE groups SET id = 'g-exempt'`}},
		"a person who was shut out is enabled":         {"users", []string{`UPDATE users SET status = 'ENABLED' WHERE id = 'u-bo'`}},
		"a person has the id of another, and they theirs": {"users", []string{
			`UPDATE users SET id = 'x' || id`, `UPDATE users SET id = 'u-ana' WHERE user_name = 'bo'`,
			`UPDATE users SET id = 'u-bo' WHERE user_name = 'ana'`}},
	} {
		for _, statement := range c.change {
			i.Do(statement)
		}
		if _, err := s.Graph(t.Context()); model.KindOf(err) != model.Unavailable {
			t.Errorf("%s: Graph() = %v, want Unavailable", what, err)
		}
		i.Restore(c.table)
	}
	i.Do(`UPDATE users SET email = 'mallory@elsewhere.example' WHERE id = 'u-ana'`)
	if _, err := s.User(t.Context(), "u-ana"); model.KindOf(err) != model.Unavailable {
		t.Errorf("User() with another address = %v, want Unavailable", err)
	}
	if _, err := s.UsersByHandle(t.Context(), []string{"ana"}); model.KindOf(err) != model.Unavailable {
		t.Errorf("UsersByHandle() with another address = %v, want Unavailable", err)
	}
	if _, err := s.UserByName(t.Context(), "Ana"); model.KindOf(err) != model.Unavailable {
		t.Errorf("UserByName() with another address = %v, want Unavailable", err)
	}
	i.Restore("users")
	for _, table := range []string{"memberships", "groups"} {
		i.Do(`UPDATE ` + table + ` SET from_seq = from_seq + 1`)
		if _, err := s.MembershipsOf(t.Context(), "u-ana"); model.KindOf(err) != model.Unavailable {
			t.Errorf("MembershipsOf() where %s were changed = %v, want Unavailable", table, err)
		}
		i.Restore(table)
	}
}

func TestNobodyIsSignedInOnARowThatWasWrittenOutside(t *testing.T) {
	t.Parallel()
	s, i := guardedStore(t)
	ask := func(what string, ask func() error) {
		t.Helper()
		if err := ask(); model.KindOf(err) != model.Unavailable {
			t.Errorf("%s: %v, want Unavailable", what, err)
		}
	}
	session := func() error { _, _, err := s.SessionByDigest(t.Context(), "raised cookie of ana"); return err }
	role := func() error { _, _, err := s.RoleSession(t.Context(), "ASIABO"); return err }
	link := func() error { _, err := s.Link(t.Context(), "link of bo"); return err }
	if err := errors.Join(session(), role(), link()); err != nil {
		t.Fatal(err)
	}
	i.Do(`UPDATE sessions SET user_pk = (SELECT pk FROM users WHERE id = 'u-bo')`)
	ask("a session of somebody else", session)
	ask("raising it", func() error {
		return try(t.Context(), s, func(tx *store.Tx) error {
			_, err := tx.RaiseSession(t.Context(), model.Session{ID: "s-ana"}, "raised cookie of ana", "another")
			return err
		})
	})
	i.Restore("sessions")
	i.Do(`UPDATE sessions SET factor_at = '2036-01-01 00:00:00+00:00'`)
	ask("a session whose factor never gets old", session)
	i.Do(`UPDATE role_sessions SET revoked_at = NULL`)
	ask("role credentials that were revoked", role)
	i.Do(`UPDATE links SET used_at = NULL`)
	ask("a link that was used", link)
	ask("whether a second factor was reset", func() error {
		_, err := s.FactorReset(t.Context(), "u-bo")
		return err
	})
	ask("using it", func() error {
		return try(t.Context(), s, func(tx *store.Tx) error { _, err := tx.UseLink(t.Context(), "l-bo"); return err })
	})
}

func TestARowThatWasWrittenOutsideKeepsNobodyIn(t *testing.T) {
	t.Parallel()
	s, i := guardedStore(t)
	i.Do(`INSERT INTO sessions (pk, id, digest, user_pk, stage, methods, created_at, last_seen_at, source_ip, user_agent, epoch, flash, mac)
		SELECT 9000, 'forged', 'forged', user_pk, 'signed-in', methods, created_at, last_seen_at, source_ip, user_agent, epoch, flash, mac
		FROM sessions WHERE id = 's-ana'`)
	i.Do(`INSERT INTO sessions (pk, id, digest, user_pk, stage, methods, created_at, last_seen_at, source_ip, user_agent, epoch, flash, mac)
		SELECT 9001, 'unknown', 'unknown', user_pk, stage, methods, created_at, last_seen_at, source_ip, user_agent, epoch, flash,
			'ffffffff.c3RvbGVu' FROM sessions WHERE id = 's-ana'`)
	change(t, s, func(tx *store.Tx) error { return tx.RevokeSessions(t.Context(), "u-ana") })
	if session, _, err := s.SessionByDigest(t.Context(), "raised cookie of ana"); err != nil || session.EndedAt.IsZero() {
		t.Errorf("her session ended at %v, %v", session.EndedAt, err)
	}
	if _, _, err := s.SessionByDigest(t.Context(), "forged"); model.KindOf(err) != model.Unavailable {
		t.Errorf("the forged one: %v, want Unavailable", err)
	}
	if found := damages(t, s); len(found) != 3 || !strings.Contains(found[0], "pk=9000") || !strings.Contains(found[1], "pk=9001") {
		t.Errorf("found %q, want both forged rows and the count of the table", found)
	}
}

func TestASessionThatWasChangedOutsideIsEndedWithItsRoleCredentials(t *testing.T) {
	t.Parallel()
	s, i := guardedStore(t)
	i.Do(`UPDATE sessions SET source_ip = '198.51.100.7' WHERE id = 's-ana'`)
	change(t, s, func(tx *store.Tx) error {
		if ok, err := tx.RevokeSession(t.Context(), "u-ana", "s-ana"); err != nil || !ok {
			t.Errorf("RevokeSession() = %v, %v", ok, err)
		}
		return nil
	})
	if role, _, err := s.RoleSession(t.Context(), "ASIAANA"); err != nil || role.RevokedAt.IsZero() {
		t.Errorf("its role credentials were revoked at %v, %v", role.RevokedAt, err)
	}
}

// A row may be hidden for the moment in which its person's sessions are ended.
func TestARowThatWasHiddenWhileItsLikeEndedIsFoundWhenItIsPutBack(t *testing.T) {
	t.Parallel()
	s, i := guardedStore(t)
	i.Do(`UPDATE sessions SET flash = 'x' || flash WHERE id = 's-ana'`)
	change(t, s, func(tx *store.Tx) error { return tx.RevokeSessions(t.Context(), "u-ana") })
	i.Do(`UPDATE sessions SET flash = substr(flash, 2) WHERE id = 's-ana'`)
	if found := damages(t, s); len(found) != 1 || !strings.Contains(found[0], "table sessions") {
		t.Errorf("found %q, want a session too many", found)
	}
}

func TestAChangeDoesNotHideWhatWasChangedBefore(t *testing.T) {
	t.Parallel()
	s, i := guardedStore(t)
	i.Do(`UPDATE passwords SET hash = 'known to the intruder'`)
	if err := try(t.Context(), s, func(tx *store.Tx) error { return tx.UsePassword(t.Context(), "u-ana", 12) }); err == nil {
		t.Error("a row that was changed from outside got a new MAC")
	}
	if found := damages(t, s); len(found) != 2 {
		t.Errorf("found %q, want both passwords", found)
	}
}

func TestAnotherKeyMakesTheMACsOfAllRowsAnew(t *testing.T) {
	t.Parallel()
	s, i := guardedStore(t)
	rows := 0
	for _, table := range protected {
		if slices.Contains(i.Columns(table), "mac") && table != "head" {
			rows += len(i.Rows(table))
		}
	}
	v, err := vault.New(rand.Reader, newKey(t), storetest.MasterKey(t))
	if err != nil {
		t.Fatal(err)
	}
	keys := v.RowKeys()
	if _, err := s.Guard(t.Context(), keys); err != nil {
		t.Fatal(err)
	}
	change(t, s, func(tx *store.Tx) error {
		n, err := tx.RemakeMACs(t.Context())
		if n != rows {
			t.Errorf("RemakeMACs() = %d, want %d", n, rows)
		}
		return err
	})
	counts, err := s.MACsByKey(t.Context())
	if err != nil || len(counts) != 1 || counts[v.KeyID()] != rows {
		t.Errorf("MACsByKey() = %v, %v; want all %d under %s", counts, err, rows, v.KeyID())
	}
	if found := damages(t, s); len(found) > 0 {
		t.Errorf("under the other key: %q", found)
	}
}

func TestAStoreWithoutItsKeyDoesNothing(t *testing.T) {
	t.Parallel()
	location := storetest.Location(t)
	s, err := store.Open(t.Context(), location, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := try(t.Context(), s, func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrUnguarded) {
		t.Errorf("Update() = %v, want ErrUnguarded", err)
	}
	if _, err := s.Password(t.Context(), "u-ana"); !errors.Is(err, store.ErrUnguarded) {
		t.Errorf("Password() = %v, want ErrUnguarded", err)
	}
	storetest.Guard(t, s)
	if _, err := s.Guard(t.Context(), otherKeys(t)); model.KindOf(err) != model.Unavailable {
		t.Errorf("Guard() with another key = %v, want Unavailable", err)
	}
}

func newKey(t *testing.T) vault.Key {
	t.Helper()
	key, err := vault.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func otherKeys(t *testing.T) vault.RowKeys {
	t.Helper()
	v, err := vault.New(rand.Reader, newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	keys := v.RowKeys()
	return keys
}

// damages is everything that is found wrong with a database.
func damages(t *testing.T, s *store.Store) []string {
	t.Helper()
	var found []string
	err := s.Snapshot(t.Context(), func(r store.Reader) error {
		return r.Inspect(t.Context(), func(d store.Damage) { found = append(found, d.Error()) })
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
