package center

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// Factors is what the page for the second factor says.
type Factors struct {
	User     model.User
	Devices  []string // names of the authenticator apps that codes are taken from
	Digits   int      // of their codes; 0: some have more than others
	Keys     []string // names of the security keys that are taken
	Disabled bool     // codes are off after failures
	Reset    bool     // an administrator took the second factor away: the link they gave has to be used
	Codes    bool     // the policy takes codes of authenticator apps
	Recovery bool     // the policy takes recovery codes
	Trust    bool     // the policy lets a browser be trusted
}

// Factors returns what a browser may prove its second factor with.
func (c *Center) Factors(ctx context.Context, token string) (f Factors, err error) {
	err = c.Store.Snapshot(ctx, func(r store.Reader) error {
		b, err := c.resume(ctx, r, token)
		if err != nil {
			return err
		}
		f, err = c.factorsOf(ctx, r, b.User, b.rules.policy)
		return err
	})
	return f, err
}

// OwnFactors returns what somebody who is signed in may prove their second factor with once more.
func (c *Center) OwnFactors(ctx context.Context, actor model.Actor) (f Factors, err error) {
	err = c.Store.Snapshot(ctx, func(r store.Reader) error {
		u, err := r.User(ctx, actor.User)
		if err != nil {
			return err
		}
		policy, err := r.SignInPolicy(ctx)
		if err != nil {
			return err
		}
		f, err = c.factorsOf(ctx, r, u, policy)
		return err
	})
	return f, err
}

func (c *Center) factorsOf(ctx context.Context, r store.Reader, u model.User, policy model.SignInPolicy) (Factors, error) {
	f := Factors{User: u, Codes: policy.Allows(model.FactorTOTP), Recovery: policy.Allows(model.FactorRecovery),
		Trust: policy.Factor == model.FactorByContext}
	apps, err := c.appsOf(ctx, r, policy, u.ID)
	if err != nil {
		return f, err
	}
	for _, d := range apps.taken {
		f.Devices = append(f.Devices, d.Name)
	}
	f.Digits = apps.digits()
	attempts, err := r.Attempts(ctx, u.ID)
	if err != nil {
		return f, err
	}
	f.Disabled = !attempts.CodesDisabledAt.IsZero()
	keys, err := r.SecurityKeys(ctx, u.ID)
	if err != nil {
		return f, err
	}
	for _, k := range trusted(keys) {
		if policy.Allows(model.FactorWebAuthn) {
			f.Keys = append(f.Keys, k.Name)
		}
	}
	f.Reset = apps.all == 0 && len(keys) == 0
	return f, nil
}

// confirmed returns the devices that count.
func confirmed(devices []model.TOTPDevice) []model.TOTPDevice {
	return slices.DeleteFunc(slices.Clone(devices), func(d model.TOTPDevice) bool { return d.ConfirmedAt.IsZero() })
}

// VerifyCode takes the code of an authenticator app, or a recovery code, and signs the browser in, or steps up a session
// that is signed in already. A code is accepted once; five wrong ones in a row turn codes off until an app is enrolled anew.
func (c *Center) VerifyCode(ctx context.Context, visit model.Actor, token, code string) (Admission, error) {
	if mfa.IsRecoveryCode(code) {
		return c.VerifyRecoveryCode(ctx, visit, token, code)
	}
	if !mfa.IsCode(code) {
		return Admission{}, errNoCode()
	}
	try, err := c.reserveCode(ctx, visit, token, code)
	if err != nil {
		return Admission{}, err
	}
	if try.wait > 0 {
		return Admission{}, errNotItsTurn(try.wait)
	}
	if !try.open {
		return Admission{}, errCodesOff()
	}
	device, step, err := c.match(try, code)
	if err != nil {
		return Admission{}, err
	}
	if device == nil {
		return Admission{}, c.refuseCode(ctx, visit, try, WrongCode)
	}
	admitted, err := c.pass(ctx, visit, token, proof{signin.CodeAccepted, methodOf(device.Device())}, func(tx *store.Tx, b Browser) (bool, error) {
		fresh, err := tx.UseTOTPStep(ctx, device.ID, step)
		if err != nil || !fresh {
			return false, err
		}
		return true, takeBack(ctx, tx, try)
	})
	if err == nil && admitted.Token == "" {
		return Admission{}, c.refuseCode(ctx, visit, try, "a code that was used before")
	}
	return admitted, err
}

