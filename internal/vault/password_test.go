package vault_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gatehouse/internal/vault"
)

// cheap is the least that argon2 computes, so that tests take no time.
var cheap = vault.Cost{Passes: 1, MemoryKiB: 8, Lanes: 1}

func newHasher(t *testing.T, cost vault.Cost) *vault.Hasher {
	t.Helper()
	h, err := vault.NewHasher(cost)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func hash(t *testing.T, h *vault.Hasher, password vault.Secret) string {
	t.Helper()
	hashed, err := h.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	return hashed
}

func TestOnlyThePasswordItselfVerifies(t *testing.T) {
	h := newHasher(t, cheap)
	for _, password := range []vault.Secret{
		"tidal-copper", "Zoë 東京", "with\x00NUL", " spaces ", vault.Secret(strings.Repeat("x", 1024)), "\xff\xfe",
	} {
		hashed := hash(t, h, password)
		if ok, err := h.Verify(t.Context(), password, hashed); err != nil || !ok {
			t.Errorf("%.20q: %t, %v", password.Reveal(), ok, err)
		}
		for _, wrong := range []vault.Secret{
			"", password + "x", password[1:], password[:len(password)-1], " " + password, password + "\x00",
			vault.Secret(strings.ToUpper(password.Reveal()) + "!"),
		} {
			if ok, err := h.Verify(t.Context(), wrong, hashed); err != nil || ok {
				t.Errorf("%.20q for %.20q: %t, %v", wrong.Reveal(), password.Reveal(), ok, err)
			}
		}
	}
}

func TestAPasswordIsHashedWithASaltOfItsOwn(t *testing.T) {
	h := newHasher(t, cheap)
	first, second := hash(t, h, "tidal-copper"), hash(t, h, "tidal-copper")
	if first == second {
		t.Error("two hashes of one password are equal")
	}
	if !strings.HasPrefix(first, "$argon2id$v=19$m=8,t=1,p=1$") || strings.Contains(first, "tidal") {
		t.Errorf("hash %s", first)
	}
}

func TestTheDefaultCostIsTheFloor(t *testing.T) {
	h := newHasher(t, vault.DefaultCost())
	hashed := hash(t, h, "tidal-copper")
	if !strings.HasPrefix(hashed, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %s", hashed)
	}
	if ok, err := h.Verify(t.Context(), "tidal-copper", hashed); err != nil || !ok {
		t.Errorf("%t, %v", ok, err)
	}
}

func TestNobodyHasAPassword(t *testing.T) {
	h := newHasher(t, cheap)
	for _, password := range []vault.Secret{"", "tidal-copper", vault.Secret(strings.Repeat("x", 1025))} {
		if ok, err := h.Verify(t.Context(), password, ""); ok || err != nil {
			t.Errorf("%.20q: %t, %v", password.Reveal(), ok, err)
		}
	}
}

func TestAPasswordTooLongIsNeitherHashedNorCut(t *testing.T) {
	h := newHasher(t, cheap)
	long := vault.Secret(strings.Repeat("x", 1024))
	if _, err := h.Hash(t.Context(), long+"y"); err == nil {
		t.Error("1,025 bytes are hashed")
	}
	if _, err := h.Hash(t.Context(), ""); err == nil {
		t.Error("nothing is hashed")
	}
	if ok, _ := h.Verify(t.Context(), long+"y", hash(t, h, long)); ok {
		t.Error("1,025 bytes are cut to 1,024")
	}
}

func TestAHashIsReplacedWhenTheCostChanges(t *testing.T) {
	now, later := newHasher(t, cheap), newHasher(t, vault.Cost{Passes: 2, MemoryKiB: 16, Lanes: 1})
	hashed := hash(t, now, "tidal-copper")
	if now.NeedsRehash(hashed) {
		t.Error("a fresh hash is to be replaced")
	}
	if !later.NeedsRehash(hashed) {
		t.Error("a hash of the earlier cost is kept")
	}
	if ok, err := later.Verify(t.Context(), "tidal-copper", hashed); err != nil || !ok {
		t.Errorf("a hash of the earlier cost verifies: %t, %v", ok, err)
	}
	if !now.NeedsRehash("") || !now.NeedsRehash("$2a$10$something") {
		t.Error("what is no hash is kept")
	}
}

func TestAStoredHashThatWasTamperedWithIsAnErrorNotAMatch(t *testing.T) {
	h := newHasher(t, cheap)
	salt, key := "c29tZXNhbHQxMjM0NTY3OA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for name, stored := range map[string]string{
		"not a hash":     "plain",
		"another kind":   "$argon2i$v=19$m=8,t=1,p=1$" + salt + "$" + key,
		"older version":  "$argon2id$v=16$m=8,t=1,p=1$" + salt + "$" + key,
		"no passes":      "$argon2id$v=19$m=8,t=0,p=1$" + salt + "$" + key,
		"no lanes":       "$argon2id$v=19$m=8,t=1,p=0$" + salt + "$" + key,
		"too many lanes": "$argon2id$v=19$m=8,t=1,p=255$" + salt + "$" + key,
		"all the memory": "$argon2id$v=19$m=4294967295,t=1,p=1$" + salt + "$" + key,
		"all the time":   "$argon2id$v=19$m=8,t=4294967295,p=1$" + salt + "$" + key,
		"no key":         "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$",
		"a short key":    "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$AAAA",
		"no salt":        "$argon2id$v=19$m=8,t=1,p=1$$" + key,
		"a part missing": "$argon2id$v=19$m=8,t=1,p=1$" + salt,
	} {
		if ok, err := h.Verify(t.Context(), "tidal-copper", stored); ok || err == nil {
			t.Errorf("%s: %t, %v", name, ok, err)
		}
		if !h.NeedsRehash(stored) {
			t.Errorf("%s: kept", name)
		}
	}
}

func TestACostThatArgon2CannotDoIsRefusedAtTheStart(t *testing.T) {
	for _, cost := range []vault.Cost{{}, {1, 8, 0}, {0, 8, 1}, {1, 7, 1}, {1, 8, 2}, {1, 1 << 21, 1}, {65, 8, 1}} {
		if _, err := vault.NewHasher(cost); err == nil {
			t.Errorf("%+v is accepted", cost)
		}
	}
	for _, cost := range []vault.Cost{{1, 8, 1}, {64, 8, 1}, {1, 1 << 20, 1}, {1, 16, 2}} {
		if _, err := vault.NewHasher(cost); err != nil {
			t.Errorf("%+v is refused: %v", cost, err)
		}
	}
}

func TestAStormOfSignInsIsAnsweredOrTurnedAway(t *testing.T) {
	h := newHasher(t, vault.Cost{Passes: 1, MemoryKiB: 1 << 10, Lanes: 1})
	hashed := hash(t, h, "tidal-copper")
	var right, busy atomic.Int64
	var storm sync.WaitGroup
	for range 500 {
		storm.Go(func() {
			switch ok, err := h.Verify(context.Background(), "tidal-copper", hashed); {
			case errors.Is(err, vault.ErrBusy) && !ok:
				busy.Add(1)
			case err == nil && ok:
				right.Add(1)
			default:
				t.Errorf("%t, %v", ok, err)
			}
		})
	}
	storm.Wait()
	if right.Load() == 0 || right.Load()+busy.Load() != 500 {
		t.Errorf("%d answered, %d turned away", right.Load(), busy.Load())
	}
	if ok, err := h.Verify(t.Context(), "tidal-copper", hashed); !ok || err != nil {
		t.Errorf("after the storm: %t, %v", ok, err)
	}
}
