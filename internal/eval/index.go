package eval

// index finds the statements of a policy that a request may be about: first by the
// action, then by the part of the resource's ARN that follows the account. What it finds
// is matched as if there were no index, so it can save work but change no decision.
type index struct {
	denies bool      // whether there is a Deny
	names  nameTable // actions by name, patterns of actions by service
	every  *group    // statements about every action, or about all but some
}

// group holds the statements that name an action with the same words.
type group struct{ deny, allow *tree }

// actionWildcard is an Action entry with wildcards in the name.
type actionWildcard struct {
	pattern string // in lower case, without the service
	literal string // what stands before the first wildcard
	open    bool   // nothing but one star follows the literal
	*group
}

// match reports whether the pattern fits the name. Both are of one service.
func (w *actionWildcard) match(r *request) bool {
	return r.name.startsWith(w.literal) && (w.open || globASCII(w.pattern, r.operation))
}

// nameTable is a hash table that is not changed once it is built. It is open: a name
// whose place is taken has one of the next.
type nameTable struct {
	places  []place // a power of two
	entries []nameEntry
}

// place says which entry is there, counted from 1. It is free when that is 0.
type place struct{ tag, entry uint32 }

// nameEntry is either an action or a service with its colon, in lower case.
type nameEntry struct {
	name      string
	exact     *group           // of an action
	merged    bool             // with the wildcards that the action fits
	wildcards []actionWildcard // of a service
}

// find returns the entry of a name, or nil.
func (t *nameTable) find(hash uint64, name []byte) *nameEntry {
	last := uint64(len(t.places) - 1)
	for i := hash & last; ; i = (i + 1) & last {
		switch p := t.places[i]; {
		case p.entry == 0:
			return nil
		case p.tag == tagOf(hash):
			if e := &t.entries[p.entry-1]; e.name == string(name) {
				return e
			}
		}
	}
}

// tagOf is a part of a hash that does not say where its place is.
func tagOf(hash uint64) uint32 { return uint32(hash >> 32) }
