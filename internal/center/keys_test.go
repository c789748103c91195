package center_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa/softkey"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

const site = "http://localhost:8080"

// keyOffice is an office whose address browsers give keys to, with somebody who is signed in and has a key.
type keyOffice struct {
	*office
	m   member
	in  center.Admission
	key *softkey.Key
}

func openKeys(t *testing.T, key softkey.Key) *keyOffice {
	t.Helper()
	o := openOffice(t)
	config := o.c.Config
	config.BaseURL = site
	o.c = center.New(config)
	k := &keyOffice{office: o, m: o.member(t, "ana"), key: &key}
	k.key.Origin = site
	k.in = o.signIn(t, k.m)
	if _, err := k.add(t, k.in, k.key, "Blue key"); err != nil {
		t.Fatal(err)
	}
	return k
}

// add registers a key for whoever is signed in.
func (k *keyOffice) add(t *testing.T, in center.Admission, key *softkey.Key, name string) (model.Device, error) {
	t.Helper()
	options, err := k.c.AskNewKey(t.Context(), visit, in.Token.Reveal())
	if err != nil {
		return model.Device{}, err
	}
	answer, err := key.Create(options)
	if err != nil {
		t.Fatal(err)
	}
	actor := acting(in)
	actor.FactorAt = in.Session.FactorAt
	return k.c.AddKey(t.Context(), actor, in.Token.Reveal(), name, answer)
}