// codeAttempt is one code that somebody tries.
type codeAttempt struct {
	browser Browser
	devices []model.TOTPDevice // whose code it may be
	at      time.Time          // when it was counted
	turn    time.Time          // when it took its turn; zero: it needed none
	wait    time.Duration      // positive: it is not its turn, and it was not counted
	open    bool               // codes are looked at
	last    bool               // one more failure and codes are off
}

// reserveCode counts an attempt before the code is looked at, in a transaction of its own.
func (c *Center) reserveCode(ctx context.Context, visit model.Actor, token, code string) (codeAttempt, error) {
	var try codeAttempt
	err := c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		var err error
		if try.browser, err = c.resume(ctx, tx.Reader, token); err != nil {
			return err
		}
		if stage := try.browser.Session.Stage; stage != model.StagePassword && stage != model.StageSignedIn {
			return errSignedOut(nil)
		}
		if !try.browser.rules.policy.Allows(model.FactorTOTP) {
			return codeProblem("Codes of authenticator apps are not accepted any more. Ask an administrator.")
		}
		before, err := tx.Attempts(ctx, try.browser.User.ID)
		if err != nil {
			return fmt.Errorf("read the failures with codes: %w", err)
		}
		try.last = before.CodeFailures == signin.MaxCodeFailures-1
		apps, err := c.appsOf(ctx, tx.Reader, try.browser.rules.policy, try.browser.User.ID)
		if err != nil {
			return err
		}
		if err := apps.fits(code); err != nil {
			return err
		}
		try.devices = apps.taken
		if !signin.CodeGate(signin.Attempts{Failures: before.CodeFailures}).Open() {
			return nil
		}
		if err := takeTurn(ctx, tx, visit, &try); err != nil || try.wait > 0 {
			return err
		}
		try.at = tx.Now()
		try.open, err = tx.CountCodeFailure(ctx, try.browser.User.ID, signin.MaxCodeFailures)
		return err
	})
	switch {
	case err == nil && try.wait > 0:
		err = c.refuseSecond(ctx, visit, try.browser, "a code was not looked at: too many wrong ones of many people")
	case err == nil && !try.open:
		err = c.refuseSecond(ctx, visit, try.browser, "codes are off after failures")
	}
	return try, err
}

// match finds the app whose code it is; nil when none has it, or had it before.
func (c *Center) match(try codeAttempt, code string) (*model.TOTPDevice, int64, error) {
	var found *model.TOTPDevice
	var at int64
	for _, d := range try.devices {
		secret, err := c.secretOf(try.browser.User.ID, d)
		if err != nil {
			return nil, 0, err
		}
		if step, ok := appOf(d, secret).Verify(code, c.Now(), 0); ok && found == nil {
			found, at = &d, step
		}
	}
	return found, at, nil
}

// appOf is an authenticator app with its open secret.
func appOf(d model.TOTPDevice, secret string) mfa.App {
	return mfa.App{Secret: secret, Digits: d.Digits}
}

// secretOf opens the secret of an authenticator app.
func (c *Center) secretOf(user model.UserID, d model.TOTPDevice) (string, error) {
	secret, err := c.Vault.Open(vault.TOTPSecret, d.Secret, string(user), string(d.ID))
	if err != nil {
		return "", fmt.Errorf("open the secret of authenticator app %s: %w", d.ID, err)
	}
	return string(secret), nil
}

