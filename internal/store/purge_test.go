package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

func TestOldRowsGoAndWhatIsShownStays(t *testing.T) {
	t.Parallel()
	location := storetest.Location(t)
	now := noon
	s, err := store.Open(t.Context(), location, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	storetest.Guard(t, s)
	ana := model.UserID("u-ana")
	change(t, s, func(tx *store.Tx) error {
		return tx.InsertUser(t.Context(), model.User{ID: ana, UserName: "ana", Email: "ana@securecart.example", Status: model.UserEnabled})
	})
	for day := range 3 { // a sign-in, one that was given up, a link, a report, an app and a challenge each day
		change(t, s, func(tx *store.Tx) error { return oneDay(t, tx, ana, day) })
		now = now.Add(24 * time.Hour)
	}
	purge := func(before time.Time, most int) (gone int64) {
		t.Helper()
		change(t, s, func(tx *store.Tx) (err error) { gone, err = tx.Purge(t.Context(), before, most); return err })
		return gone
	}
	if gone := purge(noon.Add(-time.Hour), 100); gone != 0 {
		t.Errorf("%d rows went that are younger", gone)
	}
	// Of the sessions three that were given up and two sign-ins, of links and reports two each, all apps and challenges.
	if gone := purge(now, 2); gone != 10 {
		t.Errorf("%d rows went, want two of each kind", gone)
	}
	if gone := purge(now, 100); gone != 5 {
		t.Errorf("%d rows went, want three more sessions, an app and a challenge", gone)
	}
	if found := damages(t, s); len(found) > 0 {
		t.Errorf("what was forgotten looks as if it had been taken away: %q", found)
	}
	row, err := s.UserRow(t.Context(), ana)
	if err != nil || !row.LastSignIn.Equal(noon.Add(48*time.Hour)) {
		t.Errorf("last sign-in %v, %v; want the newest", row.LastSignIn, err)
	}
	if l, err := s.NewestLink(t.Context(), ana); err != nil || l.ID != "link-2" {
		t.Errorf("NewestLink() = %v, %v", l, err)
	}
	if r, err := s.NewestReport(t.Context(), store.CredentialReport); err != nil || r.ID != "report-2" {
		t.Errorf("NewestReport() = %v, %v", r, err)
	}
}

func oneDay(t *testing.T, tx *store.Tx, user model.UserID, day int) error {
	id := func(kind string) string { return fmt.Sprintf("%s-%d", kind, day) }
	_, err := tx.InsertChallenge(t.Context(), store.Challenge{Digest: id("challenge")}, time.Minute, 100)
	return errors.Join(err,
		tx.InsertTOTPDevice(t.Context(), user, model.TOTPDevice{ID: model.DeviceID(id("app")), Name: "Phone", Secret: []byte("s")}),
		tx.InsertSession(t.Context(), model.Session{ID: model.SessionID(id("in")), User: user, Stage: model.StageSignedIn,
			SignedInAt: tx.Now()}, id("in")),
		tx.InsertSession(t.Context(), model.Session{ID: model.SessionID(id("half")), User: user, Stage: model.StagePassword}, id("half")),
		tx.InsertLink(t.Context(), model.Link{ID: model.LinkID(id("link")), User: user, Purpose: model.LinkInvitation,
			ExpiresAt: tx.Now().Add(time.Hour)}, id("link")),
		tx.InsertReport(t.Context(), store.Report{ID: id("report"), Kind: store.CredentialReport, GeneratedAt: tx.Now()}))
}
