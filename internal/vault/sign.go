package vault

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
)

// Sign signs a message for purpose with Ed25519. keyID names the master key that the signing key is derived from.
func (v *Vault) Sign(purpose Purpose, message []byte) (keyID string, signature []byte) {
	return v.KeyID(), ed25519.Sign(v.keys[0].signingKey(purpose), message)
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
	public := master.signingKey(purpose).Public().(ed25519.PublicKey)
	if !ed25519.Verify(public, message, signature) {
		return fmt.Errorf("verify a %s: %w", purpose, ErrSealBroken)
	}
	return nil
}

func (k Key) signingKey(purpose Purpose) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(k.subKey("sign", purpose))
}