// refuseCode records a failure that was counted before. The fifth in a row says that codes are off now.
func (c *Center) refuseCode(ctx context.Context, visit model.Actor, try codeAttempt, what string) error {
	var alarm Slowdown
	err := c.Store.Update(ctx, func(tx *store.Tx) (err error) {
		e := try.browser.failed(what)
		if try.last {
			e.Summary += fmt.Sprintf("; codes are off after %d failures in a row", signin.MaxCodeFailures)
		}
		if err := tx.Record(ctx, by(try.browser.as(visit), e)); err != nil {
			return err
		}
		if try.last {
			if err := c.announceCodesOff(ctx, tx, try.browser, visit); err != nil {
				return err
			}
		}
		alarm, err = c.raiseAlarm(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("record a failed sign-in: %w", err)
	}
	if alarm.On() {
		c.Log.WarnContext(ctx, "many wrong codes after right passwords: codes from unknown browsers are slowed down",
			"wrong", alarm.Wrong, "off", alarm.Off, "until", alarm.Until)
	}
	switch {
	case try.last:
		return errCodesOff()
	case what != WrongCode:
		return codeProblem("This code was used already. Wait for the next one.")
	}
	return codeProblem("This code is not right. Enter the one your app shows now.")
}

// failed is the event of a second factor that was not accepted.
func (b Browser) failed(why string) model.Event {
	e := model.Event{Action: model.ActSignIn, Outcome: model.Failed, Objects: []model.Ref{userRef(b.User)}, Summary: "Sign-in failed: " + why}
	if b.Session.Stage == model.StageSignedIn {
		e.Action, e.Summary = model.ActStepUp, "Step-up failed: "+why
	}
	return e
}

// refuseSecond records once a minute that a second factor was not looked at or was wrong in a way that cannot be guessed.
func (c *Center) refuseSecond(ctx context.Context, visit model.Actor, b Browser, why string) error {
	e := b.failed(why)
	return c.recordRefusal(ctx, refusalKey{b.User.ID, e.Action, why}, by(b.as(visit), e))
}

func codeProblem(words string) error {
	return &model.Error{Kind: model.Invalid, Message: words, Fields: map[string]string{"code": words}}
}

func errNoCode() error { return codeProblem("Enter the digits that your app shows.") }

func errCodesOff() error {
	return codeProblem(fmt.Sprintf("Codes are off after %d wrong ones in a row. Use a security key or a recovery code, or ask an "+
		"administrator to reset your second factor.", signin.MaxCodeFailures))
}

// VerifyRecoveryCode takes a recovery code, once, and signs the browser in or steps up its session. Codes that were turned off stay off.
func (c *Center) VerifyRecoveryCode(ctx context.Context, visit model.Actor, token, code string) (Admission, error) {
	digest, ok := mfa.RecoveryDigest(code)
	if !ok {
		return Admission{}, codeProblem("A recovery code has 24 letters and digits, in groups of four.")
	}
	var b Browser
	admitted, err := c.pass(ctx, visit, token, proof{signin.RecoveryAccepted, "recovery-code"},
		func(tx *store.Tx, of Browser) (bool, error) {
			b = of
			if !of.rules.policy.Allows(model.FactorRecovery) {
				return false, codeProblem("Recovery codes are not accepted any more. Ask an administrator.")
			}
			return tx.UseRecoveryCode(ctx, of.User.ID, digest)
		})
	if err != nil || admitted.Token != "" {
		admitted.Spent = err == nil
		return admitted, err
	}
	if err := c.refuseSecond(ctx, visit, b, "a wrong or used recovery code"); err != nil {
		return Admission{}, err
	}
	return Admission{}, codeProblem("This recovery code is not right, or was used already.")
}

// pass signs a browser in, or steps its session up, if use consumes the proof, all in one transaction. When use says no, nothing happened and the
// admission is empty.
func (c *Center) pass(ctx context.Context, visit model.Actor, token string, p proof, use func(*store.Tx, Browser) (bool, error),
) (Admission, error) {
	var admitted Admission
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		admitted = Admission{}
		b, err := c.resume(ctx, tx.Reader, token)
		if err != nil {
			return err
		}
		if used, err := use(tx, b); err != nil {
			return err
		} else if !used {
			return store.ErrRollback
		}
		if admitted, err = c.raise(ctx, tx, visit, b, token, p); err != nil {
			return err
		}
		e := signedIn(admitted)
		if b.Session.Stage == model.StageSignedIn {
			e.Action, e.Summary = model.ActStepUp, "Confirmed with "+proofWords[p.method]+" who acts"
		}
		return tx.Record(ctx, by(b.as(visit), e))
	})
	if err != nil {
		return Admission{}, err
	}
	return admitted, nil
}

// signedIn is the event of a sign-in that has proved everything that was asked for.
func signedIn(a Admission) model.Event {
	e := model.Event{Action: model.ActSignIn, Outcome: model.Done, Objects: []model.Ref{userRef(a.User)},
		Summary: "Signed in with " + methodWords[a.Session.Methods]}
	switch a.Session.Stage {
	case model.StageRenewal:
		e.Action, e.Summary = model.ActEnterPassword, "Proved the second factor; the policy asks for a new password next"
	case model.StageStrengthening:
		e.Action, e.Summary = model.ActEnterPassword, "Proved a second factor; the policy asks for a stronger one next"
	}
	return e
}

// proofWords are the ways of proving a second factor, as the trail tells them.
var proofWords = map[string]string{"totp": "a code", model.LongCodeMethod: "a code of 8 digits", "recovery-code": "a recovery code", "security-key": "a security key"}

// methodWords are the methods of a session in the words of the trail.
var methodWords = map[string]string{"password": "the password alone", "password totp": "password and a code",
	"password " + model.LongCodeMethod: "password and a code of 8 digits",
	"password recovery-code":           "password and a recovery code", "password security-key": "password and a security key",
	"passkey": "a passkey"}
