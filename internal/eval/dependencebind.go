package eval

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// resourceTexts returns values of a variable with which an entry of a Resource element
// fits the resource that is asked for.
func (s *search) resourceTexts(t *test, k int) []string {
	var found []string
	for i := range t.statement.resources {
		p := &t.statement.resources[i]
		if !p.any && !p.dead && t.layer.pads(p.padding) {
			found = append(found, s.bind(&p.pattern, s.in.Resource, k)...)
		}
	}
	return found
}

// variableTexts returns values of a variable in a condition with which an operand fits
// the key's value, or one of the values to try for it.
func (s *search) variableTexts(t *test, k int, known [][]string) []string {
	values := []string{}
	if v := s.in.Context.lookup(t.condition.key); v != nil {
		values = v.values()
	} else if own := s.key(t.condition.key); own != k {
		values = known[own]
	}
	var found []string
	for i := range t.condition.operands {
		for _, v := range values[:min(len(values), maxBound)] {
			found = append(found, s.bind(&t.condition.operands[i].text, v, k)...)
		}
	}
	return found
}

// bind returns values of a key with which a pattern fits a text, whatever other
// missing keys stand for.
func (s *search) bind(p *pattern, text string, k int) []string {
	b := binder{slot: s.keys[k].folded, steps: maxSteps - s.bound}
	if b.steps < 0 {
		return nil
	}
	tokens, _ := tokensOf(p, &s.ctx)
	b.steps -= 1 + len(tokens)/perStep
	for _, t := range tokens {
		if t.slot == b.slot {
			b.fit(tokens, text, "", false)
			break
		}
	}
	s.bound = maxSteps - b.steps
	s.truncated = s.truncated || b.steps < 0 || b.more
	return b.found
}

// binder looks for the values of one variable.
type binder struct {
	slot  string
	steps int
	found []string
	more  bool // values that fit were left out
}

// fit tries to fit the tokens to the whole text, with what the variable stands for, if
// that is settled already.
func (b *binder) fit(tokens []token, text, value string, bound bool) {
	if b.steps--; b.steps < 0 || b.more {
		return
	}
	if len(tokens) == 0 {
		if text == "" && !slices.Contains(b.found, value) {
			b.more = len(b.found) == maxBound
			b.found = append(b.found, value)[:min(len(b.found)+1, maxBound)]
		}
		return
	}
	t, rest := &tokens[0], tokens[1:]
	switch {
	case t.slot == b.slot && bound:
		if after, ok := strings.CutPrefix(text, value); ok {
			b.fit(rest, after, value, true)
		}
	case t.slot == b.slot:
		for n := range len(text) + 1 {
			b.fit(rest, text[n:], text[:n], true)
		}
	case t.star || t.slot != "":
		b.skip(t, rest, text, value, bound)
	default:
		if r, size := utf8.DecodeRuneInString(text); size > 0 && t.accepts(r, true) {
			b.fit(rest, text[size:], value, bound)
		}
	}
}

// skip lets a star, or another variable, stand for the beginning of the text.
func (b *binder) skip(t *token, rest []token, text, value string, bound bool) {
	for {
		b.fit(rest, text, value, bound)
		r, size := utf8.DecodeRuneInString(text)
		if size == 0 || t.slot == "" && !t.accepts(r, true) {
			return
		}
		text = text[size:]
	}
}
