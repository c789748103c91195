package center

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

const (
	// firstDevice is what an authenticator app is called until its person names it.
	firstDevice = "Authenticator app"
	// enrolmentTime is how long the secret of an app that is not confirmed yet can be seen and used.
	enrolmentTime = 10 * time.Minute
)

// Enrolment is an authenticator app that waits for its first code.
type Enrolment struct {
	Device       model.DeviceID
	Name         string
	Digits       int // of its codes
	User         model.User
	Organization string
	Secret       vault.Secret // 32 base32 characters, to be typed
	QR           string       // SVG path of the QR code
	QRSize       int          // modules to a side
	NoApps       bool         // the sign-in policy takes no codes of apps: only a key can be enrolled
	Keys         bool         // a key can be enrolled instead
	Stronger     bool         // the person has a second factor, which is not strong enough
}

// Confirmed is what an enrolment ends with.
type Confirmed struct {
	Admission
	RecoveryCodes []string // shown once; nil for a further app
}

// startDevice keeps a new app that only one session may see and confirm. It replaces one that the session began before.
func (c *Center) startDevice(ctx context.Context, tx *store.Tx, s model.Session, name string) (model.TOTPDevice, error) {
	id, err := model.NewUUID(c.Random)
	if err != nil {
		return model.TOTPDevice{}, err
	}
	secret, err := mfa.NewSecret(c.Random)
	if err != nil {
		return model.TOTPDevice{}, err
	}
	policy, err := tx.SignInPolicy(ctx)
	if err != nil {
		return model.TOTPDevice{}, err
	}
	needs, err := c.strengthOf(ctx, tx.Reader, policy, s.User)
	if err != nil {
		return model.TOTPDevice{}, err
	}
	d := model.TOTPDevice{ID: model.DeviceID(id), Name: name, Digits: needs.digits(), Session: s.ID, CreatedAt: tx.Now()}
	if d.Secret, err = c.Vault.Seal(vault.TOTPSecret, []byte(secret), string(s.User), id); err != nil {
		return d, err
	}
	if err := tx.DeletePendingTOTPDevices(ctx, s.User, s.ID); err != nil {
		return d, fmt.Errorf("forget an enrolment: %w", err)
	}
	if err := tx.InsertTOTPDevice(ctx, s.User, d); err != nil {
		return d, fmt.Errorf("begin an enrolment: %w", err)
	}
	return d, nil
}

// pending returns the app that a session is enrolling.
func (c *Center) pending(ctx context.Context, r store.Reader, user model.UserID, session model.SessionID) (model.TOTPDevice, error) {
	devices, err := r.TOTPDevices(ctx, user)
	if err != nil {
		return model.TOTPDevice{}, err
	}
	for _, d := range devices {
		if d.ConfirmedAt.IsZero() && d.Session == session && c.Now().Sub(d.CreatedAt) < enrolmentTime {
			return d, nil
		}
	}
	return model.TOTPDevice{}, &model.Error{Kind: model.Conflict,
		Message: "This took too long, or the app is enrolled already. Start again."}
}

// Enrolment returns the app that a browser is enrolling while it signs in.
func (c *Center) Enrolment(ctx context.Context, token string) (Enrolment, error) {
	var e Enrolment
	err := c.Store.Snapshot(ctx, func(r store.Reader) error {
		b, err := c.resume(ctx, r, token)
		if err != nil {
			return err
		}
		if e, err = c.enrolment(ctx, r, b.User, b.Session.ID); err != nil {
			return err
		}
		e.Stronger = b.Session.Stage == model.StageStrengthening
		e.NoApps = !b.rules.policy.Allows(model.FactorTOTP)
		e.Keys = c.KeysWork() && b.rules.policy.Allows(model.FactorWebAuthn)
		return nil
	})
	return e, err
}

func (c *Center) enrolment(ctx context.Context, r store.Reader, u model.User, session model.SessionID) (Enrolment, error) {
	d, err := c.pending(ctx, r, u.ID, session)
	if err != nil {
		return Enrolment{}, err
	}
	org, err := r.Organization(ctx)
	if err != nil {
		return Enrolment{}, err
	}
	secret, err := c.secretOf(u.ID, d)
	if err != nil {
		return Enrolment{}, err
	}
	path, size, err := mfa.QR(appOf(d, secret).URI(org.Name, u.UserName))
	if err != nil {
		return Enrolment{}, err
	}
	return Enrolment{Device: d.ID, Name: d.Name, Digits: d.Digits, User: u, Organization: org.Name, Secret: vault.Secret(secret),
		QR: path, QRSize: size}, nil
}

// ConfirmEnrolment takes the first code of the app that a browser enrols while signing in, names the app, makes recovery
// codes and signs the browser in. An empty name leaves the one it has.
func (c *Center) ConfirmEnrolment(ctx context.Context, visit model.Actor, token, name, code string) (Confirmed, error) {
	if err := checkDeviceName(name); err != nil {
		return Confirmed{}, err
	}
	if !mfa.IsCode(code) {
		return Confirmed{}, errNoCode()
	}
	return c.enrolled(ctx, visit, token, func(tx *store.Tx, b Browser) (model.Device, error) {
		if !b.rules.policy.Allows(model.FactorTOTP) {
			return model.Device{}, errAppsOff()
		}
		return c.confirm(ctx, tx, enrolling{b.User, b.Session.ID, name, code})
	})
}

