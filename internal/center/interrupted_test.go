package center_test

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa/softkey"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
	"gatehouse/internal/vault"
)

// scarce is randomness that ends after so many reads.
type scarce struct {
	io.Reader
	ends atomic.Bool
	left atomic.Int64
}

var errScarce = errors.New("no randomness is left")

func (s *scarce) Read(p []byte) (int, error) {
	if s.ends.Load() && s.left.Add(-1) < 0 {
		return 0, errScarce
	}
	return s.Reader.Read(p)
}

// faulty is a mailroom in which every act fails at first: given up, or for want of randomness.
type faulty struct {
	*mailroom
	random *scarce
	dry    bool // for want of randomness
}

// inEachWay runs a test in a mailroom of its own for each way to fail.
func inEachWay(t *testing.T, run func(*testing.T, *faulty)) {
	for name, dry := range map[string]bool{"given up": false, "without randomness": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &faulty{mailroom: openMailroom(t), dry: dry}
			config := m.c.Config
			m.random = &scarce{Reader: config.Random}
			config.Random = m.random
			m.c = center.New(config)
			run(t, m)
		})
	}
}

// mostLooks is far more than any act takes.
const mostLooks = 3000

var everyLook = flag.Int("looks", 60, "acts are given up at every so manieth look; 1 is all of them")

// cut has an act given up at its first look at the context, then at a later one, and so on until it is done; or has it find no
// randomness at the first read, then at the second. Until then nothing has happened, nothing is in the trail, and nobody is told
// that they did something wrong: what failed is the console.
func (m *faulty) cut(t *testing.T, what string, act func(ctx context.Context) error) {
	t.Helper()
	step := lookStep()
	if m.dry {
		step = 1
	}
	m.failing(t, what, step, func(n int64) error { return m.fail(t, n, act) })
}

// lookStep is how many looks at its context an act gets more than the time before.
func lookStep() int64 {
	if testing.Short() {
		return max(int64(*everyLook), 120)
	}
	return int64(*everyLook)
}

// failing runs an act that fails at its nth opportunity, for one n after another, until it is done, and looks each time that
// nothing is in the trail and that the console is to blame.
func (o *office) failing(t *testing.T, what string, step int64, act func(n int64) error) {
	t.Helper()
	for n := int64(0); n < mostLooks; n += step {
		before := o.newest(t).Seq
		err := act(n)
		if err == nil {
			return
		}
		if kind := model.KindOf(err); kind != model.Internal {
			t.Fatalf("%s, ended at look %d, is answered as if somebody else were at fault: %v", what, n, err)
		}
		if after := o.newest(t); after.Seq != before {
			t.Fatalf("%s, ended at look %d, is in the trail: %s", what, n, after.Summary)
		}
	}
	t.Errorf("%s does not end", what)
}

// fail runs an act that fails at the nth opportunity.
func (m *faulty) fail(t *testing.T, n int64, act func(ctx context.Context) error) error {
	if m.dry {
		m.random.left.Store(n)
		m.random.ends.Store(true)
		defer m.random.ends.Store(false)
		return act(t.Context())
	}
	return act(storetest.GiveUp(t.Context(), n))
}

// refused takes an act as done that refuses what was given, as it should.
func refused(err error) error {
	if model.KindOf(err) == model.Invalid {
		return nil
	}
	return err
}

// forgive forgets failures: attempts that were given up count as such once they were reserved.
func (m *faulty) forgive(t *testing.T, id model.UserID) {
	t.Helper()
	m.now = m.now.Add(time.Millisecond) // thousands of tries stay within the limits of a session
	must(t, m.store.Housekeep(t.Context(), func(tx *store.Tx) error {
		must(t, tx.ClearPasswordFailures(t.Context(), id))
		must(t, tx.ClearCodeFailures(t.Context(), id))
		must(t, tx.ClearThrottle(t.Context(), vault.TokenDigest("ana"), ""))
		browsers, err := tx.KnownBrowsers(t.Context(), id, tx.Now())
		must(t, err)
		for _, b := range browsers {
			must(t, tx.ClearThrottle(t.Context(), string(b.ID), store.InBrowser))
		}
		return tx.ClearThrottle(t.Context(), "", "")
	}))
}

func TestWhatIsGivenUpWhileSigningInLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	inEachWay(t, giveUpSigningIn)
}

func giveUpSigningIn(t *testing.T, m *faulty) {
	u := m.user(t, "ana")
	var link vault.Secret
	m.cut(t, "an invitation", func(ctx context.Context) (err error) {
		link, err = m.c.Invite(ctx, m.administrator, u.ID, center.ByHand)
		return err
	})
	m.cut(t, "looking at a link", func(ctx context.Context) error { _, err := m.c.Link(ctx, link.Reveal()); return err })
	var a center.Admission
	m.cut(t, "using a link", func(ctx context.Context) (err error) {
		a, err = m.c.AcceptLink(ctx, visit, link.Reveal(), goodPassword)
		return err
	})
	var e center.Enrolment
	m.cut(t, "looking at an enrolment", func(ctx context.Context) (err error) {
		e, err = m.c.Enrolment(ctx, a.Token.Reveal())
		return err
	})
	secret := e.Secret.Reveal()
	m.cut(t, "enrolling", func(ctx context.Context) (err error) {
		_, err = m.c.ConfirmEnrolment(ctx, visit, a.Token.Reveal(), "Phone", m.code(t, secret, 0))
		return err
	})
	from := visit
	m.cut(t, "a password", func(ctx context.Context) (err error) {
		m.forgive(t, u.ID)
		a, err = m.c.SignIn(ctx, from, center.Credentials{UserName: "ana", Password: goodPassword})
		return err
	})
	m.cut(t, "looking at the factors", func(ctx context.Context) error { _, err := m.c.Factors(ctx, a.Token.Reveal()); return err })
	m.now = m.now.Add(30 * time.Second)
	m.cut(t, "a wrong password", func(ctx context.Context) error {
		m.forgive(t, u.ID)
		_, err := m.c.SignIn(ctx, from, center.Credentials{UserName: "ana", Password: "wrong password"})
		return refused(err)
	})
	m.cut(t, "a wrong code", func(ctx context.Context) error {
		m.forgive(t, u.ID)
		_, err := m.c.VerifyCode(ctx, from, a.Token.Reveal(), "000000")
		return refused(err)
	})
	m.cut(t, "a wrong recovery code", func(ctx context.Context) error {
		_, err := m.c.VerifyRecoveryCode(ctx, from, a.Token.Reveal(), "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF")
		return refused(err)
	})
	a = m.password(t, "ana")
	m.cut(t, "leaving before the second factor", func(ctx context.Context) error { return m.c.CancelSignIn(ctx, visit, a.Token.Reveal()) })
	a = m.password(t, "ana")
	m.cut(t, "a code", func(ctx context.Context) error {
		m.forgive(t, u.ID)
		in, err := m.c.VerifyCode(ctx, from, a.Token.Reveal(), m.code(t, secret, 0))
		if err == nil {
			a = in
		}
		return err
	})
	m.now = m.now.Add(time.Minute)
	m.cut(t, "a request", func(ctx context.Context) error { _, err := m.c.Resume(ctx, a.Token.Reveal()); return err })
	m.cut(t, "news", func(ctx context.Context) error { _, err := m.c.TellNotices(ctx, a.Session); return err })
	codes := m.cutOwnDevices(t, a)
	m.cut(t, "a recovery code", func(ctx context.Context) error {
		in, err := m.c.VerifyRecoveryCode(ctx, visit, a.Token.Reveal(), codes[0])
		if err == nil {
			a = in
		}
		return err
	})
	m.cutPasswords(t, a, secret)
}

