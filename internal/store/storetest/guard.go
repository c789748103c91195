package storetest

import (
	"crypto/rand"
	"testing"

	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// Guard gives a store the keys of its MACs: the same for every test, so that a database can be opened twice.
func Guard(t testing.TB, s *store.Store) {
	t.Helper()
	if _, err := s.Guard(t.Context(), Keys(t)); err != nil {
		t.Fatal(err)
	}
}

// Keys are the keys that Guard gives.
func Keys(t testing.TB) vault.RowKeys {
	t.Helper()
	v, err := vault.New(rand.Reader, MasterKey(t))
	if err != nil {
		t.Fatal(err)
	}
	rows := v.RowKeys()
	return rows
}

// MasterKey is the master key that Keys come from.
func MasterKey(t testing.TB) vault.Key {
	t.Helper()
	keys, err := vault.ParseKeys("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	return keys[0]
}
