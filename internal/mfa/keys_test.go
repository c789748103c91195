package mfa_test

import (
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"

	"gatehouse/internal/mfa"
	"gatehouse/internal/mfa/softkey"
)

const origin = "https://id.example.com"

var ann = mfa.Owner{Handle: "0123456789-ann", UserName: "ann", Name: "Ann Example"}

// ceremony is a relying party with somebody who has registered a key.
type ceremony struct {
	t     *testing.T
	party *mfa.RelyingParty
	owner mfa.Owner
	key   *softkey.Key
}

func registered(t *testing.T, key softkey.Key) *ceremony {
	t.Helper()
	party, err := mfa.NewRelyingParty(origin)
	if err != nil {
		t.Fatal(err)
	}
	c := &ceremony{t: t, party: party, owner: ann, key: &key}
	if c.key.Origin == "" {
		c.key.Origin = origin
	}
	made, err := c.register()
	if err != nil {
		t.Fatal(err)
	}
	c.owner.Keys = []mfa.Key{made}
	return c
}

func (c *ceremony) challenge() []byte {
	c.t.Helper()
	challenge, err := mfa.NewChallenge(rand.Reader)
	if err != nil {
		c.t.Fatal(err)
	}
	return challenge
}

func (c *ceremony) register() (mfa.Key, error) {
	c.t.Helper()
	options, err := c.party.Creation(c.owner, c.challenge())
	if err != nil {
		c.t.Fatal(err)
	}
	answer, err := c.key.Create(options)
	if err != nil {
		return mfa.Key{}, err
	}
	r, err := mfa.ParseRegistration(answer)
	if err != nil {
		return mfa.Key{}, err
	}
	return c.party.Register(c.owner, r)
}

// assertion is what the key answers when it is asked as a second factor.
func (c *ceremony) assertion() (mfa.Assertion, error) {
	c.t.Helper()
	options, err := c.party.Request(c.owner, c.challenge())
	if err != nil {
		c.t.Fatal(err)
	}
	answer, err := c.key.Get(options)
	if err != nil {
		return mfa.Assertion{}, err
	}
	return mfa.ParseAssertion(answer)
}

// passkey is what the key answers when it is asked instead of a password.
func (c *ceremony) passkey() (mfa.Assertion, error) {
	c.t.Helper()
	options, err := c.party.PasskeyRequest(c.challenge())
	if err != nil {
		c.t.Fatal(err)
	}
	answer, err := c.key.Get(options)
	if err != nil {
		return mfa.Assertion{}, err
	}
	return mfa.ParseAssertion(answer)
}

func TestARegisteredKeySigns(t *testing.T) {
	c := registered(t, softkey.Key{})
	k := c.owner.Keys[0]
	if k.Discoverable || k.Transports != "usb" || len(k.Credential) != 16 || k.Model != strings.Repeat("0", 32) {
		t.Errorf("the key is kept as %+v", k)
	}
	for n := range uint32(3) {
		a, err := c.assertion()
		if err != nil {
			t.Fatal(err)
		}
		signed, err := c.party.Verify(c.owner, a)
		if err != nil || signed.SignCount != n+1 || signed.WentBack {
			t.Fatalf("signature %d: %+v, %v", n+1, signed, err)
		}
		c.owner.Keys[0].SignCount = signed.SignCount
	}
}

func TestAPasskeySaysWhoseItIs(t *testing.T) {
	c := registered(t, softkey.Key{Passkey: true, Verifies: true})
	if !c.owner.Keys[0].Discoverable {
		t.Error("the passkey is not kept as one")
	}
	a, err := c.passkey()
	if err != nil || a.Handle != ann.Handle {
		t.Fatalf("the passkey answers for %q: %v", a.Handle, err)
	}
	if _, err := c.party.VerifyPasskey(c.owner, a); err != nil {
		t.Error(err)
	}
}

// Each of these is a signature that a real key made, of something else than what was asked.
func TestWhatAKeyMayNotSign(t *testing.T) {
	passkey := softkey.Key{Passkey: true, Verifies: true}
	for name, tt := range map[string]struct {
		key  softkey.Key
		lie  func(*ceremony) // before the key is asked
		swap func(*ceremony) // after
	}{
		"for another origin":          {lie: func(c *ceremony) { c.key.Origin = "https://id.example.com.evil.example" }},
		"for the origin without TLS":  {lie: func(c *ceremony) { c.key.Origin = "http://id.example.com" }},
		"for the origin's other port": {lie: func(c *ceremony) { c.key.Origin = "https://id.example.com:8443" }},
		"for a site beside ours":      {lie: func(c *ceremony) { c.key.Origin = "https://evil.example.com" }},
		"for another relying party":   {lie: func(c *ceremony) { c.key.RPID = "example.com" }},
		"with somebody else's key": {swap: func(c *ceremony) {
			c.owner.Keys[0].PublicKey = registered(c.t, softkey.Key{}).owner.Keys[0].PublicKey
		}},
		"with a key nobody knows":        {swap: func(c *ceremony) { c.owner.Keys[0].Credential = []byte("0123456789abcdef") }},
		"as a passkey without a PIN":     {key: softkey.Key{Passkey: true}},
		"as the passkey of another":      {key: passkey, lie: func(c *ceremony) { c.key.Handle = "0123456789-bob" }},
		"as a passkey of another person": {key: passkey, swap: func(c *ceremony) { c.owner.Handle = "0123456789-bob" }},
		"as a passkey for another site":  {key: passkey, lie: func(c *ceremony) { c.key.Origin = "https://evil.example" }},
	} {
		c := registered(t, tt.key)
		ask, verify := c.assertion, c.party.Verify
		if tt.key.Passkey {
			ask, verify = c.passkey, c.party.VerifyPasskey
		}
		if tt.lie != nil {
			tt.lie(c)
		}
		a, err := ask()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if tt.swap != nil {
			tt.swap(c)
		}
		if signed, err := verify(c.owner, a); err == nil {
			t.Errorf("%s: %+v is accepted", name, signed)
		}
	}
}

