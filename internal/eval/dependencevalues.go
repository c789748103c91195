package eval

import (
	"encoding/base64"
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// unknownKey is a condition key that the request does not carry, with one value for
// each way in which the tests about it can come out.
type unknownKey struct {
	folded string
	name   string
	open   bool            // has no value yet
	values []*contextValue // the first is that it is absent, which is nil
	// classes are those of the values that tests without doubt come out differently for.
	classes []*contextValue
}

const (
	maxValues = 64  // of one key
	maxInList = 3   // values in a list: as many conditions at once may ask for different ones
	maxListed = 8   // values that are combined into lists
	maxBound  = 16  // values of one variable with which a text fits
	maxText   = 600 // characters of a value
)

// fill finds the values to try. The values of keys whose conditions hold variables of
// other missing keys come last, as they are made of the values of those.
func (s *search) fill() {
	texts := make([][]string, len(s.keys))
	for range 2 {
		for k := range s.keys {
			texts[k] = append(texts[k], s.textsFor(k, texts)...)
		}
	}
	for k := range s.keys {
		s.choose(k, texts[k])
		s.keys[k].classes = s.distinct(k, s.keys[k].values, s.certain)
	}
}

// textsFor returns texts that tell apart the tests about a key, given those found for other keys.
func (s *search) textsFor(k int, known [][]string) []string {
	var found []string
	var globs []glob
	for i := range s.tests {
		t := &s.tests[i]
		if !slices.Contains(t.keys, k) {
			continue
		}
		if t.condition == nil {
			found = append(found, s.resourceTexts(t, k)...)
			continue
		}
		if t.condition.key == s.keys[k].folded {
			typed, more := s.conditionTexts(t, k, known)
			found, globs = append(found, typed...), append(globs, more...)
		}
		found = append(found, s.variableTexts(t, k, known)...)
	}
	if len(globs) > 0 {
		all, complete := tellApart(globs, &s.moves)
		found = append(found, all...)
		s.truncated = s.truncated || !complete
	}
	if !s.typed(k) {
		found = append(found, someValue)
	}
	return found
}

// typed reports whether a condition asks for something else than text under a key.
func (s *search) typed(k int) bool {
	return slices.ContainsFunc(s.tests, func(t test) bool {
		if t.condition == nil || t.condition.key != s.keys[k].folded {
			return false
		}
		switch t.condition.op.compare {
		case numericOrder, dateOrder, ipInRange, boolEquals, arnLike:
			return true
		default:
			return false
		}
	})
}

// someValue is a value that no policy is likely to ask for.
const someValue = "another value"

// conditionTexts returns texts for the operands of a condition, and the patterns that
// the texts have to be told apart by.
func (s *search) conditionTexts(t *test, k int, known [][]string) (found []string, globs []glob) {
	c := t.condition
	if len(c.operands) == 0 {
		return []string{c.op.compare.sample()}, nil
	}
	for i := range c.operands {
		o, text := &c.operands[i], t.source.Values[i].Value
		switch c.op.compare {
		case numericOrder:
			found = append(found, around(text)...)
		case dateOrder:
			found = append(found, moments(o.moment)...)
		case ipInRange:
			found = append(found, addresses(o.network)...)
		case boolEquals:
			found = append(found, "true", "false")
		case binaryEquals:
			found = append(found, base64.StdEncoding.EncodeToString([]byte(o.bytes)))
		case isNull:
		default:
			globs = append(globs, s.globsOf(o, c.op, known)...)
			if c.op.compare == arnLike {
				globs = append(globs, anyARN())
			}
		}
	}
	if c.op.compare == numericOrder {
		found = append(found, s.between(k)...)
	}
	return found, globs
}

// sample is a value for a condition that names none.
func (c comparison) sample() string {
	switch c {
	case numericOrder:
		return "0"
	case dateOrder:
		return "2026-01-01T00:00:00Z"
	case ipInRange:
		return "192.0.2.1"
	case boolEquals:
		return "true"
	case arnLike:
		return "arn:aws:iam::111122223333:role/any"
	default:
		return someValue
	}
}

// around returns a number and its neighbours.
func around(text string) []string {
	n, ok := rational(text)
	if !ok {
		return []string{text}
	}
	one := big.NewRat(1, 1)
	return []string{text, decimalText(new(big.Rat).Add(n, one)), decimalText(new(big.Rat).Sub(n, one))}
}

// between returns a number from each gap between the numbers that conditions about a key name.
func (s *search) between(k int) []string {
	var all []*big.Rat
	for i := range s.tests {
		t := &s.tests[i]
		if t.condition == nil || t.condition.op.compare != numericOrder || t.condition.key != s.keys[k].folded {
			continue
		}
		for _, v := range t.source.Values {
			n, ok := rational(v.Value)
			s.truncated = s.truncated || !ok
			if ok {
				all = append(all, n)
			}
		}
	}
	slices.SortFunc(all, func(a, b *big.Rat) int { return a.Cmp(b) })
	var found []string
	for i := 1; i < len(all); i++ {
		middle := new(big.Rat).Add(all[i-1], all[i])
		found = append(found, decimalText(middle.Mul(middle, big.NewRat(1, 2))))
	}
	return found
}

// rational reads a number that is not absurdly long when written out.
func rational(text string) (*big.Rat, bool) {
	d, ok := parseDecimal(text)
	const most = 300
	if !ok || len(text) > most || d.power > most || d.power < -most {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// decimalText writes a number whose expansion ends.
func decimalText(n *big.Rat) string {
	const places = 700 // more than halving numbers of the admitted lengths can need
	text := n.FloatString(places)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// moments returns a moment and its neighbours, a nanosecond away: no two moments are nearer.
func moments(t instant) []string {
	at := time.Unix(t.seconds, t.nanos).UTC()
	var found []string
	for _, step := range []time.Duration{0, 1, -1, time.Hour, -time.Hour} {
		found = append(found, at.Add(step).Format(time.RFC3339Nano))
	}
	return found
}

// addresses returns the ends of a network and what lies beyond them. Networks nest or
// are apart, so that every class of addresses begins or ends at one of these.
func addresses(n netip.Prefix) []string {
	first := n.Addr()
	last := first.AsSlice()
	for bit := n.Bits(); bit < len(last)*8; bit++ {
		last[bit/8] |= 0x80 >> (bit % 8)
	}
	end, _ := netip.AddrFromSlice(last)
	other := netip.MustParseAddr("2001:db8::1")
	if first.Is6() {
		other = netip.MustParseAddr("192.0.2.1")
	}
	var found []string
	for _, a := range []netip.Addr{first, end, first.Prev(), end.Next(), other} {
		if a.IsValid() {
			found = append(found, a.String())
		}
	}
	return found
}

// choose makes values of texts: single ones, and lists where an operator asks for sets.
func (s *search) choose(k int, texts []string) {
	key := &s.keys[k]
	single := []*contextValue{nil}
	for _, text := range texts {
		if s.truncated = s.truncated || len(text) > maxText; len(text) <= maxText {
			v := oneValue(text)
			single = append(single, &v)
		}
	}
	key.values = s.distinct(k, single, s.asks)
	if !s.takesLists(k) {
		return
	}
	var items []string
	for _, v := range key.values[1:] {
		items = append(items, v.one[0])
	}
	if len(items) > maxListed {
		items, s.truncated = items[:maxListed], true
	}
	lists := key.values
	for _, list := range subsets(items, maxInList) {
		if len(list) == 1 { // would look like a single value in an example
			list = append(list, list[0])
		}
		v := manyValues(list)
		lists = append(lists, &v)
	}
	key.values = s.distinct(k, lists, s.asks)
}

// subsets returns all lists of at most n of the items.
func subsets(items []string, n int) [][]string {
	all := [][]string{{}}
	for _, item := range items {
		for _, list := range all {
			if len(list) < n {
				all = append(all, append(slices.Clone(list), item))
			}
		}
	}
	return all
}

func (s *search) takesLists(k int) bool {
	return globalKey(s.keys[k].folded).many() || slices.ContainsFunc(s.tests, func(t test) bool {
		return t.condition != nil && t.condition.key == s.keys[k].folded && t.condition.op.set != noSet
	})
}

// distinct keeps one value for each way in which those tests about a key come out that count.
func (s *search) distinct(k int, values []*contextValue, count func(test, key int) bool) []*contextValue {
	key := &s.keys[k]
	seen := map[string]bool{}
	var kept []*contextValue
	for _, v := range values {
		s.put(key, v)
		outcome := s.outcome(k, v, count)
		if seen[outcome] {
			continue
		}
		if seen[outcome] = true; len(kept) == maxValues {
			s.truncated = true
			break
		}
		kept = append(kept, v)
	}
	s.put(key, nil)
	return kept
}

// asks reports whether a test asks for a key.
func (s *search) asks(test, key int) bool { return slices.Contains(s.tests[test].keys, key) }

// certain reports whether a test asks for a key, and the values to try show all its outcomes.
func (s *search) certain(test, key int) bool {
	return s.asks(test, key) && !slices.Contains(s.doubtful, test)
}

// outcome writes down how the tests about a key that count come out. Where another missing
// key plays a part, values are told apart by what they are.
func (s *search) outcome(k int, v *contextValue, count func(test, key int) bool) string {
	var b strings.Builder
	for i := range s.tests {
		switch t := &s.tests[i]; {
		case !count(i, k):
		case len(t.keys) > 1:
			b.WriteString(quote(strings.Join(v.values(), "\x00")))
		default:
			b.WriteByte('0' + byte(t.truth(s.request)))
		}
	}
	return b.String()
}
