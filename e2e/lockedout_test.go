package e2e

import (
	"database/sql"
	"testing"
)

// What an operator reads of somebody who is locked out takes more than a word, and has to fit.
func TestAPersonWhosePasswordAndCodesAreOffIsShownSoOnEveryScreen(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	dev := pick(t, c.people, "developer")
	j := newJourney(t, c.base, view{})
	j.Open("/signin")
	j.SignIn(c, pick(t, c.people, "administrator"))
	j.At("/")
	db, err := sql.Open("sqlite", c.db+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.ExecContext(t.Context(), `
		INSERT INTO attempts (user_pk, password_failures, code_failures, codes_disabled_at)
		SELECT pk, 100, 5, '2026-11-20 12:00:00+00:00' FROM users WHERE user_name = ?`, dev.UserName)
	if err != nil {
		t.Fatal(err)
	}
	j.Open("/users?q=" + dev.UserName)
	j.Click("a.gh-name")
	j.Click("Security")
	for _, v := range []view{{}, {dark: true}, {phone: true}, {phone: true, dark: true}} {
		j.Turn(v)
		j.See("off after 100 wrong ones")
		j.See("off after 5 wrong ones")
		j.Shot("user-locked-out")
		j.Axe()
	}
}
