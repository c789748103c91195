package center

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gatehouse/internal/eval"
)

// ShownStatement is a statement with its text and what on it fits the request.
type ShownStatement struct {
	Policy string
	Sid    string
	Number int // from 1
	Of     int // statements of the policy
	Denies bool
	Start  int            // line of its first line in the policy, from 1; 0 when the text was put into lines for reading
	Lines  []string       // of its text
	Notes  map[int]string // by index of the line: what on it fits the request
}

// fewestLines is how many lines a statement has that is written with an element a line. One with fewer is put into lines
// for reading: what fits is shown line by line.
const fewestLines = 5

// deciding is the statement that the decision rests on, nil when there is none.
func (t teller) deciding() *ShownStatement {
	if t.x.Deciding == nil {
		return nil
	}
	ref := *t.x.Deciding
	shown := &ShownStatement{Policy: ref.Policy, Sid: ref.Sid, Number: ref.Index + 1, Denies: ref.Effect == eval.Deny,
		Notes: map[int]string{}}
	p := t.policyOf(ref)
	if p == nil {
		return shown
	}
	shown.Of, shown.Start = len(p.Document().Statements), ref.Start.Line
	shown.Lines = cutOut(p.Text(), ref.Span)
	if len(shown.Lines) < fewestLines {
		shown.Lines, shown.Start = indented(strings.Join(shown.Lines, "\n")), 0
	}
	if shown.Denies {
		shown.note("refuses", `"Effect"`)
	} else {
		shown.note("allows", `"Effect"`)
	}
	for _, layer := range t.x.Layers {
		for _, trace := range layer.Statements {
			if trace.StatementRef == ref {
				shown.annotate(trace)
			}
		}
	}
	return shown
}

// policyOf finds the policy of a statement among those that had a say.
func (t teller) policyOf(ref eval.StatementRef) *eval.Policy {
	var among []*eval.Policy
	switch ref.Layer {
	case eval.LayerIdentity:
		among = t.in.Identity
	case eval.LayerBoundary:
		among = []*eval.Policy{t.in.Boundary}
	case eval.LayerSession:
		among = t.in.Session
	case eval.LayerResource, eval.LayerTrust:
		among = []*eval.Policy{t.in.ResourcePolicy}
	case eval.LayerSCP, eval.LayerRCP:
		for _, level := range slices.Concat(t.in.SCPs, t.in.RCPs) {
			if level.Target == ref.Target {
				among = append(among, level.Policies...)
			}
		}
	}
	for _, p := range among {
		if p == nil || p.Name() != ref.Policy || ref.Index >= len(p.Document().Statements) {
			continue
		}
		if p.Document().Statements[ref.Index].Span == ref.Span {
			return p
		}
	}
	return nil
}

// cutOut returns the lines of a stretch of a text, from the beginning of its first line.
func cutOut(text string, span eval.Span) []string {
	lines := strings.Split(text, "\n")
	if span.Start.Line < 1 || span.End.Line > len(lines) || span.End.Line < span.Start.Line {
		return nil
	}
	cut := slices.Clone(lines[span.Start.Line-1 : span.End.Line])
	last := []rune(cut[len(cut)-1])
	cut[len(cut)-1] = string(last[:min(span.End.Column-1, len(last))])
	first := []rune(cut[0])
	if before := string(first[:min(span.Start.Column-1, len(first))]); strings.TrimSpace(before) != "" {
		cut[0] = string(first[len([]rune(before)):])
	}
	return unindent(cut)
}

// unindent takes away the white space that all lines begin with.
func unindent(lines []string) []string {
	common := len(lines[len(lines)-1]) - len(strings.TrimLeft(lines[len(lines)-1], " \t"))
	for i, line := range lines {
		if blank := len(line) - len(strings.TrimLeft(line, " \t")); i > 0 || blank > 0 {
			common = min(common, blank)
		}
	}
	for i, line := range lines {
		lines[i] = line[min(common, len(line)-len(strings.TrimLeft(line, " \t"))):]
	}
	return lines
}

// indented puts a statement into lines.
func indented(text string) []string {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
		return []string{text} // the evaluator has read it; only the cut can be at fault
	}
	return strings.Split(out.String(), "\n")
}

// annotate says at each line of a statement what on it fits the request.
func (s *ShownStatement) annotate(trace eval.StatementTrace) {
	for _, e := range trace.Elements {
		words, at := "fits", []string{quoted(e.Element)}
		switch {
		case e.Element == "Condition" && e.Absent:
			words, at = e.Key+" is not there", []string{at[0], quoted(e.Operator), quoted(e.Key)}
		case e.Element == "Condition":
			words, at = met(e), []string{at[0], quoted(e.Operator), quoted(e.Key)}
		case strings.HasPrefix(e.Element, "Not"):
			words = "leaves it in"
		case e.Hit != "" && e.Hit != "*":
			at = append(at, quoted(e.Hit))
		}
		s.note(words, at...)
	}
}

// met says how a value of the request meets a condition; long values, such as ARNs, are not repeated.
func met(e eval.ElementTrace) string {
	const most = 32
	value := strings.Join(e.Asked, ", ")
	switch {
	case len(value) <= most:
		return "it is " + value
	case strings.Contains(e.Operator, "Not"):
		return "it is another"
	}
	return "fits"
}

func quoted(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return fmt.Sprintf("%q", text)
	}
	return string(quoted)
}

// note puts words at the line to which some texts lead, each looked for from the line of the one before: a name, and
// behind it what it holds.
func (s *ShownStatement) note(words string, path ...string) {
	line := 0
	for _, text := range path {
		for i := line; i < len(s.Lines); i++ {
			if strings.Contains(s.Lines[i], text) {
				line = i
				break
			}
		}
	}
	if line < len(s.Lines) && s.Notes[line] == "" {
		s.Notes[line] = words
	}
}

// ShownMiss is a statement that came close to allowing a request.
type ShownMiss struct {
	Policy, Sid string
	Number      int
	Fits, Of    int
	Parts       []ShownPart
}

// ShownPart is an element of a statement held against the request.
type ShownPart struct {
	Name string
	Fits bool
	Text string
}

func miss(t *eval.StatementTrace) ShownMiss {
	m := ShownMiss{Policy: t.Policy, Sid: t.Sid, Number: t.Index + 1, Fits: t.MatchedElements(), Of: len(t.Elements)}
	for _, e := range t.Elements {
		part := ShownPart{Name: e.Element, Fits: e.Match == eval.Matched}
		if e.Element == "Condition" {
			part.Name = e.Key
		}
		asked := strings.Join(e.Asked, ", ")
		covers := shorten(e.Covers, asked)
		switch {
		case part.Fits && e.Hit != "":
			part.Text = e.Hit
		case part.Fits:
			part.Text = asked
		case e.Absent:
			part.Text = fmt.Sprintf("%s %s, and the request does not carry it", e.Operator, covers)
		case e.Element == "Condition":
			part.Text = fmt.Sprintf("%s %s, and it is %s", e.Operator, covers, asked)
		case e.Element == "NotAction" || e.Element == "NotResource":
			part.Text = fmt.Sprintf("leaves out %s, asked for %s", covers, asked)
		default:
			part.Text = fmt.Sprintf("covers %s, asked for %s", covers, asked)
		}
		m.Parts = append(m.Parts, part)
	}
	return m
}

// shorten lists the entries that are most like what was asked for, and how many more there are.
func shorten(list []string, asked string) string {
	const most = 3
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b string) int { return alike(b, asked) - alike(a, asked) })
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}

// alike is how many letters two texts begin with in common.
func alike(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
