package store_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

// largeDirectory opens a store with 100,000 people. Nine of ten have a factor and have signed in five times.
func largeDirectory(b *testing.B) *store.Store {
	b.Helper()
	location := storetest.Location(b)
	s, err := store.Open(b.Context(), location, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	storetest.Guard(b, s)
	driver := "sqlite"
	if strings.HasPrefix(location, "postgres://") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, location)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) `
	for _, statement := range []string{
		numbers + `INSERT INTO users (pk, id, user_name, user_name_folded, given_name, family_name, display_name, email,
				email_folded, title, search_folded, sort_folded, status, session_epoch, version, created_at, updated_at, from_seq, to_seq)
			SELECT i, 'u-' || i, 'user' || i, 'user' || i, 'G', 'F', 'User ' || i, 'u' || i || '@x.example',
			'u' || i || '@x.example', '', 'user ' || i, 'user ' || i, 'ENABLED', 1, 1, '2026-11-20 12:00:00+00:00',
			'2026-11-20 12:00:00+00:00', 1, NULL FROM n`,
		numbers + `INSERT INTO totp_devices (pk, id, user_pk, name, secret, session_id, last_step, confirmed_at, last_used_at,
				created_at, mac)
			SELECT i, 'd-' || i, i, 'phone', '', '', 0, '2026-11-20 12:00:00+00:00', NULL,
			'2026-11-20 12:00:00+00:00', '' FROM n WHERE i % 10 <> 0`,
		numbers + `INSERT INTO sessions (pk, id, digest, user_pk, stage, methods, signed_in_at, factor_at, created_at, last_seen_at,
				source_ip, user_agent, epoch, flash, ended_at)
			SELECT i * 5 + k, 's-' || i || '-' || k, 'h-' || i || '-' || k, i, 'signed-in', '',
			'2026-11-20 12:00:00+00:00', '2026-11-20 12:00:00+00:00', '2026-11-20 12:00:00+00:00', '2026-11-20 12:00:00+00:00',
			'', '', 1, '', NULL
			FROM n, (SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) five WHERE i % 10 <> 0`,
	} {
		if _, err := db.ExecContext(b.Context(), statement); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

func BenchmarkLargeDirectory(b *testing.B) {
	s := largeDirectory(b)
	for name, filter := range map[string]store.UserFilter{
		"everyone":        {},
		"without factor":  {Status: model.UserEnabled, WithoutFactor: true},
		"never signed in": {NeverSignedIn: true},
	} {
		b.Run("count "+name, func(b *testing.B) {
			for b.Loop() {
				if n, err := s.CountUsers(b.Context(), filter); err != nil || n == 0 {
					b.Fatal(n, err)
				}
			}
		})
		b.Run("list "+name, func(b *testing.B) {
			for b.Loop() {
				if list, err := s.Users(b.Context(), filter, store.UserPage{Limit: 50}); err != nil || len(list) != 50 {
					b.Fatal(len(list), err)
				}
			}
		})
	}
}

// BenchmarkGraph reads who can do what in a large organization, and of that the part that checks MACs.
func BenchmarkGraph(b *testing.B) {
	s := largeOrganization(b, 100_000)
	b.Run("read and check", func(b *testing.B) {
		for b.Loop() {
			if g, err := s.Graph(b.Context()); err != nil || len(g.Assignments) != 100_000 {
				b.Fatal(len(g.Assignments), err)
			}
		}
	})
	b.Run("check alone", func(b *testing.B) {
		for b.Loop() {
			if err := s.Inspect(b.Context(), func(d store.Damage) { b.Fatal(d) }); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// What the MACs of people cost where who can do what is read anew.
func BenchmarkPeopleOfTheGraph(b *testing.B) {
	s := largeOrganization(b, 0)
	const people = 20_000
	err := s.Housekeep(b.Context(), func(tx *store.Tx) error {
		for i := range people {
			id := fmt.Sprint("u-", i+2)
			u := model.User{ID: model.UserID(id), UserName: id, DisplayName: "Person " + id, Email: id + "@securecart.example"}
			if err := tx.InsertUser(b.Context(), u); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if g, err := s.Graph(b.Context()); err != nil || len(g.Users) != people+1 {
			b.Fatal(len(g.Users), err)
		}
	}
}

// largeOrganization opens a store with as many assignments of one person.
func largeOrganization(b *testing.B, rules int) *store.Store {
	b.Helper()
	location := storetest.Location(b)
	s, err := store.Open(b.Context(), location, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	storetest.Guard(b, s)
	err = s.Housekeep(b.Context(), func(tx *store.Tx) error {
		for _, err := range []error{
			tx.InsertOrganization(b.Context(), model.Organization{ID: "o-1", RootID: "r-1"}),
			tx.InsertOU(b.Context(), model.OU{ID: "r-1", Name: "Root"}),
			tx.InsertAccount(b.Context(), model.Account{ID: "111122223333", OU: "r-1", State: model.AccountActive}),
			tx.InsertUser(b.Context(), model.User{ID: "u-1", UserName: "ana"}),
			tx.InsertPermissionSet(b.Context(), model.PermissionSet{ID: "ps-1", Name: "Reader"}, "", nil),
		} {
			if err != nil {
				return err
			}
		}
		for i := range rules {
			err := tx.InsertAssignment(b.Context(), model.Assignment{ID: model.AssignmentID(fmt.Sprint("a-", i)), PermissionSet: "ps-1",
				Principal: model.Principal{Kind: model.PrincipalUser, ID: "u-1"}, Reason: "CHG-118",
				Target: model.Target{Kind: model.TargetAccount, ID: "111122223333"}})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}