// answer is what the key says when a browser is asked for its second factor.
func (k *keyOffice) answer(t *testing.T, token string) string {
	t.Helper()
	options, err := k.c.AskKey(t.Context(), visit, token)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := k.key.Get(options)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestASecurityKeySignsInAfterThePasswordAndStepsUp(t *testing.T) {
	t.Parallel()
	k := openKeys(t, softkey.Key{})
	k.trail(t, "Added the security key Blue key")
	half := k.password(t, "ana").Token.Reveal()
	in, err := k.c.VerifyKey(t.Context(), visit, half, k.answer(t, half))
	if err != nil || k.alive(t, in.Token) != model.StageSignedIn || in.Session.Methods != "password security-key" {
		t.Fatalf("%+v, %v", in.Session, err)
	}
	k.trail(t, "Signed in with password and a security key")
	k.now = k.now.Add(10 * time.Minute)
	up, err := k.c.VerifyKey(t.Context(), visit, in.Token.Reveal(), k.answer(t, in.Token.Reveal()))
	if err != nil || !up.Session.FactorAt.Equal(k.now) || k.alive(t, in.Token) != "" {
		t.Errorf("%+v, %v", up.Session, err)
	}
	k.trail(t, "Confirmed with a security key who acts")
	coded, err := k.c.VerifyKey(t.Context(), visit, k.in.Token.Reveal(), k.answer(t, k.in.Token.Reveal()))
	if err != nil || coded.Session.Methods != "password totp" {
		t.Errorf("stepped up with a key, a session that a code opened was opened with %q, %v", coded.Session.Methods, err)
	}
	f, err := k.c.Factors(t.Context(), k.password(t, "ana").Token.Reveal())
	if err != nil || len(f.Keys) != 1 || len(f.Devices) != 1 || f.Reset {
		t.Errorf("Factors() = %+v, %v", f, err)
	}
}

// keyRefused fails the test unless a key was refused, and says so at its field.
func keyRefused(t *testing.T, what string, a center.Admission, err error) {
	t.Helper()
	if model.KindOf(err) != model.Invalid || a.Token != "" {
		t.Errorf("%s: %+v, %v", what, a.Session, err)
		return
	}
	if e := err.(*model.Error); e.Fields["key"] == "" {
		t.Errorf("%s: nothing is said at the key: %v", what, err)
	}
}

func TestAnswersOfKeysThatAreNotTaken(t *testing.T) {
	t.Parallel()
	for name, attack := range map[string]func(*testing.T, *keyOffice) (center.Admission, error){
		"the same answer again": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			half := k.password(t, "ana").Token.Reveal()
			answer := k.answer(t, half)
			if _, err := k.c.VerifyKey(t.Context(), visit, half, answer); err != nil {
				t.Fatal(err)
			}
			return k.c.VerifyKey(t.Context(), visit, k.password(t, "ana").Token.Reveal(), answer)
		},
		"an answer to a challenge that was answered wrongly": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			half := k.password(t, "ana").Token.Reveal()
			answer := k.answer(t, half)
			broken := strings.Replace(answer, `"signature":"M`, `"signature":"N`, 1)
			if _, err := k.c.VerifyKey(t.Context(), visit, half, broken); err == nil {
				t.Fatal("a broken signature is taken")
			}
			return k.c.VerifyKey(t.Context(), visit, half, answer)
		},
		"a challenge of another browser": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			answer := k.answer(t, k.password(t, "ana").Token.Reveal())
			return k.c.VerifyKey(t.Context(), visit, k.password(t, "ana").Token.Reveal(), answer)
		},
		"a challenge of a step-up, at sign-in": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			answer := k.answer(t, k.in.Token.Reveal())
			return k.c.VerifyKey(t.Context(), visit, k.password(t, "ana").Token.Reveal(), answer)
		},
		"a challenge of a sign-in, at a step-up": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			answer := k.answer(t, k.password(t, "ana").Token.Reveal())
			return k.c.VerifyKey(t.Context(), visit, k.in.Token.Reveal(), answer)
		},
		"a challenge that nobody made": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			half := k.password(t, "ana").Token.Reveal()
			k.key.Challenge = make([]byte, 32)
			return k.c.VerifyKey(t.Context(), visit, half, k.answer(t, half))
		},
		"an answer after five minutes": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			answer := k.answer(t, k.in.Token.Reveal())
			k.now = k.now.Add(5 * time.Minute)
			return k.c.VerifyKey(t.Context(), visit, k.in.Token.Reveal(), answer)
		},
		"an answer on another site": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			half := k.password(t, "ana").Token.Reveal()
			k.key.Origin = "http://localhost:8081"
			return k.c.VerifyKey(t.Context(), visit, half, k.answer(t, half))
		},
		"an answer for another relying party": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			half := k.password(t, "ana").Token.Reveal()
			k.key.RPID = "evil.example"
			return k.c.VerifyKey(t.Context(), visit, half, k.answer(t, half))
		},
		"the key of another person": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			ben := k.member(t, "ben")
			his := &softkey.Key{Origin: site, Passkey: true}
			if _, err := k.add(t, k.signIn(t, ben), his, ""); err != nil {
				t.Fatal(err)
			}
			half := k.password(t, "ana").Token.Reveal()
			options, err := k.c.AskKey(t.Context(), visit, half)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := his.Get([]byte(strings.Replace(string(options), `"allowCredentials"`, `"ignored"`, 1)))
			if err != nil {
				t.Fatal(err)
			}
			return k.c.VerifyKey(t.Context(), visit, half, answer)
		},
		"no answer at all": func(t *testing.T, k *keyOffice) (center.Admission, error) {
			return k.c.VerifyKey(t.Context(), visit, k.password(t, "ana").Token.Reveal(), "{}")
		},
	} {
		k := openKeys(t, softkey.Key{})
		admitted, err := attack(t, k)
		keyRefused(t, name, admitted, err)
	}
}

func TestAKeyThatCountsBackwardsIsRefusedFromThenOn(t *testing.T) {
	t.Parallel()
	k := openKeys(t, softkey.Key{Count: 40})
	half := k.password(t, "ana").Token.Reveal()
	if _, err := k.c.VerifyKey(t.Context(), visit, half, k.answer(t, half)); err != nil {
		t.Fatal(err)
	}
	k.key.Count = 20 // a copy that was made earlier
	half = k.password(t, "ana").Token.Reveal()
	answer := k.answer(t, half)
	admitted, err := k.c.VerifyKey(t.Context(), visit, half, answer)
	keyRefused(t, "a copy", admitted, err)
	k.trail(t, "Sign-in failed: the security key Blue key counted backwards; it is refused from now on, there may be a copy of it")
	if _, err := k.c.AskKey(t.Context(), visit, half); model.KindOf(err) != model.Conflict {
		t.Errorf("the key is asked for again: %v", err)
	}
	s, err := k.c.OwnSecurity(t.Context(), acting(k.in))
	if err != nil || len(s.Devices) != 2 || s.Devices[1].SuspectAt.IsZero() {
		t.Fatalf("devices %+v, %v", s.Devices, err)
	}
	if !center.Last(s.Devices, s.Devices[0]) || center.Last(s.Devices, s.Devices[1]) {
		t.Error("a key that is refused counts as a device to sign in with")
	}
	if err := k.c.RemoveDevice(t.Context(), acting(k.in), s.Devices[0].ID); model.KindOf(err) != model.Conflict {
		t.Errorf("the app went, and only a refused key is left: %v", err)
	}
	if err := k.c.RemoveDevice(t.Context(), acting(k.in), s.Devices[1].ID); err != nil {
		t.Errorf("the refused key stays: %v", err)
	}
}

