package vault_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/internal/vault"
)

// rowKeys are the keys for MACs under some master keys.
func rowKeys(t *testing.T, keys ...vault.Key) vault.RowKeys {
	t.Helper()
	v, err := vault.New(rand.Reader, keys...)
	if err != nil {
		t.Fatal(err)
	}
	rows := v.RowKeys()
	return rows
}

func TestAMACFitsItsRowAloneAndNamesItsKey(t *testing.T) {
	old, young := newKey(t), newKey(t)
	mac := rowKeys(t, old).MACs().Of([]byte("row"))
	if !strings.HasPrefix(mac, old.ID()+".") || len(mac) != 52 {
		t.Errorf("Of() = %s", mac)
	}
	both := rowKeys(t, young, old).MACs()
	if err := both.Check([]byte("row"), mac); err != nil {
		t.Errorf("Check() with the earlier key at hand = %v", err)
	}
	if again := both.Of([]byte("row")); !strings.HasPrefix(again, young.ID()+".") {
		t.Errorf("a new MAC is %s, want one under the first key", again)
	}
	for _, wrong := range []string{"", mac[:51], mac + "A", mac[:51] + "_", strings.ToUpper(mac), mac[9:], "." + mac[9:]} {
		if err := both.Check([]byte("row"), wrong); !errors.Is(err, vault.ErrMACBroken) && !errors.Is(err, vault.ErrUnknownKey) {
			t.Errorf("Check(%q) = %v", wrong, err)
		}
	}
	if err := both.Check([]byte("Row"), mac); !errors.Is(err, vault.ErrMACBroken) {
		t.Errorf("Check() of another row = %v", err)
	}
	if err := rowKeys(t, young).MACs().Check([]byte("row"), mac); !errors.Is(err, vault.ErrUnknownKey) {
		t.Errorf("Check() without its key = %v", err)
	}
	if a, ok := both.Mark(old.ID(), "x"); !ok {
		t.Error("no mark of a key at hand")
	} else if b, _ := both.Mark(young.ID(), "x"); a == b {
		t.Error("two keys make the same mark")
	}
	for _, text := range []string{fmt.Sprintf("%+v %#v", rowKeys(t, old), rowKeys(t, old)), fmt.Sprintf("%+v", both)} {
		if strings.Contains(text, "map") || !strings.Contains(text, "[secret]") {
			t.Errorf("keys print as %s", text)
		}
	}
}

func TestASignatureIsOfItsMessagePurposeAndKey(t *testing.T) {
	key, other := newKey(t), newKey(t)
	v, err := vault.New(rand.Reader, key)
	if err != nil {
		t.Fatal(err)
	}
	id, signature := v.Sign(vault.TrailCheckpoint, []byte("message"))
	if id != key.ID() {
		t.Fatal(id)
	}
	if err := v.Verify(vault.TrailCheckpoint, id, []byte("message"), signature); err != nil {
		t.Errorf("Verify() = %v", err)
	}
	for name, err := range map[string]error{
		"another message": v.Verify(vault.TrailCheckpoint, id, []byte("massage"), signature),
		"another purpose": v.Verify(vault.TOTPSecret, id, []byte("message"), signature),
		"no signature":    v.Verify(vault.TrailCheckpoint, id, []byte("message"), nil),
	} {
		if !errors.Is(err, vault.ErrSealBroken) {
			t.Errorf("%s: Verify() = %v", name, err)
		}
	}
	for _, unknown := range []string{other.ID(), "", "no hex"} {
		if err := v.Verify(vault.TrailCheckpoint, unknown, []byte("message"), signature); !errors.Is(err, vault.ErrUnknownKey) {
			t.Errorf("another key, %q: Verify() = %v", unknown, err)
		}
	}
}

func TestAKeyIsPutFirstAndTakenOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	if err := vault.CreateKeyFile(path, rand.Reader); err != nil {
		t.Fatal(err)
	}
	first, err := vault.ReadKeyFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := vault.RemoveKey(path, first[0].ID()); err == nil {
		t.Error("the only key was taken out")
	}
	if err := vault.PrependKey(path, rand.Reader); err != nil {
		t.Fatal(err)
	}
	both, err := vault.ReadKeyFile(path)
	if err != nil || len(both) != 2 || both[1].ID() != first[0].ID() {
		t.Fatalf("ReadKeyFile() = %d keys, %v; want the new one first", len(both), err)
	}
	if err := vault.RemoveKey(path, "01234567"); err == nil {
		t.Error("a key that is not there was taken out")
	}
	if err := vault.RemoveKey(path, both[1].ID()); err != nil {
		t.Fatal(err)
	}
	left, err := vault.ReadKeyFile(path)
	if err != nil || len(left) != 1 || left[0].ID() != both[0].ID() {
		t.Errorf("ReadKeyFile() = %d keys, %v", len(left), err)
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("%d files are left behind, %v", len(files), err)
	}
}
