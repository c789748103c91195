package eval

import (
	"errors"
	"iter"
	"strings"
	"unicode/utf8"
)

// pattern is a compiled text of a policy: literals, wildcards and variables. The
// wildcards cut it into chunks; a match finds the chunks in order, each as early as
// possible, so that no amount of stars makes it backtrack.
//
// What a variable stands for is compared literally: a star in a value is a star.
type pattern struct {
	chunks []chunk
	stars  []star // stars[i] stands between chunks[i] and chunks[i+1]

	// shifts says that a variable stands before a wildcard of the header of an ARN: with
	// colons in its value that wildcard belongs to a later part.
	shifts bool
}

// chunk is a run of pieces without a star.
type chunk []piece

// star is a wildcard for any run of characters, or for a run without a colon: the
// header fields of an ARN are compared one by one.
type star bool

const (
	anyRun   star = false
	fieldRun star = true
)

type pieceKind uint8

const (
	literal  pieceKind = iota
	anyOne             // ?
	fieldOne           // ? in the header of an ARN: any character but a colon
	variable           // ${key} or ${key, 'fallback'}
)

type piece struct {
	kind     pieceKind
	text     string // the literal, or the folded key of the variable
	fallback *string
}

// value returns what a literal or a variable stands for.
func (p *piece) value(ctx *Context) (string, bool) {
	if p.kind == literal {
		return p.text, true
	}
	ctx.spend(8)
	if v, ok := ctx.variable(p.text); ok {
		return v, true
	}
	if p.fallback != nil {
		return *p.fallback, true
	}
	return "", false
}

// match reports whether the whole of s fits the pattern. A variable without value
// fits nothing.
func (p *pattern) match(s string, ctx *Context) bool {
	last := len(p.chunks) - 1
	rest, ok := p.chunks[0].prefix(s, ctx)
	if !ok || last == 0 {
		return ok && rest == ""
	}
	for i := 1; i < last; i++ {
		if rest, ok = p.chunks[i].find(rest, p.stars[i-1], ctx); !ok {
			return false
		}
	}
	return p.chunks[last].suffix(rest, p.stars[last-1], ctx)
}

// prefix takes the chunk off the front of s.
func (c chunk) prefix(s string, ctx *Context) (rest string, ok bool) {
	for i := range c {
		switch p := &c[i]; p.kind {
		case anyOne, fieldOne:
			r, size := utf8.DecodeRuneInString(s)
			if size == 0 || p.kind == fieldOne && r == ':' {
				return "", false
			}
			s = s[size:]
		default:
			v, known := p.value(ctx)
			if !known || len(v) > longText && !ctx.spend(len(v)/longText) || !strings.HasPrefix(s, v) {
				return "", false
			}
			s = s[len(v):]
		}
	}
	return s, true
}

// longText is the length from which comparing a text is counted as effort by itself.
const longText = 64

// find takes the chunk off s at the first place where it fits; the star before it
// takes what is skipped.
func (c chunk) find(s string, before star, ctx *Context) (rest string, ok bool) {
	for {
		skip := c.next(s, ctx)
		if skip < 0 || !ctx.spend(4+2*len(c)+skip/16) || before == fieldRun && strings.IndexByte(s[:skip], ':') >= 0 {
			return "", false
		}
		s = s[skip:]
		if rest, ok := c.prefix(s, ctx); ok {
			return rest, true
		}
		r, size := utf8.DecodeRuneInString(s)
		if size == 0 || before == fieldRun && r == ':' {
			return "", false
		}
		s = s[size:]
	}
}

// next returns the first offset at which the chunk could start, or -1.
func (c chunk) next(s string, ctx *Context) int {
	if len(c) == 0 || c[0].kind == anyOne || c[0].kind == fieldOne {
		return 0
	}
	v, ok := c[0].value(ctx)
	if !ok {
		return -1
	}
	return strings.Index(s, v)
}

// suffix reports whether s ends with the chunk and the star before it takes the rest.
func (c chunk) suffix(s string, before star, ctx *Context) bool {
	for i := len(c) - 1; i >= 0; i-- {
		switch p := &c[i]; p.kind {
		case anyOne, fieldOne:
			r, size := utf8.DecodeLastRuneInString(s)
			if size == 0 || p.kind == fieldOne && r == ':' {
				return false
			}
			s = s[:len(s)-size]
		default:
			v, known := p.value(ctx)
			if !known || !strings.HasSuffix(s, v) {
				return false
			}
			s = s[:len(s)-len(v)]
		}
	}
	return before == anyRun || strings.IndexByte(s, ':') < 0
}

// shifted reports whether a value holds colons that move wildcards into another part.
func (p *pattern) shifted(ctx *Context) bool {
	if !p.shifts {
		return false
	}
	for _, c := range p.chunks {
		for i := range c {
			if v, _ := c[i].value(ctx); c[i].kind == variable && strings.Contains(v, ":") {
				return true
			}
		}
	}
	return false
}

// equalFold reports whether s is the pattern, which has no wildcards, without regard
// to case (Unicode simple folding).
func (p *pattern) equalFold(s string, ctx *Context) bool {
	for i := range p.chunks[0] {
		v, ok := p.chunks[0][i].value(ctx)
		if !ok || !ctx.spend(8+len(v)/4) {
			return false
		}
		n := foldedPrefix(s, v)
		if n < 0 {
			return false
		}
		s = s[n:]
	}
	return s == ""
}

// foldedPrefix returns how many bytes of s make up the same characters as prefix, or -1.
func foldedPrefix(s, prefix string) int {
	at := 0
	for range prefix {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	if strings.EqualFold(s[:at], prefix) {
		return at
	}
	return -1
}

// unset yields the folded keys of variables that have neither value nor fallback.
func (p *pattern) unset(ctx *Context) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, c := range p.chunks {
			for i := range c {
				_, set := c[i].value(ctx)
				if c[i].kind == variable && !set && !yield(c[i].text) {
					return
				}
			}
		}
	}
}

// fixed reports whether the chunk is one literal, and which.
func (c chunk) fixed() (string, bool) {
	switch {
	case len(c) == 0:
		return "", true
	case len(c) == 1 && c[0].kind == literal:
		return c[0].text, true
	}
	return "", false
}

// Reasons why a variable cannot be read.
var (
	errMissingBrace  = errors.New("the variable has no closing brace")
	errMissingQuote  = errors.New("the default value of the variable has no closing quote")
	errEmptyVariable = errors.New("the variable has no name")
	errNoValue       = errors.New("the variable has no value")
)
