package signin

import (
	"net/netip"
	"time"
)

// What may go wrong in a row, and what it leaves a guesser who knows everything else:
// passwords 100 × 10⁻⁶ (one that is on no list of common ones), codes 5 × 3 / 10⁶ with three codes valid at a time.
// Together that is 1.5 × 10⁻⁹ until an administrator resets the password or the factor is bound anew.
const (
	// MaxPasswordFailures in a row disable a password until it is reset (NIST SP 800-63B-4 §3.2.2). Those in a browser in
	// which the person is known are a row of their own.
	MaxPasswordFailures = 100
	// MaxCodeFailures in a row disable a one-time code factor until it is bound anew. Only who knows the password can
	// cause them, so that strangers cannot lock anybody out this way.
	MaxCodeFailures = 5

	// MaxNetworkFailures within NetworkWindow, whatever the user names, close sign-in to a network until the window is over:
	// against somebody who tries one password on everybody.
	MaxNetworkFailures = 100
	// NetworkWindow is how long failures from a network count.
	NetworkWindow = 15 * time.Minute

	freeFailures = 3 // this many typing mistakes cost no time
	firstWait    = time.Second
	maxWait      = 15 * time.Minute
)

// Attempts is what is kept of the failures in a row with one credential, or with one credential from one network.
// Success puts it back to zero, but only its own: a right password leaves the failures of codes as they are.
type Attempts struct {
	Failures int
	LastAt   time.Time // of the last failure
}

// Gate says whether an attempt is looked at.
type Gate struct {
	Wait     time.Duration // positive: not before this much more time
	Disabled bool          // not until somebody resets the credential
}

// Open reports whether the attempt is looked at now.
func (g Gate) Open() bool { return !g.Disabled && g.Wait <= 0 }

// PasswordGate says whether a password is looked at now, given the failures so far. The attempt is counted before the
// password is checked, and the count is stored whatever follows; else many attempts at once would share one count.
func PasswordGate(a Attempts, now time.Time) Gate {
	if a.Failures >= MaxPasswordFailures {
		return Gate{Disabled: true}
	}
	wait := PasswordWait(a.Failures)
	// A last failure in the future, after a clock was set back, costs one full wait and not the difference.
	return Gate{Wait: min(wait, max(0, a.LastAt.Add(wait).Sub(now)))}
}

// PasswordWait returns how long after the given number of failures in a row the next password is looked at: nothing
// after three, then one second, doubled by each further failure, up to a quarter of an hour.
func PasswordWait(failures int) time.Duration {
	if failures <= freeFailures {
		return 0
	}
	wait := firstWait
	for range failures - freeFailures - 1 {
		if wait >= maxWait {
			break
		}
		wait *= 2
	}
	return min(wait, maxWait)
}

// NetworkGate says whether a password from a network is looked at, given the failures with any user name since a moment.
func NetworkGate(failures int, since, now time.Time) Gate {
	if failures < MaxNetworkFailures {
		return Gate{}
	}
	return Gate{Wait: min(NetworkWindow, max(0, since.Add(NetworkWindow).Sub(now)))}
}

// CodeGate says whether a one-time code is looked at, given the failures so far. As with passwords, the attempt is
// counted first. There is no waiting: five guesses are few enough.
func CodeGate(a Attempts) Gate {
	return Gate{Disabled: a.Failures >= MaxCodeFailures}
}

// Network returns the network that an address belongs to for counting: the address itself with IPv4, the /64 that one
// customer has with IPv6. What is no address is one network of its own, so that a broken proxy cannot open the gate.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return "unknown"
	}
	return prefix.String()
}

// Vicinity returns the network that an address belongs to for recognising where somebody signs in from: the /24 with IPv4
// and the /48 with IPv6. A home or an office changes its address within these, and moving to another place leaves them. It
// is empty for what is no address, which is never recognised.
func Vicinity(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	bits := 48
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		bits = 24
	}
	return netip.PrefixFrom(ip, bits).Masked().String()
}