// errAppsOff is what is said to whoever would bind an authenticator app whose codes the sign-in policy does not take.
func errAppsOff() error {
	return &model.Error{Kind: model.Conflict, Message: "Codes of authenticator apps are not accepted here. Use a security key or passkey."}
}

// enrolled binds the first device of a person who is signing in, makes recovery codes and signs the browser in. Somebody who has a
// device that is not strong enough binds a stronger one in the same way; their recovery codes stay.
func (c *Center) enrolled(ctx context.Context, visit model.Actor, token string,
	bind func(*store.Tx, Browser) (model.Device, error)) (Confirmed, error) {
	var done Confirmed
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		b, err := c.resume(ctx, tx.Reader, token)
		if err != nil {
			return err
		}
		if !b.Session.Stage.Binds() {
			return errSignedOut(nil)
		}
		device, err := bind(tx, b)
		if err != nil {
			return err
		}
		if b.Session.Stage == model.StageStrengthening {
			b.Session.Methods = "password " + methodOf(device)
			b.facts, err = c.factsOf(ctx, tx.Reader, b)
		} else {
			done.RecoveryCodes, err = c.renewCodes(ctx, tx, b.User.ID)
		}
		if err != nil {
			return err
		}
		if done.Admission, err = c.raise(ctx, tx, visit, b, token, proof{signin.FactorBound, methodOf(device)}); err != nil {
			return err
		}
		actor := b.as(visit)
		if err := c.announceFactor(ctx, tx, b.User, visit, device.Name); err != nil {
			return err
		}
		if err := tx.Record(ctx, by(actor, addedDevice(b.User, device))); err != nil {
			return err
		}
		return tx.Record(ctx, by(actor, signedIn(done.Admission)))
	})
	if err != nil {
		return Confirmed{}, err
	}
	return done, nil
}

// enrolling is the confirmation of an app with its first code.
type enrolling struct {
	user       model.User
	session    model.SessionID
	name, code string
}

// confirm makes an app count if the code is its own. Codes that were turned off after failures are taken again: a factor
// was bound anew.
func (c *Center) confirm(ctx context.Context, tx *store.Tx, e enrolling) (model.Device, error) {
	d, err := c.pending(ctx, tx.Reader, e.user.ID, e.session)
	if err != nil {
		return model.Device{}, err
	}
	d.Name = cmp.Or(strings.TrimSpace(e.name), d.Name)
	secret, err := c.secretOf(e.user.ID, d)
	if err != nil {
		return model.Device{}, err
	}
	if err := c.long(ctx, tx, e, d); err != nil {
		return model.Device{}, err
	}
	step, ok := appOf(d, secret).Verify(e.code, tx.Now(), 0)
	if !ok {
		return model.Device{}, codeProblem("This code is not right. Check that the app shows the account you just added, and that your " +
			"phone's clock is set automatically.")
	}
	if ok, err = tx.ConfirmTOTPDevice(ctx, d.ID, d.Name, step); err != nil {
		return model.Device{}, fmt.Errorf("confirm an authenticator app: %w", err)
	}
	if !ok {
		return model.Device{}, &model.Error{Kind: model.Conflict, Message: "This app is enrolled already."}
	}
	if err := tx.DeletePendingTOTPDevices(ctx, e.user.ID, ""); err != nil {
		return model.Device{}, fmt.Errorf("forget other enrolments: %w", err)
	}
	return d.Device(), tx.ClearCodeFailures(ctx, e.user.ID)
}

// long refuses an app whose codes are too short for its person, or turned out to be.
func (c *Center) long(ctx context.Context, tx *store.Tx, e enrolling, d model.TOTPDevice) error {
	policy, err := tx.SignInPolicy(ctx)
	if err != nil {
		return err
	}
	needs, err := c.strengthOf(ctx, tx.Reader, policy, e.user.ID)
	switch {
	case err != nil:
		return err
	case needs.asked && !d.Strong():
		return &model.Error{Kind: model.Conflict, Message: fmt.Sprintf("Who administers needs an app with codes of %d digits now. Start again.",
			mfa.LongDigits)}
	case d.Strong() && mfa.IsShort(e.code):
		return codeProblem(fmt.Sprintf("Enter %d digits. An app that shows %d cannot be used: scan the code with another one, or use a security key.",
			mfa.LongDigits, mfa.Digits))
	}
	return nil
}

// renewCodes replaces a person's recovery codes and returns the new ones, of which only digests are kept.
func (c *Center) renewCodes(ctx context.Context, tx *store.Tx, user model.UserID) ([]string, error) {
	codes, err := mfa.NewRecoveryCodes(c.Random)
	if err != nil {
		return nil, err
	}
	digests := make([]string, len(codes))
	for i, code := range codes {
		digests[i], _ = mfa.RecoveryDigest(code)
	}
	return codes, tx.ReplaceRecoveryCodes(ctx, user, digests)
}

// checkDeviceName takes an empty name: then the device keeps the one it has.
func checkDeviceName(name string) error {
	if !utf8.ValidString(name) || utf8.RuneCountInString(name) > 64 || strings.ContainsFunc(name, isControl) {
		words := "A name has at most 64 characters, all of them visible."
		return &model.Error{Kind: model.Invalid, Message: words, Fields: map[string]string{"name": words}}
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) }
