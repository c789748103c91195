package center_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/mail"
	"gatehouse/internal/mail/mailtest"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
	"gatehouse/internal/vault"
)

// mailroom is staff whose e-mails go to a real SMTP server.
type mailroom struct {
	*staff
	server *mailtest.Server
}

func openMailroom(t *testing.T) *mailroom {
	t.Helper()
	s := openStaff(t)
	m := &mailroom{staff: s, server: mailtest.Start(t, mailtest.Kind{TLS: true, Auth: true})}
	to, err := mail.Parse("smtps://"+mailtest.User+"@"+m.server.Address, "Gatehouse <id@securecart.example>", mailtest.Password)
	if err != nil {
		t.Fatal(err)
	}
	to.Roots = m.server.Roots
	config := s.c.Config
	config.Mail, config.BaseURL = &to, "https://id.securecart.example"
	s.c = center.New(config)
	return m
}

// deliver sends what is due and returns the e-mails that arrived since the last time.
func (m *mailroom) deliver(t *testing.T) []mailtest.Letter {
	t.Helper()
	before := len(m.server.Letters())
	for {
		n, err := m.c.Deliver(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return m.server.Letters()[before:]
		}
	}
}

var linkIn = regexp.MustCompile(`https://id\.securecart\.example/invite/([A-Za-z0-9_-]{43})\n`)

// token is that of the link in an e-mail.
func token(t *testing.T, l mailtest.Letter) string {
	t.Helper()
	found := linkIn.FindStringSubmatch(l.Text)
	if found == nil {
		t.Fatalf("there is no link in %q", l.Text)
	}
	return found[1]
}

// dump is everything that the database file and what stands beside it hold.
func (o *office) dump(t *testing.T) []byte {
	t.Helper()
	files, err := filepath.Glob(o.path + "*")
	if err != nil || len(files) == 0 {
		t.Skip("the database is no file")
	}
	var all []byte
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text...)
	}
	return all
}

func TestAnInvitationByEMailReachesThePersonAndNobodyElse(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	u := m.user(t, "ana")
	shown, err := m.c.Invite(t.Context(), m.helpDesk, u.ID, center.ByMail)
	if err != nil || shown != "" {
		t.Fatalf("the operator sees %q, %v", shown.Reveal(), err)
	}
	m.trail(t, "Made an invitation for Ana Beltrán, good for 15 minutes, and sent by e-mail")
	queued := m.dump(t)
	letters := m.deliver(t)
	if len(letters) != 1 || letters[0].To != u.Email || !letters[0].TLS || letters[0].User != mailtest.User {
		t.Fatalf("arrived: %+v", letters)
	}
	secret := token(t, letters[0])
	for when, database := range map[string][]byte{"while it waits": queued, "after it was sent": m.dump(t)} {
		if bytes.Contains(database, []byte(secret)) {
			t.Errorf("the database has the token %s", when)
		}
	}
	box, err := m.c.Outbox(t.Context(), m.administrator)
	if err != nil || len(box.Mails) != 1 || box.Mails[0].State != model.MailSent || len(box.Mails[0].Body) != 0 || box.Counts[model.MailSent] != 1 {
		t.Errorf("the outbox: %+v, %v", box, err)
	}
	for who, actor := range map[string]model.Actor{"help desk": m.helpDesk, "nobody": m.nobody} {
		if _, err := m.c.Outbox(t.Context(), actor); model.KindOf(err) != model.Forbidden {
			t.Errorf("%s sees the outbox: %v", who, err)
		}
	}
	a, err := m.c.AcceptLink(t.Context(), visit, secret, goodPassword)
	if err != nil || a.Session.Stage != model.StageEnrolment {
		t.Errorf("the link leads to %q, %v", a.Session.Stage, err)
	}
}

