package mfa_test

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"testing"

	"gatehouse/internal/mfa"
)

func recoveryCodes(t *testing.T) []string {
	t.Helper()
	codes, err := mfa.NewRecoveryCodes(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return codes
}

func TestTenDifferentRecoveryCodesInGroupsOfFour(t *testing.T) {
	shape := regexp.MustCompile(`^[A-Z2-7]{4}(-[A-Z2-7]{4}){5}$`)
	seen := map[string]bool{}
	for range 100 {
		codes := recoveryCodes(t)
		if len(codes) != 10 {
			t.Fatalf("%d codes, want 10", len(codes))
		}
		for _, c := range codes {
			if !shape.MatchString(c) || seen[c] {
				t.Errorf("code %q: wrong shape or seen before", c)
			}
			seen[c] = true
		}
	}
}

func TestARecoveryCodeIsRecognisedHoweverItIsTyped(t *testing.T) {
	c := recoveryCodes(t)[0]
	plain := strings.ReplaceAll(c, "-", "")
	want := sha256.Sum256([]byte(plain))
	for _, typed := range []string{
		c, plain, strings.ToLower(c), " " + c + " ", strings.ReplaceAll(c, "-", " "), strings.ReplaceAll(c, "-", " - "),
	} {
		digest, ok := mfa.RecoveryDigest(typed)
		if !ok || digest != hex.EncodeToString(want[:]) {
			t.Errorf("%q: recognised %t, digest %s, want %x", typed, ok, digest, want)
		}
	}
}

func TestWhatIsNotARecoveryCode(t *testing.T) {
	c := recoveryCodes(t)[0]
	for _, typed := range []string{
		"", "123456", c[:len(c)-1], c + "A", c + "\n", "\t" + c, "0" + c[1:], "1" + c[1:], "8" + c[1:], "é" + c[2:],
		"ſ" + c[2:], strings.ReplaceAll(c, "-", "\u2013"), strings.Repeat("A", 1<<16),
	} {
		if digest, ok := mfa.RecoveryDigest(typed); ok || digest != "" || mfa.IsRecoveryCode(typed) {
			t.Errorf("%.40q is taken for a recovery code", typed)
		}
	}
	for _, typed := range []string{c, "AAAA-ZZZZ-aaaa-zzzz-2222-7777"} {
		if !mfa.IsRecoveryCode(typed) {
			t.Errorf("%q is not taken for a recovery code", typed)
		}
	}
}

func FuzzRecoveryDigest(f *testing.F) {
	f.Add("ABCD-EFGH-IJKL-MNOP-QRST-UV23")
	f.Add("abcd efgh ijkl mnop qrst uv23")
	shape := regexp.MustCompile(`^[A-Za-z2-7]{24}$`)
	f.Fuzz(func(t *testing.T, typed string) {
		digest, ok := mfa.RecoveryDigest(typed)
		plain := strings.NewReplacer(" ", "", "-", "").Replace(typed)
		if ok != shape.MatchString(plain) {
			t.Fatalf("%q: recognised %t", typed, ok)
		}
		if want := sha256.Sum256([]byte(strings.ToUpper(plain))); ok && digest != hex.EncodeToString(want[:]) {
			t.Errorf("%q: digest %s, want %x", typed, digest, want)
		}
	})
}
