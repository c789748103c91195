package signin_test

import (
	"testing"
	"time"

	"gatehouse/internal/signin"
)

func TestThePasswordWaits(t *testing.T) {
	for failures, want := range map[int]time.Duration{
		-1: 0, 0: 0, 1: 0, 2: 0, 3: 0, 4: time.Second, 5: 2 * time.Second, 6: 4 * time.Second, 10: 64 * time.Second,
		13: 512 * time.Second, 14: 15 * time.Minute, 15: 15 * time.Minute, 99: 15 * time.Minute, 1 << 40: 15 * time.Minute,
	} {
		if got := signin.PasswordWait(failures); got != want {
			t.Errorf("after %d failures: %v, want %v", failures, got, want)
		}
	}
	for n := range 200 {
		if signin.PasswordWait(n+1) < signin.PasswordWait(n) {
			t.Errorf("the wait shrinks after failure %d", n+1)
		}
	}
}

func TestThePasswordGate(t *testing.T) {
	for name, tt := range map[string]struct {
		failures int
		since    time.Duration
		want     signin.Gate
	}{
		"nothing failed yet":                {0, 0, signin.Gate{}},
		"three mistakes":                    {3, 0, signin.Gate{}},
		"the fourth, at once":               {4, 0, signin.Gate{Wait: time.Second}},
		"half the wait":                     {5, time.Second, signin.Gate{Wait: time.Second}},
		"the whole wait":                    {5, 2 * time.Second, signin.Gate{}},
		"long after":                        {20, time.Hour, signin.Gate{}},
		"many":                              {99, 0, signin.Gate{Wait: 15 * time.Minute}},
		"a hundred":                         {100, 0, signin.Gate{Disabled: true}},
		"a hundred, a year ago":             {100, 365 * 24 * time.Hour, signin.Gate{Disabled: true}},
		"a clock that was set back an hour": {5, -time.Hour, signin.Gate{Wait: 2 * time.Second}},
	} {
		got := signin.PasswordGate(signin.Attempts{Failures: tt.failures, LastAt: noon.Add(-tt.since)}, noon)
		if got != tt.want || got.Open() != (tt.want == signin.Gate{}) {
			t.Errorf("%s: %+v, open %t; want %+v", name, got, got.Open(), tt.want)
		}
	}
	if gate := signin.PasswordGate(signin.Attempts{}, noon); !gate.Open() {
		t.Errorf("somebody who never failed: %+v", gate)
	}
}

func TestTheCodeGateShutsForGoodAfterFive(t *testing.T) {
	for failures := range 10 {
		gate := signin.CodeGate(signin.Attempts{Failures: failures, LastAt: noon})
		if gate.Open() != (failures < 5) || gate.Disabled != (failures >= 5) {
			t.Errorf("after %d failures: %+v", failures, gate)
		}
	}
}

// A guesser who never pauses for a year, waits included, gets a hundred passwords and five codes looked at.
func TestAYearOfGuessing(t *testing.T) {
	passwords, codes := 0, 0
	var password, code signin.Attempts
	for now := noon; now.Before(noon.AddDate(1, 0, 0)); now = now.Add(time.Minute) {
		for range 100 { // guesses in this minute
			if signin.PasswordGate(password, now).Open() {
				password = signin.Attempts{Failures: password.Failures + 1, LastAt: now}
				passwords++
			}
			if signin.CodeGate(code).Open() {
				code = signin.Attempts{Failures: code.Failures + 1, LastAt: now}
				codes++
			}
		}
	}
	if passwords != 100 || codes != 5 {
		t.Errorf("%d passwords and %d codes were looked at", passwords, codes)
	}
}

func TestNetworks(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7":                "192.0.2.7",
		"::ffff:192.0.2.7":         "192.0.2.7",
		"2001:db8:1:2:3:4:5:6":     "2001:db8:1:2::/64",
		"2001:db8:1:2::1":          "2001:db8:1:2::/64",
		"2001:DB8:1:2:0:0:0:1%eth": "2001:db8:1:2::/64",
		"2001:db8:1:3::1":          "2001:db8:1:3::/64",
		"":                         "unknown",
		"192.0.2.7:4711":           "unknown",
		"192.0.2.7, 10.0.0.1":      "unknown",
		"evil":                     "unknown",
	} {
		if got := signin.Network(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func TestTheNetworkGate(t *testing.T) {
	for _, tt := range []struct {
		failures int
		since    time.Duration // how long ago the first of them was
		want     time.Duration
	}{
		{0, 0, 0}, {99, 0, 0}, {100, 0, 15 * time.Minute}, {100, 14 * time.Minute, time.Minute}, {1000, 15 * time.Minute, 0},
		{100, -time.Hour, 15 * time.Minute}, // the clock was set back
	} {
		if got := signin.NetworkGate(tt.failures, noon.Add(-tt.since), noon); got != (signin.Gate{Wait: tt.want}) {
			t.Errorf("%d failures since %v ago: %+v, want a wait of %v", tt.failures, tt.since, got, tt.want)
		}
	}
}

func TestVicinities(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7":               "192.0.2.0/24",
		"::ffff:192.0.2.7":        "192.0.2.0/24",
		"2001:db8:1:2:3:4:5:6":    "2001:db8:1::/48",
		"2001:db8:1:ffff::1%eth0": "2001:db8:1::/48",
		"":                        "",
		"192.0.2.7:4711":          "",
		"evil":                    "",
	} {
		if got := signin.Vicinity(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
