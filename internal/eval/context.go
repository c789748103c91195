package eval

import (
	"iter"
	"slices"
	"strings"
	"unique"
)

// Context holds the condition keys of a request. Key names are compared without case,
// the tag part included. The zero value is empty and ready to use. The evaluator adds
// no key of its own: what a policy may ask for has to be set here.
//
// A Context must not be changed while a decision reads it.
type Context struct {
	*contextKeys
	effort effort // of the decision that this is a copy for
}

// spend counts steps of a decision. There may be no context where no decision is made.
func (c *Context) spend(steps int) bool { return c == nil || c.effort.spend(steps) }

// contextKeys are few in nearly every request, so that looking through them is faster
// than a map. Names and values, which decisions read, lie close together in memory.
type contextKeys struct {
	names   []string // folded
	values  []contextValue
	spelled []string       // the names as the caller wrote them
	places  map[string]int // by folded name; nil while there are at most maxScan
	// Room for the first ones, so that what belongs together lies together in memory.
	firstNames  [6]string
	firstValues [6]contextValue
}

// maxScan is up to how many keys are looked through one by one.
const maxScan = 32

// contextValue is the value of one key. A list is multi-valued even with one element:
// AWS fixes by key, not by request, whether the set operators have to be used.
type contextValue struct {
	one  [1]string // of a key that is not multi-valued
	list *[]string // of one that is
}

func oneValue(value string) contextValue { return contextValue{one: [1]string{value}} }

func manyValues(values []string) contextValue { return contextValue{list: &values} }

func (v *contextValue) many() bool { return v.list != nil }

// values are those of a key of either kind, none for a nil value. They must not be kept.
func (v *contextValue) values() []string {
	switch {
	case v == nil:
		return nil
	case v.many():
		return *v.list
	}
	return v.one[:]
}

// null reports whether the value counts as absent for Null and the set operators:
// an empty list, or nothing but empty strings.
func (v *contextValue) null() bool {
	return !slices.ContainsFunc(v.values(), func(s string) bool { return s != "" })
}

// Set gives a key its one value, replacing what it had.
func (c *Context) Set(key, value string) {
	c.put(key, oneValue(value))
}

// SetMany gives a multi-valued key its values, replacing what it had. No values at all
// is an empty set, which is not the same as a missing key.
func (c *Context) SetMany(key string, values ...string) {
	c.put(key, manyValues(slices.Clone(values)))
}

func (c *Context) put(key string, v contextValue) {
	if c.contextKeys == nil {
		c.contextKeys = &contextKeys{}
		c.names, c.values = c.firstNames[:0], c.firstValues[:0]
	}
	name := foldKey(key)
	if i := c.find(name); i >= 0 {
		c.values[i], c.spelled[i] = v, key
		return
	}
	c.names, c.values, c.spelled = append(c.names, name), append(c.values, v), append(c.spelled, key)
	switch n := len(c.names); {
	case c.places != nil:
		c.places[name] = n - 1
	case n > maxScan:
		c.rebuild()
	}
}

// rebuild notes the places of all names, if they are many.
func (c *contextKeys) rebuild() {
	c.places = nil
	if len(c.names) <= maxScan {
		return
	}
	c.places = make(map[string]int, 2*len(c.names))
	for i, name := range c.names {
		c.places[name] = i
	}
}

// find returns the place of a folded name, or -1.
func (c *contextKeys) find(name string) int {
	switch {
	case c == nil:
		return -1
	case c.places != nil:
		if i, ok := c.places[name]; ok {
			return i
		}
		return -1
	}
	for i := range c.names {
		if c.names[i] == name {
			return i
		}
	}
	return -1
}

// Delete removes a key.
func (c *Context) Delete(key string) {
	if i := c.find(foldKey(key)); i >= 0 {
		c.names, c.values = slices.Delete(c.names, i, i+1), slices.Delete(c.values, i, i+1)
		c.spelled = slices.Delete(c.spelled, i, i+1)
		c.rebuild()
	}
}

// Clone returns a copy that can be changed on its own.
func (c *Context) Clone() Context {
	if c.contextKeys == nil {
		return Context{}
	}
	own := &contextKeys{names: slices.Clone(c.names), values: slices.Clone(c.values), spelled: slices.Clone(c.spelled)}
	own.rebuild()
	return Context{contextKeys: own}
}

// Has reports whether the key is set, whatever its value.
func (c *Context) Has(key string) bool { return c.find(foldKey(key)) >= 0 }

// All yields the keys as they were spelled, sorted, with their values.
func (c *Context) All() iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		if c.contextKeys == nil {
			return
		}
		for _, name := range slices.Sorted(slices.Values(c.names)) {
			if i := c.find(name); !yield(c.spelled[i], slices.Clone(c.values[i].values())) {
				return
			}
		}
	}
}

// lookup returns the value of a key that is already folded, or nil.
func (c *Context) lookup(folded string) *contextValue {
	if i := c.find(folded); i >= 0 {
		return &c.values[i]
	}
	return nil
}

// variable returns the value that ${key} stands for. A multi-valued key has none.
func (c *Context) variable(folded string) (string, bool) {
	v := c.lookup(folded)
	if v == nil || v.many() {
		return "", false
	}
	return v.one[0], true
}

// foldKey brings a name that AWS compares without case into one form. The same name is
// always the same string in memory, which makes comparing two of them quick.
func foldKey(key string) string { return unique.Make(strings.ToLower(key)).Value() }
