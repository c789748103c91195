package e2e

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// run runs a command of the console over its database to the end.
func (c *console) run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	cmd, err := c.command(context.WithoutCancel(t.Context()), args...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestARotationOfKeysMayBeKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	c := newConsole(t.TempDir())
	c.must(c.seed())
	started := time.Now()
	if out, err := c.run(t, "keys", "rotate"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := time.Since(started)
	killed := 0
	for round := range 20 {
		cmd, err := c.command(context.WithoutCancel(t.Context()), "keys", "rotate")
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.Float64() * float64(whole)))
		_ = cmd.Process.Kill()
		if err := cmd.Wait(); err != nil {
			killed++
		}
		if out, err := c.run(t, "audit", "verify"); err != nil {
			t.Fatalf("after it was killed in round %d: %v\n%s", round, err, out)
		}
	}
	if killed == 0 {
		t.Error("none was killed before its end")
	}
	if out, err := c.run(t, "keys", "rotate"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := c.run(t, "audit", "verify"); err != nil || strings.Contains(out, "note:") {
		t.Errorf("%v\n%s", err, out)
	}
	c.must(c.start())
	c.until(t)
	c.signIn(t, auditor) // whose second factor was sealed under a key that is long gone from the top of the file
}

func TestAConsoleSignsItsTrailAtTheStartAndWhenItStops(t *testing.T) {
	t.Parallel()
	c := newConsole(t.TempDir())
	c.must(c.seed())
	c.must(c.start())
	c.signIn(t, auditor)
	if err := c.quit(); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(c.out.String(), "checkpoint=gatehouse-checkpoint-1/"); n != 2 {
		t.Errorf("%d checkpoints were printed, want one at the start and one at the end:\n%s", n, c.out)
	}
	if out, err := c.run(t, "audit", "verify"); err != nil || !strings.Contains(out, "2 signed") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAConsoleDoesNotServeATrailThatWasChanged(t *testing.T) {
	t.Parallel()
	c := newConsole(t.TempDir())
	c.must(c.seed())
	db, err := sql.Open("sqlite", c.db)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{`DROP TRIGGER events_no_update`, `UPDATE events SET summary = 'nothing' WHERE seq = 5`} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	out, err := c.run(t, "--addr", "localhost:0", "serve")
	if err == nil || !strings.Contains(out, "event 5: it was changed") || !strings.Contains(out, "console audit accept") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := c.run(t, "audit", "accept", "--reason", "A test of the fire brigade"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c.must(c.start())
	c.until(t)
	if out, err := c.run(t, "audit", "verify"); err == nil || !strings.Contains(out, "event 5") {
		t.Errorf("the damage is not named any more: %v\n%s", err, out)
	}
}
