package center_test

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa/softkey"
	"gatehouse/internal/model"
)

// passkey asks a browser for a passkey and returns its cookie and what the key says.
func (k *keyOffice) passkey(t *testing.T) (cookie, answer string) {
	t.Helper()
	options, token, err := k.c.AskPasskey(t.Context(), visit)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err = k.key.Get(options); err != nil {
		t.Fatal(err)
	}
	return token.Reveal(), answer
}

func TestAPasskeySignsInAlone(t *testing.T) {
	t.Parallel()
	k := openKeys(t, softkey.Key{Passkey: true, Verifies: true})
	k.now = k.now.Add(time.Hour)
	cookie, answer := k.passkey(t)
	in, err := k.c.SignInWithPasskey(t.Context(), visit, cookie, answer)
	if err != nil || k.alive(t, in.Token) != model.StageSignedIn || in.User.ID != k.m.ID || in.Session.Methods != "passkey" ||
		!in.Session.FactorAt.Equal(k.now) || !in.Session.SignedInAt.Equal(k.now) {
		t.Fatalf("%+v, %v", in.Session, err)
	}
	k.trail(t, "Signed in with the passkey Blue key")
	k.now = k.now.Add(4 * time.Minute)
	actor := acting(in)
	actor.FactorAt = in.Session.FactorAt
	if _, err := k.c.RenewRecoveryCodes(t.Context(), actor); err != nil {
		t.Errorf("a passkey of four minutes ago is not fresh: %v", err)
	}
}

func TestPasskeysThatAreNotTaken(t *testing.T) {
	t.Parallel()
	for name, attack := range map[string]func(*testing.T, *keyOffice) (center.Admission, error){
		"without making sure who holds it": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			k.key.Verifies = false
			cookie, answer := k.passkey(t)
			return k.c.SignInWithPasskey(t.Context(), visit, cookie, answer)
		},
		"in another browser": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			_, answer := k.passkey(t)
			cookie, _ := k.passkey(t)
			return k.c.SignInWithPasskey(t.Context(), visit, cookie, answer)
		},
		"without the browser's cookie": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			_, answer := k.passkey(t)
			return k.c.SignInWithPasskey(t.Context(), visit, "", answer)
		},
		"twice": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			cookie, answer := k.passkey(t)
			if _, err := k.c.SignInWithPasskey(t.Context(), visit, cookie, answer); err != nil {
				t.Fatal(err)
			}
			return k.c.SignInWithPasskey(t.Context(), visit, cookie, answer)
		},
		"after five minutes": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			cookie, answer := k.passkey(t)
			k.now = k.now.Add(5 * time.Minute)
			return k.c.SignInWithPasskey(t.Context(), visit, cookie, answer)
		},
		"of nobody": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			k.key.Handle = "0000000000-00000000-0000-4000-8000-000000000000"
			cookie, answer := k.passkey(t)
			return k.c.SignInWithPasskey(t.Context(), visit, cookie, answer)
		},
		"under the handle of another person": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			k.key.Handle = string(k.member(t, "ben").ID)
			cookie, answer := k.passkey(t)
			return k.c.SignInWithPasskey(t.Context(), visit, cookie, answer)
		},
		"of somebody disabled": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			cookie, answer := k.passkey(t)
			if err := k.c.DisableUser(t.Context(), host, k.m.ID, ""); err != nil {
				t.Fatal(err)
			}
			return k.c.SignInWithPasskey(t.Context(), visit, cookie, answer)
		},
		"that was taken away": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			cookie, answer := k.passkey(t)
			if _, err := k.c.ResetMFA(t.Context(), host, k.m.ID, center.ByHand); err != nil {
				t.Fatal(err)
			}
			return k.c.SignInWithPasskey(t.Context(), visit, cookie, answer)
		},
		"with the answer to a step-up": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			return k.c.SignInWithPasskey(t.Context(), visit, k.in.Token.Reveal(), k.answer(t, k.in.Token.Reveal()))
		},
	} {
		k := openKeys(t, softkey.Key{Passkey: true, Verifies: true})
		admitted, err := attack(t, k)
		keyRefused(t, name, admitted, err)
		e := k.newest(t)
		if e.Outcome != model.Failed || !strings.HasPrefix(e.Summary, "Sign-in with a passkey failed: ") {
			t.Errorf("%s: the trail says %s", name, e.Summary)
		}
		if known := strings.HasPrefix(name, "without making sure"); known && !slices.Contains(names(e), "user "+k.m.DisplayName) {
			t.Errorf("%s: the trail has it of %v", name, names(e))
		}
	}
}

func TestOfManyEqualAnswersAtOnceOneSignsIn(t *testing.T) {
	t.Parallel()
	k := openKeys(t, softkey.Key{Passkey: true, Verifies: true})
	cookie, answer := k.passkey(t)
	var won atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := k.c.SignInWithPasskey(t.Context(), visit, cookie, answer); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 50 signed in", won.Load())
	}
}

func TestAPasskeyThatCountsBackwardsSignsNobodyIn(t *testing.T) {
	t.Parallel()
	k := openKeys(t, softkey.Key{Passkey: true, Verifies: true, Count: 40})
	cookie, answer := k.passkey(t)
	if _, err := k.c.SignInWithPasskey(t.Context(), visit, cookie, answer); err != nil {
		t.Fatal(err)
	}
	k.key.Count = 20 // a copy that was made earlier
	cookie, answer = k.passkey(t)
	in, err := k.c.SignInWithPasskey(t.Context(), visit, cookie, answer)
	keyRefused(t, "a copy", in, err)
	cookie, answer = k.passkey(t)
	in, err = k.c.SignInWithPasskey(t.Context(), visit, cookie, answer)
	keyRefused(t, "the key after that", in, err)
}