// Somebody whose row was changed from outside gets nothing, and holds up nobody else.
func TestAnEMailToAPersonWhoWasChangedOutsideIsGivenUpAndOthersAreSent(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	for _, name := range []string{"ana", "bo"} {
		if _, err := m.c.Invite(t.Context(), m.helpDesk, m.user(t, name).ID, center.ByMail); err != nil {
			t.Fatal(err)
		}
	}
	storetest.NewIntruder(t, m.path).Do(`UPDATE users SET email = 'mallory@elsewhere.example' WHERE user_name = 'ana'`)
	if letters := m.deliver(t); len(letters) != 1 || letters[0].To != "bo@securecart.example" {
		t.Errorf("arrived: %+v", letters)
	}
}

func TestAnEMailBelongsToItsAct(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	u := m.user(t, "ana")
	if _, err := m.c.Invite(t.Context(), m.nobody, u.ID, center.ByMail); model.KindOf(err) != model.Forbidden {
		t.Fatal(err)
	}
	if letters := m.deliver(t); len(letters) != 0 {
		t.Errorf("a refused act sent %+v", letters)
	}
	m.c.Mail = nil
	_, err := m.c.Invite(t.Context(), m.helpDesk, u.ID, center.ByMail)
	kind(t, err, model.Conflict)
}

func TestFailuresAreTriedAgainWithGrowingPausesAndThenGivenUp(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	u := m.user(t, "ana")
	if _, err := m.c.Invite(t.Context(), host, u.ID, center.ByMail); err != nil {
		t.Fatal(err)
	}
	m.server.Refuse(451, "come back later")
	began := m.now
	var pauses []time.Duration
	for m.now.Sub(began) < 20*time.Minute {
		if _, err := m.c.Deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		box, err := m.c.Outbox(t.Context(), m.administrator)
		if err != nil {
			t.Fatal(err)
		}
		if it := box.Mails[0]; it.State == model.MailQueued {
			if !strings.Contains(it.Problem, "come back later") {
				t.Errorf("the problem is %q", it.Problem)
			}
			pauses = append(pauses, it.NextAt.Sub(m.now))
			m.now = it.NextAt
			continue
		}
		break
	}
	want := []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 160 * time.Second,
		320 * time.Second, 270 * time.Second}
	if len(pauses) != len(want) {
		t.Fatalf("the pauses are %v", pauses)
	}
	for i := range want {
		if pauses[i] != want[i] {
			t.Errorf("pause %d is %s", i, pauses[i])
		}
	}
	box, err := m.c.Outbox(t.Context(), m.administrator)
	if err != nil || box.Mails[0].State != model.MailFailed || !strings.Contains(box.Mails[0].Problem, "out of date") {
		t.Errorf("in the end: %+v, %v", box.Mails[0], err)
	}

	if _, err := m.c.Invite(t.Context(), host, u.ID, center.ByMail); err != nil {
		t.Fatal(err)
	}
	m.server.Refuse(451, "come back later")
	if _, err := m.c.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.server.Refuse(0, "")
	m.now = m.now.Add(10 * time.Second)
	if letters := m.deliver(t); len(letters) != 1 {
		t.Errorf("once the server takes it again: %+v", letters)
	}
	if _, err := m.c.Invite(t.Context(), host, u.ID, center.ByMail); err != nil {
		t.Fatal(err)
	}
	m.server.Refuse(550, "no such mailbox")
	m.deliver(t)
	box, err = m.c.Outbox(t.Context(), m.administrator)
	if err != nil || box.Mails[0].State != model.MailFailed || box.Mails[0].Attempts != 1 || !strings.Contains(box.Mails[0].Problem, "no such mailbox") {
		t.Errorf("a permanent failure: %+v, %v", box.Mails[0], err)
	}
}

