package audit

import (
	"fmt"

	"gatehouse/internal/model"
)

// Head names the newest event of a trail at some moment. A head that is kept outside the database, such as in a signed
// checkpoint, is what a cut or wholly rewritten trail is found out by; the chain alone cannot tell.
type Head struct {
	Seq  int64
	Hash string
}

// Fault says what is wrong at a place of the trail.
type Fault string

// The faults there are.
const (
	Changed  Fault = "it was changed after it was written"
	Deleted  Fault = "it is missing"
	Inserted Fault = "it does not follow from the event before: it was inserted, or the one before was replaced"
	Disorder Fault = "its number has come before: it was copied, or moved here"
	Replaced Fault = "it is not the event that a checkpoint names: the trail was rewritten up to here"
)

// Broken is the first place where a trail is not whole.
type Broken struct {
	Seq   int64
	Fault Fault
}

// Error says which event and what is wrong with it.
func (b *Broken) Error() string { return fmt.Sprintf("event %d: %s", b.Seq, b.Fault) }

// Check goes through a trail event by event, oldest first, in constant memory. It stays at the first fault: Add and End
// return the same error from then on.
type Check struct {
	head   Head
	known  map[int64]string
	last   int64 // the highest sequence of a known head
	broken *Broken
}

// NewCheck returns a check that starts before the first event and also compares the events that known heads name.
func NewCheck(known ...Head) *Check { return Resume(Head{Hash: Start}, known...) }

// Resume returns a check that starts after the event that head names, which must come from a source that is trusted.
func Resume(head Head, known ...Head) *Check {
	c := &Check{head: head, known: map[int64]string{}}
	for _, k := range known {
		if k.Seq > head.Seq {
			c.known[k.Seq], c.last = k.Hash, max(c.last, k.Seq)
		}
	}
	return c
}

// Add checks the next event. The error is a *Broken.
func (c *Check) Add(e model.Event) error {
	if c.broken != nil {
		return c.broken
	}
	if fault := c.fault(e); fault != "" {
		seq := e.Seq
		if fault == Deleted {
			seq = c.head.Seq + 1
		}
		c.broken = &Broken{Seq: seq, Fault: fault}
		return c.broken
	}
	c.head = Head{Seq: e.Seq, Hash: e.Hash}
	return nil
}

// End returns nil when every event up to the last known head was there and whole. The error is a *Broken.
func (c *Check) End() error {
	if c.broken == nil && c.head.Seq < c.last {
		c.broken = &Broken{Seq: c.head.Seq + 1, Fault: Deleted}
	}
	if c.broken != nil {
		return c.broken
	}
	return nil
}

// Head returns the newest event that was found whole.
func (c *Check) Head() Head { return c.head }

func (c *Check) fault(e model.Event) Fault {
	want, known := c.known[e.Seq]
	switch {
	case e.Seq > c.head.Seq+1:
		return Deleted
	case e.Seq <= c.head.Seq:
		return Disorder
	case e.Hash != Hash(e):
		return Changed
	case e.Prev != c.head.Hash:
		return Inserted
	case known && e.Hash != want:
		return Replaced
	}
	return ""
}
