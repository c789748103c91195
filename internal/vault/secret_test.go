package vault_test

import (
	"bytes"
	"crypto/rand"
	"database/sql/driver"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"gatehouse/internal/vault"
)

func TestASecretIsNeverPrintedByAccident(t *testing.T) {
	const text = "hunter2hunter2"
	secret := vault.Secret(text)
	type form struct{ Password vault.Secret }
	holder := form{secret}
	var shown []string

	for verb := range strings.FieldsSeq("%v %+v %#v %s %q %x %X %d %c %U %e %t %z") {
		for _, value := range []any{secret, &secret, holder, []vault.Secret{secret}, map[vault.Secret]int{secret: 1}} {
			if _, pointer := value.(*vault.Secret); pointer && verb != "%v" {
				continue
			}
			shown = append(shown, fmt.Sprintf(verb, value))
		}
	}
	shown = append(shown, fmt.Sprint(secret), fmt.Sprintln("a", secret), secret.String(), secret.GoString(), fmt.Errorf("sign in with %s", secret).Error())
	for _, value := range []any{secret, holder, []any{secret}, map[string]vault.Secret{"key": secret}} {
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		shown = append(shown, string(encoded))
	}
	encoded, err := xml.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	shown = append(shown, string(encoded))

	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("sign in", "password", secret, "form", holder, slog.Group("g", "p", secret))
	}
	shown = append(shown, log.String())

	for _, s := range shown {
		for _, form := range []string{text, "68756e746572", "68756E746572", "68 75 6e"} {
			if strings.Contains(s, form) {
				t.Errorf("shown: %s", s)
			}
		}
		if !strings.Contains(s, "[secret]") {
			t.Errorf("nothing says that there is a secret: %s", s)
		}
	}
	if secret.Reveal() != text {
		t.Errorf("revealed as %q", secret.Reveal())
	}
}

func TestASecretIsNotStoredAsItIs(t *testing.T) {
	value, err := driver.DefaultParameterConverter.ConvertValue(vault.Secret("hunter2"))
	if err == nil {
		t.Errorf("the database is given %v", value)
	}
	if err != nil && strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error shows the secret: %v", err)
	}
}

func TestASecretIsReadFromJSON(t *testing.T) {
	var form struct{ Password vault.Secret }
	if err := json.Unmarshal([]byte(`{"Password":"hunter2"}`), &form); err != nil || form.Password.Reveal() != "hunter2" {
		t.Errorf("read %q, %v", form.Password.Reveal(), err)
	}
}

func TestTokensAreLongDifferentAndFoundByTheirDigest(t *testing.T) {
	random := rand.Reader
	seen := map[string]bool{}
	for range 1000 {
		token, digest, err := vault.NewToken(random)
		if err != nil {
			t.Fatal(err)
		}
		text := token.Reveal()
		if len(text) != 43 || strings.Trim(text, urlAlphabet) != "" || seen[text] {
			t.Fatalf("token %q: not 43 base64url characters, or seen before", text)
		}
		seen[text] = true
		if digest != vault.TokenDigest(text) || len(digest) != 64 {
			t.Fatalf("digest %q is not that of the token", digest)
		}
		for _, other := range []string{text[:42], text + "A", text + "=", strings.ToUpper(text), " " + text, ""} {
			if other != text && vault.TokenDigest(other) == digest {
				t.Fatalf("%q has the digest of %q", other, text)
			}
		}
	}
	if _, _, err := vault.NewToken(strings.NewReader("short")); err == nil {
		t.Error("a token without randomness")
	}
}

const urlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