func TestSeveralConsolesSendEachEMailOnce(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	for _, name := range []string{"ana", "ben", "cleo", "dora", "emil"} {
		if _, err := m.c.Invite(t.Context(), host, m.user(t, name).ID, center.ByMail); err != nil {
			t.Fatal(err)
		}
	}
	second := m.again(t)
	done := make(chan error)
	for _, c := range []*center.Center{m.c, second.c} {
		go func() {
			_, err := c.Deliver(t.Context())
			done <- err
		}()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	to := map[string]int{}
	for _, l := range m.server.Letters() {
		to[l.To]++
	}
	if len(to) != 5 || len(m.server.Letters()) != 5 {
		t.Errorf("arrived: %v", to)
	}
}

func TestNothingGoesOutToWhomItIsNotForAnyMore(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	off, gone, moved := m.user(t, "off"), m.user(t, "gone"), m.user(t, "moved")
	for _, u := range []model.User{off, gone, moved} {
		if _, err := m.c.Invite(t.Context(), host, u.ID, center.ByMail); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{m.c.DisableUser(t.Context(), host, off.ID, ""), m.c.DeleteUser(t.Context(), host, gone.ID, "")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	moved.Email = "elsewhere@securecart.example"
	if _, err := m.c.UpdateUser(t.Context(), host, moved, ""); err != nil {
		t.Fatal(err)
	}
	if letters := m.deliver(t); len(letters) != 1 || letters[0].To != "moved@securecart.example" || strings.Contains(letters[0].Text, "/invite/") {
		t.Errorf("arrived: %+v; want the news of the other address, at the old one", letters)
	}
	box, err := m.c.Outbox(t.Context(), m.administrator)
	if err != nil || box.Counts[model.MailFailed] != 3 {
		t.Errorf("the outbox: %+v, %v", box.Counts, err)
	}
}

func TestAForgottenPasswordKeepsTheOldOneUntilTheLinkIsUsedAndNeverSkipsTheFactor(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	ana := m.member(t, "ana")
	before := m.signIn(t, ana)
	if err := m.c.ForgotPassword(t.Context(), visit, "ANA@securecart.example"); err != nil {
		t.Fatal(err)
	}
	letters := m.deliver(t)
	if len(letters) != 1 || letters[0].To != ana.Email {
		t.Fatalf("arrived: %+v", letters)
	}
	m.trail(t, "Sent Ana Beltrán a link for a forgotten password, good for 15 minutes")
	if m.alive(t, before.Token) != model.StageSignedIn {
		t.Error("the wish alone ended a session")
	}
	m.signInAfresh(t, ana) // the old password works until the link is used
	a, err := m.c.AcceptLink(t.Context(), visit, token(t, letters[0]), "other words nobody ever says")
	if err != nil || a.Session.Stage != model.StagePassword {
		t.Fatalf("the link leads to %q, %v", a.Session.Stage, err)
	}
	if m.alive(t, before.Token) != "" {
		t.Error("a session from before goes on")
	}
	if _, err := m.c.AcceptLink(t.Context(), visit, token(t, letters[0]), "still other words nobody says"); model.KindOf(err) != model.NotFound {
		t.Errorf("the link works twice: %v", err)
	}
	news := m.deliver(t)
	if len(news) != 2 || !strings.Contains(news[1].Text, "A new password was chosen with a one-time link from 203.0.113.7.") {
		t.Errorf("news: %+v", news)
	}
}

func TestTheAnswerToAForgottenPasswordIsTheSameForEverybody(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	m.member(t, "ana")
	off := m.member(t, "off")
	m.user(t, "fresh")
	if err := m.c.DisableUser(t.Context(), host, off.ID, ""); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"ana", "off", "fresh", "unknown", "x@y", strings.Repeat("long", 2000), "\u202e"} {
		from := visit
		from.SourceIP = "198.51.100." + string(rune('1'+i))
		before := m.newest(t).Seq
		if err := m.c.ForgotPassword(t.Context(), from, name); err != nil {
			t.Errorf("%.20s: %v", name, err)
		}
		if m.newest(t).Seq != before {
			t.Errorf("%.20s: the answer depends on who it is", name)
		}
	}
	if letters := m.deliver(t); len(letters) != 1 || letters[0].To != "ana@securecart.example" {
		t.Errorf("arrived: %+v", letters)
	}
	kind(t, m.c.ForgotPassword(t.Context(), visit, " "), model.Invalid, "username")
}

func TestWishesForLinksAreFewPerNameAndPerNetwork(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	m.member(t, "ana")
	for i := range 6 {
		from := visit
		from.SourceIP = "198.51.100." + string(rune('1'+i))
		if err := m.c.ForgotPassword(t.Context(), from, []string{"ana", "ANA "}[i%2]); err != nil {
			t.Fatal(err)
		}
	}
	if letters := m.deliver(t); len(letters) != 3 {
		t.Errorf("%d links went out", len(letters))
	}
	var last error
	for i := range 21 {
		last = m.c.ForgotPassword(t.Context(), visit, strings.Repeat("n", i+1))
	}
	kind(t, last, model.Invalid, "username")
	m.now = m.now.Add(16 * time.Minute)
	if err := m.c.ForgotPassword(t.Context(), visit, "ana"); err != nil {
		t.Errorf("a quarter of an hour later: %v", err)
	}
	if letters := m.deliver(t); len(letters) != 1 {
		t.Errorf("%d links went out", len(letters))
	}
}

func TestPeopleLearnWhatHappensToTheirSignIn(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	ana := m.member(t, "ana")
	m.signIn(t, ana) // the first browser is no news
	if letters := m.deliver(t); len(letters) != 0 {
		t.Errorf("at the first sign-in: %+v", letters)
	}
	m.now = m.now.Add(time.Hour)
	m.signInAfresh(t, ana) // without the cookie: another browser
	m.helpDesk.FactorAt = m.now
	if _, err := m.c.ResetPassword(t.Context(), m.helpDesk, ana.ID, center.ByHand); err != nil {
		t.Fatal(err)
	}
	if _, err := m.c.ResetMFA(t.Context(), m.helpDesk, ana.ID, center.ByHand); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, l := range m.deliver(t) {
		texts = append(texts, l.Text)
	}
	all := strings.Join(texts, "\n")
	for _, want := range []string{"a browser that was not known before, from 203.0.113.7", "Your password was reset by Ana Beltrán",
		"Your second factor was reset by Ana Beltrán"} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing says %q", want)
		}
	}
	m.now = m.now.Add(time.Minute)
	told, err := m.c.TellNotices(t.Context(), model.Session{User: ana.ID, CreatedAt: m.now})
	if err != nil || len(told) != 3 {
		t.Errorf("after the next sign-in they are told %q, %v", told, err)
	}
	if told, err = m.c.TellNotices(t.Context(), model.Session{User: ana.ID, CreatedAt: m.now}); err != nil || len(told) != 0 {
		t.Errorf("and once more %q, %v", told, err)
	}
}

