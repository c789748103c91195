package eval

import (
	"fmt"
	"sort"
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
	lines []int // offset at which each line starts
	inner []int // offset of every byte that is not the first of its character
}

func newRuler(text string) *ruler {
	r := &ruler{lines: []int{0}}
	for i := range len(text) {
		if text[i] == '\n' {
			r.lines = append(r.lines, i+1)
		} else if !utf8.RuneStart(text[i]) {
			r.inner = append(r.inner, i)
		}
	}
	return r
}

func (r *ruler) position(offset int) Position {
	line := sort.SearchInts(r.lines, offset+1)
	start := r.lines[line-1]
	inner := sort.SearchInts(r.inner, offset) - sort.SearchInts(r.inner, start)
	return Position{Line: line, Column: 1 + offset - start - inner}
}

func (r *ruler) span(n *node) Span {
	return Span{Start: r.position(n.start), End: r.position(n.end)}
}
