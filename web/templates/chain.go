package templates

import "strings"

// ChainStep is one layer a request passes, in the order AWS asks them.
type ChainStep struct {
	Title   string // SCP, RCP, Boundary, Identity, Session, Resource
	Sub     string // what it belongs to: Root, OU Prod, the set's name
	Word    string // what it says, short: "2 of 2 allow", "explicit deny", "not set"
	State   ChainState
	Decides bool // the verdict comes from here
}

// ChainState is what a layer says.
type ChainState string

// The states of a layer.
const (
	ChainPass  ChainState = "pass"  // allows
	ChainDeny  ChainState = "deny"  // an explicit deny
	ChainMiss  ChainState = "miss"  // nothing allows: an implicit deny
	ChainWould ChainState = "would" // would allow, but an earlier layer decided
	ChainUnset ChainState = "skip"  // not set, so it does not limit
)

// The chain's measures, in units of its viewBox, which are pixels.
const (
	chainStep = 122
	chainGap  = 32
)

// chainBox is a step with its place.
type chainBox struct {
	ChainStep
	x     int
	after bool // an earlier step decided
	last  bool
}

func chainPlan(steps []ChainStep) []chainBox {
	out := make([]chainBox, len(steps))
	decided := false
	for i, s := range steps {
		out[i] = chainBox{ChainStep: s, x: 1 + i*(chainStep+chainGap), last: i == len(steps)-1}
		decided = decided || s.Decides && s.State != ChainPass
		out[i].after = decided
	}
	return out
}

func chainWidth(steps []ChainStep) int {
	return len(steps)*(chainStep+chainGap) - chainGap + 2
}

func (s ChainStep) class() string {
	switch s.State {
	case ChainPass:
		return "st pass"
	case ChainDeny:
		return "st deny"
	case ChainMiss:
		return "st miss"
	case ChainWould:
		return "st would"
	}
	return "st skip"
}

// rowClass marks the row that decides, in the list.
func (s ChainStep) rowClass() string {
	switch {
	case s.Decides && s.State == ChainDeny:
		return "no"
	case s.Decides && s.State == ChainMiss:
		return "mi"
	}
	return ""
}

func (p VerdictProps) class() string {
	switch p.Tone {
	case ToneBad:
		return "card gh-verdict gh-verdict-bad"
	case ToneWarn:
		return "card gh-verdict gh-verdict-warn"
	}
	return "card gh-verdict"
}

func (s ChainStep) tone() Tone {
	switch s.State {
	case ChainPass, ChainWould:
		return ToneOK
	case ChainDeny:
		return ToneBad
	case ChainMiss:
		return ToneWarn
	}
	return ToneOff
}

// verdict is what the layer says, in the list.
func (s ChainStep) verdict() string {
	if s.Decides {
		return s.Word + ", decides"
	}
	return s.Word
}

// glyph is the sign in the dot, around its middle at x, 74.
func (b chainBox) glyph() string {
	x := float64(b.x + 18)
	switch b.State {
	case ChainPass, ChainWould:
		return "M" + number(x-3.5) + " 74l2.5 2.5l4.5 -5"
	case ChainDeny:
		return "M" + number(x-3) + " 71l6 6m0 -6l-6 6"
	}
	return "M" + number(x-3) + " 74h6"
}

// chainWords is the whole chain as a sentence, for the ear.
func chainWords(steps []ChainStep) string {
	var words []string
	for _, s := range steps {
		word := strings.TrimSpace(s.Title + " " + s.Sub + ": " + s.Word)
		if s.Decides {
			word += ", decides"
		}
		words = append(words, word)
	}
	return "Decision chain: " + strings.Join(words, "; ")
}
