package mfa

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

const (
	// ChallengeLife is how long a person has to answer a challenge with their key.
	ChallengeLife = 5 * time.Minute

	challengeBytes = 32
	mostResponse   = 64 << 10 // bytes of a key's answer; real ones have a few thousand
)

// RelyingParty is whom keys sign for: the host under which people reach the console, and no other.
type RelyingParty struct{ lib *webauthn.WebAuthn }

// NewRelyingParty returns the relying party of a base URL: scheme, host and port. It errs for a host that is an IP address,
// because browsers give keys only to names (WebAuthn Level 3 §5.1.2).
func NewRelyingParty(baseURL string) (*RelyingParty, error) {
	u, err := url.Parse(baseURL)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("security keys need a host: %q has none", baseURL)
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return nil, fmt.Errorf("security keys need a host with a name: %q is an address", u.Hostname())
	}
	wait := webauthn.TimeoutConfig{Timeout: ChallengeLife, TimeoutUVD: ChallengeLife} // our callers hold people to it
	lib, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Gatehouse", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference:             protocol.PreferNoAttestation,
		AuthenticatorSelection:            protocol.AuthenticatorSelection{UserVerification: protocol.VerificationPreferred},
		Timeouts:                          webauthn.TimeoutsConfig{Login: wait, Registration: wait},
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore, // nothing here reads what was not asked for
	})
	if err != nil {
		return nil, fmt.Errorf("security keys for %s: %w", baseURL, err)
	}
	return &RelyingParty{lib}, nil
}

// Key is what is kept of a security key.
type Key struct {
	Credential     []byte // what the authenticator calls it
	PublicKey      []byte // COSE
	Model          string // AAGUID, 32 hex digits
	Transports     string // how it is reached: "internal usb"
	Discoverable   bool   // it can sign in without a user name
	BackupEligible bool   // may be copied to other devices of the person
	BackedUp       bool
	SignCount      uint32 // how often it has signed, as it says; 0 when it does not count
}

// Owner is the person whose keys they are.
type Owner struct {
	Handle   string // random and opaque, at most 64 bytes: what a passkey answers with instead of a user name
	UserName string
	Name     string
	Keys     []Key
}

// NewChallenge draws what a key is asked to sign.
func NewChallenge(random io.Reader) ([]byte, error) {
	challenge := make([]byte, challengeBytes)
	if _, err := io.ReadFull(random, challenge); err != nil {
		return nil, fmt.Errorf("draw a challenge: %w", err)
	}
	return challenge, nil
}

// Creation returns the options, in JSON, with which a browser makes a new key of the owner. Those of the owner's keys that
// the authenticator has already are excluded.
func (p *RelyingParty) Creation(o Owner, challenge []byte) ([]byte, error) {
	creation, _, err := p.creation(o, challenge)
	if err != nil {
		return nil, err
	}
	return json.Marshal(creation.Response)
}

func (p *RelyingParty) creation(o Owner, challenge []byte) (*protocol.CredentialCreation, *webauthn.SessionData, error) {
	creation, session, err := p.lib.BeginRegistration(owner{o},
		webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementPreferred),
		webauthn.WithExclusions(webauthn.Credentials(owner{o}.WebAuthnCredentials()).CredentialDescriptors()),
		webauthn.WithExtensions(webauthn.WithExtensionCredProps()),
		func(options *protocol.PublicKeyCredentialCreationOptions) error {
			options.Challenge = challenge
			return nil
		})
	if err != nil {
		return nil, nil, fmt.Errorf("ask for a new security key: %w", err)
	}
	return creation, session, nil
}

// Request returns the options, in JSON, with which a browser asks for one of the owner's keys as their second factor.
func (p *RelyingParty) Request(o Owner, challenge []byte) ([]byte, error) {
	request, _, err := p.request(o, challenge)
	if err != nil {
		return nil, err
	}
	return json.Marshal(request.Response)
}

// The password was the other factor: whoever touches the key need not show the key who they are as well.
func (p *RelyingParty) request(o Owner, challenge []byte) (*protocol.CredentialAssertion, *webauthn.SessionData, error) {
	request, session, err := p.lib.BeginLogin(owner{o}, webauthn.WithChallenge(challenge),
		webauthn.WithUserVerification(protocol.VerificationDiscouraged))
	if err != nil {
		return nil, nil, fmt.Errorf("ask for a security key: %w", err)
	}
	return request, session, nil
}

// PasskeyRequest returns the options, in JSON, with which a browser asks for a passkey of whomever.
func (p *RelyingParty) PasskeyRequest(challenge []byte) ([]byte, error) {
	request, _, err := p.passkeyRequest(challenge)
	if err != nil {
		return nil, err
	}
	return json.Marshal(request.Response)
}

// The passkey is both factors: it has to make sure who holds it.
func (p *RelyingParty) passkeyRequest(challenge []byte) (*protocol.CredentialAssertion, *webauthn.SessionData, error) {
	request, session, err := p.lib.BeginDiscoverableLogin(webauthn.WithChallenge(challenge),
		webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, nil, fmt.Errorf("ask for a passkey: %w", err)
	}
	return request, session, nil
}

// owner is an Owner as the library sees people.
type owner struct{ Owner }

func (o owner) WebAuthnID() []byte          { return []byte(o.Handle) }
func (o owner) WebAuthnName() string        { return o.UserName }
func (o owner) WebAuthnDisplayName() string { return o.Name }

