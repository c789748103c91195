package center

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// Credentials is what somebody types to sign in.
type Credentials struct {
	UserName string
	Password vault.Secret
}

// check reports fields left empty.
func (g Credentials) check() error {
	p := model.Problems{}
	if strings.TrimSpace(g.UserName) == "" {
		p.Add("username", "Enter your user name.")
	}
	if g.Password == "" {
		p.Add("password", "Enter your password.")
	}
	return p.Err()
}

// SignIn checks a user name and a password. The session it opens gives no rights: the second factor is next, or a
// person who has none enrols one. Whether nobody has the name, the person is disabled or the password is wrong, the
// answer and its time are the same.
func (c *Center) SignIn(ctx context.Context, visit model.Actor, given Credentials) (Admission, error) {
	if err := given.check(); err != nil {
		return Admission{}, err
	}
	try, err := c.reserve(ctx, visit, given.UserName)
	if err != nil {
		return Admission{}, err
	}
	if err := c.verify(ctx, &try, given.Password); err != nil {
		return Admission{}, err
	}
	if !try.right {
		return Admission{}, c.refusePassword(ctx, visit, try)
	}
	var admitted Admission
	err = c.Store.Update(ctx, func(tx *store.Tx) error {
		if err := c.accept(ctx, tx, &try); err != nil {
			return err
		}
		if admitted, err = c.open(ctx, tx, visit, try.user, byPassword); err != nil {
			return err
		}
		return tx.Record(ctx, by(Browser{Session: admitted.Session, User: try.user}.as(visit), afterPassword(admitted)))
	})
	if !try.right {
		return Admission{}, c.refusePassword(ctx, visit, try)
	}
	if err == nil && admitted.Token == "" {
		err = errKeptOut()
	}
	return admitted, err
}

// afterPassword is the event of a right password.
func afterPassword(a Admission) model.Event {
	e := model.Event{Action: model.ActEnterPassword, Outcome: model.Done, Objects: []model.Ref{userRef(a.User)},
		Summary: "Entered the right password; the second factor is next"}
	switch {
	case a.Token == "":
		e.Action, e.Outcome = model.ActSignIn, model.Failed
		e.Summary = "Sign-in as " + a.User.UserName + " failed: the policy asks for a second factor, and there is none"
	case a.Session.Stage == model.StageRenewal:
		e.Summary = "Entered the right password; the policy asks for a new one next"
	case a.Session.Stage == model.StageSignedIn:
		e.Action, e.Summary = model.ActSignIn, "Signed in with the password alone, as the policy has it"
	}
	return e
}

func errKeptOut() error {
	return passwordProblem("Your password is right, but you need a second factor and have none. Ask an administrator for a link to " +
		"set one up.")
}

// attempt is one password that somebody tries with a user name.
type attempt struct {
	subject string // digest of the user name, known or not: what was typed may be a password
	network string
	user    model.User      // zero when nobody has the name
	browser model.BrowserID // that it comes from, if the person proved a second factor in it before
	hash    string          // empty when no password can be right
	why     string          // in the trail, why not
	right   bool
	rehash  string // the same password at today's cost; empty when the hash is at it
	length  int    // characters of what was typed
}

// tally is where the failures in a row with an attempt's credentials are counted that it has to wait for. Strangers make nobody
// wait, and turn no password off, in a browser that is known.
func (a attempt) tally() (subject, network string) {
	if a.browser != "" {
		return string(a.browser), store.InBrowser
	}
	return a.subject, a.network
}

// reserve counts an attempt before the password is looked at, in a transaction of its own: however it ends, and however
// many come at once, each has been counted. It is an error when it is too early for another.
func (c *Center) reserve(ctx context.Context, visit model.Actor, userName string) (attempt, error) {
	try := attempt{subject: vault.TokenDigest(store.Handle(userName)), network: signin.Network(visit.SourceIP)}
	var wait time.Duration
	err := c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		err := c.identify(ctx, tx, visit, userName, &try)
		if err != nil {
			return err
		}
		if wait, err = c.waitFor(ctx, tx, try); err != nil || wait > 0 {
			return err
		}
		if err := c.lookUp(ctx, tx, &try); err != nil {
			return err
		}
		return c.countAttempt(ctx, tx, try)
	})
	if err != nil {
		return try, fmt.Errorf("count an attempt to sign in: %w", err)
	}
	if wait > 0 {
		return try, c.tooEarly(ctx, visit, try, wait)
	}
	return try, nil
}

// identify finds out whose name it is, and whether they are known in the browser.
func (c *Center) identify(ctx context.Context, tx *store.Tx, visit model.Actor, userName string, try *attempt) (err error) {
	try.user, err = tx.UserByName(ctx, userName)
	if model.KindOf(err) == model.NotFound {
		try.why = "nobody has this user name"
		return nil
	}
	if err != nil {
		return err
	}
	try.browser, err = tx.ProvedIn(ctx, try.user.ID, visit.Browser.Digest, tx.Now())
	return err
}

