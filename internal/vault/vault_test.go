package vault_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"gatehouse/internal/vault"
)

func newKey(t *testing.T) vault.Key {
	t.Helper()
	key, err := vault.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newVault(t *testing.T, keys ...vault.Key) *vault.Vault {
	t.Helper()
	v, err := vault.New(rand.Reader, keys...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func seal(t *testing.T, v *vault.Vault, plain string, binding ...string) []byte {
	t.Helper()
	sealed, err := v.Seal(vault.TOTPSecret, []byte(plain), binding...)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestWhatIsSealedOpensUnchanged(t *testing.T) {
	v := newVault(t, newKey(t))
	for _, plain := range []string{"", "x", "GEZDGNBVGY3TQOJQ", strings.Repeat("long", 10_000)} {
		sealed := seal(t, v, plain, "user", "factor")
		if len(plain) > 8 && bytes.Contains(sealed, []byte(plain)) {
			t.Errorf("the sealed value shows %.20q", plain)
		}
		got, err := v.Open(vault.TOTPSecret, sealed, "user", "factor")
		if err != nil || string(got) != plain {
			t.Errorf("opened %.20q, %v; want %.20q", got, err, plain)
		}
	}
}

func TestTheSameTextIsNeverSealedAlike(t *testing.T) {
	v := newVault(t, newKey(t))
	seen := map[string]bool{}
	for range 1000 {
		sealed := string(seal(t, v, "secret", "u", "f"))
		if seen[sealed] {
			t.Fatal("two sealed values are equal: the nonce was used again")
		}
		seen[sealed] = true
	}
}

func TestASealedValueOpensOnlyWhereItBelongs(t *testing.T) {
	key := newKey(t)
	v := newVault(t, key)
	sealed := seal(t, v, "secret", "user-1", "factor-1")
	for _, binding := range [][]string{
		nil, {"user-1"}, {"user-2", "factor-1"}, {"user-1", "factor-2"}, {"factor-1", "user-1"},
		{"user-1factor-1"}, {"user-1f", "actor-1"}, {"user-1", "factor-1", ""}, {"", "user-1", "factor-1"},
	} {
		if _, err := v.Open(vault.TOTPSecret, sealed, binding...); !errors.Is(err, vault.ErrSealBroken) {
			t.Errorf("opened for %q: %v", binding, err)
		}
	}
	if _, err := v.Open(vault.RoleCredential, sealed, "user-1", "factor-1"); !errors.Is(err, vault.ErrSealBroken) {
		t.Errorf("opened for another purpose: %v", err)
	}
}

func TestEveryChangedBitAndEveryCutIsNoticed(t *testing.T) {
	v := newVault(t, newKey(t))
	sealed := seal(t, v, "secret", "u", "f")
	for bit := range len(sealed) * 8 {
		changed := bytes.Clone(sealed)
		changed[bit/8] ^= 1 << (bit % 8)
		if plain, err := v.Open(vault.TOTPSecret, changed, "u", "f"); err == nil {
			t.Fatalf("with bit %d changed it opens as %q", bit, plain)
		}
	}
	for cut := range sealed {
		if plain, err := v.Open(vault.TOTPSecret, sealed[:cut], "u", "f"); err == nil {
			t.Fatalf("its first %d bytes open as %q", cut, plain)
		}
	}
	if _, err := v.Open(vault.TOTPSecret, append(bytes.Clone(sealed), 0), "u", "f"); err == nil {
		t.Error("with a byte more it opens")
	}
}

func TestAfterAChangeOfMasterKeyOldSealsOpenAndNewOnesUseTheNewKey(t *testing.T) {
	before, after := newKey(t), newKey(t)
	sealedBefore := seal(t, newVault(t, before), "secret", "u")

	both := newVault(t, after, before)
	if plain, err := both.Open(vault.TOTPSecret, sealedBefore, "u"); err != nil || string(plain) != "secret" {
		t.Errorf("the earlier seal opens as %q, %v", plain, err)
	}
	if both.KeyID() != after.ID() || both.KeyID() == before.ID() {
		t.Errorf("the vault names key %s; the new one is %s", both.KeyID(), after.ID())
	}
	sealedAfter := seal(t, both, "secret", "u")
	if _, err := newVault(t, after).Open(vault.TOTPSecret, sealedAfter, "u"); err != nil {
		t.Errorf("the new key alone does not open what was sealed after the change: %v", err)
	}
	if _, err := newVault(t, after).Open(vault.TOTPSecret, sealedBefore, "u"); !errors.Is(err, vault.ErrUnknownKey) {
		t.Errorf("without the earlier key: %v, want ErrUnknownKey", err)
	}
	if ids := both.KeyIDs(); len(ids) != 2 || ids[0] != after.ID() || ids[1] != before.ID() {
		t.Errorf("the vault has the keys %v", ids)
	}
	if vault.SealedUnder(sealedBefore) != before.ID() || vault.SealedUnder(sealedAfter) != after.ID() {
		t.Error("the seals do not name their keys")
	}
	for _, broken := range [][]byte{nil, sealedAfter[:4], append([]byte{9}, sealedAfter[1:]...)} {
		if id := vault.SealedUnder(broken); id != "" {
			t.Errorf("%d bytes that are no seal name the key %s", len(broken), id)
		}
	}
}

func TestDerivedBytesBelongToKeyPurposeAndID(t *testing.T) {
	key := newKey(t)
	v := newVault(t, key)
	derive := func(v *vault.Vault, purpose vault.Purpose, id string) string {
		secret, err := v.Derive(purpose, v.KeyID(), id)
		if err != nil || len(secret) != 32 {
			t.Fatalf("%d bytes, %v", len(secret), err)
		}
		return string(secret)
	}

	first := derive(v, vault.RoleCredential, "ASIAEXAMPLE")
	if again := derive(newVault(t, key), vault.RoleCredential, "ASIAEXAMPLE"); again != first {
		t.Error("the same id gives other bytes after a restart")
	}
	for name, other := range map[string]string{
		"another id":      derive(v, vault.RoleCredential, "ASIAEXAMPLF"),
		"another purpose": derive(v, vault.TOTPSecret, "ASIAEXAMPLE"),
		"another key":     derive(newVault(t, newKey(t)), vault.RoleCredential, "ASIAEXAMPLE"),
	} {
		if other == first {
			t.Errorf("%s gives the same bytes", name)
		}
	}
}

func TestWhatWasDerivedUnderAnEarlierKeyStaysAsItWas(t *testing.T) {
	old := newKey(t)
	before := newVault(t, old)
	first, err := before.Derive(vault.RoleCredential, before.KeyID(), "ASIAEXAMPLE")
	if err != nil {
		t.Fatal(err)
	}
	after := newVault(t, newKey(t), old)
	if again, err := after.Derive(vault.RoleCredential, before.KeyID(), "ASIAEXAMPLE"); err != nil || string(again) != string(first) {
		t.Errorf("other bytes after a change of the master key, %v", err)
	}
	gone := newVault(t, newKey(t))
	for _, id := range []string{before.KeyID(), "", "c2f9", "not hex!"} {
		if _, err := gone.Derive(vault.RoleCredential, id, "ASIAEXAMPLE"); !errors.Is(err, vault.ErrUnknownKey) {
			t.Errorf("under the key %q: %v, want ErrUnknownKey", id, err)
		}
	}
}

// The bytes below were computed once and pin the derivations: when they change, databases in use become unreadable.
func TestDerivationsStayAsTheyAre(t *testing.T) {
	keys, err := vault.ParseKeys("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	if err != nil {
		t.Fatal(err)
	}
	v := newVault(t, keys...)
	if got, want := v.KeyID(), "c2f9ed2e"; got != want {
		t.Errorf("key id %s, want %s", got, want)
	}
	secret, err := v.Derive(vault.RoleCredential, v.KeyID(), "ASIAEXAMPLE")
	if want := "3edf6f10cdc8cd33bd7d8acd2255a25a422e5db47c8afcb4ed033049030790ca"; err != nil || hexOf(secret) != want {
		t.Errorf("derived %x, %v; want %s", secret, err, want)
	}
	sealed := unhex(t, "01c2f9ed2e6e6f6e63652d6e6f6e63652d57bc576e346538b6a171973e21a182132e13ee74e725")
	plain, err := v.Open(vault.TOTPSecret, sealed, "user", "factor")
	if err != nil || string(plain) != "secret" {
		t.Errorf("the old seal opens as %q, %v", plain, err)
	}
}

func TestWithoutAKeyOrRandomnessNothingIsSealed(t *testing.T) {
	if _, err := vault.New(rand.Reader); err == nil {
		t.Error("a vault without a master key")
	}
	v, err := vault.New(strings.NewReader("short"), newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	if sealed, err := v.Seal(vault.TOTPSecret, []byte("secret")); err == nil {
		t.Errorf("sealed without randomness: %x", sealed)
	}
}

func FuzzOpen(f *testing.F) {
	key, err := vault.NewKey(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	v, err := vault.New(rand.Reader, key)
	if err != nil {
		f.Fatal(err)
	}
	sealed, err := v.Seal(vault.TOTPSecret, []byte("secret"), "u")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add([]byte{1})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, value []byte) {
		plain, err := v.Open(vault.TOTPSecret, value, "u")
		if err == nil && !bytes.Equal(value, sealed) {
			t.Errorf("%x, which nobody sealed, opens as %q", value, plain)
		}
	})
}