func TestAnAnswerToAnotherChallengeIsRefused(t *testing.T) {
	c := registered(t, softkey.Key{})
	a, err := c.assertion()
	if err != nil {
		t.Fatal(err)
	}
	a.Challenge = c.challenge()
	if _, err := c.party.Verify(c.owner, a); err == nil {
		t.Error("a signature of one challenge is taken for another's")
	}
	c.key.Challenge = []byte("too short")
	if _, err := c.assertion(); err == nil {
		t.Error("a challenge that is none of ours is read")
	}
}

func TestAKeyThatCountsBackwardsIsTold(t *testing.T) {
	c := registered(t, softkey.Key{})
	c.owner.Keys[0].SignCount = 7
	for _, count := range []uint32{5, 6} { // signs with 6 and with 7
		c.key.Count = count
		a, err := c.assertion()
		if err != nil {
			t.Fatal(err)
		}
		if signed, err := c.party.Verify(c.owner, a); err != nil || !signed.WentBack || signed.SignCount != 7 {
			t.Errorf("a key that says %d after 7: %+v, %v", count+1, signed, err)
		}
	}
}

func TestRegisteringRefuses(t *testing.T) {
	for name, lie := range map[string]func(*softkey.Key){
		"another origin":        func(k *softkey.Key) { k.Origin = "https://evil.example" },
		"another relying party": func(k *softkey.Key) { k.RPID = "evil.example" },
		"the challenge of none": func(k *softkey.Key) { k.Challenge = make([]byte, 32) },
	} {
		c := registered(t, softkey.Key{})
		c.owner.Keys = nil
		lie(c.key)
		made, err := c.register()
		if name == "the challenge of none" {
			if err != nil {
				t.Errorf("%s: which challenges were made is for the caller to know: %v", name, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%s: %+v is registered", name, made)
		}
	}
}

func TestAKeyIsNotRegisteredTwice(t *testing.T) {
	c := registered(t, softkey.Key{})
	if _, err := c.register(); err == nil {
		t.Error("the authenticator was not told which keys it has")
	}
}

func TestWhatIsNoAnswerOfAKey(t *testing.T) {
	for _, text := range []string{"", "{}", "null", "[]", `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`,
		strings.Repeat("[", 100_000), strings.Repeat("A", 70_000), "\x00", `{"id":1}`} {
		if _, err := mfa.ParseAssertion(text); err == nil {
			t.Errorf("%.40q is read as a signature", text)
		}
		if _, err := mfa.ParseRegistration(text); err == nil {
			t.Errorf("%.40q is read as a new key", text)
		}
	}
}

func TestKeysNeedAHostWithAName(t *testing.T) {
	for _, base := range []string{"http://127.0.0.1:8080", "https://[::1]", "https://10.0.0.7", "", "https://", "://"} {
		if _, err := mfa.NewRelyingParty(base); err == nil {
			t.Errorf("%q is a relying party", base)
		}
	}
	for _, base := range []string{"http://localhost:8080", origin} {
		if _, err := mfa.NewRelyingParty(base); err != nil {
			t.Errorf("%q: %v", base, err)
		}
	}
}

func TestTheOptionsAskForWhatTheStepNeeds(t *testing.T) {
	c := registered(t, softkey.Key{})
	read := func(body []byte, err error) map[string]any {
		t.Helper()
		var m map[string]any
		if err != nil || json.Unmarshal(body, &m) != nil {
			t.Fatalf("%s, %v", body, err)
		}
		return m
	}
	passkey := read(c.party.PasskeyRequest(c.challenge()))
	if passkey["userVerification"] != "required" || passkey["rpId"] != "id.example.com" || passkey["allowCredentials"] != nil {
		t.Errorf("a passkey is asked with %v", passkey)
	}
	request := read(c.party.Request(c.owner, c.challenge()))
	if allowed, _ := request["allowCredentials"].([]any); len(allowed) != 1 || request["timeout"] != 300_000.0 {
		t.Errorf("a key is asked with %v", request)
	}
	creation := read(c.party.Creation(c.owner, c.challenge()))
	if excluded, _ := creation["excludeCredentials"].([]any); len(excluded) != 1 {
		t.Errorf("a key is made with %v", creation)
	}
}

func FuzzParseAssertion(f *testing.F) {
	f.Add(`{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"","signature":""}}`)
	f.Fuzz(func(t *testing.T, text string) {
		if a, err := mfa.ParseAssertion(text); err == nil && len(a.Challenge) != 32 {
			t.Errorf("a challenge of %d bytes", len(a.Challenge))
		}
	})
}

func TestWhatCannotBeAskedFor(t *testing.T) {
	p, err := mfa.NewRelyingParty("http://localhost:8080")
	if err != nil {
		t.Fatal(err)
	}
	challenge := make([]byte, 32)
	if _, err := p.Request(mfa.Owner{Handle: "ana"}, challenge); err == nil {
		t.Error("somebody without keys is asked for one")
	}
	if _, err := p.PasskeyRequest(challenge[:8]); err == nil {
		t.Error("a passkey is asked to sign 8 bytes, which somebody could guess")
	}
	if _, err := p.Request(mfa.Owner{Handle: "ana", Keys: []mfa.Key{{Credential: []byte("key")}}}, challenge[:8]); err == nil {
		t.Error("a key is asked to sign 8 bytes")
	}
}
