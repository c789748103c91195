package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestOneProcessServesADatabase(t *testing.T) {
	c := config{DB: filepath.Join(t.TempDir(), "gatehouse.db")}
	first, err := lockFile(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockFile(c); err == nil || !strings.Contains(err.Error(), "served by another console") {
		t.Errorf("a second lock while the first is held: %v", err)
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