func TestKeysAreNamedRenamedAndRemoved(t *testing.T) {
	t.Parallel()
	k := openKeys(t, softkey.Key{})
	d, err := k.add(t, k.in, &softkey.Key{Origin: site, Passkey: true, Verifies: true}, "")
	if err != nil || d.Name != "Passkey" || d.Kind != model.DevicePasskey {
		t.Fatalf("%+v, %v", d, err)
	}
	if d, err = k.add(t, k.in, &softkey.Key{Origin: site, Passkey: true, Verifies: true}, ""); err != nil || d.Name != "Passkey 2" {
		t.Fatalf("%+v, %v", d, err)
	}
	actor := acting(k.in)
	if err := k.c.RenameDevice(t.Context(), actor, d.ID, "Laptop"); err != nil {
		t.Error(err)
	}
	if err := k.c.RemoveDevice(t.Context(), actor, d.ID); err != nil {
		t.Error(err)
	}
	k.trail(t, "Removed the passkey Laptop", "Renamed the passkey Passkey 2 to Laptop", "Added the passkey Passkey 2")
	stranger := acting(k.signIn(t, k.member(t, "ben")))
	s, err := k.c.OwnSecurity(t.Context(), actor)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.c.RemoveDevice(t.Context(), stranger, s.Devices[1].ID); model.KindOf(err) != model.NotFound {
		t.Errorf("somebody else removes a key: %v", err)
	}
	for len(s.Devices) > 1 { // in the end the app stays or a key does, whichever is last
		if err := k.c.RemoveDevice(t.Context(), actor, s.Devices[0].ID); err != nil {
			t.Fatal(err)
		}
		s.Devices = s.Devices[1:]
	}
	if err := k.c.RemoveDevice(t.Context(), actor, s.Devices[0].ID); model.KindOf(err) != model.Conflict {
		t.Errorf("the last device was removed: %v", err)
	}
}

func TestAddingAKeyNeedsAFreshFactorAndTheBrowserThatAsked(t *testing.T) {
	t.Parallel()
	k := openKeys(t, softkey.Key{})
	options, err := k.c.AskNewKey(t.Context(), visit, k.in.Token.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&softkey.Key{Origin: site}).Create(options)
	if err != nil {
		t.Fatal(err)
	}
	ben := k.signIn(t, k.member(t, "ben"))
	if _, err := k.c.AddKey(t.Context(), acting(ben), ben.Token.Reveal(), "", answer); model.KindOf(err) != model.Invalid {
		t.Errorf("another browser registers the key: %v", err)
	}
	if _, err := k.c.AddKey(t.Context(), acting(k.in), k.in.Token.Reveal(), "", answer); err != nil {
		t.Errorf("the browser that asked: %v", err)
	}
	if _, err := k.c.AddKey(t.Context(), acting(k.in), k.in.Token.Reveal(), "", answer); model.KindOf(err) != model.Invalid {
		t.Errorf("registered twice: %v", err)
	}
	k.now = k.now.Add(5 * time.Minute)
	if _, err := k.c.AskNewKey(t.Context(), visit, k.in.Token.Reveal()); model.KindOf(err) != model.Unconfirmed {
		t.Errorf("a key is made without a fresh factor: %v", err)
	}
}

