package eval

import "errors"

// maxEffort bounds a decision, in steps of a few nanoseconds each: about a character or a
// value compared. Policies of AWS's sizes and requests as services make them need less by
// orders of magnitude; what needs more was made to take long.
const maxEffort = 3 << 20

// explainEffort bounds an explanation, which compares everything several times. One that
// needs more is refused, even if the decision is not.
const explainEffort = 3 * maxEffort

var errEffort = errors.New("the policies and the values of the request take too long to compare; nothing is decided")

// effort counts the steps of one decision. The zero value does not count, so that a context
// shared by many decisions is never written to.
type effort struct {
	limit, spent int
}

// spend counts steps and reports whether there may be more. Counted is what can grow faster
// than the input: what is done for each value of a list, for each further entry that it is
// compared with, and for each place at which a part of a pattern may begin.
func (e *effort) spend(steps int) bool {
	if e.limit == 0 {
		return true
	}
	e.spent += steps
	return e.spent <= e.limit
}

func (e *effort) exhausted() bool { return e.spent > e.limit }
