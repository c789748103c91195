package center

import (
	"context"
	"slices"

	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// strength is what the policy in force asks of somebody's second factors beside their kind, and what they have of it.
type strength struct {
	administers bool // the person does; not looked for under a policy that makes no difference
	asked       bool // a strong one: the person administers
	has         bool // one, of a kind that the policy takes
}

// weak reports whether somebody who has a second factor must bind a stronger one.
func (s strength) weak() bool { return s.asked && !s.has }

// takes reports whether codes of an app are taken. Short ones are until there is something stronger, and then no more: else what
// they leave to a guesser would be left to them for good.
func (s strength) takes(d model.TOTPDevice) bool { return !s.asked || !s.has || d.Strong() }

// digits is how many digits the codes of a new app have.
func (s strength) digits() int {
	if s.asked {
		return mfa.LongDigits
	}
	return mfa.Digits
}

// strengthOf returns what a policy asks of a person's second factors now. People who administer are those who hold a role in the
// management account.
func (c *Center) strengthOf(ctx context.Context, r store.Reader, p model.SignInPolicy, user model.UserID) (strength, error) {
	if p.Operators != model.OperatorsStrong && len(p.Exempt) == 0 {
		return strength{}, nil
	}
	s, err := c.index.At(ctx, r)
	if model.KindOf(err) == model.NotFound {
		return strength{}, nil // before set-up nobody administers
	}
	if err != nil {
		return strength{}, err
	}
	administers := s.Operates(user, c.Now())
	if !administers || p.Operators != model.OperatorsStrong {
		return strength{administers: administers}, nil
	}
	devices, err := devicesOf(ctx, r, user)
	return strength{administers: true, asked: true, has: slices.ContainsFunc(devices, func(d model.Device) bool { return c.suffices(p, d) })}, err
}

// suffices reports whether a device is strong, and of a kind that can be used.
func (c *Center) suffices(p model.SignInPolicy, d model.Device) bool {
	if d.Kind == model.DeviceApp {
		return d.Strong() && p.Allows(model.FactorTOTP)
	}
	return d.Strong() && p.Allows(model.FactorWebAuthn) && c.KeysWork()
}

// What internal/mfa makes and checks is what internal/model calls strong: this does not compile otherwise.
var _ = [1]struct{}{}[mfa.LongDigits-model.StrongDigits]

// methodOf is how a session is proved with a device.
func methodOf(d model.Device) string {
	switch {
	case d.Kind != model.DeviceApp:
		return "security-key"
	case d.Strong():
		return model.LongCodeMethod
	}
	return string(model.FactorTOTP)
}