func TestAFirstKeyIsEnrolledWhileSigningIn(t *testing.T) {
	t.Parallel()
	k := openKeys(t, softkey.Key{})
	u := k.user(t, "ben")
	link, err := k.c.Invite(t.Context(), host, u.ID, center.ByHand)
	if err != nil {
		t.Fatal(err)
	}
	half, err := k.c.AcceptLink(t.Context(), visit, link.Reveal(), goodPassword)
	if err != nil || half.Session.Stage != model.StageEnrolment {
		t.Fatalf("%+v, %v", half.Session, err)
	}
	options, err := k.c.AskNewKey(t.Context(), visit, half.Token.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&softkey.Key{Origin: site}).Create(options)
	if err != nil {
		t.Fatal(err)
	}
	done, err := k.c.EnrolKey(t.Context(), visit, half.Token.Reveal(), "Ben’s key", answer)
	if err != nil || len(done.RecoveryCodes) != 10 || k.alive(t, done.Token) != model.StageSignedIn {
		t.Fatalf("%+v, %v", done.Session, err)
	}
	k.trail(t, "Signed in with password and a security key", "Added the security key Ben’s key")
	if again := k.password(t, "ben"); again.Session.Stage != model.StagePassword {
		t.Errorf("somebody with a key alone is asked to enrol: %s", again.Session.Stage)
	}
}

func TestOneNetworkCannotFillTheTableOfChallenges(t *testing.T) {
	t.Parallel()
	k := openKeys(t, softkey.Key{})
	var err error
	asked := 0
	for ; err == nil && asked < 1000; asked++ {
		_, _, err = k.c.AskPasskey(t.Context(), visit)
	}
	if model.KindOf(err) != model.Unavailable || asked < 100 {
		t.Errorf("after %d questions: %v", asked, err)
	}
	elsewhere := visit
	elsewhere.SourceIP = "198.51.100.9"
	if _, _, err := k.c.AskPasskey(t.Context(), elsewhere); err != nil {
		t.Errorf("another network: %v", err)
	}
	k.now = k.now.Add(5 * time.Minute)
	if _, _, err := k.c.AskPasskey(t.Context(), visit); err != nil {
		t.Errorf("five minutes later: %v", err)
	}
}

func TestWithoutAHostNameThereAreNoKeys(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	if _, _, err := o.c.AskPasskey(t.Context(), visit); model.KindOf(err) != model.Conflict || o.c.KeysWork() {
		t.Errorf("keys work without an address: %v", err)
	}
}

func TestKeysAreSecondFactorsInReportsAndLists(t *testing.T) {
	t.Parallel()
	k := openKeys(t, softkey.Key{})
	s, err := k.c.OwnSecurity(t.Context(), acting(k.in))
	if err != nil {
		t.Fatal(err)
	}
	if err := k.c.RemoveDevice(t.Context(), acting(k.in), s.Devices[0].ID); err != nil { // the key is all that is left
		t.Fatal(err)
	}
	r, err := k.c.GenerateCredentialReport(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	ana := line(t, r, "ana")
	for column, want := range map[string]string{"mfa_active": "true", "totp_devices": "0", "webauthn_devices": "1"} {
		if ana[column] != want {
			t.Errorf("the report says %s of %s", ana[column], column)
		}
	}
	without, err := k.store.CountUsers(t.Context(), store.UserFilter{WithoutFactor: true})
	if err != nil || without != 0 {
		t.Errorf("%d people have no second factor, %v", without, err)
	}
	list, err := k.store.Users(t.Context(), store.UserFilter{}, store.UserPage{Limit: 5})
	if err != nil || len(list) != 1 || list[0].Factors != 1 {
		t.Errorf("the list says %+v, %v", list, err)
	}
}

// TestANewKeyThatCannotBeReadOrVerifiedIsNotKept sends nothing that can be read, and a key made for another site.
func TestANewKeyThatCannotBeReadOrVerifiedIsNotKept(t *testing.T) {
	t.Parallel()
	k := openKeys(t, softkey.Key{})
	_, err := k.c.AddKey(t.Context(), acting(k.in), k.in.Token.Reveal(), "", "{}")
	atField(t, err, "key", "The key gave no answer that can be read. Try again.")
	_, err = k.add(t, k.in, &softkey.Key{Origin: "http://localhost:8081"}, "")
	atField(t, err, "key", "The key could not be registered. Try again, or try another one.")
	if own, err := k.c.OwnSecurity(t.Context(), acting(k.in)); err != nil || len(own.Devices) != 2 {
		t.Errorf("devices %+v, %v", own.Devices, err)
	}
}
