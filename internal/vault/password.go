package vault

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"

	"github.com/alexedwards/argon2id"
)

// ErrBusy means that more passwords wait to be checked than the machine can do soon. It is a reason to answer 503 and
// to ask for another try, and says nothing about the password.
var ErrBusy = errors.New("too many passwords are being checked")

const (
	saltLength = 16 // bytes, RFC 9106 §3.1
	hashLength = 32

	// queueLength is how many wait for a free processor before ErrBusy. At 25 ms each, and two processors, the last
	// waits under a second.
	queueLength = 64

	// The bounds of parameters that a stored hash may ask for, so that a changed row cannot take the machine down.
	maxPasses    = 64
	maxMemoryKiB = 1 << 20
)

// Cost says how much work a password hash is. The zero value is not usable.
type Cost struct {
	Passes    uint32 // over the memory
	MemoryKiB uint32 // at least 8 for each lane
	Lanes     uint8
}

// DefaultCost is argon2id with two passes over 19 MiB in one lane: the least that ASVS 5.0 appendix C and OWASP accept,
// about 25 ms.
func DefaultCost() Cost { return Cost{Passes: 2, MemoryKiB: 19 << 10, Lanes: 1} }

// Hasher hashes and verifies passwords, as many at once as there are processors: memory stays bounded and pages stay
// fast while passwords are being guessed.
type Hasher struct {
	cost    Cost
	nobody  string        // a hash at the same cost that no password has
	tickets chan struct{} // held while waiting or working
	workers chan struct{} // held while working
}

// NewHasher returns a hasher that makes hashes at cost.
func NewHasher(cost Cost) (*Hasher, error) {
	if err := cost.check(); err != nil {
		return nil, err
	}
	nobody, err := unmatchable(cost)
	if err != nil {
		return nil, err
	}
	workers := runtime.NumCPU()
	return &Hasher{
		cost:    cost,
		nobody:  nobody,
		tickets: make(chan struct{}, workers+queueLength),
		workers: make(chan struct{}, workers),
	}, nil
}

// Hash returns the argon2id hash of password in PHC form, with a salt of its own. Whether the password is good enough
// is Weak's business; one longer than 1,024 bytes is an error here too. Further errors are ErrBusy and the context's.
func (h *Hasher) Hash(ctx context.Context, password Secret) (string, error) {
	if password == "" || len(password) > maxPasswordBytes {
		return "", fmt.Errorf("hash a password of %d bytes: 1 to %d are allowed", len(password), maxPasswordBytes)
	}
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()

	hash, err := argon2id.CreateHash(password.Reveal(), h.cost.params())
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// Verify reports whether hash is the hash of password. An empty hash stands for a person who does not exist or has no
// password: the answer is no, after the same work. Errors are ErrBusy, the context's, and a hash that cannot be read.
func (h *Hasher) Verify(ctx context.Context, password Secret, hash string) (bool, error) {
	if len(password) > maxPasswordBytes {
		return false, nil // For everybody alike, and before any work.
	}
	known := hash != ""
	if !known {
		hash = h.nobody
	}
	if _, err := decode(hash); err != nil {
		return false, err
	}
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()

	same, err := argon2id.ComparePasswordAndHash(password.Reveal(), hash)
	if err != nil {
		return false, fmt.Errorf("verify a password: %w", err)
	}
	return same && known, nil
}

// NeedsRehash reports whether hash was made at another cost than the present one, or cannot be read. A person's next
// sign-in is the moment to replace it.
func (h *Hasher) NeedsRehash(hash string) bool {
	params, err := decode(hash)
	return err != nil || *params != *h.cost.params()
}

func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.tickets <- struct{}{}:
	default:
		return ErrBusy
	}
	select {
	case h.workers <- struct{}{}:
		return nil
	case <-ctx.Done():
		<-h.tickets
		return ctx.Err()
	}
}

func (h *Hasher) leave() {
	<-h.workers
	<-h.tickets
}

func (c Cost) params() *argon2id.Params {
	return &argon2id.Params{
		Memory:      c.MemoryKiB,
		Iterations:  c.Passes,
		Parallelism: c.Lanes,
		SaltLength:  saltLength,
		KeyLength:   hashLength,
	}
}

func (c Cost) check() error { return checkParams(c.params()) }

// decode reads a hash and refuses one whose parameters would make argon2 panic, match everything, or take the machine
// down.
func decode(hash string) (*argon2id.Params, error) {
	params, _, _, err := argon2id.DecodeHash(hash)
	if err != nil {
		return nil, errors.New("password hash: not argon2id in PHC form")
	}
	if err := checkParams(params); err != nil {
		return nil, err
	}
	return params, nil
}

func checkParams(p *argon2id.Params) error {
	switch {
	case p.Iterations < 1 || p.Iterations > maxPasses:
		return fmt.Errorf("password hash: %d passes, 1 to %d are allowed", p.Iterations, maxPasses)
	case p.Parallelism < 1:
		return errors.New("password hash: no lanes")
	case p.Memory < 8*uint32(p.Parallelism) || p.Memory > maxMemoryKiB:
		return fmt.Errorf("password hash: %d KiB, 8 for each lane to %d are allowed", p.Memory, maxMemoryKiB)
	case p.SaltLength < saltLength || p.KeyLength < hashLength || p.SaltLength > 64 || p.KeyLength > 64:
		return fmt.Errorf("password hash: salt of %d and key of %d bytes", p.SaltLength, p.KeyLength)
	}
	return nil
}

// unmatchable writes a hash whose key is random instead of computed, so that no password has it.
func unmatchable(cost Cost) (string, error) {
	raw := make([]byte, saltLength+hashLength)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("draw a hash that nobody has: %w", err)
	}
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s",
		cost.MemoryKiB, cost.Passes, cost.Lanes, encode(raw[:saltLength]), encode(raw[saltLength:])), nil
}
