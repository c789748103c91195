package eval

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// rounds is how often a drawn case is tried: a tenth under -short, which is for the race detector's sake.
func rounds(whole int) int {
	if testing.Short() {
		return whole / 10
	}
	return whole
}

// slowMatch is what a pattern means, by way of a regular expression.
func slowMatch(text, s string, inFields bool) bool {
	var b strings.Builder
	colons := 0
	for _, c := range text {
		header := inFields && colons < 5
		switch {
		case c == '*' && header:
			b.WriteString(`[^:]*`)
		case c == '*':
			b.WriteString(`.*`)
		case c == '?' && header:
			b.WriteString(`[^:]`)
		case c == '?':
			b.WriteString(`.`)
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
		if c == ':' {
			colons++
		}
	}
	return regexp.MustCompile(`(?s)\A` + b.String() + `\z`).MatchString(s)
}

// randomText is short and of few letters, so that patterns and texts often meet.
func randomText(r *rand.Rand, letters string, length int) string {
	var b strings.Builder
	for range r.IntN(length) {
		b.WriteByte(letters[r.IntN(len(letters))])
	}
	return b.String()
}

func TestAPatternMatchesWhatItsRegularExpressionMatches(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range rounds(50_000) {
		text, s := randomText(r, "ab:*?*", 10), randomText(r, "ab:", 10)
		for _, inFields := range []bool{false, true} {
			p, err := compilePattern(text, dialect{wildcards: true, arn: inFields})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := p.match(s, nil), slowMatch(text, s, inFields); got != want {
				t.Fatalf("%q matches %q in fields %v: %v, want %v", text, s, inFields, got, want)
			}
		}
	}
}

func TestAnActionPatternMatchesWhatItsRegularExpressionMatches(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range rounds(50_000) {
		text, s := randomText(r, "ab*?*", 8), randomText(r, "abAB", 8)
		if got, want := globASCII(text, s), slowMatch(text, strings.ToLower(s), false); got != want {
			t.Fatalf("%q matches %q: %v, want %v", text, s, got, want)
		}
	}
}

func TestAVariableIsWorthWhatItsValueIsWorth(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range rounds(20_000) {
		before, after, value := randomText(r, "ab*?", 5), randomText(r, "ab*?", 5), randomText(r, "ab", 3)
		s := randomText(r, "ab", 9)
		var ctx Context
		ctx.Set("a:v", value)
		with, err := compilePattern(before+"${a:V}"+after, dialect{wildcards: true, variables: true})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := with.match(s, &ctx), slowMatch(before+value+after, s, false); got != want {
			t.Fatalf("%q, %q, %q match %q: %v, want %v", before, value, after, s, got, want)
		}
	}
}

func TestOnePatternCoversAnotherOnlyIfItMatchesAllItsTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range rounds(50_000) {
		wide, narrow, s := randomText(r, "ab*?", 6), randomText(r, "ab*?", 6), randomText(r, "ab", 7)
		if coversText(wide, narrow) && slowMatch(narrow, s, false) && !slowMatch(wide, s, false) {
			t.Fatalf("%q does not cover %q: %q", wide, narrow, s)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("arn:aws:s3:::a*b?c", "arn:aws:s3:::axxbyc")
	f.Add("*?*?a*", "éaé")
	f.Add("${a:v}*${a:w, 'x'}", "valuex")
	f.Fuzz(func(t *testing.T, text, s string) {
		var ctx Context
		ctx.Set("a:v", "value")
		ctx.effort.limit = maxEffort
		for _, d := range []dialect{{}, {wildcards: true}, {wildcards: true, variables: true, arn: true}} {
			if p, err := compilePattern(text, d); err == nil {
				p.match(s, &ctx)
				p.expand(text, &ctx)
				if len(p.chunks) == 1 {
					p.equalFold(s, &ctx)
				}
			}
		}
		a := compileAction(text)
		a.match("s3", s[:min(len(s), maxAction)])
		if ctx.effort.spent > maxEffort+len(text)+len(s) {
			t.Errorf("went on after %d steps for %d and %d bytes", ctx.effort.spent, len(text), len(s))
		}
	})
}
