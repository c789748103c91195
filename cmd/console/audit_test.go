package main

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/vault"
)

// verified runs audit verify and returns what it printed and its exit status.
func verified(t *testing.T, db string, args ...string) (string, int) {
	t.Helper()
	out, err := console(t, db, append([]string{"audit", "verify"}, args...)...)
	if err == nil {
		return out, 0
	}
	return out + err.Error(), statusOf(err)
}

func TestVerifyTellsByItsExitStatus(t *testing.T) {
	db := seededDatabase(t)
	if out, status := verified(t, db); status != 0 || !strings.Contains(out, "rows          whole") {
		t.Errorf("a database that nobody touched: status %d\n%s", status, out)
	}
	backup := copied(t, db)
	if err := os.Chmod(backup, 0o400); err != nil {
		t.Fatal(err)
	}
	if out, status := verified(t, db, backup); status != 0 {
		t.Errorf("a backup: status %d\n%s", status, out)
	}
	for what, statements := range map[string][]string{
		"a grant":      {`UPDATE assignments SET expires_at = NULL, set_pk = (SELECT max(pk) FROM permission_sets)`},
		"a password":   {`UPDATE passwords SET hash = 'known'`},
		"a membership": {`DELETE FROM memberships WHERE pk = (SELECT min(pk) FROM memberships)`},
		"an event":     {`DROP TRIGGER events_no_update`, `UPDATE events SET summary = 'nothing' WHERE seq = 3`},
		"a history":    {`DELETE FROM event_objects WHERE seq = 3`},
		"another one":  {`INSERT INTO event_objects (kind, id, seq) VALUES ('user', 'nobody', 3)`},
		"the end":      {`DROP TRIGGER events_no_delete`, `PRAGMA foreign_keys = OFF`, `DELETE FROM events WHERE seq > 90`},
	} {
		spoiled := copied(t, db)
		tamper(t, spoiled, statements...)
		if out, status := verified(t, db, spoiled); status != exitBroken || !strings.Contains(out, "BROKEN") {
			t.Errorf("%s was changed: status %d\n%s", what, status, out)
		}
	}
	for what, args := range map[string][]string{"a file that is not there": {db + ".none"}, "two files": {db, db},
		"no checkpoint in the file": {"--checkpoint", db}, "an unknown flag": {"--fast"}} {
		if out, status := verified(t, db, args...); status != exitUnlooked {
			t.Errorf("%s: status %d\n%s", what, status, out)
		}
	}
	if _, err := os.Stat(db + ".none"); err == nil {
		t.Error("a database was made where there was none to look at")
	}
}

func TestWithoutTheKeyOnlyTheChainIsLookedAt(t *testing.T) {
	db := seededDatabase(t)
	if err := os.Rename(filepath.Join(filepath.Dir(db), "master.key"), filepath.Join(t.TempDir(), "away")); err != nil {
		t.Fatal(err)
	}
	if out, status := verified(t, db); status != exitUnlooked || !strings.Contains(out, "--without-key") {
		t.Errorf("without the key: status %d\n%s", status, out)
	}
	if out, status := verified(t, db, "--without-key"); status != 0 || strings.Contains(out, "rows    ") ||
		!strings.Contains(out, "note: without the master key") {
		t.Errorf("with --without-key: status %d\n%s", status, out)
	}
}

func TestAHistoryThatWasChangedIsFoundWithoutTheKey(t *testing.T) {
	db := seededDatabase(t)
	tamper(t, db, `DELETE FROM event_objects WHERE seq = 3`)
	out, status := verified(t, db, "--without-key")
	if status != exitBroken || !strings.Contains(out, "rows          BROKEN") || !strings.Contains(out, "rows: table event_objects, row seq=3 ") {
		t.Errorf("status %d\n%s", status, out)
	}
}

