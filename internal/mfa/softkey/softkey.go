// Package softkey is a security key in software, with the part of a browser that speaks to it, for tests of what happens
// when keys answer, and answer wrongly. It makes ES256 keys without attestation and keeps them in memory.
package softkey

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Key is a security key. The zero value with an origin is a plain one that counts; the other fields make it a passkey, or
// make it lie.
type Key struct {
	Origin   string // what the browser says the page's is
	Verifies bool   // makes sure who holds it, with a PIN or a fingerprint
	Passkey  bool   // keeps its credentials under the person's handle
	Count    uint32 // how often it has signed; set it back to make a copy

	RPID      string // instead of the relying party that asked
	Challenge []byte // instead of the challenge that was asked
	Handle    string // instead of the handle it was given

	credentials []credential
}

type credential struct {
	id     []byte
	rpID   string
	handle string
	secret *ecdsa.PrivateKey
}

// options is what both kinds of options have that a key reads.
type options struct {
	Challenge string `json:"challenge"`
	RPID      string `json:"rpId"`
	RP        struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
	UserVerification   string       `json:"userVerification"`
	ExcludeCredentials []descriptor `json:"excludeCredentials"`
	AllowCredentials   []descriptor `json:"allowCredentials"`
}

type descriptor struct {
	ID string `json:"id"`
}

// ErrNothing is what a key says that has no credential for what it is asked, or has one where it may not.
var ErrNothing = errors.New("softkey: no fitting credential")

// Create makes a credential and returns the JSON of the browser's PublicKeyCredential.toJSON.
func (k *Key) Create(asked []byte) (string, error) {
	var o options
	if err := json.Unmarshal(asked, &o); err != nil {
		return "", fmt.Errorf("read the options: %w", err)
	}
	if k.find(o.RP.ID, o.ExcludeCredentials) != nil {
		return "", ErrNothing
	}
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", err
	}
	handle, err := base64.RawURLEncoding.DecodeString(o.User.ID)
	if err != nil {
		return "", fmt.Errorf("read the handle: %w", err)
	}
	made := credential{id: make([]byte, 16), rpID: o.RP.ID, handle: string(handle), secret: secret}
	if _, err := rand.Read(made.id); err != nil {
		return "", err
	}
	k.credentials = append(k.credentials, made)
	point, err := secret.PublicKey.Bytes()
	if err != nil {
		return "", err
	}
	data := k.authenticatorData(o.RP.ID, flagAttested)
	data = append(data, make([]byte, 16)...) // AAGUID
	// #nosec G115 -- an id that was made here, of 32 bytes
	data = append(binary.BigEndian.AppendUint16(data, uint16(len(made.id))), made.id...)
	data = append(data, coseKey(point[1:33], point[33:])...)
	return k.answer("webauthn.create", o, made.id, map[string]any{"attestationObject": text(attestation(data)),
		"transports": []string{"usb", "carrier-pigeon"}}, map[string]any{"credProps": map[string]any{"rk": k.Passkey}})
}

// Get signs and returns the JSON of the browser's PublicKeyCredential.toJSON.
func (k *Key) Get(asked []byte) (string, error) {
	var o options
	if err := json.Unmarshal(asked, &o); err != nil {
		return "", fmt.Errorf("read the options: %w", err)
	}
	used := k.find(o.RPID, o.AllowCredentials)
	if len(o.AllowCredentials) == 0 && k.Passkey {
		used = k.find(o.RPID, nil)
	}
	if used == nil {
		return "", ErrNothing
	}
	k.Count++
	data := k.authenticatorData(o.RPID, 0)
	client, err := k.clientData("webauthn.get", o)
	if err != nil {
		return "", err
	}
	hash := sha256.Sum256(client)
	signed := sha256.Sum256(append(slices.Clone(data), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, used.secret, signed[:])
	if err != nil {
		return "", err
	}
	response := map[string]any{"authenticatorData": text(data), "signature": text(signature)}
	if k.Passkey {
		response["userHandle"] = text([]byte(or(k.Handle, used.handle)))
	}
	return k.answer("webauthn.get", o, used.id, response, map[string]any{})
}

// find returns the newest credential of a relying party, of those that are listed if any are.
func (k *Key) find(rpID string, listed []descriptor) *credential {
	for _, c := range slices.Backward(k.credentials) {
		named := slices.ContainsFunc(listed, func(d descriptor) bool { return d.ID == text(c.id) })
		if c.rpID == rpID && (named || (listed == nil && k.Passkey)) {
			return &c
		}
	}
	return nil
}

const (
	flagPresent  = 0x01
	flagVerified = 0x04
	flagAttested = 0x40
)

func (k *Key) authenticatorData(rpID string, flags byte) []byte {
	hash := sha256.Sum256([]byte(or(k.RPID, rpID)))
	flags |= flagPresent
	if k.Verifies {
		flags |= flagVerified
	}
	return binary.BigEndian.AppendUint32(append(hash[:], flags), k.Count)
}

func (k *Key) clientData(ceremony string, o options) ([]byte, error) {
	challenge := o.Challenge
	if k.Challenge != nil {
		challenge = text(k.Challenge)
	}
	return json.Marshal(map[string]any{"type": ceremony, "challenge": challenge, "origin": k.Origin, "crossOrigin": false})
}

func (k *Key) answer(ceremony string, o options, id []byte, response, extensions map[string]any) (string, error) {
	client, err := k.clientData(ceremony, o)
	if err != nil {
		return "", err
	}
	response["clientDataJSON"] = text(client)
	body, err := json.Marshal(map[string]any{"id": text(id), "rawId": text(id), "type": "public-key", "response": response,
		"clientExtensionResults": extensions})
	return string(body), err
}

// coseKey is a public key on P-256 for ES256 (RFC 9053 §7.1.1), in CBOR.
func coseKey(x, y []byte) []byte {
	key := []byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20}
	key = append(append(key, x...), 0x22, 0x58, 0x20)
	return append(key, y...)
}

// attestation is an attestation object of the format none, in CBOR.
func attestation(data []byte) []byte {
	object := []byte{0xa3, 0x63, 'f', 'm', 't', 0x64, 'n', 'o', 'n', 'e', 0x67, 'a', 't', 't', 'S', 't', 'm', 't', 0xa0,
		0x68, 'a', 'u', 't', 'h', 'D', 'a', 't', 'a', 0x58, byte(len(data))}
	return append(object, data...)
}

func text(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
