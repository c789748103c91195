package vault_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"gatehouse/internal/vault"
)

func hexOf(b []byte) string { return hex.EncodeToString(b) }

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAKeyIsReadInEveryUsualSpelling(t *testing.T) {
	raw := make([]byte, 32)
	for i := range raw {
		raw[i] = byte(250 - i)
	}
	want, err := vault.ParseKeys(hex.EncodeToString(raw))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		strings.ToUpper(hex.EncodeToString(raw)),
		base64.StdEncoding.EncodeToString(raw), base64.RawStdEncoding.EncodeToString(raw),
		base64.URLEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
		"  " + hex.EncodeToString(raw) + "\r\n", "# a comment, with a comma\n\n" + hex.EncodeToString(raw),
	} {
		got, err := vault.ParseKeys(text)
		if err != nil || len(got) != 1 || got[0] != want[0] {
			t.Errorf("%q: %d keys, %v", text, len(got), err)
		}
	}

	second := strings.Repeat("ab", 32)
	first := hexOf(raw)
	for _, text := range []string{first + "\n" + second, first + "," + second, first + " , " + second + "\n"} {
		got, err := vault.ParseKeys(text)
		if err != nil || len(got) != 2 || got[0] != want[0] || got[0] == got[1] {
			t.Errorf("%q: %d keys, %v", text, len(got), err)
		}
	}
}

func TestWhatIsNotAKeyIsRefusedWithoutBeingQuoted(t *testing.T) {
	good := strings.Repeat("ab", 32)
	for _, text := range []string{
		"", "\n\n", "# only a comment\n", good[:62], good + "ab", "correct horse battery staple", good + ",x",
		"zz" + good[2:], strings.Repeat("A", 42), strings.Repeat("A", 1<<17),
	} {
		keys, err := vault.ParseKeys(text)
		if err == nil {
			t.Errorf("%.30q is taken as %d keys", text, len(keys))
			continue
		}
		for word := range strings.FieldsSeq(text) {
			if len(word) > 6 && strings.Contains(err.Error(), word) {
				t.Errorf("the error quotes the key: %v", err)
			}
		}
	}
}

func TestANewKeyFileIsPrivateAndReadsBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gatehouse.key")
	if _, err := vault.ReadKeyFile(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("without a file: %v, want fs.ErrNotExist", err)
	}
	if err := vault.CreateKeyFile(path, rand.Reader); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}

	first, err := vault.ReadKeyFile(path)
	if err != nil || len(first) != 1 {
		t.Fatalf("%d keys, %v", len(first), err)
	}
	if err := vault.CreateKeyFile(path, rand.Reader); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second time: %v, want fs.ErrExist", err)
	}
	again, err := vault.ReadKeyFile(path)
	if err != nil || again[0] != first[0] {
		t.Errorf("the key is another one after the second attempt (%v)", err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("files left beside the key: %v, %v", left, err)
	}
}

func TestOfManyStartsAtOnceOneMakesTheKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gatehouse.key")
	keys := make([]vault.Key, 16)
	var starts sync.WaitGroup
	for i := range keys {
		starts.Go(func() {
			if err := vault.CreateKeyFile(path, rand.Reader); err != nil && !errors.Is(err, fs.ErrExist) {
				t.Error(err)
			}
			read, err := vault.ReadKeyFile(path)
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = read[0]
		})
	}
	starts.Wait()
	for _, key := range keys {
		if key != keys[0] {
			t.Fatal("two starts use different keys")
		}
	}
}

func TestAKeyFileThatOthersMayReadIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gatehouse.key")
	if err := vault.CreateKeyFile(path, rand.Reader); err != nil {
		t.Fatal(err)
	}
	for mode, fine := range map[fs.FileMode]bool{
		0o600: true, 0o400: true, 0o640: false, 0o604: false, 0o660: false, 0o602: false, 0o644: false, 0o610: false,
	} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.ReadKeyFile(path); (err == nil) != fine {
			t.Errorf("mode %04o: %v", mode, err)
		}
	}
}

func TestKeyFilesThatAreNotOne(t *testing.T) {
	dir := t.TempDir()
	if _, err := vault.ReadKeyFile(dir); err == nil {
		t.Error("a directory is read as a key")
	}
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.ReadKeyFile(empty); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty file: %v", err)
	}
	if err := vault.CreateKeyFile(empty, rand.Reader); !errors.Is(err, fs.ErrExist) {
		t.Errorf("an empty file is replaced: %v", err)
	}
	if err := vault.CreateKeyFile(filepath.Join(dir, "missing", "key"), rand.Reader); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in a directory that does not exist: %v", err)
	}
	if err := vault.CreateKeyFile(filepath.Join(dir, "key"), strings.NewReader("short")); err == nil {
		t.Error("a key without randomness")
	}
}

func TestAKeyIsNeverPrinted(t *testing.T) {
	keys, err := vault.ParseKeys(strings.Repeat("61", 32))
	if err != nil {
		t.Fatal(err)
	}
	key := keys[0]
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%08b", "%T|%v"} {
		for _, value := range []any{key, &key, keys, struct{ Key vault.Key }{key}} {
			text := fmt.Sprintf(verb, value, value)
			if strings.Contains(text, "97 97") || strings.Contains(text, "aaaa") || strings.Contains(text, "6161") ||
				strings.Contains(text, "0x61") || strings.Contains(text, "1100001") {
				t.Errorf("%s of %T shows the key: %s", verb, value, text)
			}
		}
	}
}

func TestAKeyFileThatCannotBeWrittenStaysAsItWas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	if err := vault.CreateKeyFile(path, rand.Reader); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	nowhere, within := filepath.Join(filepath.Dir(path), "no", "master.key"), filepath.Join(path, "master.key")
	for what, err := range map[string]error{
		"creating it again":              vault.CreateKeyFile(path, rand.Reader),
		"creating one in no folder":      vault.CreateKeyFile(nowhere, rand.Reader),
		"creating one in a file":         vault.CreateKeyFile(within, rand.Reader),
		"creating without randomness":    vault.CreateKeyFile(nowhere, iotest.ErrReader(errors.New("none"))),
		"prepending without randomness":  vault.PrependKey(path, iotest.ErrReader(errors.New("none"))),
		"prepending to none":             vault.PrependKey(nowhere, rand.Reader),
		"removing from none":             vault.RemoveKey(within, "0123abcd"),
		"removing one that is not there": vault.RemoveKey(path, "0123abcd"),
	} {
		if err == nil {
			t.Errorf("%s works", what)
		}
	}
	after, err := os.ReadFile(path)
	if err != nil || string(after) != string(before) {
		t.Errorf("the file is another one, or cannot be read: %v", err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("beside it are %v, %v", left, err)
	}
}