func TestAnExportedTrailCanBeVerified(t *testing.T) {
	db := seededDatabase(t)
	lines, err := console(t, db, "audit", "export", "--format", "jsonl")
	if err != nil {
		t.Fatal(err)
	}
	write := func(text string) string {
		path := filepath.Join(t.TempDir(), "events.jsonl")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if out, status := verified(t, db, write(lines)); status != 0 || strings.Contains(out, "note:") {
		t.Errorf("the whole trail: status %d\n%s", status, out)
	}
	all := strings.SplitAfter(lines, "\n")
	if out, status := verified(t, db, write(strings.Join(all[5:], ""))); status != 0 || !strings.Contains(out, "begins with event 6") {
		t.Errorf("a part of it: status %d\n%s", status, out)
	}
	if out, status := verified(t, db, write(strings.Join(slices.Delete(all, 7, 8), ""))); status != exitBroken {
		t.Errorf("with a line left out: status %d\n%s", status, out)
	}
	tail, err := console(t, db, "audit", "export", "--after", "90")
	if err != nil || !strings.HasPrefix(tail, `{"seq":91,`) {
		t.Errorf("export --after 90: %v\n%.80s", err, tail)
	}
}

func TestAcceptGoesOnWithADamagedDatabaseAndSaysSo(t *testing.T) {
	db := seededDatabase(t)
	if _, err := console(t, db, "audit", "accept", "--reason", "none"); err == nil {
		t.Error("a whole database was accepted as a damaged one")
	}
	tamper(t, db, `UPDATE passwords SET hash = 'known' WHERE user_pk = (SELECT min(user_pk) FROM passwords)`,
		`UPDATE documents SET body = body || ' ' WHERE hash = (SELECT document_hash FROM policy_versions LIMIT 1)`,
		`UPDATE head SET seq = seq - 1`)
	if _, err := console(t, db, "recover", "ana.beltran"); err == nil {
		t.Error("a command went on with a damaged database")
	}
	if _, err := console(t, db, "audit", "accept"); err == nil {
		t.Error("damage was accepted without a reason")
	}
	out, err := console(t, db, "audit", "accept", "--reason", "The disk was replaced")
	if err != nil || !strings.Contains(out, "This was accepted") {
		t.Fatalf("accept: %v\n%s", err, out)
	}
	if out, status := verified(t, db); status != 0 {
		t.Errorf("afterwards: status %d\n%s", status, out)
	}
	lines, err := console(t, db, "audit", "export")
	if err != nil || !strings.Contains(lines, "gatehouse:AcceptDamage") || !strings.Contains(lines, "The disk was replaced") {
		t.Errorf("the trail does not say so: %v", err)
	}
	if out, err := console(t, db, "recover", "ana.beltran"); err != nil {
		t.Errorf("recover afterwards: %v\n%s", err, out)
	}
}

var keyLine = regexp.MustCompile(`(?m)^([0-9a-f]{8})  (\S.*?)  +(\d+)  +(\d+)`)

func shown(t *testing.T, db string) [][]string {
	t.Helper()
	out, err := console(t, db, "keys", "show")
	if err != nil {
		t.Fatal(err)
	}
	if regexp.MustCompile(`[0-9a-f]{16}`).MatchString(out) {
		t.Errorf("keys show printed more than ids:\n%s", out)
	}
	return keyLine.FindAllStringSubmatch(out, -1)
}

func TestKeysAreRotatedInOneGo(t *testing.T) {
	db := seededDatabase(t)
	first := shown(t, db)
	if len(first) != 1 || first[0][2] != "seals" || first[0][4] != "18" {
		t.Fatalf("keys show: %q", first)
	}
	held, err := lockFile(config{DB: db})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := console(t, db, "keys", "rotate"); err == nil || !strings.Contains(err.Error(), "stop every console") {
		t.Errorf("rotate while a console serves: %v", err)
	}
	held.Close()
	if _, err := console(t, db, "keys", "rotate"); err != nil {
		t.Fatal(err)
	}
	both := shown(t, db)
	if len(both) != 2 || both[0][2] != "seals" || both[0][4] != "18" || both[1][1] != first[0][1] || both[1][3] != "0" {
		t.Fatalf("keys show after the rotation: %q", both)
	}
	for _, id := range []string{both[0][1], "01234567"} {
		if _, err := console(t, db, "keys", "forget", id); err == nil {
			t.Errorf("key %s was forgotten", id)
		}
	}
	if _, err := console(t, db, "keys", "forget", first[0][1]); err != nil {
		t.Fatal(err)
	}
	if left := shown(t, db); len(left) != 1 || left[0][1] != both[0][1] {
		t.Errorf("keys show: %q", left)
	}
	if out, status := verified(t, db); status != 0 || strings.Contains(out, "note:") {
		t.Errorf("status %d\n%s", status, out)
	}
	info, err := os.Stat(filepath.Join(filepath.Dir(db), "master.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file: %v, %v", info.Mode(), err)
	}
}

func TestARotationThatWasInterruptedGoesOn(t *testing.T) {
	db := seededDatabase(t)
	file := filepath.Join(filepath.Dir(db), "master.key")
	if err := vault.PrependKey(file, rand.Reader); err != nil { // and then the power went
		t.Fatal(err)
	}
	if out, status := verified(t, db); status != 0 {
		t.Errorf("status %d\n%s", status, out)
	}
	if out, err := console(t, db, "recover", "ana.beltran"); err != nil { // somebody goes on working
		t.Errorf("%v\n%s", err, out)
	}
	out, err := console(t, db, "keys", "rotate")
	if err != nil || !strings.Contains(out, "begun before") {
		t.Errorf("%v\n%s", err, out)
	}
	keys, err := vault.ReadKeyFile(file)
	if err != nil || len(keys) != 2 {
		t.Errorf("%d keys, %v; want that no third one was drawn", len(keys), err)
	}
	if list := shown(t, db); len(list) != 2 || list[1][3] != "0" || list[1][4] != "0" {
		t.Errorf("keys show: %q", list)
	}
}

func TestKeysInAVariableAreBroughtOverAndNotDrawn(t *testing.T) {
	db := seededDatabase(t)
	text, err := os.ReadFile(filepath.Join(filepath.Dir(db), "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	old := regexp.MustCompile(`(?m)^[0-9a-f]{64}$`).FindString(string(text))
	rotate := func(keys string) (string, error) {
		var out strings.Builder
		p := process{args: []string{"--db", db, "keys", "rotate"}, out: &out, err: &strings.Builder{},
			getenv: func(name string) string { return map[string]string{masterKeyVariable: keys}[name] }}
		err := p.run(t.Context())
		return out.String(), err
	}
	if _, err := rotate(old); err == nil || !strings.Contains(err.Error(), "put a new one in front") {
		t.Errorf("with one key: %v", err)
	}
	if out, err := rotate(strings.Repeat("ab", 32) + "," + old); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := rotate(old); err == nil || errors.Is(err, os.ErrNotExist) {
		t.Errorf("with the earlier key alone: %v\n%s", err, out)
	}
}
