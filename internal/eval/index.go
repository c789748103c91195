package eval

import "strings"

// index finds the statements of a policy that a request may be about: first by the
// action, then by the part of the resource's ARN that follows the account. What it finds
// is matched as if there were no index, so it can save work but change no decision.
type index struct {
	services uint64    // a bit for every service that has an entry in names
	names    nameTable // actions by name, patterns of actions by service
	every    *group    // statements about every action, or about all but some
}

// group holds the statements that name an action with the same words.
type group struct{ deny, allow *branch }

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

// nameTable is a hash table that is never changed once it is built. It is open: a name
// that is not in its place is in one of the next.
type nameTable []nameEntry

// nameEntry is either an action or a service with its colon.
type nameEntry struct {
	hash      uint64
	name      string           // in lower case; empty in a free place
	exact     *group           // of an action
	wildcards []actionWildcard // of a service
}

// action finds the group of an action that the policy names without wildcards.
func (t nameTable) action(a *actionName) *group {
	mask := uint64(len(t) - 1)
	for i := a.hash & mask; t[i].name != ""; i = (i + 1) & mask {
		if t[i].hash == a.hash && a.is(t[i].name) {
			return t[i].exact
		}
	}
	return nil
}

// service finds the wildcards within the service of an action.
func (t nameTable) service(a *actionName) []actionWildcard {
	mask := uint64(len(t) - 1)
	for i := a.prefix & mask; t[i].name != ""; i = (i + 1) & mask {
		if t[i].hash == a.prefix && a.of(t[i].name) {
			return t[i].wildcards
		}
	}
	return nil
}

// branch is a node of a radix tree over the beginnings of resource patterns, of which
// it takes the part after the fifth colon: what stands before is much the same in all.
type branch struct {
	label string      // what leads from the parent to this node
	here  []candidate // patterns whose literal beginning ends here
	first string      // the first byte of each branch's label, in order
	below []branch
}

// candidate is a statement whose action matches, as far as its Action element tells.
type candidate struct {
	statement *statement
	resource  *resourcePattern // nil: the whole element has to be asked
}

// next is the branch that the text goes on with, or nil.
func (b *branch) next(text string) *branch {
	if text == "" {
		return nil
	}
	i := strings.IndexByte(b.first, text[0])
	if i < 0 || !strings.HasPrefix(text, b.below[i].label) {
		return nil
	}
	return &b.below[i]
}
