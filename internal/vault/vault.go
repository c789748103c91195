// Package vault owns how secrets rest: the master key, what is sealed under it, what is derived from it instead of
// being stored, how passwords are hashed and judged, and the tokens of which only a digest is kept.
//
// It is a package of its own because a reader, or an auditor, should find every rule about secrets at rest in one
// place, and because nothing else may hold the master key. It stores nothing but the key file; who may have a secret,
// and for how long, is decided by its callers.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// Purpose names what a sub-key is for. Each purpose has keys of its own, so that a value sealed for one cannot be
// opened as another.
type Purpose string

// The purposes in use. The words are part of how keys are derived: changing one makes what rests under it unreadable.
const (
	TOTPSecret     Purpose = "totp secret"
	RoleCredential Purpose = "role credential" // #nosec G101 -- a name, not a secret
	MailText       Purpose = "mail text"

	TrailCheckpoint Purpose = "trail checkpoint" // signing
	RowMAC          Purpose = "row mac"
	RowMark         Purpose = "row mark"
)

// The reasons why a sealed value does not open.
var (
	// ErrUnknownKey means that the value was sealed under a master key that this vault was not given.
	ErrUnknownKey = errors.New("sealed under a master key that is not at hand")
	// ErrSealBroken means that the value was changed, cut short, or belongs to another purpose or row.
	ErrSealBroken = errors.New("sealed value was changed or belongs elsewhere")
)

// sealVersion is the first byte of every sealed value. A value is: version, key id (4 bytes), nonce (12), AES-256-GCM
// ciphertext with its tag (16).
const sealVersion = 1

const headLength = 1 + keyIDLength

// Vault seals, opens and derives under one master key, and opens what earlier master keys sealed.
// Its methods may be called from many goroutines when random allows it.
type Vault struct {
	random io.Reader
	keys   []Key
}

// New returns a vault that seals under the first key and opens under any of them, drawing nonces from random.
func New(random io.Reader, keys ...Key) (*Vault, error) {
	if len(keys) == 0 {
		return nil, errors.New("vault: no master key")
	}
	return &Vault{random: random, keys: keys}, nil
}

// KeyID names the master key that Seal uses, in eight hex digits that reveal nothing about it. What is derived and kept
// across a change of the master key carries it.
func (v *Vault) KeyID() string { return v.keys[0].ID() }

// Seal encrypts plain for purpose. The binding says whose it is, such as the person's and the factor's id: Open must be
// given the same, so that a sealed value copied into another row does not open there.
func (v *Vault) Seal(purpose Purpose, plain []byte, binding ...string) ([]byte, error) {
	key := v.keys[0]
	aead := key.aead(purpose)
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(v.random, nonce); err != nil {
		return nil, fmt.Errorf("seal a %s: draw a nonce: %w", purpose, err)
	}

	head := append([]byte{sealVersion}, key.id()...)
	sealed := append(head, nonce...)
	return aead.Seal(sealed, nonce, plain, associated(head, binding)), nil
}

// Open decrypts what Seal made for the same purpose and binding. Its errors are ErrUnknownKey and ErrSealBroken.
func (v *Vault) Open(purpose Purpose, sealed []byte, binding ...string) ([]byte, error) {
	if len(sealed) < headLength || sealed[0] != sealVersion {
		return nil, fmt.Errorf("open a %s: %w", purpose, ErrSealBroken)
	}
	head, rest := sealed[:headLength], sealed[headLength:]
	key, ok := v.keyNamed(head[1:])
	if !ok {
		return nil, fmt.Errorf("open a %s: %w", purpose, ErrUnknownKey)
	}

	aead := key.aead(purpose)
	if len(rest) < aead.NonceSize() {
		return nil, fmt.Errorf("open a %s: %w", purpose, ErrSealBroken)
	}
	nonce, box := rest[:aead.NonceSize()], rest[aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, box, associated(head, binding))
	if err != nil {
		return nil, fmt.Errorf("open a %s: %w", purpose, ErrSealBroken)
	}
	return plain, nil
}

// Derive returns 32 bytes that belong to id and that nobody can compute without the master key, so that they need not
// be stored: the secret access key of a role credential comes from its access key id this way. keyID names the master
// key, that of KeyID for something new; ErrUnknownKey when it is not at hand. The same two ids give the same bytes.
func (v *Vault) Derive(purpose Purpose, keyID, id string) ([]byte, error) {
	raw, err := hex.DecodeString(keyID)
	if err != nil {
		return nil, fmt.Errorf("derive a %s: %w", purpose, ErrUnknownKey)
	}
	master, ok := v.keyNamed(raw)
	if !ok {
		return nil, fmt.Errorf("derive a %s: %w", purpose, ErrUnknownKey)
	}
	mac := hmac.New(sha256.New, master.subKey("derive", purpose))
	mac.Write([]byte(id))
	return mac.Sum(nil), nil
}

// SealedUnder names the master key that a value was sealed under; empty when it is no sealed value.
func SealedUnder(sealed []byte) string {
	if len(sealed) < headLength || sealed[0] != sealVersion {
		return ""
	}
	return hex.EncodeToString(sealed[1:headLength])
}

// KeyIDs names all master keys, the one that seals first.
func (v *Vault) KeyIDs() []string {
	ids := make([]string, len(v.keys))
	for i, key := range v.keys {
		ids[i] = key.ID()
	}
	return ids
}

func (v *Vault) keyNamed(id []byte) (Key, bool) {
	for _, key := range v.keys {
		if string(key.id()) == string(id) {
			return key, true
		}
	}
	return Key{}, false
}

// associated writes the binding so that no two different ones look alike: every part is preceded by its length.
func associated(head []byte, binding []string) []byte {
	data := append([]byte(nil), head...)
	for _, part := range binding {
		data = binary.BigEndian.AppendUint32(data, uint32(len(part))) // #nosec G115 -- no identifier has 4 GiB
		data = append(data, part...)
	}
	return data
}

func (k Key) aead(purpose Purpose) cipher.AEAD {
	return certain(cipher.NewGCM(certain(aes.NewCipher(k.subKey("seal", purpose)))))
}

func (k Key) subKey(use string, purpose Purpose) []byte {
	return certain(hkdf.Key(sha256.New, k.raw[:], nil, "gatehouse/1/"+use+"/"+string(purpose), sha256.Size))
}

// certain returns what cannot fail: the library refuses keys and outputs of other lengths, and ours are constants.
func certain[T any](made T, err error) T {
	if err != nil {
		panic(err)
	}
	return made
}
