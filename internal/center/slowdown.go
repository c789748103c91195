package center

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
)

// turnsOfCodes is the subject under which the last code that was looked at in its turn is kept; no digest of a name is like it.
const turnsOfCodes = "turns of codes"

// takeTurn finds out whether a code waits for those of everybody else, and takes its turn when it need not.
func takeTurn(ctx context.Context, tx *store.Tx, visit model.Actor, try *codeAttempt) error {
	wrong, err := tx.WrongCodes(ctx, tx.Now().Add(-signin.OffWindow))
	slow := signin.Slowdown{Off: wrong.Off, Wrong: wrong.Wrong}
	if err != nil || !slow.On() {
		return err
	}
	from, err := originOf(ctx, tx.Reader, visit, try.browser, tx.Now())
	if err != nil || from == signin.KnownBrowser {
		return err
	}
	last, err := tx.Throttle(ctx, turnsOfCodes, "")
	if err != nil {
		return err
	}
	slow.TurnAt = last.LastAt
	if gate := signin.TurnGate(slow, from, tx.Now()); !gate.Open() {
		try.wait = gate.Wait
		return nil
	}
	try.turn = tx.Now()
	return tx.CountThrottle(ctx, turnsOfCodes, "", time.Time{})
}

// takeBack takes a code back that turned out right: its failure, and its turn.
func takeBack(ctx context.Context, tx *store.Tx, try codeAttempt) error {
	if !try.turn.IsZero() {
		if err := tx.ReturnThrottle(ctx, turnsOfCodes, "", try.turn); err != nil {
			return err
		}
	}
	return tx.ForgiveCode(ctx, try.browser.User.ID, try.at)
}

// originOf says whether a person proved a second factor before in the browser that a code comes from. The network alone says
// nothing: a stranger in the same office has it as well.
func originOf(ctx context.Context, r store.Reader, visit model.Actor, b Browser, now time.Time) (signin.Origin, error) {
	if !b.Session.FactorAt.IsZero() {
		return signin.KnownBrowser, nil
	}
	if known, err := r.ProvedIn(ctx, b.User.ID, visit.Browser.Digest, now); err != nil || known == "" {
		return signin.UnknownBrowser, err
	}
	return signin.KnownBrowser, nil
}

func errNotItsTurn(wait time.Duration) error {
	return codeProblem("There are too many wrong codes at the moment, of many people. Wait " + inWords(wait) +
		" and try again, or use a security key, a passkey or a recovery code.")
}

// Slowdown is why codes from unknown browsers are slowed down. The zero value says that they are not.
type Slowdown struct {
	Wrong int           // codes within the last hour, of people who have typed no right one since
	Off   int           // people whose codes wrong ones turned off within the last hour
	Until time.Time     // when it ends if no more wrong ones come
	Every time.Duration // from one code to the next
}

// On reports whether codes are slowed down.
func (s Slowdown) On() bool { return s.Every > 0 }

// slowdown returns the slow-down of a moment.
func slowdown(ctx context.Context, r store.Reader, now time.Time) (Slowdown, error) {
	since := now.Add(-signin.OffWindow)
	wrong, err := r.WrongCodes(ctx, since)
	if err != nil || !(signin.Slowdown{Off: wrong.Off, Wrong: wrong.Wrong}).On() {
		return Slowdown{}, err
	}
	guessed, err := r.GuessedAt(ctx, since)
	return Slowdown{Wrong: wrong.Wrong, Off: wrong.Off, Until: slowUntil(guessed), Every: signin.TurnPause}, err
}

// slowUntil is when a slow-down ends that these people are the reason of.
func slowUntil(guessed []store.Guessed) (until time.Time) {
	later := func(at time.Time) {
		if end := at.Add(signin.OffWindow); end.After(until) {
			until = end
		}
	}
	slices.SortFunc(guessed, func(a, b store.Guessed) int { return b.At.Compare(a.At) })
	wrong := 0
	for _, g := range guessed {
		if wrong += g.Wrong; wrong >= signin.ManyWrong {
			later(g.At)
			break
		}
	}
	slices.SortFunc(guessed, func(a, b store.Guessed) int { return b.Off.Compare(a.Off) })
	if len(guessed) >= signin.ManyOff {
		later(guessed[signin.ManyOff-1].Off)
	}
	return until
}

// WrongCode says in the trail, at whoever it happened to and in the alarm, that a wrong code was typed.
const WrongCode = "a wrong code"

// raiseAlarm tells everybody who may read the trail that codes are slowed down: in the trail, by notice and by e-mail, once an
// hour at most. It returns what it told of; zero when there was nothing to tell.
func (c *Center) raiseAlarm(ctx context.Context, tx *store.Tx) (Slowdown, error) {
	slow, err := slowdown(ctx, tx.Reader, tx.Now())
	if err != nil || !slow.On() {
		return Slowdown{}, err
	}
	told, err := tx.CountEvents(ctx, store.EventFilter{Actions: []string{model.ActSlowCodes}, From: tx.Now().Add(-signin.OffWindow)})
	if err != nil || told > 0 {
		return Slowdown{}, err
	}
	if err := c.tellReaders(ctx, tx, slow.words()); err != nil {
		return Slowdown{}, err
	}
	return slow, tx.Record(ctx, byConsole(model.Event{Action: model.ActSlowCodes, Outcome: model.Done,
		Summary: fmt.Sprintf("Slowed down codes from unknown browsers: within an hour %s was typed %s%s",
			WrongCode, count(slow.Wrong, "time"), slow.ifOff(", and those of %s were turned off"))}))
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// ifOff is a clause about the people whose codes were turned off; empty when there is nobody.
func (s Slowdown) ifOff(clause string) string {
	if s.Off == 0 {
		return ""
	}
	return fmt.Sprintf(clause, people(s.Off))
}

func (s Slowdown) words() string {
	return fmt.Sprintf("Within an hour %s were typed after right passwords%s: somebody may know these passwords. Codes from unknown "+
		"browsers are slowed down until %s UTC, or longer if it goes on.", count(s.Wrong, "wrong code"),
		s.ifOff(", and the codes of %s turned off"), s.Until.Format("15:04"))
}

// tellReaders tells those who may read the trail of what concerns everybody.
func (c *Center) tellReaders(ctx context.Context, tx *store.Tx, what string) error {
	s, err := c.index.At(ctx, tx.Reader)
	if err != nil {
		return err
	}
	for _, id := range readersOf(s, tx.Now()) {
		u, err := tx.User(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.InsertNotice(ctx, id, model.Notice{Kind: model.NoticeSlowCodes, Text: what}); err != nil {
			return err
		}
		if err := c.post(ctx, tx, c.alarmLetter(u, what)); err != nil {
			return err
		}
	}
	return nil
}

// readersOf returns the enabled people who may read the trail, given a second factor and no particular address.
func readersOf(s *access.Snapshot, now time.Time) []model.UserID {
	var readers []model.UserID
	asked := map[model.UserID]bool{}
	given := access.Circumstances{Now: now, MFA: true, FactorAt: now}
	for _, role := range s.InAccount(s.Organization.ManagementAccount, now) {
		id := role.User.ID
		if !asked[id] && s.May(id, given, access.Question{Action: model.ActReadAudit, Resource: "*"}).Allowed {
			readers = append(readers, id)
		}
		asked[id] = true
	}
	return readers
}
