package eval

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// Position is a place in a policy text. Lines and columns count from 1; a column
// counts characters, not bytes.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Span is a stretch of a policy text. End is the position just after its last character.
type Span struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// SyntaxError says why a text is not a policy, and where.
type SyntaxError struct {
	Line    int
	Column  int
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// ruler turns byte offsets of one text into positions.
type ruler struct {
	text  string
	lines []int // offset at which each line starts
}

func newRuler(text string) *ruler {
	lines := []int{0}
	for i := 0; ; {
		n := strings.IndexByte(text[i:], '\n')
		if n < 0 {
			return &ruler{text: text, lines: lines}
		}
		i += n + 1
		lines = append(lines, i)
	}
}

func (r *ruler) position(offset int) Position {
	line := sort.SearchInts(r.lines, offset+1)
	start := r.lines[line-1]
	return Position{Line: line, Column: 1 + utf8.RuneCountInString(r.text[start:offset])}
}

func (r *ruler) span(n *node) Span {
	return Span{Start: r.position(n.start), End: r.position(n.end)}
}
