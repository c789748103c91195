package eval

import "strings"

// dialect says how the text of a pattern is to be read.
type dialect struct {
	wildcards bool     // * and ? have their meaning
	variables bool     // ${...} has its meaning: version 2012-10-17
	arn       bool     // wildcards before the fifth colon do not cross a colon
	values    *Context // what variables are replaced by; nil to leave them for the match
}

// compilePattern reads a text into a pattern.
func compilePattern(text string, d dialect) (pattern, error) {
	b := patternBuilder{dialect: d}
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '$' && d.variables && strings.HasPrefix(text[i:], "${"):
			n, err := b.variable(text[i:])
			if err != nil {
				return pattern{}, err
			}
			i += n
			continue
		case c == '*' && d.wildcards:
			b.star()
		case c == '?' && d.wildcards:
			b.flush()
			b.chunk = append(b.chunk, piece{kind: b.one()})
		default:
			if c == ':' {
				b.colons++
			}
			b.literal = append(b.literal, c)
		}
		i++
	}
	b.flush()
	b.chunks = append(b.chunks, b.chunk)
	return b.pattern, nil
}

type patternBuilder struct {
	dialect
	pattern
	chunk   chunk
	literal []byte
	colons  int
	movable bool // a variable came before the fifth colon
}

func (b *patternBuilder) flush() {
	if len(b.literal) > 0 {
		b.chunk = append(b.chunk, piece{kind: literal, text: string(b.literal)})
		b.literal = b.literal[:0]
	}
}

func (b *patternBuilder) header() bool { return b.arn && b.colons < 5 }

func (b *patternBuilder) one() pieceKind {
	b.shifts = b.shifts || b.movable && b.header()
	if b.header() {
		return fieldOne
	}
	return anyOne
}

func (b *patternBuilder) star() {
	b.flush()
	b.shifts = b.shifts || b.movable && b.header()
	if len(b.chunk) == 0 && len(b.stars) > 0 {
		return // a second star in a row adds nothing
	}
	b.chunks = append(b.chunks, b.chunk)
	b.stars = append(b.stars, star(b.header()))
	b.chunk = nil
}

// variable reads one ${...} at the start of text and returns its length.
func (b *patternBuilder) variable(text string) (int, error) {
	name, fallback, n, err := cutVariable(text)
	if err != nil {
		return 0, err
	}
	if name == "*" || name == "?" || name == "$" {
		b.literal = append(b.literal, name...)
		return n, nil
	}
	p := piece{kind: variable, text: foldKey(name), fallback: fallback}
	if b.values != nil {
		value, ok := p.value(b.values)
		if !ok {
			return 0, errNoValue
		}
		b.literal = append(b.literal, value...)
		b.colons += strings.Count(value, ":")
		return n, nil
	}
	b.flush()
	b.movable = b.movable || b.header()
	b.chunk = append(b.chunk, p)
	return n, nil
}

// cutVariable takes ${name} or ${name, 'fallback'} off the front of text and returns
// how long it is.
func cutVariable(text string) (name string, fallback *string, length int, err error) {
	end := strings.IndexAny(text, ",}")
	if end < 0 {
		return "", nil, 0, errMissingBrace
	}
	if name = text[2:end]; name == "" {
		return "", nil, 0, errEmptyVariable
	}
	if text[end] == '}' {
		return name, nil, end + 1, nil
	}
	rest := strings.TrimLeft(text[end+1:], " ")
	if !strings.HasPrefix(rest, "'") {
		return "", nil, 0, errMissingQuote
	}
	value, rest, ok := strings.Cut(rest[1:], "'")
	if !ok {
		return "", nil, 0, errMissingQuote
	}
	if !strings.HasPrefix(rest, "}") {
		return "", nil, 0, errMissingBrace
	}
	return name, &value, len(text) - len(rest) + 1, nil
}
