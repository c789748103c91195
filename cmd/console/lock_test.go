package main

import (
	"path/filepath"
	"testing"
)

func TestOneProcessServesADatabase(t *testing.T) {
	c := config{DB: filepath.Join(t.TempDir(), "gatehouse.db")}
	first, err := lockFile(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockFile(c); err == nil {
		t.Error("a second lock was given while the first is held")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := lockFile(c)
	if err != nil {
		t.Fatalf("lockFile() after the first was released = %v", err)
	}
	again.Close()
}
