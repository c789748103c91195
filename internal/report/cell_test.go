package report_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"gatehouse/internal/report"
)

func TestACellNeverStartsAFormula(t *testing.T) {
	for _, text := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＠x", "\ufeff=1", "  =1", "\u00a0@x", "\x00=1", "\v=1", "\u200b=1", "\u2028-1", "\u202e+1", "﹦1", "\x1b", "\x7fx", " \ufeff @x", "  \x00", "\u3000\t1"} {
		if got := report.Cell(text); got != "'"+text {
			t.Errorf("Cell(%q) = %q, want it led by an apostrophe", text, got)
		}
	}
}

func TestAHarmlessCellStaysAsItIs(t *testing.T) {
	for _, text := range []string{"", "ann", "ann@example.com", "2026-11-20T12:00:00+00:00", "a=b", "N/A", "Ana-Maria", "  "} {
		if got := report.Cell(text); got != text {
			t.Errorf("Cell(%q) = %q, want it unchanged", text, got)
		}
	}
}

func FuzzCell(f *testing.F) {
	f.Add("=cmd|' /C calc'!A0")
	f.Fuzz(func(t *testing.T, text string) {
		cell := report.Cell(text)
		if start := strings.TrimLeft(cell, "\ufeff\u200b \u00a0\u3000"); start != "" && strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠", []rune(start)[0]) {
			t.Errorf("Cell(%q) = %q starts a formula", text, cell)
		}
		if cell != text && cell != "'"+text {
			t.Errorf("Cell(%q) = %q says something else", text, cell)
		}
		var b strings.Builder
		w := csv.NewWriter(&b)
		if err := w.Write([]string{cell, "x"}); err != nil {
			t.Fatal(err)
		}
		w.Flush()
		read, err := csv.NewReader(strings.NewReader(b.String())).Read()
		if err != nil || len(read) != 2 || read[0] != strings.ReplaceAll(cell, "\r\n", "\n") { // as that reader has line breaks
			t.Errorf("Cell(%q) does not read back: %q, %v", text, read, err)
		}
	})
}
