package report

import "strings"

// formulaStarts are the characters with which a spreadsheet begins a formula, their full-width twins included.
const formulaStarts = "=+-@\t\r\n\x00＝＋－＠"

// Cell returns text as it may stand in a spreadsheet: led by an apostrophe when a spreadsheet would take it for a formula,
// also behind a byte order mark or white space.
func Cell(text string) string {
	start := strings.TrimLeft(text, "\ufeff \u00a0\u3000")
	if text != "" && (start != "" && strings.ContainsRune(formulaStarts, []rune(start)[0]) || strings.ContainsAny(text[:1], "\t\r\n\x00")) {
		return "'" + text
	}
	return text
}
