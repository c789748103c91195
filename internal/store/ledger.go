package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/vault"
)

// tally is how many rows a guarded table has and a sum over their MACs: a MAC of a set, to which rows can be added and
// from which they can be taken. Rows that are current and rows that were closed have tallies of their own.
//
// It is MSet-XOR-Hash of Clarke, Devadas, van Dijk, Gassend and Suh (ASIACRYPT 2003): the sum of a keyed mark of each
// row, kept under a mask that is another one each time. The MAC of the head, where tallies stand, is over all of them.
type tally struct {
	count int64
	sum   [sha256.Size]byte
	turn  int64  // grows with every change: the mask
	keyID string // master key of the mask
	dirty bool
}

// ledger holds the tallies of a database.
type ledger struct {
	macs    *vault.MACs
	keyID   string // master key of new masks
	tallies map[string]*tally
}

// tallyName names the tally of the rows of a table that are current, or of those that were closed.
func (g guarded) tallyName(past bool) string {
	if past {
		return g.name + "/past"
	}
	return g.name
}

// of returns the tally of a name; an empty one when there is none yet.
func (l *ledger) of(name string) *tally {
	if l.tallies[name] == nil {
		l.tallies[name] = &tally{keyID: l.keyID, dirty: true}
	}
	return l.tallies[name]
}

func (t *tally) add(mark [sha256.Size]byte, count int64) {
	for i := range t.sum {
		t.sum[i] ^= mark[i]
	}
	t.count += count
	t.dirty = true
}

// mark is what a row with this MAC adds to the tally of its table. A MAC that was made under no key at hand adds a mark
// that fits none.
func (g guarded) mark(macs *vault.MACs, mac string) [sha256.Size]byte {
	id, _, _ := strings.Cut(mac, ".")
	mark, _ := macs.Mark(id, "row "+g.name+" "+mac)
	return mark
}

// readLedger reads the tallies as the head keeps them: a line each of name, count, turn, key and masked sum.
func readLedger(keys vault.RowKeys, text string) (*ledger, error) {
	l := &ledger{macs: keys.MACs(), keyID: keys.KeyID(), tallies: map[string]*tally{}}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) != 5 {
			return nil, &Damage{Table: "head", What: "the tallies cannot be read"}
		}
		count, err1 := strconv.ParseInt(words[1], 10, 64)
		turn, err2 := strconv.ParseInt(words[2], 10, 64)
		sum, err3 := hex.DecodeString(words[4])
		if errors.Join(err1, err2, err3) != nil || len(sum) != sha256.Size {
			return nil, &Damage{Table: "head", What: "the tallies cannot be read"}
		}
		t := &tally{count: count, turn: turn, keyID: words[3], sum: [sha256.Size]byte(sum)}
		if err := l.mask(words[0], t); err != nil {
			return nil, err
		}
		l.tallies[words[0]] = t
	}
	return l, nil
}

// text is the tallies for the head; those that changed get a new mask.
func (l *ledger) text() (string, error) {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(l.tallies)) {
		t := l.tallies[name]
		if t.dirty {
			t.turn, t.keyID, t.dirty = t.turn+1, l.keyID, false
		}
		masked := *t
		if err := l.mask(name, &masked); err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%s %d %d %s %s\n", name, t.count, t.turn, t.keyID, hex.EncodeToString(masked.sum[:]))
	}
	return b.String(), nil
}

// mask puts the mask of its turn on a tally, or takes it off.
func (l *ledger) mask(name string, t *tally) error {
	mask, ok := l.macs.Mark(t.keyID, fmt.Sprintf("mask %s %d", name, t.turn))
	if !ok {
		return &Damage{Table: "head", What: missingKey}
	}
	for i := range t.sum {
		t.sum[i] ^= mask[i]
	}
	return nil
}

const headColumns = `seq, hash, next_pk, access_change, tallies, mac`

// canonical is what the MAC of the head is over.
func (h head) canonical() []byte {
	return guarded{name: "head"}.canonical(nil, guardedRow{
		names:  []string{"seq", "hash", "next_pk", "access_change", "tallies"},
		values: []any{h.Seq, h.Hash, h.NextPK, h.AccessChange, h.Tallies}})
}

// check reports whether the head is as it was written here.
func (h head) check(keys vault.RowKeys) error {
	switch err := keys.MACs().Check(h.canonical(), h.MAC); {
	case errors.Is(err, vault.ErrUnknownKey):
		return &Damage{Table: "head", What: missingKey}
	case err != nil:
		return &Damage{Table: "head", What: wrongMAC}
	}
	return nil
}

// headNow returns the head as it stands, checked.
func (r Reader) headNow(ctx context.Context) (head, error) {
	var h head
	if r.guard.keys.Zero() {
		return h, ErrUnguarded
	}
	err := r.one(ctx, &h, `SELECT `+headColumns+` FROM head WHERE id = 1`)
	if errors.Is(err, sql.ErrNoRows) {
		return h, &Damage{Table: "head", What: "it is missing"}
	}
	if err != nil {
		return h, fmt.Errorf("read the head: %w", err)
	}
	return h, h.check(r.guard.keys)
}

// tallied returns the tallies as r sees them: within a write, with what it wrote so far.
func (r Reader) tallied(ctx context.Context) (*ledger, error) {
	if r.ledger != nil {
		return r.ledger, nil
	}
	h, err := r.headNow(ctx)
	if err != nil {
		return nil, err
	}
	return readLedger(r.guard.keys, h.Tallies)
}
