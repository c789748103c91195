// Package audit owns the form of the audit trail: the canonical bytes of an event, the chain of hashes over them, and
// the check that a sequence of events is whole.
//
// It leaves storing to internal/store and decides nothing about who may do what.
package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"gatehouse/internal/model"
)

// Start is the hash before the first event.
const Start = "0000000000000000000000000000000000000000000000000000000000000000"

// domain separates these hashes from all others and names the form, so that a later form can be told apart.
const domain = "gatehouse trail 1"

// Canonical returns the bytes that are hashed for an event: every field in a fixed order, each led by its length, so
// that no two different events share them. Hash is left out; Prev is in.
func Canonical(e model.Event) []byte {
	c := canonical{}
	c.text(domain)
	c.number(e.Seq)
	c.text(e.At.UTC().Format(time.RFC3339Nano))
	c.text(string(e.Actor))
	c.text(e.ActorName)
	c.text(string(e.Session))
	c.text(e.Action)
	c.text(string(e.Outcome))
	c.number(int64(len(e.Objects)))
	for _, o := range e.Objects {
		c.text(string(o.Kind))
		c.text(o.ID)
		c.text(o.Name)
	}
	c.text(e.Summary)
	c.text(e.Reason)
	c.text(e.Grant)
	c.text(e.SourceIP)
	c.text(e.RequestID)
	c.number(int64(e.Repeated))
	c.text(e.State)
	c.text(e.Prev)
	return c
}

// Hash returns SHA-256 over the canonical bytes of an event, as 64 hex digits.
func Hash(e model.Event) string {
	sum := sha256.Sum256(Canonical(e))
	return hex.EncodeToString(sum[:])
}

type canonical []byte

// #nosec G115 -- the bits of the number, whatever its sign
func (c *canonical) number(n int64) { *c = binary.BigEndian.AppendUint64(*c, uint64(n)) }

func (c *canonical) text(s string) {
	c.number(int64(len(s)))
	*c = append(*c, s...)
}
