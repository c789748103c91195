package store_test

import (
	"database/sql"
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
		numbers + `INSERT INTO users SELECT i, 'u-' || i, 'user' || i, 'user' || i, 'G', 'F', 'User ' || i, 'u' || i || '@x.example',
			'u' || i || '@x.example', '', 'user ' || i, 'user ' || i, 'ENABLED', 1, 1, '2026-11-20 12:00:00+00:00',
			'2026-11-20 12:00:00+00:00', 1, NULL FROM n`,
		numbers + `INSERT INTO totp_devices SELECT i, 'd-' || i, i, 'phone', '', '', 0, '2026-11-20 12:00:00+00:00', NULL,
			'2026-11-20 12:00:00+00:00', '' FROM n WHERE i % 10 <> 0`,
		numbers + `INSERT INTO sessions SELECT i * 5 + k, 's-' || i || '-' || k, 'h-' || i || '-' || k, i, 'signed-in', '',
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
