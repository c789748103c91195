package mfa_test

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"gatehouse/internal/mfa"
)

// rfcSecret is the shared secret of RFC 4226 appendix D and RFC 6238 appendix B.
var rfcSecret = base32.StdEncoding.EncodeToString([]byte("12345678901234567890"))

// six is an app with codes of six digits.
func six(secret string) mfa.App { return mfa.App{Secret: secret, Digits: mfa.Digits} }

func at(step int64) time.Time { return time.Unix(step*30, 0) }

func code(t *testing.T, secret string, step int64) string {
	t.Helper()
	c, err := six(secret).Code(step)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCodesOfRFC6238(t *testing.T) {
	// RFC 6238 appendix B lists eight digits; the six digit code is their end.
	eight := mfa.App{Secret: rfcSecret, Digits: mfa.LongDigits}
	for unix, want := range map[int64]string{
		59:          "94287082",
		1111111109:  "07081804",
		1111111111:  "14050471",
		1234567890:  "89005924",
		2000000000:  "69279037",
		20000000000: "65353130",
	} {
		now := time.Unix(unix, 0)
		if got := code(t, rfcSecret, mfa.Step(now)); got != want[2:] {
			t.Errorf("code at %d is %s, want %s", unix, got, want[2:])
		}
		if step, ok := six(rfcSecret).Verify(want[2:], now, 0); !ok || step != unix/30 {
			t.Errorf("code at %d: step %d, accepted %t", unix, step, ok)
		}
		if got, err := eight.Code(mfa.Step(now)); err != nil || got != want {
			t.Errorf("long code at %d is %s, %v", unix, got, err)
		}
		if step, ok := eight.Verify(want[:4]+" "+want[4:], now, 0); !ok || step != unix/30 {
			t.Errorf("long code at %d: step %d, accepted %t", unix, step, ok)
		}
		_, short := eight.Verify(want[2:], now, 0)
		if _, long := six(rfcSecret).Verify(want, now, 0); short || long {
			t.Error("an app accepts a code of the other length")
		}
	}
}

func TestCodesOfRFC4226(t *testing.T) {
	want := strings.Fields("755224 287082 359152 969429 338314 254676 287922 162583 399871 520489")
	for step, w := range want {
		if got := code(t, rfcSecret, int64(step)); got != w {
			t.Errorf("counter %d gives %s, want %s", step, got, w)
		}
	}
}

func TestVerifyAcceptsOneStepToEitherSide(t *testing.T) {
	const now = 1000
	for offset, want := range map[int64]bool{-3: false, -2: false, -1: true, 0: true, 1: true, 2: false, 3: false} {
		step, ok := six(rfcSecret).Verify(code(t, rfcSecret, now+offset), at(now), 0)
		if ok != want || (ok && step != now+offset) {
			t.Errorf("code of step %+d: step %d, accepted %t, want %t", offset, step, ok, want)
		}
	}
}

func TestTheEdgesOfAStep(t *testing.T) {
	c := code(t, rfcSecret, 1000)
	for _, tt := range []struct {
		name string
		now  time.Time
		want bool
	}{
		{"one step early", time.Unix(999*30, 0), true},
		{"a moment too early", time.Unix(999*30, 0).Add(-1), false},
		{"the last moment one step late", time.Unix(1002*30, 0).Add(-1), true},
		{"two steps late", time.Unix(1002*30, 0), false},
	} {
		if _, ok := six(rfcSecret).Verify(c, tt.now, 0); ok != tt.want {
			t.Errorf("%s: accepted %t, want %t", tt.name, ok, tt.want)
		}
	}
}

func TestACodeIsAcceptedOnce(t *testing.T) {
	now := at(1000)
	spent := code(t, rfcSecret, 1000)
	last, ok := six(rfcSecret).Verify(spent, now, 0)
	if !ok {
		t.Fatal("the first use is refused")
	}

	for _, again := range []string{spent, " " + spent, spent[:3] + " " + spent[3:], spent[:3] + "-" + spent[3:]} {
		for _, later := range []time.Duration{0, time.Second, 29 * time.Second, 30 * time.Second, 59 * time.Second} {
			if _, ok := six(rfcSecret).Verify(again, now.Add(later), last); ok {
				t.Errorf("%q is accepted again %v later", again, later)
			}
		}
	}
	if _, ok := six(rfcSecret).Verify(code(t, rfcSecret, 999), now, last); ok {
		t.Error("the code before an accepted one is still accepted")
	}
	if _, ok := six(rfcSecret).Verify(code(t, rfcSecret, 1001), now, last); !ok {
		t.Error("the code after an accepted one is refused")
	}
}

func TestOfTwoStepsWithOneCodeTheLaterIsSpent(t *testing.T) {
	const step = 910737
	twin := code(t, rfcSecret, step)
	if twin != code(t, rfcSecret, step+1) {
		t.Fatal("the two steps no longer share a code")
	}

	last, ok := six(rfcSecret).Verify(twin, at(step), 0)
	if !ok || last != step+1 {
		t.Fatalf("step %d, accepted %t; want step %d", last, ok, step+1)
	}
	if _, again := six(rfcSecret).Verify(twin, at(step+1), last); again {
		t.Error("the code is accepted once for each of its steps")
	}
}

func TestOnlyItsDigitsAreACode(t *testing.T) {
	good := code(t, rfcSecret, 1000)
	for _, bad := range []string{
		"", " ", "------", good[:5], good + "0", "0" + good, good + "000", "+" + good[1:], good[:5] + "x",
		good + "\n", "\t" + good, good + "\x00", "\u00a0" + good, "\u2007" + good, good[:3] + "\u2013" + good[3:],
		good[:3] + "." + good[3:], fullWidth(good), "0x" + good[2:], strings.Repeat(good, 2),
	} {
		if _, ok := six(rfcSecret).Verify(bad, at(1000), 0); ok || mfa.IsCode(bad) {
			t.Errorf("%q is accepted", bad)
		}
	}
	head, tail := good[:3], good[3:]
	for _, fine := range []string{head + " " + tail, head + "-" + tail, "  " + good + " ", "- - " + good} {
		if _, ok := six(rfcSecret).Verify(fine, at(1000), 0); !ok || !mfa.IsCode(fine) {
			t.Errorf("%q is refused", fine)
		}
	}
}

func fullWidth(digits string) string {
	return strings.Map(func(r rune) rune { return r - '0' + '０' }, digits)
}

func TestAWeakOrBrokenSecretVerifiesNothing(t *testing.T) {
	for _, secret := range []string{"", "=", "A", "MFRGG", rfcSecret[:24], "not base32!", rfcSecret + "\n1", "0189"} {
		if c, err := six(secret).Code(1000); err == nil {
			t.Errorf("secret %q gives the code %s", secret, c)
		}
		for _, guess := range []string{"000000", "328482", "812658"} {
			if _, ok := six(secret).Verify(guess, at(1000), 0); ok {
				t.Errorf("secret %q accepts %s", secret, guess)
			}
		}
	}
}

func TestTimesBeforeTheFirstStep(t *testing.T) {
	for _, now := range []time.Time{{}, time.Unix(-1, 0), time.Unix(math.MinInt64, 0), time.Unix(-100_000_000_000, 0)} {
		for _, guess := range []string{"755224", "287082", "000000"} {
			if step, ok := six(rfcSecret).Verify(guess, now, 0); ok {
				t.Errorf("at %v %s is accepted for step %d", now, guess, step)
			}
		}
	}
	if step := mfa.Step(time.Unix(0, 0)); step != 0 {
		t.Errorf("time begins in step %d", step)
	}
	if c, err := six(rfcSecret[:26] + "======").Code(1); err == nil { // 16 bytes, but padded
		t.Errorf("a padded secret gives the code %s", c)
	}
	if _, err := six(rfcSecret[:26]).Code(1); err != nil {
		t.Errorf("a secret of 128 bits gives no code: %v", err)
	}
	if _, err := six(rfcSecret).Code(-1); err == nil {
		t.Error("step -1 has a code")
	}
}

func TestNewSecretsAreLongAndDifferent(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		secret, err := mfa.NewSecret(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
		if err != nil || len(raw) != 20 || seen[secret] {
			t.Fatalf("secret %q: %d bytes, seen before %t, %v", secret, len(raw), seen[secret], err)
		}
		seen[secret] = true
	}
}

func TestCodesHaveSixOrEightDigits(t *testing.T) {
	for _, digits := range []int{0, 1, 7, 9, -6} {
		if c, err := (mfa.App{Secret: rfcSecret, Digits: digits}).Code(1); err == nil {
			t.Errorf("%d digits give the code %s", digits, c)
		}
	}
	if !mfa.IsShort(" 123-456") || mfa.IsShort("12345678") || !mfa.IsCode("1234 5678") {
		t.Error("codes of six and of eight digits are taken for one another")
	}
}

func TestWithoutRandomnessThereIsNoSecret(t *testing.T) {
	short := iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("0123456789")))
	if secret, err := mfa.NewSecret(short); err == nil {
		t.Errorf("a broken source of randomness gives the secret %q", secret)
	}
	if codes, err := mfa.NewRecoveryCodes(strings.NewReader("0123456789")); err == nil {
		t.Errorf("a short source of randomness gives the recovery codes %q", codes)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("755224", int64(30), int64(0))
	f.Add(" 75-52 24", int64(30), int64(0))
	f.Add("287082\n", int64(59), int64(-5))
	f.Fuzz(func(t *testing.T, input string, unix, lastStep int64) {
		now := time.Unix(unix, 0)
		step, ok := six(rfcSecret).Verify(input, now, lastStep)
		if !ok {
			return
		}
		present := mfa.Step(now)
		digits := strings.NewReplacer(" ", "", "-", "").Replace(input)
		if digits != code(t, rfcSecret, step) {
			t.Errorf("%q is accepted for step %d, whose code is another", input, step)
		}
		if step <= lastStep || step < present-1 || step > present+1 {
			t.Errorf("step %d is accepted at step %d after step %d", step, present, lastStep)
		}
		if _, again := six(rfcSecret).Verify(input, now, step); again {
			t.Errorf("%q is accepted twice", input)
		}
	})
}

// TestOfAMillionCodesThreeAreTaken tries every 30th code at one moment, and those of the step and of one before and after.
func TestOfAMillionCodesThreeAreTaken(t *testing.T) {
	secret, now := "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", time.Unix(1_800_000_000, 0)
	want := map[string]bool{}
	for step := mfa.Step(now) - 1; step <= mfa.Step(now)+1; step++ {
		code, err := six(secret).Code(step)
		if err != nil {
			t.Fatal(err)
		}
		want[code] = true
	}
	if len(want) != 3 {
		t.Fatal("the moment has two equal codes: choose another")
	}
	for n := 0; n < 1_000_000; n += 30 {
		code := fmt.Sprintf("%06d", n)
		if _, ok := six(secret).Verify(code, now, 0); ok != want[code] {
			t.Errorf("code %s: taken %t", code, ok)
		}
	}
	for code := range want {
		if _, ok := six(secret).Verify(code, now, 0); !ok {
			t.Errorf("code %s is not taken", code)
		}
	}
}