// waitFor is how long the attempt has to wait: for failures in its known browser, or else with its name from its network, or
// from its network in all.
func (c *Center) waitFor(ctx context.Context, tx *store.Tx, try attempt) (time.Duration, error) {
	subject, network := try.tally()
	own, err := tx.Throttle(ctx, subject, network)
	if err != nil {
		return 0, err
	}
	failures := min(own.Failures, signin.MaxPasswordFailures-1) // a name that nobody can reset is never off for good
	gate := signin.PasswordGate(signin.Attempts{Failures: failures, LastAt: own.LastAt}, tx.Now())
	if try.browser != "" {
		return gate.Wait, nil
	}
	all, err := tx.Throttle(ctx, "", try.network)
	return max(gate.Wait, signin.NetworkGate(all.Failures, all.FirstAt, tx.Now()).Wait), err
}

func (c *Center) countAttempt(ctx context.Context, tx *store.Tx, try attempt) error {
	subject, network := try.tally()
	if err := tx.CountThrottle(ctx, subject, network, time.Time{}); err != nil || try.browser != "" {
		return err
	}
	if err := tx.CountThrottle(ctx, "", try.network, tx.Now().Add(-signin.NetworkWindow)); err != nil {
		return err
	}
	return tx.CountPasswordFailure(ctx, try.user.ID)
}

// failures returns how many attempts failed in a row that turn the password off for an attempt at a hundred.
func (c *Center) failures(ctx context.Context, tx *store.Tx, try attempt) (int, error) {
	if try.browser == "" {
		all, err := tx.Attempts(ctx, try.user.ID)
		return all.PasswordFailures, err
	}
	own, err := tx.Throttle(ctx, string(try.browser), store.InBrowser)
	return own.Failures, err
}

// lookUp finds what the password is compared with, and the failures before this attempt.
func (c *Center) lookUp(ctx context.Context, tx *store.Tx, try *attempt) error {
	if try.user.ID == "" {
		return nil
	}
	failures, err := c.failures(ctx, tx, *try)
	if err != nil {
		return err
	}
	password, err := tx.Password(ctx, try.user.ID)
	switch {
	case model.KindOf(err) == model.NotFound:
		try.why = "there is no password yet"
	case err != nil:
		return err
	case failures >= signin.MaxPasswordFailures:
		try.why = fmt.Sprintf("the password is off after %d failures in a row", signin.MaxPasswordFailures)
		if try.browser != "" {
			try.why += " in this browser"
		}
	case try.user.Status != model.UserEnabled:
		try.why = "the person is disabled"
	default:
		try.hash, try.why = password.Hash, "the password is wrong"
	}
	return nil
}

// verify compares the password, outside any transaction because it takes its time. An attempt that could not be looked at
// is not counted.
func (c *Center) verify(ctx context.Context, try *attempt, password vault.Secret) error {
	var err error
	try.length = utf8.RuneCountInString(password.Reveal())
	if try.right, err = c.Hasher.Verify(ctx, password, try.hash); err == nil && try.right && c.Hasher.NeedsRehash(try.hash) {
		try.rehash, err = c.Hasher.Hash(ctx, password)
	}
	if err == nil {
		return nil
	}
	if !errors.Is(err, vault.ErrBusy) {
		return errors.Join(fmt.Errorf("check a password: %w", err), c.uncount(ctx, *try))
	}
	return errors.Join(&model.Error{Kind: model.Unavailable,
		Message: "Too many people sign in at this moment. Try again in a few seconds."}, c.uncount(ctx, *try))
}

func (c *Center) uncount(ctx context.Context, try attempt) error {
	ctx = context.WithoutCancel(ctx) // who went away while waiting is not to blame
	err := c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		subject, network := try.tally()
		if err := tx.UncountThrottle(ctx, subject, network); err != nil || try.browser != "" {
			return err
		}
		return errors.Join(tx.UncountThrottle(ctx, "", try.network), tx.UncountPasswordFailure(ctx, try.user.ID))
	})
	if err != nil {
		return fmt.Errorf("take an attempt back: %w", err)
	}
	return nil
}

