package signin_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"gatehouse/internal/mfa"
	"gatehouse/internal/signin"
)

const year = 365 * 24 * time.Hour

// TestOneNetworkTakesMostOfADayToUseAPasswordsTriesUp guesses from one network as soon as each wait is over.
func TestOneNetworkTakesMostOfADayToUseAPasswordsTriesUp(t *testing.T) {
	now := noon
	var a signin.Attempts
	for signin.PasswordGate(a, now.Add(year)).Open() {
		now = now.Add(signin.PasswordGate(a, now).Wait)
		a = signin.Attempts{Failures: a.Failures + 1, LastAt: now}
	}
	if took := now.Sub(noon); a.Failures != 100 || took != 78423*time.Second {
		t.Errorf("%d guesses take %v", a.Failures, took)
	}
}

// TestTheArithmeticOfGuessing computes what a guesser may hope for from the limits that are compiled in.
func TestTheArithmeticOfGuessing(t *testing.T) {
	accepted := 3.0 // mfa: TestOfAMillionCodesThreeAreTaken
	code, long := accepted/math.Pow10(mfa.Digits), accepted/math.Pow10(mfa.LongDigits)
	password := 1e-6 // a password that is on no list of common ones
	day := 24 * time.Hour
	turns := float64(signin.OffWindow / signin.TurnPause)
	hope := func(tries, each float64) float64 { return -math.Expm1(tries * math.Log1p(-each)) }
	for _, row := range []struct {
		policy      string
		tries, each float64
		want        string
	}{
		{"no lock, ten a second, for a day", 10 * day.Seconds(), code, "9.3e-01"},
		{"five a minute, never disabled, for a day", 5 * day.Minutes(), code, "2.1e-02"},
		{"five in a quarter of an hour, never disabled, for a day", 5 * day.Minutes() / 15, code, "1.4e-03"},
		{"five in a quarter of an hour, never disabled, for a year", 5 * year.Minutes() / 15, code, "4.1e-01"},
		{"a hundred, then disabled, which NIST SP 800-63B-4 allows", 100, code, "3.0e-04"},
		{"here: codes, with the password known", signin.MaxCodeFailures, code, "1.5e-05"},
		{"here: codes of eight digits, with the password known", signin.MaxCodeFailures, long, "1.5e-07"},
		{"here: five codes of each of many people until it slows down", signin.ManyOff * signin.MaxCodeFailures, code, "3.0e-04"},
		{"here: fewer codes of each until it slows down", signin.ManyWrong, code, "6.0e-04"},
		{"here: codes of however many people in an hour of that", turns, code, "3.6e-04"},
		{"here: codes of however many people in the first hour", signin.ManyWrong + turns, code, "9.6e-04"},
		{"here: codes of however many people in a day", signin.ManyWrong + turns + 23*201, code, "1.5e-02"},
		{"codes of 200 people, with nothing that slows down", 200 * signin.MaxCodeFailures, code, "3.0e-03"},
		{"here: the password", signin.MaxPasswordFailures, password, "1.0e-04"},
		{"here: both", 1, hope(signin.MaxPasswordFailures, password) * hope(signin.MaxCodeFailures, code), "1.5e-09"},
	} {
		got := fmt.Sprintf("%.1e", hope(row.tries, row.each))
		if got != row.want {
			t.Errorf("%s: %s, want %s", row.policy, got, row.want)
		}
		t.Logf("%-60s %9.0f tries  %s", row.policy, row.tries, got)
	}
}
