package eval

import (
	"iter"
	"maps"
	"slices"
	"strings"
)

// Context holds the condition keys of a request. Key names are compared without case,
// the tag part included. The zero value is empty and ready to use. The evaluator adds
// no key of its own: what a policy may ask for has to be set here.
//
// A Context must not be changed while a decision reads it.
type Context struct {
	values map[string]contextValue // by folded key
	effort effort                  // of the decision that this is a copy for
}

// spend counts steps of a decision. There may be no context where no decision is made.
func (c *Context) spend(steps int) bool { return c == nil || c.effort.spend(steps) }

// contextValue is the value of one key. A list is multi-valued even with one element:
// AWS fixes by key, not by request, whether the set operators have to be used.
type contextValue struct {
	key    string // as the caller spelled it
	many   bool
	values []string
}

// null reports whether the value counts as absent for Null and the set operators:
// an empty list, or nothing but empty strings.
func (v *contextValue) null() bool {
	return !slices.ContainsFunc(v.values, func(s string) bool { return s != "" })
}

// Set gives a key its one value, replacing what it had.
func (c *Context) Set(key, value string) {
	c.put(contextValue{key: key, values: []string{value}})
}

// SetMany gives a multi-valued key its values, replacing what it had. No values at all
// is an empty set, which is not the same as a missing key.
func (c *Context) SetMany(key string, values ...string) {
	c.put(contextValue{key: key, many: true, values: slices.Clone(values)})
}

func (c *Context) put(v contextValue) {
	if c.values == nil {
		c.values = make(map[string]contextValue)
	}
	c.values[foldKey(v.key)] = v
}

// Delete removes a key.
func (c *Context) Delete(key string) { delete(c.values, foldKey(key)) }

// Clone returns a copy that can be changed on its own.
func (c *Context) Clone() Context { return Context{values: maps.Clone(c.values)} }

// Has reports whether the key is set, whatever its value.
func (c *Context) Has(key string) bool {
	_, ok := c.values[foldKey(key)]
	return ok
}

// All yields the keys as they were spelled, sorted, with their values.
func (c *Context) All() iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		for _, folded := range slices.Sorted(maps.Keys(c.values)) {
			if v := c.values[folded]; !yield(v.key, v.values) {
				return
			}
		}
	}
}

// lookup finds a key that is already folded.
func (c *Context) lookup(folded string) (contextValue, bool) {
	v, ok := c.values[folded]
	return v, ok
}

// variable returns the value that ${key} stands for. A multi-valued key has none.
func (c *Context) variable(folded string) (string, bool) {
	v, ok := c.values[folded]
	if !ok || v.many {
		return "", false
	}
	return v.values[0], true
}

// foldKey brings a name that AWS compares without case into one form.
func foldKey(key string) string { return strings.ToLower(key) }