func (o owner) WebAuthnCredentials() []webauthn.Credential {
	list := make([]webauthn.Credential, len(o.Keys))
	for i, k := range o.Keys {
		list[i] = webauthn.Credential{ID: k.Credential, PublicKey: k.PublicKey,
			Flags:         webauthn.CredentialFlags{BackupEligible: k.BackupEligible, BackupState: k.BackedUp},
			Authenticator: webauthn.Authenticator{SignCount: k.SignCount}}
		for transport := range strings.FieldsSeq(k.Transports) {
			list[i].Transport = append(list[i].Transport, protocol.AuthenticatorTransport(transport))
		}
	}
	return list
}

// Registration is what an authenticator says of a new key. Nothing of it is true until Register says so.
type Registration struct {
	Challenge []byte // that it claims to answer
	parsed    *protocol.ParsedCredentialCreationData
}

// ParseRegistration reads the JSON of PublicKeyCredential.toJSON after a key was made.
func ParseRegistration(response string) (Registration, error) {
	if len(response) > mostResponse {
		return Registration{}, errTooLong
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(response))
	if err != nil {
		return Registration{}, fmt.Errorf("read a new security key: %w", err)
	}
	challenge, err := challengeOf(parsed.Response.CollectedClientData)
	return Registration{challenge, parsed}, err
}

var errTooLong = errors.New("a security key's answer is too long")

func challengeOf(data protocol.CollectedClientData) ([]byte, error) {
	challenge, err := base64.RawURLEncoding.DecodeString(data.Challenge)
	if err != nil || len(challenge) != challengeBytes {
		return nil, errors.New("a security key answers no challenge of ours")
	}
	return challenge, nil
}

// Register verifies a new key of the owner (WebAuthn Level 3 §7.1). That the challenge is one of ours, made for this
// browser and answered for the first time, is for the caller to know.
func (p *RelyingParty) Register(o Owner, r Registration) (Key, error) {
	_, session, err := p.creation(o, r.Challenge)
	if err != nil {
		return Key{}, err
	}
	made, err := p.lib.CreateCredential(owner{o}, *session, r.parsed)
	if err != nil {
		return Key{}, fmt.Errorf("verify a new security key: %w", explained(err))
	}
	k := Key{Credential: made.ID, PublicKey: made.PublicKey, Model: hex.EncodeToString(made.Authenticator.AAGUID),
		Discoverable: made.Extensions.RK != nil && *made.Extensions.RK, BackupEligible: made.Flags.BackupEligible,
		BackedUp: made.Flags.BackupState, SignCount: made.Authenticator.SignCount}
	k.Transports = transports(made.Transport)
	return k, nil
}

// transports keeps what browsers know to say, at most once each: the list is the browser's word, and goes back to browsers.
func transports(claimed []protocol.AuthenticatorTransport) string {
	var known []string
	for _, t := range []protocol.AuthenticatorTransport{protocol.USB, protocol.NFC, protocol.BLE, protocol.SmartCard, protocol.Hybrid,
		protocol.Internal} {
		for _, c := range claimed {
			if c == t {
				known = append(known, string(t))
				break
			}
		}
	}
	return strings.Join(known, " ")
}

// Assertion is what a key says when it was asked to sign. Nothing of it is true until Verify or VerifyPasskey says so.
type Assertion struct {
	Challenge  []byte // that it claims to answer
	Credential []byte // which key it claims to be
	Handle     string // whose, with a passkey
	parsed     *protocol.ParsedCredentialAssertionData
}

// ParseAssertion reads the JSON of PublicKeyCredential.toJSON after a key has signed.
func ParseAssertion(response string) (Assertion, error) {
	if len(response) > mostResponse {
		return Assertion{}, errTooLong
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(response))
	if err != nil {
		return Assertion{}, fmt.Errorf("read a security key's answer: %w", err)
	}
	challenge, err := challengeOf(parsed.Response.CollectedClientData)
	return Assertion{challenge, parsed.RawID, string(parsed.Response.UserHandle), parsed}, err
}

// Signed is a verified signature of a key.
type Signed struct {
	SignCount uint32 // how often the key has signed now; the count before when it went back
	BackedUp  bool
	// WentBack is true when the key counts fewer signatures than it did before: there may be a copy of it (WebAuthn Level 3
	// §6.1.1).
	WentBack bool
}

// Verify verifies the signature of one of the owner's keys (WebAuthn Level 3 §7.2) as a second factor. That the challenge
// is one of ours, made for this browser and answered for the first time, is for the caller to know.
func (p *RelyingParty) Verify(o Owner, a Assertion) (Signed, error) {
	_, session, err := p.request(o, a.Challenge)
	if err != nil {
		return Signed{}, err
	}
	used, err := p.lib.ValidateLogin(owner{o}, *session, a.parsed)
	return signed(used, err)
}

// VerifyPasskey verifies the signature of one of the owner's passkeys as both factors at once: the authenticator has made
// sure that whoever holds it is its owner, and says whose it is. The rest is as with Verify.
func (p *RelyingParty) VerifyPasskey(o Owner, a Assertion) (Signed, error) {
	_, session, err := p.passkeyRequest(a.Challenge)
	if err != nil {
		return Signed{}, err
	}
	_, used, err := p.lib.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return owner{o}, nil }, *session, a.parsed)
	return signed(used, err)
}

func signed(used *webauthn.Credential, err error) (Signed, error) {
	if err != nil {
		return Signed{}, fmt.Errorf("verify a security key's signature: %w", explained(err))
	}
	return Signed{used.Authenticator.SignCount, used.Flags.BackupState, used.Authenticator.CloneWarning}, nil
}

// explained adds what the library tells developers alone: the log is for them.
func explained(err error) error {
	if e, ok := errors.AsType[*protocol.Error](err); ok && e.DevInfo != "" {
		return fmt.Errorf("%w (%s)", err, e.DevInfo)
	}
	return err
}