// cutOwnDevices gives up what people do with their devices, and returns new recovery codes.
func (m *faulty) cutOwnDevices(t *testing.T, in center.Admission) (codes []string) {
	t.Helper()
	actor := func() model.Actor {
		a := acting(in)
		a.FactorAt = m.now
		return a
	}
	m.cut(t, "new recovery codes", func(ctx context.Context) (err error) {
		codes, err = m.c.RenewRecoveryCodes(ctx, actor())
		return err
	})
	m.cut(t, "a further app", func(ctx context.Context) error { _, err := m.c.StartDevice(ctx, actor()); return err })
	var e center.Enrolment
	m.cut(t, "looking at it", func(ctx context.Context) (err error) { e, err = m.c.PendingDevice(ctx, actor()); return err })
	m.cut(t, "confirming it", func(ctx context.Context) error {
		return m.c.ConfirmDevice(ctx, actor(), "Tablet", m.code(t, e.Secret.Reveal(), 0))
	})
	var key *softkey.Key
	networks := 0
	elsewhere := func() model.Actor { // each network may ask for so many keys alone
		networks++
		v := visit
		v.SourceIP = fmt.Sprintf("2001:db8:0:%x::1", networks)
		return v
	}
	m.cut(t, "a key", func(ctx context.Context) error {
		options, err := m.c.AskNewKey(ctx, elsewhere(), in.Token.Reveal())
		if err != nil {
			return err
		}
		key = &softkey.Key{Origin: "https://id.securecart.example", Passkey: true, Verifies: true}
		answer, err := key.Create(options)
		must(t, err)
		_, err = m.c.AddKey(ctx, actor(), in.Token.Reveal(), "Blue key", answer)
		return err
	})
	m.cut(t, "signing in with a passkey", func(ctx context.Context) error {
		options, token, err := m.c.AskPasskey(ctx, elsewhere())
		if err != nil {
			return err
		}
		answer, err := key.Get(options)
		must(t, err)
		_, err = m.c.SignInWithPasskey(ctx, visit, token.Reveal(), answer)
		return err
	})
	half := m.password(t, "ana").Token.Reveal()
	m.cut(t, "a key after the password", func(ctx context.Context) error {
		options, err := m.c.AskKey(ctx, elsewhere(), half)
		if err != nil {
			return err
		}
		answer, err := key.Get(options)
		must(t, err)
		_, err = m.c.VerifyKey(ctx, visit, half, answer)
		return err
	})
	var own center.Security
	m.cut(t, "looking at one's security", func(ctx context.Context) (err error) { own, err = m.c.OwnSecurity(ctx, actor()); return err })
	for _, d := range own.Devices[1:] {
		m.cut(t, "another name for a device", func(ctx context.Context) error { return m.c.RenameDevice(ctx, actor(), d.ID, "Old "+d.Name) })
		m.cut(t, "removing a device", func(ctx context.Context) error { return m.c.RemoveDevice(ctx, actor(), d.ID) })
	}
	for _, s := range own.Sessions {
		if s.ID != in.Session.ID {
			m.cut(t, "ending a session", func(ctx context.Context) error { return m.c.EndOwnSession(ctx, actor(), s.ID) })
			break
		}
	}
	m.cut(t, "ending the others", func(ctx context.Context) error { _, err := m.c.EndOtherSessions(ctx, actor()); return err })
	return codes
}

