package templates

import (
	"strconv"
	"strings"
)

// CodeProps is a listing with line numbers.
type CodeProps struct {
	Label string // what it is, for the ear: "Deciding statement"
	Lines []CodeLine
	ID    string // prefix of the lines' ids: line 12 is ID-12
}

// CodeLine is one line of a listing.
type CodeLine struct {
	No   int // shown before the line; 0 for none
	Old  int // the number before the change, in a diff; 0 for none
	Text string
	Mark Mark
	Note string // at the end of the line
}

// Mark says why a line stands out.
type Mark string

// The marks of lines.
const (
	MarkNone    Mark = ""
	MarkAdded   Mark = "add"  // new in this version
	MarkRemoved Mark = "del"  // gone in this version
	MarkChanged Mark = "chg"  // differs from what is saved
	MarkError   Mark = "err"  // a finding: cannot be saved
	MarkWarning Mark = "warn" // a finding: probably not meant
	MarkDenies  Mark = "hit"  // took part in a deny
	MarkAllows  Mark = "fit"  // took part in an allow
	MarkSkipped Mark = "skip" // lines left out before this one
)

// Lines numbers the lines of a text from start. marks and notes are by line number;
// either may be nil.
func Lines(text string, start int, marks map[int]Mark, notes map[int]string) []CodeLine {
	if text == "" {
		return nil
	}
	var out []CodeLine
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		no := start + i
		out = append(out, CodeLine{No: no, Text: line, Mark: marks[no], Note: notes[no]})
	}
	return out
}

// around is how many lines are shown before and after a marked one, when most of a text is left out.
const around = 2

// Marked numbers the lines of a statement from start (0: no numbers) and marks those with a note, by index. Long stretches
// without a note are left out.
func Marked(text []string, start int, mark Mark, notes map[int]string) []CodeLine {
	near := func(i int) bool {
		if i <= around || i >= len(text)-1-around/2 {
			return true
		}
		for at := range notes {
			if i >= at-around && i <= at+around {
				return true
			}
		}
		return false
	}
	var out []CodeLine
	for i := 0; i < len(text); i++ {
		skipped := i
		for skipped < len(text) && !near(skipped) {
			skipped++
		}
		if skipped-i > around {
			out = append(out, CodeLine{Mark: MarkSkipped, Text: Plural(skipped-i, "more line", "more lines")})
			i = skipped
		}
		line := CodeLine{Text: text[i], Note: notes[i]}
		if start > 0 {
			line.No = start + i
		}
		if line.Note != "" {
			line.Mark = mark
		}
		out = append(out, line)
	}
	return out
}

// FindingLines numbers the lines of a document and marks those with findings.
func FindingLines(text string, findings []Finding) []CodeLine {
	marks, notes := map[int]Mark{}, map[int]string{}
	for _, f := range findings {
		if f.Line < 1 {
			continue
		}
		if f.Severity == "error" {
			marks[f.Line] = MarkError
		} else if marks[f.Line] == MarkNone {
			marks[f.Line] = MarkWarning
		}
		if notes[f.Line] == "" {
			notes[f.Line] = f.Message
		}
	}
	return Lines(text, 1, marks, notes)
}

func (l CodeLine) class() string {
	switch l.Mark {
	case MarkAdded:
		return "add"
	case MarkRemoved:
		return "del"
	case MarkChanged:
		return "chg"
	case MarkError:
		return "err"
	case MarkWarning:
		return "warn"
	case MarkDenies:
		return "hit"
	case MarkAllows:
		return "fit"
	case MarkSkipped:
		return "skip"
	}
	return ""
}

// word is the mark for those who do not see its colour.
func (l CodeLine) word() string {
	switch l.Mark {
	case MarkAdded:
		return "added: "
	case MarkRemoved:
		return "removed: "
	}
	return ""
}

// sign is what stands before the text of a changed line.
func (l CodeLine) sign() string {
	switch l.Mark {
	case MarkAdded:
		return "+"
	case MarkRemoved:
		return "−"
	}
	return ""
}

// Digits writes a number without grouping.
func Digits(n int) string { return strconv.Itoa(n) }

func lineNo(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// token is a piece of a line of JSON with its colour: "k" a key, "s" a string, "v" a
// number or a word, "" everything else.
type token struct{ class, text string }

// tokens colours one line of JSON. It works line by line because JSON strings do not
// span lines; what is not JSON comes out unchanged.
func tokens(line string) []token {
	var out []token
	add := func(class, text string) {
		if n := len(out); n > 0 && out[n-1].class == class && class == "" {
			out[n-1].text += text
			return
		}
		out = append(out, token{class, text})
	}
	for line != "" {
		switch {
		case line[0] == '"':
			end := stringEnd(line)
			class := "s"
			if strings.HasPrefix(strings.TrimLeft(line[end:], " \t"), ":") {
				class = "k"
			}
			add(class, line[:end])
			line = line[end:]
		case isWord(line[0]):
			end := 1
			for end < len(line) && isWord(line[end]) {
				end++
			}
			add("v", line[:end])
			line = line[end:]
		default:
			add("", line[:1])
			line = line[1:]
		}
	}
	return out
}

// stringEnd is the index behind the closing quote of the string that line begins with.
func stringEnd(line string) int {
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(line)
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.' || c == '-' || c == '+'
}
