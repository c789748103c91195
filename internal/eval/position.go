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
	lines []int // offset at which each line starts
	inner []int // offset of every byte that is not the first of its character
	line  int   // of the last position, as the next one is often on it too; 0 at first
}

func newRuler(text string) *ruler {
	r := &ruler{lines: make([]int, 1, 2+strings.Count(text, "\n"))}
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
	if r.line == 0 || offset < r.lines[r.line-1] || r.line < len(r.lines) && offset >= r.lines[r.line] {
		r.line = sort.SearchInts(r.lines, offset+1)
	}
	start, inner := r.lines[r.line-1], 0
	if len(r.inner) > 0 {
		inner = sort.SearchInts(r.inner, offset) - sort.SearchInts(r.inner, start)
	}
	return Position{Line: r.line, Column: 1 + offset - start - inner}
}

func (r *ruler) span(n *node) Span {
	return Span{Start: r.position(n.start), End: r.position(n.end)}
}