// cutPasswords gives up what happens to passwords, browsers and policies, and how sessions end.
func (m *faulty) cutPasswords(t *testing.T, in center.Admission, secret string) {
	t.Helper()
	actor := acting(in)
	m.cut(t, "another password", func(ctx context.Context) error {
		m.forgive(t, actor.User)
		return m.c.ChangePassword(ctx, actor, goodPassword, "four other words here")
	})
	m.cut(t, "a policy", func(ctx context.Context) error {
		p := m.rules(t, func(p *model.SignInPolicy) { p.Factor, p.MaxAge, p.Reuse = model.FactorByContext, 30, 3 })
		boss := m.administrator
		boss.FactorAt = m.now
		if _, err := m.c.ForeseeSignInPolicy(ctx, boss, p); err != nil {
			return err
		}
		return m.c.UpdateSignInPolicy(ctx, boss, p, "CHG-1")
	})
	m.now = m.now.Add(31 * 24 * time.Hour)
	give := func(ctx context.Context) (center.Admission, error) {
		m.forgive(t, actor.User)
		return m.c.SignIn(ctx, visit, center.Credentials{UserName: "ana", Password: "four other words here"})
	}
	half, err := give(t.Context())
	must(t, err)
	trusting := visit
	trusting.Browser.Trust = true
	m.cut(t, "a code in a browser to be trusted", func(ctx context.Context) error {
		m.forgive(t, actor.User)
		whole, err := m.c.VerifyCode(ctx, trusting, half.Token.Reveal(), m.code(t, secret, 0))
		if err == nil {
			in = whole
		}
		return err
	})
	m.cut(t, "looking at a renewal", func(ctx context.Context) error { _, err := m.c.Renewal(ctx, in.Token.Reveal()); return err })
	m.cut(t, "a renewal", func(ctx context.Context) error {
		renewed, err := m.c.RenewPassword(ctx, visit, in.Token.Reveal(), goodPassword+" again")
		if err == nil {
			in.Token, in.Session = renewed.Token, renewed.Session
		}
		return err
	})
	own, err := m.c.OwnSecurity(t.Context(), acting(in))
	must(t, err)
	m.cut(t, "a trusted browser", func(ctx context.Context) error {
		known := visit
		known.Browser.Digest = vault.TokenDigest(in.Browser.Reveal())
		m.forgive(t, actor.User)
		_, err := m.c.SignIn(ctx, known, center.Credentials{UserName: "ana", Password: goodPassword + " again"})
		return err
	})
	m.cut(t, "trust taken back", func(ctx context.Context) error { return m.c.ForgetOwnBrowser(ctx, acting(in), own.Browsers[0].ID) })
	m.cut(t, "signing out", func(ctx context.Context) error { return m.c.SignOut(ctx, acting(in)) })
	m.cut(t, "a forgotten password", func(ctx context.Context) error { return m.c.ForgotPassword(ctx, visit, "ana") })
}

func TestWhatIsGivenUpWhileOperatingLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	inEachWay(t, giveUpOperating)
}

func giveUpOperating(t *testing.T, m *faulty) {
	ana := m.member(t, "ana")
	in := m.signIn(t, ana)
	c, boss := m.c, m.administrator
	m.cut(t, "looking at somebody's security", func(ctx context.Context) error { _, err := c.Security(ctx, boss, ana.ID); return err })
	m.cut(t, "ending a session", func(ctx context.Context) error { return c.EndSession(ctx, boss, ana.ID, in.Session.ID) })
	m.cut(t, "ending all", func(ctx context.Context) error { return c.EndSessions(ctx, boss, ana.ID) })
	for what, act := range map[string]func(context.Context, model.Actor, model.UserID, center.Delivery) (vault.Secret, error){
		"a new password": c.ResetPassword, "a new factor": c.ResetMFA,
	} {
		for _, how := range []center.Delivery{center.ByHand, center.ByMail} {
			m.cut(t, what, func(ctx context.Context) error { _, err := act(ctx, boss, ana.ID, how); return err })
		}
	}
	m.cutLinks(t, ana)
	m.cut(t, "credentials at once", func(ctx context.Context) error {
		_, err := c.ProvisionCredentials(ctx, host, ana.ID, goodPassword)
		return err
	})
	m.cut(t, "role credentials", func(ctx context.Context) error {
		actor := actorOf(ana.User)
		roles, err := c.Portal(ctx, actor)
		if err != nil {
			return err
		}
		_, err = c.IssueRoleCredentials(ctx, actor, roles.Roles[0].Account.ID, roles.Roles[0].Set.ID)
		return err
	})
	m.cut(t, "revoking them", func(ctx context.Context) error { _, err := c.RevokeAllOf(ctx, boss, ana.ID, ""); return err })
	m.cut(t, "disabling", func(ctx context.Context) error { return c.DisableUser(ctx, boss, ana.ID, "") })
	m.cut(t, "enabling", func(ctx context.Context) error { return c.EnableUser(ctx, boss, ana.ID, "") })
	m.cut(t, "offboarding", func(ctx context.Context) error { return c.Offboard(ctx, boss, ana.ID, "left") })
	m.cut(t, "what is left", func(ctx context.Context) error { _, err := c.Leftovers(ctx, boss, ana.ID); return err })
	boss.FactorAt = m.now // giving up at every look takes longer than a proof lasts
	m.cut(t, "deleting", func(ctx context.Context) error { return c.DeleteUser(ctx, boss, ana.ID, "") })
	m.cut(t, "a checkpoint", func(ctx context.Context) error { _, err := c.Sign(ctx); return err })
	m.cut(t, "a proof", func(ctx context.Context) error { _, err := c.Prove(ctx); return err })
}