func TestATestEMailGoesToWhoeverAsks(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	for who, actor := range map[string]model.Actor{"auditor": m.auditor, "help desk": m.helpDesk} {
		if err := m.c.SendTestMail(t.Context(), actor); model.KindOf(err) != model.Forbidden {
			t.Errorf("%s: %v", who, err)
		}
	}
	if err := m.c.SendTestMail(t.Context(), m.administrator); err != nil {
		t.Fatal(err)
	}
	u, err := m.store.User(t.Context(), m.administrator.User)
	if err != nil {
		t.Fatal(err)
	}
	if letters := m.deliver(t); len(letters) != 1 || letters[0].To != u.Email {
		t.Errorf("arrived: %+v", letters)
	}
}

func TestAnEMailThatAnotherKeySealedIsGivenUp(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	if _, err := m.c.Invite(t.Context(), host, m.user(t, "ana").ID, center.ByMail); err != nil {
		t.Fatal(err)
	}
	key, err := vault.NewKey(m.c.Random)
	if err != nil {
		t.Fatal(err)
	}
	if m.c.Vault, err = vault.New(m.c.Random, key); err != nil {
		t.Fatal(err)
	}
	if letters := m.deliver(t); len(letters) != 0 {
		t.Errorf("arrived: %+v", letters)
	}
	mails, err := m.store.Outbox(t.Context(), 1)
	if err != nil || mails[0].State != model.MailFailed {
		t.Errorf("%+v, %v", mails, err)
	}
	if err := m.store.Housekeep(t.Context(), func(tx *store.Tx) error {
		return tx.SettleMail(t.Context(), mails[0].ID, model.MailSent, "")
	}); err != nil {
		t.Fatal(err)
	}
	if mails, err = m.store.Outbox(t.Context(), 1); err != nil || mails[0].State != model.MailFailed {
		t.Errorf("what was settled is settled again: %+v, %v", mails, err)
	}
}
