// Package mfa owns one-time codes, security keys and recovery codes, as pure functions of time and input: making secrets,
// checking codes, the address an authenticator app reads and the picture that carries it, what a browser asks of a security
// key and whether its answer is true.
//
// It keeps nothing. Counting attempts and disabling a factor belong to internal/signin, storing the last accepted step and
// that a challenge was answered to internal/store, encrypting a secret at rest to internal/vault.
package mfa

import (
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// The parameters of RFC 6238 that every authenticator app understands. Some apps ignore other values without a word, so
// they are not configurable; whoever is asked for LongDigits finds out at the first code whether theirs is one of them.
const (
	Digits = 6
	Period = 30 * time.Second

	// LongDigits are those of codes that can be guessed with 1.5 × 10⁻⁷ and not 1.5 × 10⁻⁵, for people who administer.
	LongDigits = 8

	secretBytes    = 20 // 160 bits, the length RFC 4226 §4 recommends
	minSecretBytes = 16 // 128 bits, the least RFC 4226 §4 allows

	// window is how many steps to either side of the present one are accepted. One step back covers the delay between
	// reading and submitting (RFC 6238 §5.2); one step ahead covers a phone whose clock runs fast, which people cannot
	// see and would report as "my codes never work". It makes three codes valid at once; with a factor that is disabled
	// after five consecutive failures a guesser's whole chance is 5 × 3 / 10⁶, or 5 × 3 / 10⁸ with the longer codes.
	window = 1
)

var encoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// App is what an authenticator app and the console have in common.
type App struct {
	Secret string // base32 without padding
	Digits int    // of a code: Digits or LongDigits
}

// NewSecret draws a secret of 160 bits from random and returns it as 32 base32 characters, the form apps take.
func NewSecret(random io.Reader) (string, error) {
	secret := make([]byte, secretBytes)
	if _, err := io.ReadFull(random, secret); err != nil {
		return "", fmt.Errorf("draw a one-time code secret: %w", err)
	}
	return encoding.EncodeToString(secret), nil
}

// Step returns the number of the 30 second step that now lies in, counted from 1970 (RFC 6238 §4.2), and -1 for every
// time before.
func Step(now time.Time) int64 {
	if now.Unix() < 0 {
		return -1
	}
	return now.Unix() / int64(Period/time.Second)
}

// Code returns the code that the app shows during step.
// It is what a seed or a test types; checking a person's code is Verify's work.
func (a App) Code(step int64) (string, error) {
	if step < 0 {
		return "", fmt.Errorf("one-time code for step %d: steps start at 0", step)
	}
	if a.Digits != Digits && a.Digits != LongDigits {
		return "", fmt.Errorf("one-time code of %d digits: there are %d or %d", a.Digits, Digits, LongDigits)
	}
	if err := checkSecret(a.Secret); err != nil {
		return "", err
	}
	options := hotp.ValidateOpts{Digits: otp.Digits(a.Digits), Algorithm: otp.AlgorithmSHA1}
	code, err := hotp.GenerateCodeCustom(a.Secret, uint64(step), options)
	if err != nil {
		return "", fmt.Errorf("one-time code for step %d: %w", step, err)
	}
	return code, nil
}

// Verify reports whether code is the code of the app at now, or one step before or after it, and which step it is the
// code of. Only a step later than lastStep counts, the step of the last accepted code: storing the returned step with
// "UPDATE … WHERE last_step < step" makes every code, and every code older than it, usable once (RFC 6238 §5.2). A
// factor whose first code is still to come has lastStep 0.
//
// Spaces and dashes, which people type and apps show between groups, are ignored; anything else than the app's digits is
// refused. All steps are always computed, so the time taken does not tell which of them matched.
func (a App) Verify(code string, now time.Time, lastStep int64) (step int64, ok bool) {
	if code, ok = cleanCode(code); !ok || len(code) != a.Digits {
		return 0, false
	}

	present := Step(now)
	ok = false
	for candidate := present - window; candidate <= present+window; candidate++ {
		want, err := a.Code(candidate)
		if err != nil {
			continue
		}
		same := subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1
		// When two steps share a code the later one is returned, so that the code cannot be used once for each.
		if same && candidate > lastStep {
			step, ok = candidate, true
		}
	}
	return step, ok
}

// IsCode reports whether input has the shape of a one-time code of either length.
func IsCode(input string) bool {
	_, ok := cleanCode(input)
	return ok
}

// IsShort reports whether input has the shape of a one-time code of Digits.
func IsShort(input string) bool {
	code, ok := cleanCode(input)
	return ok && len(code) == Digits
}

func cleanCode(code string) (string, bool) {
	code = dropSeparators(code)
	if len(code) != Digits && len(code) != LongDigits {
		return "", false
	}
	for _, c := range []byte(code) {
		if c < '0' || c > '9' {
			return "", false
		}
	}
	return code, true
}

// checkSecret guards against a secret that is empty or cut short: HMAC accepts any key, and everybody can compute the
// codes of an empty one.
func checkSecret(secret string) error {
	raw, err := encoding.DecodeString(secret)
	if err != nil {
		return errors.New("one-time code secret: not base32")
	}
	if len(raw) < minSecretBytes {
		return fmt.Errorf("one-time code secret: %d bytes, at least %d needed", len(raw), minSecretBytes)
	}
	return nil
}

// dropSeparators removes the ASCII space and the dash, and nothing else: a line break or a look-alike from another
// script is not something a person meant to type.
func dropSeparators(s string) string {
	return strings.NewReplacer(" ", "", "-", "").Replace(s)
}