// accept takes the count of a right password back. When the password was changed or the person disabled while it was looked
// at, it is not right any more: the attempt says so and why, for its caller to record.
func (c *Center) accept(ctx context.Context, tx *store.Tx, try *attempt) error {
	password, err := tx.Password(ctx, try.user.ID)
	user := try.user
	if err == nil {
		user, err = tx.User(ctx, user.ID)
	}
	if err != nil && model.KindOf(err) != model.NotFound {
		return fmt.Errorf("read a password again: %w", err)
	}
	if err != nil || password.Hash != try.hash || user.Status != model.UserEnabled {
		try.right, try.why = false, "the password was changed or the person disabled at that moment"
		return errWrongPassword()
	}
	try.user = user
	if err := errors.Join(clearFailures(ctx, tx, *try), tx.UsePassword(ctx, try.user.ID, try.length)); err != nil {
		return fmt.Errorf("note a right password: %w", err)
	}
	if try.rehash != "" {
		return tx.Rehash(ctx, try.user.ID, try.rehash)
	}
	return nil
}

// clearFailures forgets the failures that an attempt with the right password ends. One in a known browser leaves those of
// strangers as they are: else each sign-in of the person would give strangers a hundred tries more.
func clearFailures(ctx context.Context, tx *store.Tx, try attempt) error {
	subject, network := try.tally()
	if err := tx.ClearThrottle(ctx, subject, network); err != nil || try.browser != "" {
		return err
	}
	return errors.Join(tx.UncountThrottle(ctx, "", try.network), tx.ClearPasswordFailures(ctx, try.user.ID))
}

const wrongPassword = "The user name or the password is not right."

func errWrongPassword() error {
	return passwordProblem(wrongPassword)
}

// refusePassword records a failure. What was typed as an unknown user name is not kept: it may be a password.
func (c *Center) refusePassword(ctx context.Context, visit model.Actor, try attempt) error {
	e := model.Event{Action: model.ActSignIn, Outcome: model.Failed, Summary: "Sign-in failed: " + try.why}
	if try.user.ID != "" {
		e.Objects, e.Summary = []model.Ref{userRef(try.user)}, "Sign-in as "+try.user.UserName+" failed: "+try.why
	}
	err := c.Store.Update(ctx, func(tx *store.Tx) error { return tx.Record(ctx, by(visit, e)) })
	if err != nil {
		return fmt.Errorf("record a failed sign-in: %w", err)
	}
	return errWrongPassword()
}

// tooEarly says how long to wait, and records it once a minute.
func (c *Center) tooEarly(ctx context.Context, visit model.Actor, try attempt, wait time.Duration) error {
	key, where := refusalKey{action: model.ActSignIn, resource: try.network}, "from this network"
	var whose []model.Ref
	if try.browser != "" {
		key.resource, where, whose = string(try.browser), "in this browser", []model.Ref{userRef(try.user)}
	}
	err := c.recordRefusal(ctx, key, by(visit, model.Event{Action: model.ActSignIn, Outcome: model.Failed, Objects: whose,
		Summary: "Sign-in was not looked at: too many failures " + where}))
	if err != nil {
		return err
	}
	words := "Too many tries. Wait " + inWords(wait) + " and try again."
	return &model.Error{Kind: model.Invalid, Message: words, Fields: map[string]string{"password": words}}
}

// inWords is a wait, rounded up: "1 second", "40 seconds", "15 minutes", "24 hours".
func inWords(d time.Duration) string {
	seconds := int((d + time.Second - 1) / time.Second)
	switch {
	case seconds > 5400:
		return count((seconds+3599)/3600, "hour")
	case seconds > 90:
		return count((seconds+59)/60, "minute")
	}
	return count(seconds, "second")
}

// SignOut ends a browser session. Role credentials that it obtained go on until they expire.
func (c *Center) SignOut(ctx context.Context, actor model.Actor) error {
	return c.do(ctx, actor, func(w *work) error {
		w.own()
		if _, err := w.tx.EndSession(w.ctx, w.actor.Session); err != nil {
			return fmt.Errorf("end a session: %w", err)
		}
		return w.record(model.Event{Action: model.ActSignOut, Objects: []model.Ref{selfRef(actor)}, Summary: "Signed out"})
	})
}

func selfRef(actor model.Actor) model.Ref {
	return model.Ref{Kind: model.RefUser, ID: string(actor.User), Name: actor.Name}
}

// CancelSignIn forgets a sign-in whose second factor is still to come. A session that is over is no error.
func (c *Center) CancelSignIn(ctx context.Context, visit model.Actor, token string) error {
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		b, err := c.resume(ctx, tx.Reader, token)
		if err != nil {
			return err
		}
		if b.Session.Stage == model.StageSignedIn {
			return errSignedOut(nil)
		}
		if _, err := tx.EndSession(ctx, b.Session.ID); err != nil {
			return fmt.Errorf("end a session: %w", err)
		}
		return tx.Record(ctx, by(b.as(visit), model.Event{Action: model.ActSignOut, Outcome: model.Done,
			Objects: []model.Ref{userRef(b.User)}, Summary: "Left before the second factor"}))
	})
	if model.KindOf(err) == model.Unauthenticated {
		return nil
	}
	return err
}