// cutLinks gives up what is done with links for a second factor and from the host.
func (m *faulty) cutLinks(t *testing.T, ana member) {
	t.Helper()
	c, boss := m.c, m.administrator
	password, err := c.ResetPassword(t.Context(), boss, ana.ID, center.ByHand)
	must(t, err)
	_, err = c.AcceptLink(t.Context(), visit, password.Reveal(), goodPassword)
	must(t, err)
	link, err := c.ResetMFA(t.Context(), boss, ana.ID, center.ByHand)
	must(t, err)
	var half center.Admission
	m.cut(t, "the link for another factor", func(ctx context.Context) (err error) {
		m.forgive(t, ana.ID)
		half, err = c.AcceptLink(ctx, visit, link.Reveal(), goodPassword)
		return err
	})
	networks := 0
	m.cut(t, "enrolling a key", func(ctx context.Context) error {
		networks++
		from := visit
		from.SourceIP = fmt.Sprintf("2001:db8:0:%x::1", networks)
		options, err := c.AskNewKey(ctx, from, half.Token.Reveal())
		if err != nil {
			return err
		}
		answer, err := (&softkey.Key{Origin: "https://id.securecart.example"}).Create(options)
		must(t, err)
		_, err = c.EnrolKey(ctx, visit, half.Token.Reveal(), "Key", answer)
		return err
	})
	must(t, c.DisableUser(t.Context(), host, ana.ID, ""))
	m.cut(t, "a recovery", func(ctx context.Context) (err error) {
		link, err = c.Recover(ctx, host, "ana", true)
		return err
	})
	m.cut(t, "the link of a recovery", func(ctx context.Context) error {
		_, err := c.AcceptLink(ctx, visit, link.Reveal(), goodPassword+" once more")
		return err
	})
}

func TestASetUpAndARotationOfKeysThatAreGivenUpLeaveNothingHalfDone(t *testing.T) {
	t.Parallel()
	inEachWay(t, func(t *testing.T, m *faulty) {
		config := m.c.Config
		first := emptyOffice(t)
		config.Store, config.Now = first.store, first.clock
		c := center.New(config)
		link := first.link(t)
		m.staff = &staff{office: first}
		m.cut(t, "a set-up", func(ctx context.Context) error {
			_, err := c.SetUp(ctx, visit, link, firstRequest(), goodPassword)
			return err
		})
		_, err := c.Sign(t.Context())
		must(t, err)

		next, err := vault.NewKey(rand.Reader)
		must(t, err)
		config.Vault, err = vault.New(rand.Reader, next, storetest.MasterKey(t))
		must(t, err)
		_, err = first.store.Guard(t.Context(), config.Vault.RowKeys())
		must(t, err)
		c = center.New(config)
		m.cut(t, "a rotation of keys", func(ctx context.Context) error { _, err := c.RotateKeys(ctx, host); return err })
		uses := got(t, m, "the uses of keys", func(ctx context.Context) ([]center.KeyUse, error) {
			return center.KeyUses(ctx, first.store.Reader, config.Vault, first.now)
		})
		for _, use := range uses {
			if use.ID != next.ID() && use.MACs+use.Secrets+use.Checkpoints > 0 {
				t.Errorf("under the old key there is still %+v", use)
			}
		}
		storetest.NewIntruder(t, first.path).Do(`UPDATE passwords SET hash = 'another'`)
		got(t, m, "taking the database as it is", func(ctx context.Context) (center.Evidence, error) {
			return c.AcceptDamage(ctx, host, "restored by hand")
		})
	})
}
