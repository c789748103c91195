package vault

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
)

// Sign signs a message for purpose with Ed25519. keyID names the master key that the signing key is derived from.
func (v *Vault) Sign(purpose Purpose, message []byte) (keyID string, signature []byte, err error) {
	key, err := v.keys[0].signingKey(purpose)
	if err != nil {
		return "", nil, fmt.Errorf("sign a %s: %w", purpose, err)
	}
	return v.KeyID(), ed25519.Sign(key, message), nil
}

// Verify reports whether Sign made the signature: ErrSealBroken when not, ErrUnknownKey when the master key named by
// keyID is not at hand.
func (v *Vault) Verify(purpose Purpose, keyID string, message, signature []byte) error {
	raw, err := hex.DecodeString(keyID)
	if err != nil {
		return fmt.Errorf("verify a %s: %w", purpose, ErrUnknownKey)
	}
	master, ok := v.keyNamed(raw)
	if !ok {
		return fmt.Errorf("verify a %s: %w", purpose, ErrUnknownKey)
	}
	key, err := master.signingKey(purpose)
	if err != nil {
		return fmt.Errorf("verify a %s: %w", purpose, err)
	}
	if !ed25519.Verify(key.Public().(ed25519.PublicKey), message, signature) {
		return fmt.Errorf("verify a %s: %w", purpose, ErrSealBroken)
	}
	return nil
}

func (k Key) signingKey(purpose Purpose) (ed25519.PrivateKey, error) {
	seed, err := k.subKey("sign", purpose)
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
