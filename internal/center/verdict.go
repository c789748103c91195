package center

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
)

// Verdict is a decision in the form in which it is shown: what, by what, along which layers, for which statement.
type Verdict struct {
	Decision string // allowed, explicitDeny, implicitDeny; error when a Deny cannot be read
	By       string // what decided, in words: "SCP ProdGuardrails"
	Reason   string
	Steps    []Step
	Deciding *ShownStatement
	Nearest  []ShownMiss
	Missing  []ShownKey
	Blockers []string // what would each be enough to block it, in words
}

// Allowed reports whether the request is allowed.
func (v Verdict) Allowed() bool { return v.Decision == model.ExpectAllowed }

// Step is one layer that a request passes.
type Step struct {
	Layer   string // RCP, SCP, Resource, Trust, Identity, Boundary, Session
	Target  string // the unit, account or set it belongs to
	Outcome string // in the evaluator's words: allows, explicitDeny, noAllow, notSet, doesNotApply, unreadable
	Word    string // the same for people: "2 of 2 allow"
	Reason  string // why it does not apply
	Decides bool
	Blocks  bool
}

// ShownStatement is a statement with its text.
type ShownStatement struct {
	Policy string
	Sid    string
	Number int // from 1
	Of     int // statements of the policy
	Layer  string
	Target string
	Denies bool
	Start  int            // line of its first line in the policy, from 1
	Text   string         // its lines
	Notes  map[int]string // by line: what on it fits the request
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

// ShownKey is a condition key that the request does not carry.
type ShownKey struct{ Key, Policy string }

// show puts an explanation into the form in which it is shown.
func show(s *access.Snapshot, row SimulatedRow) Verdict {
	x := row.Explanation
	v := Verdict{Decision: row.Decision(), Reason: x.Reason, By: deciderWords(s, x)}
	for _, layer := range x.Layers {
		v.Steps = append(v.Steps, step(s, layer))
	}
	if x.Deciding != nil {
		v.Deciding = statement(s, row.Input, x)
	}
	for i := range x.Nearest {
		v.Nearest = append(v.Nearest, miss(&x.Nearest[i]))
	}
	for _, key := range x.Missing {
		v.Missing = append(v.Missing, ShownKey{Key: key.Key, Policy: key.Policy})
	}
	for _, layer := range x.BlockedBy {
		v.Blockers = append(v.Blockers, layerWords(s, layer))
	}
	return v
}

// deciderWords says what decided.
func deciderWords(s *access.Snapshot, x eval.Explanation) string {
	if x.Deciding == nil {
		if x.DecidedBy == eval.LayerIdentity {
			return "no statement allows it"
		}
		return layerWords(s, eval.LayerRef{Layer: x.DecidedBy})
	}
	if x.Deciding.Layer == eval.LayerIdentity {
		return x.Deciding.Policy
	}
	return layerName(x.Deciding.Layer) + " " + x.Deciding.Policy
}

func layerName(l eval.Layer) string {
	switch l {
	case eval.LayerRCP:
		return "RCP"
	case eval.LayerSCP:
		return "SCP"
	case eval.LayerResource:
		return "Resource"
	case eval.LayerTrust:
		return "Trust"
	case eval.LayerIdentity:
		return "Identity"
	case eval.LayerBoundary:
		return "Boundary"
	case eval.LayerSession:
		return "Session"
	case eval.LayerEndpoint:
		return "Endpoint"
	case eval.LayerServiceRule:
		return "Service"
	case eval.LayerRoot:
		return "Root user"
	}
	return "None"
}

func layerWords(s *access.Snapshot, ref eval.LayerRef) string {
	if ref.Target == "" {
		return layerName(ref.Layer)
	}
	return layerName(ref.Layer) + " on " + targetName(s, ref.Target)
}

// targetName is the name of a unit or an account.
func targetName(s *access.Snapshot, id string) string {
	if u := s.OU(model.OUID(id)); u != nil {
		return u.Name
	}
	if a := s.Account(model.AccountID(id)); a != nil {
		return a.Name
	}
	return id
}

func step(s *access.Snapshot, l eval.LayerTrace) Step {
	st := Step{Layer: layerName(l.Layer), Outcome: string(l.Outcome), Reason: l.Reason, Decides: l.Decides, Blocks: l.Blocks}
	if l.Target != "" {
		st.Target = targetName(s, l.Target)
	}
	switch l.Outcome {
	case eval.OutcomeAllows:
		st.Word = "allows"
		if l.Policies > 1 {
			st.Word = fmt.Sprintf("%d of %d allow", l.Allowing, l.Policies)
		}
	case eval.OutcomeExplicitDeny:
		st.Word = "explicit deny"
	case eval.OutcomeNoAllow:
		st.Word = "nothing allows"
	case eval.OutcomeNotSet:
		st.Word = "not set"
	case eval.OutcomeNotApplied:
		st.Word = "does not apply"
	case eval.OutcomeUnreadable:
		st.Word = "cannot be read"
	}
	return st
}

// statement is the deciding statement with its text and what on each line fits.
func statement(s *access.Snapshot, in *eval.Input, x eval.Explanation) *ShownStatement {
	ref := *x.Deciding
	shown := &ShownStatement{Policy: ref.Policy, Sid: ref.Sid, Number: ref.Index + 1, Layer: layerName(ref.Layer),
		Denies: ref.Effect == eval.Deny, Start: ref.Start.Line, Notes: map[int]string{}}
	if ref.Target != "" {
		shown.Target = targetName(s, ref.Target)
	}
	if p := policyOf(in, ref); p != nil {
		shown.Of = len(p.Document().Statements)
		lines := strings.Split(p.Text(), "\n")
		if ref.Start.Line >= 1 && ref.End.Line <= len(lines) {
			shown.Text = strings.Join(lines[ref.Start.Line-1:ref.End.Line], "\n")
		}
	}
	for _, layer := range x.Layers {
		for _, trace := range layer.Statements {
			if trace.StatementRef == ref {
				annotate(shown, trace)
			}
		}
	}
	return shown
}

// annotate says at each line of a statement what on it fits the request.
func annotate(shown *ShownStatement, trace eval.StatementTrace) {
	for _, e := range trace.Elements {
		words := "fits"
		if e.Hit != "" && e.Hit != "*" {
			words = e.Hit + " fits"
		}
		switch {
		case e.Note != "":
			words = e.Note
		case e.Element == "Condition" && e.Absent:
			words = e.Key + " is not there"
		case e.Element == "Condition" && len(e.Asked) > 0:
			words = e.Key + " is " + strings.Join(e.Asked, ", ")
		}
		if shown.Notes[e.Start.Line] == "" {
			shown.Notes[e.Start.Line] = words
		}
	}
}

// policyOf finds the policy of a statement among those that had a say.
func policyOf(in *eval.Input, ref eval.StatementRef) *eval.Policy {
	var among []*eval.Policy
	switch ref.Layer {
	case eval.LayerIdentity:
		among = in.Identity
	case eval.LayerBoundary:
		among = []*eval.Policy{in.Boundary}
	case eval.LayerSession:
		among = in.Session
	case eval.LayerResource, eval.LayerTrust:
		among = []*eval.Policy{in.ResourcePolicy}
	case eval.LayerSCP, eval.LayerRCP:
		for _, level := range slices.Concat(in.SCPs, in.RCPs) {
			if level.Target == ref.Target {
				among = append(among, level.Policies...)
			}
		}
	}
	for _, p := range among {
		if p != nil && p.Name() == ref.Policy && ref.Index < len(p.Document().Statements) {
			return p
		}
	}
	return nil
}

func miss(t *eval.StatementTrace) ShownMiss {
	m := ShownMiss{Policy: t.Policy, Sid: t.Sid, Number: t.Index + 1, Fits: t.MatchedElements(), Of: len(t.Elements)}
	for _, e := range t.Elements {
		part := ShownPart{Name: e.Element, Fits: e.Match == eval.Matched}
		if e.Element == "Condition" {
			part.Name = e.Key
		}
		asked, covers := strings.Join(e.Asked, ", "), shorten(e.Covers)
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

// shorten lists the first of many entries.
func shorten(list []string) string {
	const most = 3
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}
