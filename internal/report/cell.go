package report

import (
	"encoding/csv"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// formulaStarts are the characters with which a spreadsheet begins a formula, with their full-width and small twins.
const formulaStarts = "=+-@＝＋－＠﹦﹢﹣﹫"

// Cell returns text as it may stand in a spreadsheet: led by an apostrophe when a spreadsheet would take it for a formula,
// also behind white space and characters that are not seen, such as a byte order mark, or when a control character stands
// before all that is seen.
func Cell(text string) string {
	shown := strings.TrimLeftFunc(text, unseen)
	first, _ := utf8.DecodeRuneInString(shown)
	if strings.ContainsFunc(text[:len(text)-len(shown)], unicode.IsControl) || strings.ContainsRune(formulaStarts, first) {
		return "'" + text
	}
	return text
}

// unseen reports whether a character shows nothing of its own: white space, control and format characters.
func unseen(r rune) bool { return unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf) }

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
