package report

import (
	"encoding/csv"
	"fmt"
	"strings"
)

// formulaStarts are the characters with which a spreadsheet begins a formula, their full-width twins included.
const formulaStarts = "=+-@\t\r\n\x00＝＋－＠"

// Cell returns text as it may stand in a spreadsheet: led by an apostrophe when a spreadsheet would take it for a formula,
// also behind a byte order mark or white space.
func Cell(text string) string {
	shown := strings.TrimLeft(text, "\ufeff \u00a0\u3000")
	formula := shown != "" && strings.ContainsRune(formulaStarts, []rune(shown)[0])
	if formula || (text != "" && strings.ContainsAny(text[:1], "\t\r\n\x00")) {
		return "'" + text
	}
	return text
}

// File writes lines as CSV with LF after each. Every cell is one that no spreadsheet takes for a formula.
func File(lines [][]string) (string, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	for i, line := range lines {
		cells := make([]string, len(line))
		for j, text := range line {
			cells[j] = Cell(text)
		}
		if err := w.Write(cells); err != nil {
			return "", fmt.Errorf("write line %d of a file: %w", i+1, err)
		}
	}
	w.Flush()
	return b.String(), w.Error()
}
