package handlers_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/internal/catalog"
	"gatehouse/internal/center"
	"gatehouse/internal/handlers"
	"gatehouse/internal/mail"
	"gatehouse/internal/mfa/softkey"
	"gatehouse/internal/model"
	"gatehouse/internal/securecart"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
	"gatehouse/internal/vault"
)

const elenasPassword = "a password nobody knows"

// enforce puts changed rules for signing in in force.
func (s *shop) enforce(t *testing.T, change func(*model.SignInPolicy)) {
	t.Helper()
	p, err := s.center.Store.SignInPolicy(t.Context())
	must(t, err)
	change(&p)
	must(t, s.center.UpdateSignInPolicy(t.Context(), host, p, ""))
}

// withMail is the shop with an SMTP server that nothing is handed to: e-mails stay in the outbox.
func (s *shop) withMail(t *testing.T) *shop {
	t.Helper()
	server, err := mail.Parse("smtps://mail.example", "Gatehouse <id@securecart.example>", "")
	must(t, err)
	s.center.Mail, s.center.BaseURL = &server, "http://gatehouse.example"
	return s
}

// signedOut is the shop for a browser that nobody signed in with.
func (s *shop) signedOut() *shop {
	s.cookies = nil
	return s
}

// withKey is the shop whose administrator has a security key.
func (s *shop) withKey(t *testing.T) *shop {
	t.Helper()
	options := s.serve(http.MethodPost, "/me/keys/options", url.Values{})
	key := softkey.Key{Origin: "http://gatehouse.example"}
	answer, err := key.Create(options.Body.Bytes())
	must(t, err)
	if w := s.serve(http.MethodPost, "/me/keys/new", url.Values{"key": {answer}, "name": {"Blue key"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("register a key: %d %s", w.Code, main(w))
	}
	return s
}

// withPassword is the shop for a browser whose person has given the right password.
func (s *shop) withPassword(t *testing.T) *shop {
	t.Helper()
	s.cookies = nil
	s.take(s.serve(http.MethodPost, "/signin", url.Values{"username": {"elena.novak"}, "password": {elenasPassword}}))
	return s
}

// take keeps the cookies of an answer, as a browser does.
func (s *shop) take(w *httptest.ResponseRecorder) {
	for _, c := range w.Result().Cookies() {
		if c.MaxAge >= 0 {
			s.cookies = append(s.cookies, c)
		}
	}
}

// invitation is the token of a link for somebody who has no password yet.
func (s *shop) invitation(t *testing.T) string {
	t.Helper()
	token, err := s.center.Invite(t.Context(), host, s.planted.Users["ben.carter"], center.ByHand)
	if err != nil {
		t.Fatal(err)
	}
	return token.Reveal()
}

// shop is the console over SecureCart in a database of its own. Identifiers come from a seed, so that every shop has the
// same and a form found in one can be sent to another.
type shop struct {
	center   *center.Center
	planted  securecart.Planted
	handler  http.Handler
	cookies  []*http.Cookie // of the browser
	now      time.Time
	location string // of its database
	observer *storetest.Observer
	seen     storetest.Contents // when it was looked at last
}

// watch is who looks at the database.
func (s *shop) watch(t *testing.T) *storetest.Observer {
	t.Helper()
	if s.observer == nil {
		s.observer = storetest.NewObserver(t, s.location)
	}
	return s.observer
}

// close gives back what the shop holds, before the test is over: one test may go through thousands of shops.
func (s *shop) close(t *testing.T) {
	t.Helper()
	must(t, s.center.Store.Close())
	if s.observer != nil {
		s.observer.Close()
	}
	*s = shop{}
}

// wrote lists what was written since a moment, the trail aside: into it a refusal is written as well.
func (s *shop) wrote(t *testing.T, since int64) []string {
	t.Helper()
	return slices.DeleteFunc(s.watch(t).Writes(since), func(name string) bool {
		_, table, _ := strings.Cut(name, " ")
		return table == "events" || table == "event_objects" || table == "head"
	})
}

// opening is when every shop opens.
var opening = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// openShop opens the shop on a copy of one that was filled before.
func openShop(t *testing.T) *shop {
	t.Helper()
	first := filled(t)
	s := newShop(t, storetest.Copy(t, first.file), "other ones for all that is later!")
	s.planted, s.cookies = first.planted, slices.Clone(first.cookies)
	return s
}

// openAgain signs the administrator in anew, after a time that no session lasts.
func (s *shop) openAgain(t *testing.T) {
	t.Helper()
	u, err := s.center.Store.User(t.Context(), s.planted.People[0].ID)
	must(t, err)
	s.cookies = []*http.Cookie{{Name: "gatehouse", Value: s.session(t, model.Session{User: u.ID, Stage: model.StageSignedIn,
		Methods: "password totp", SignedInAt: s.now, FactorAt: s.now, Epoch: u.SessionEpoch})}}
}

// session keeps a session under an id of its own, and returns what its cookie carries.
func (s *shop) session(t *testing.T, session model.Session) string {
	t.Helper()
	token, digest, err := vault.NewToken(s.center.Random)
	must(t, err)
	id, err := model.NewUUID(s.center.Random)
	must(t, err)
	session.ID = model.SessionID(id)
	must(t, s.center.Store.Housekeep(t.Context(), func(tx *store.Tx) error { return tx.InsertSession(t.Context(), session, digest) }))
	return token.Reveal()
}

// stock is a shop's database, and what is known of it.
type stock struct {
	file    []byte
	planted securecart.Planted
	cookies []*http.Cookie
}

// filled is the stock of every shop. Filling a database takes a hundred times as long as copying it.
func filled(t *testing.T) stock {
	t.Helper()
	shelf.Do(func() { shelf.stock = fill(t) })
	return shelf.stock
}

var shelf struct {
	sync.Once
	stock
}

// fill plants the sample, with an administrator who is signed in.
func fill(t *testing.T) stock {
	t.Helper()
	s, ctx := openEmptyShop(t), t.Context()
	planted, err := securecart.Seed(ctx, s.center, host)
	must(t, err)
	elena := planted.People[0].User
	_, err = s.center.ProvisionCredentials(ctx, host, elena.ID, elenasPassword)
	must(t, err)
	_, err = s.center.GenerateCredentialReport(ctx, host)
	must(t, err)
	s.wish(t, planted)
	token, digest, err := vault.NewToken(s.center.Random)
	must(t, err)
	must(t, s.center.Store.Housekeep(ctx, func(tx *store.Tx) error {
		return tx.InsertSession(ctx, model.Session{ID: "11111111-1111-4111-8111-111111111111", User: elena.ID, Stage: model.StageSignedIn,
			Methods: "password totp", SignedInAt: s.now, FactorAt: s.now, Epoch: elena.SessionEpoch}, digest)
	}))
	must(t, s.center.Store.Close())
	file, err := os.ReadFile(s.location)
	must(t, err)
	return stock{file, planted, []*http.Cookie{{Name: "gatehouse", Value: token.Reveal()}}}
}

// openEmptyShop is a console that was never set up.
func openEmptyShop(t *testing.T) *shop {
	t.Helper()
	return newShop(t, storetest.Copy(t, nil), "the same identifiers every time!")
}

// newShop is a console on a database. All that is random comes from a seed of 32 bytes.
func newShop(t *testing.T, location, seed string) *shop {
	t.Helper()
	s := &shop{now: opening, location: location}
	clock := func() time.Time { return s.now }
	db, err := store.Open(t.Context(), location, clock)
	must(t, err)
	storetest.Guard(t, db)
	t.Cleanup(func() { must(t, db.Close()) })
	random := rand.NewChaCha8([32]byte([]byte(seed)))
	keys, err := vault.New(random, storetest.MasterKey(t))
	must(t, err)
	hasher, err := vault.NewHasher(vault.Cost{Passes: 1, MemoryKiB: 64, Lanes: 1})
	must(t, err)
	books, err := library()
	must(t, err)
	log := slog.New(slog.DiscardHandler)
	s.center = center.New(center.Config{Store: db, Vault: keys, Hasher: hasher, Limits: signin.DefaultLimits(), Catalog: books,
		BaseURL: "http://gatehouse.example", Now: clock, Random: random, Log: log})
	s.handler = handlers.New(handlers.Config{Center: s.center, Log: log, Now: clock, BaseURL: "http://gatehouse.example"})
	return s
}

// library is the catalogue, read once.
var library = sync.OnceValues(catalog.Load)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s *shop) serve(method, path string, form url.Values) *httptest.ResponseRecorder {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, "http://gatehouse.example"+path, body)
	for _, c := range s.cookies {
		r.AddCookie(c)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// wish has the help desk wish that the profile of the auditor be changed, and wait for approval, as it does where a second
// administrator is asked for.
func (s *shop) wish(t *testing.T, planted securecart.Planted) {
	t.Helper()
	of := map[string]model.User{}
	for _, p := range planted.People {
		of[p.Role] = p.User
	}
	asker, changed := of["help-desk"], of["auditor"]
	changed.Title = "Auditor of everything"
	act, err := json.Marshal(map[string]any{"User": changed})
	must(t, err)
	must(t, s.center.Store.Housekeep(t.Context(), func(tx *store.Tx) error {
		return tx.InsertApproval(t.Context(), model.Approval{ID: waitingApproval, Action: model.ActUpdateUser, Act: string(act),
			Summary: "Changed the profile of " + changed.DisplayName, Reason: "CHG-11", AskedBy: asker.ID, AskedName: asker.DisplayName,
			Objects:  []model.Ref{{Kind: model.RefUser, ID: string(changed.ID), Name: changed.DisplayName}},
			FactorAt: s.now, EndsAt: s.now.Add(model.ApprovalLife)})
	}))
}

// waitingApproval is what waits for approval in every shop.
const waitingApproval = "22222222-2222-4222-8222-222222222222"
