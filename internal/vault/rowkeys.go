package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strings"
)

// ErrMACBroken means that a row is not the one that its MAC was made for.
var ErrMACBroken = errors.New("does not match its MAC")

// RowKeys are the sub-keys for MACs of database rows, one pair for each master key. They open, derive and sign nothing,
// so whoever writes rows may hold them.
type RowKeys struct {
	current     string
	rows, marks map[string][]byte // by id of the master key
}

// RowKeys returns the keys for MACs of rows: new MACs are made under the first master key, older ones are checked under
// the one that made them.
func (v *Vault) RowKeys() RowKeys {
	k := RowKeys{current: v.KeyID(), rows: map[string][]byte{}, marks: map[string][]byte{}}
	for _, master := range v.keys {
		k.rows[master.ID()] = master.subKey("mac", RowMAC)
		k.marks[master.ID()] = master.subKey("mac", RowMark)
	}
	return k
}

// Format implements fmt.Formatter: the keys print as "[secret]" in every form.
func (k RowKeys) Format(s fmt.State, verb rune) { Secret("").Format(s, verb) }

// Zero reports whether there are no keys at all.
func (k RowKeys) Zero() bool { return len(k.rows) == 0 }

// KeyID names the master key under which new MACs are made.
func (k RowKeys) KeyID() string { return k.current }

// MACs computes under the keys. It is for one goroutine.
func (k RowKeys) MACs() *MACs {
	return &MACs{keys: k, rows: map[string]hash.Hash{}, marks: map[string]hash.Hash{}}
}

// MACs makes and checks MACs of rows one after the other.
type MACs struct {
	keys        RowKeys
	rows, marks map[string]hash.Hash // keyed once, reset for each use
	sum         []byte
}

// Format implements fmt.Formatter: the keys inside print as "[secret]" in every form.
func (m *MACs) Format(s fmt.State, verb rune) { Secret("").Format(s, verb) }

// Of returns the MAC of a row: the id of the master key, a dot, and HMAC-SHA-256 in 43 base64url characters.
func (m *MACs) Of(row []byte) string {
	return m.keys.current + "." + base64.RawURLEncoding.EncodeToString(m.compute(m.rows, m.keys.rows, m.keys.current, row))
}

// Check reports whether mac was made for row: ErrMACBroken when not, ErrUnknownKey when its master key is not at hand.
func (m *MACs) Check(row []byte, mac string) error {
	id, text, _ := strings.Cut(mac, ".")
	want := m.compute(m.rows, m.keys.rows, id, row)
	if want == nil && len(id) == 2*keyIDLength {
		return ErrUnknownKey
	}
	have, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || want == nil || !hmac.Equal(have, want) {
		return ErrMACBroken
	}
	return nil
}

// Mark returns 32 bytes that stand for text among others, and that nobody can compute without the master key named by
// id; false when that is not at hand.
func (m *MACs) Mark(id, text string) (mark [sha256.Size]byte, ok bool) {
	sum := m.compute(m.marks, m.keys.marks, id, []byte(text))
	copy(mark[:], sum)
	return mark, sum != nil
}

// compute returns the HMAC of data under a key, valid until the next call; nil without the key.
func (m *MACs) compute(ready map[string]hash.Hash, keys map[string][]byte, id string, data []byte) []byte {
	h, ok := ready[id]
	if !ok {
		key, known := keys[id]
		if !known {
			return nil
		}
		h = hmac.New(sha256.New, key)
		ready[id] = h
	}
	h.Reset()
	h.Write(data)
	m.sum = h.Sum(m.sum[:0])
	return m.sum
}
