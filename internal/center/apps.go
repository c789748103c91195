package center

import (
	"context"
	"fmt"
	"slices"

	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// apps are the authenticator apps of a person whose codes are taken.
type apps struct {
	taken []model.TOTPDevice
	all   int // those whose codes are not taken included
}

// digits is how many digits their codes have; 0 when some have more than others, or there are none.
func (a apps) digits() int {
	if len(a.taken) == 0 || slices.ContainsFunc(a.taken, func(d model.TOTPDevice) bool { return d.Digits != a.taken[0].Digits }) {
		return 0
	}
	return a.taken[0].Digits
}

// appsOf returns the apps of a person whose codes a policy takes.
func (c *Center) appsOf(ctx context.Context, r store.Reader, p model.SignInPolicy, user model.UserID) (apps, error) {
	devices, err := r.TOTPDevices(ctx, user)
	if err != nil {
		return apps{}, err
	}
	needs, err := c.strengthOf(ctx, r, p, user)
	devices = confirmed(devices)
	return apps{all: len(devices), taken: slices.DeleteFunc(devices, func(d model.TOTPDevice) bool { return !needs.takes(d) })}, err
}

// fits reports why a code cannot be of any of the apps: none is counted that has too few or too many digits.
func (a apps) fits(code string) error {
	switch {
	case a.all > 0 && len(a.taken) == 0:
		return codeProblem(fmt.Sprintf("Who administers needs a security key or passkey here, or an app with codes of %d digits.", mfa.LongDigits))
	case a.digits() == mfa.LongDigits && mfa.IsShort(code):
		return codeProblem(fmt.Sprintf("Enter the %d digits that your app shows.", mfa.LongDigits))
	case a.digits() == mfa.Digits && !mfa.IsShort(code):
		return codeProblem(fmt.Sprintf("Enter the %d digits that your app shows.", mfa.Digits))
	}
	return nil
}
