package center

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Verdict is a decision in the form in which it is read: what, by what, along which layers, for which statement.
type Verdict struct {
	Title    string   // the answer and which layer gave it
	Text     []Phrase // the same in a sentence or two, with names
	By       string   // what decided, as short as a column: "SCP ProdGuardrails"
	Steps    []Step
	Notes    []string // why layers do not count
	Deciding *ShownStatement
	Nearest  []ShownMiss
	Missing  []ShownKey
	Depends  *eval.Dependence // how values of missing keys could turn the answer around; nil when none could
	Others   []string         // layers besides the deciding one that would be enough to block it
	Remedies Remedies         // only of the row that is looked at closely
}

// Phrase is a piece of a sentence: plain text, or the name of a thing.
type Phrase struct {
	Text string
	Ref  model.Ref // zero for plain text
}

// Step is one layer that a request passes.
type Step struct {
	Layer   string // RCP, SCP, Resource, Trust, Identity, Boundary, Session
	Target  string // the unit, account or set it belongs to, or that there is none
	Outcome Outcome
	Word    string // the outcome for people: "explicit deny"
	Decides bool
}

// Outcome is what a layer says.
type Outcome = eval.Outcome

// ShownKey is a condition key that a policy asks for and the request does not carry.
type ShownKey struct {
	Key, Policy string
	Passed      bool // the policy has a condition that is met only because the key is not there
	Matters     bool // a value of it could turn the answer around, or it is not known that none could
}

// teller puts an explanation into words.
type teller struct {
	graph *access.Snapshot
	in    *eval.Input
	x     eval.Explanation
	names *strings.Replacer // ids of units and accounts → their names
}

// verdict puts an explanation into the form in which it is read.
func verdict(s *access.Snapshot, in *eval.Input, x eval.Explanation) Verdict {
	t := teller{graph: s, in: in, x: x}
	var names []string
	for _, layer := range x.Layers {
		if layer.Target != "" {
			names = append(names, layer.Target, targetName(s, layer.Target))
		}
	}
	t.names = strings.NewReplacer(names...)
	v := Verdict{Title: t.title(), Text: t.text(), By: t.by(), Deciding: t.deciding(), Depends: x.Depends}
	v.Steps, v.Notes = t.steps()
	for i := range x.Nearest {
		v.Nearest = append(v.Nearest, miss(&x.Nearest[i]))
	}
	v.Missing = t.missing()
	for _, ref := range x.BlockedBy {
		if ref.Layer != x.DecidedBy {
			v.Others = append(v.Others, t.layer(ref))
		}
	}
	return v
}

// missing lists the keys that policies ask for in vain, each once for each policy.
func (t teller) missing() []ShownKey {
	var list []ShownKey
	for _, m := range t.x.Missing {
		i := slices.IndexFunc(list, func(k ShownKey) bool { return k.Key == m.Key && k.Policy == m.Policy })
		if i < 0 {
			i, list = len(list), append(list, ShownKey{Key: m.Key, Policy: m.Policy, Matters: t.matters(m.Key)})
		}
		list[i].Passed = list[i].Passed || m.Passed
	}
	return list
}

// matters reports whether a value of a missing key could turn the answer around, as far as is known.
func (t teller) matters(key string) bool {
	d := t.x.Depends
	return d != nil && (d.Incomplete || d.More || slices.ContainsFunc(d.Keys, func(k string) bool { return strings.EqualFold(k, key) }))
}

// link gives the phrases about organization policies the ids that their pages go by.
func (v *Verdict) link(ctx context.Context, r store.Reader) error {
	i := slices.IndexFunc(v.Text, func(p Phrase) bool { return p.Ref.Kind == model.RefPolicy })
	if i < 0 {
		return nil
	}
	policies, err := r.Policies(ctx)
	for _, p := range policies {
		if p.Name == v.Text[i].Text {
			v.Text[i].Ref.ID = string(p.ID)
		}
	}
	return err
}

// layerNames are short, for the chain.
var layerNames = map[eval.Layer]string{
	eval.LayerRCP: "RCP", eval.LayerSCP: "SCP", eval.LayerResource: "Resource", eval.LayerTrust: "Trust",
	eval.LayerIdentity: "Identity", eval.LayerBoundary: "Boundary", eval.LayerSession: "Session",
	eval.LayerEndpoint: "Endpoint", eval.LayerServiceRule: "Service", eval.LayerRoot: "Root user",
}

// layerKinds are the layers in sentences.
var layerKinds = map[eval.Layer]string{
	eval.LayerRCP: "resource control policy", eval.LayerSCP: "service control policy",
	eval.LayerResource: "policy on the resource", eval.LayerTrust: "trust policy of the role",
	eval.LayerIdentity: "identity policy", eval.LayerBoundary: "permissions boundary", eval.LayerSession: "session policy",
	eval.LayerEndpoint: "policy of the endpoint", eval.LayerServiceRule: "service itself",
}

func (t teller) layer(ref eval.LayerRef) string {
	name := "The " + layerKinds[ref.Layer]
	if ref.Target != "" {
		name += " on " + targetName(t.graph, ref.Target)
	}
	return name
}

// targetName is the name of a unit or an account.
func targetName(s *access.Snapshot, id string) string {
	if u := s.OU(model.OUID(id)); u != nil {
		return u.Words()
	}
	if a := s.Account(model.AccountID(id)); a != nil {
		return a.Name
	}
	return id
}

func targetRef(s *access.Snapshot, id string) model.Ref {
	if s.OU(model.OUID(id)) != nil {
		return model.Ref{Kind: model.RefOU, ID: id}
	}
	return model.Ref{Kind: model.RefAccount, ID: id}
}

// title says the answer and which layer gave it.
func (t teller) title() string {
	x := t.x
	switch {
	case x.Deciding == nil && x.DecidedBy == eval.LayerNone:
		return "Cannot be decided"
	case x.Decision == eval.Allowed:
		return "Allowed"
	case x.Decision == eval.ExplicitDeny && (x.DecidedBy == eval.LayerSCP || x.DecidedBy == eval.LayerRCP):
		return "Denied by a " + layerKinds[x.DecidedBy]
	case x.Decision == eval.ExplicitDeny && x.DecidedBy == eval.LayerIdentity && t.role():
		return "Denied by the permission set"
	case x.Decision == eval.ExplicitDeny && x.DecidedBy == eval.LayerIdentity:
		return "Denied by its identity policy"
	case x.Decision == eval.ExplicitDeny:
		return "Denied by the " + layerKinds[x.DecidedBy]
	case x.DecidedBy == eval.LayerIdentity:
		return "Not allowed: no policy allows it"
	case x.DecidedBy == eval.LayerSCP:
		return "Not allowed by the service control policies"
	}
	return "Not allowed by the " + layerKinds[x.DecidedBy]
}

// by names what decided, as short as a column.
func (t teller) by() string {
	x := t.x
	switch {
	case x.Deciding == nil && x.DecidedBy == eval.LayerIdentity:
		return "no statement allows it"
	case x.Deciding == nil && x.DecidedBy == eval.LayerNone:
		return "a Deny that cannot be read"
	case x.Deciding == nil && x.DecidedBy == eval.LayerSCP, x.Deciding == nil && x.DecidedBy == eval.LayerRCP:
		return strings.TrimSpace(layerNames[x.DecidedBy] + " " + t.whose(t.decidingLayer()))
	case x.Deciding == nil:
		return layerKinds[x.DecidedBy]
	case x.DecidedBy == eval.LayerIdentity && strings.HasPrefix(x.Deciding.Policy, inlinePrefix):
		return strings.TrimSpace("Inline " + orElse(x.Deciding.Sid, "policy"))
	case x.DecidedBy == eval.LayerIdentity:
		return x.Deciding.Policy
	case x.DecidedBy == eval.LayerSCP || x.DecidedBy == eval.LayerRCP:
		return layerNames[x.DecidedBy] + " " + x.Deciding.Policy
	}
	return strings.TrimSpace(layerNames[x.DecidedBy] + " " + x.Deciding.Sid)
}

// inlinePrefix begins the names of inline policies.
const inlinePrefix = "inline policy of "

func (t teller) decidingLayer() eval.LayerTrace {
	for _, layer := range t.x.Layers {
		if layer.Decides {
			return layer
		}
	}
	return eval.LayerTrace{LayerRef: eval.LayerRef{Layer: t.x.DecidedBy}}
}

// text says in a sentence or two what decided, with names.
func (t teller) text() []Phrase {
	x := t.x
	switch {
	case x.Deciding == nil && x.DecidedBy == eval.LayerIdentity && t.role():
		return []Phrase{{Text: "No policy of " + t.set() + " allows " + t.in.Action + " on this resource, and what nothing allows is denied."}}
	case x.Deciding == nil:
		return append([]Phrase{{Text: t.names.Replace(x.Reason)}}, t.outweighed()...)
	}
	words := []Phrase{{Text: "The " + layerKinds[x.DecidedBy] + " "}, t.policy()}
	switch {
	case x.Deciding.Target != "":
		words = append(words, Phrase{Text: " on "},
			Phrase{targetName(t.graph, x.Deciding.Target), targetRef(t.graph, x.Deciding.Target)})
	case x.DecidedBy != eval.LayerIdentity:
		words = []Phrase{{Text: "The " + layerKinds[x.DecidedBy]}}
	case strings.HasPrefix(x.Deciding.Policy, inlinePrefix):
		words = []Phrase{{Text: "The inline policy of "}, t.policy()}
	}
	if x.Decision == eval.Allowed {
		return append(words, Phrase{Text: " allows it, and nothing denies it."})
	}
	return append(append(words, Phrase{Text: " denies it."}), t.outweighed()...)
}

// policy names the deciding policy; what its page is, as far as the name tells.
func (t teller) policy() Phrase {
	name := t.x.Deciding.Policy
	switch t.x.DecidedBy {
	case eval.LayerSCP, eval.LayerRCP:
		return Phrase{name, model.Ref{Kind: model.RefPolicy}}
	case eval.LayerIdentity:
		return Phrase{Text: strings.TrimPrefix(name, inlinePrefix)}
	}
	return Phrase{Text: name}
}

// outweighed says which identity policy would have allowed what another layer does not.
func (t teller) outweighed() []Phrase {
	if t.x.Decision == eval.Allowed {
		return nil
	}
	for _, ref := range t.x.Matched {
		if ref.Layer != eval.LayerIdentity || ref.Effect != eval.Allow {
			continue
		}
		name := strings.Replace(ref.Policy, inlinePrefix, "The "+inlinePrefix, 1)
		if t.x.Deciding != nil && t.x.Deciding.Policy == ref.Policy {
			name = strings.TrimSpace("Its statement " + orElse(ref.Sid, strconv.Itoa(ref.Index+1)))
		}
		why := ", and every layer has to."
		if t.x.Decision == eval.ExplicitDeny {
			why = ", but an explicit deny wins over every allow."
		}
		return []Phrase{{Text: " " + name + " would have allowed it" + why}}
	}
	return nil
}

// steps are the layers in order, without those that nobody set and that have no say; notes say why layers do not count.
func (t teller) steps() (steps []Step, notes []string) {
	exempt := map[eval.Layer]bool{}
	for _, l := range t.x.Layers {
		if l.Reason != "" && l.Outcome != eval.OutcomeAllows && !exempt[l.Layer] {
			notes = append(notes, layerNames[l.Layer]+": "+t.names.Replace(l.Reason)+".")
		}
		ofRole := t.role() && (l.Layer == eval.LayerBoundary || l.Layer == eval.LayerSession)
		shown := l.Decides || l.Layer == eval.LayerIdentity || l.Layer == eval.LayerSCP || ofRole ||
			(l.Outcome != eval.OutcomeNotSet && l.Policies > 0)
		if !shown || (exempt[l.Layer] && l.Outcome == eval.OutcomeNotApplied) {
			continue
		}
		if l.Outcome == eval.OutcomeNotApplied {
			exempt[l.Layer] = true // one step for all its levels
			l.Target = ""
		}
		steps = append(steps, t.step(l))
	}
	return steps, notes
}

func (t teller) step(l eval.LayerTrace) Step {
	s := Step{Layer: layerNames[l.Layer], Target: t.whose(l), Outcome: l.Outcome, Decides: l.Decides}
	switch l.Outcome {
	case eval.OutcomeAllows:
		s.Word = "allows"
	case eval.OutcomeExplicitDeny:
		s.Word = "explicit deny"
	case eval.OutcomeNoAllow:
		s.Word = "nothing allows"
		if l.Reason != "" && !l.Blocks {
			s.Word, s.Outcome = "not needed", eval.OutcomeNotApplied
		}
	case eval.OutcomeNotSet:
		s.Word = "not set"
	case eval.OutcomeNotApplied:
		s.Word = "not applied"
	case eval.OutcomeUnreadable:
		s.Word = "cannot be read"
	}
	return s
}

// whose says to what a layer belongs.
func (t teller) whose(l eval.LayerTrace) string {
	if l.Target != "" {
		switch u := t.graph.OU(model.OUID(l.Target)); {
		case u == nil:
			return "Account"
		case u.Parent != nil:
			return "OU " + u.Name
		}
		return "Root"
	}
	if l.Outcome != eval.OutcomeNotSet {
		return map[eval.Layer]string{eval.LayerIdentity: t.identity(), eval.LayerBoundary: "permissions boundary",
			eval.LayerSession: "session policy", eval.LayerResource: "its own policy", eval.LayerTrust: "trust policy"}[l.Layer]
	}
	if l.Layer == eval.LayerBoundary {
		return "none attached"
	}
	return "no policy"
}

func (t teller) identity() string {
	if t.role() {
		return "Permission set"
	}
	return "its own policy"
}

// set is the name of the permission set whose role is asked about.
func (t teller) set() string {
	_, name, _ := strings.Cut(t.in.Principal.String(), "/"+reservedPrefix)
	name, _, _ = strings.Cut(name, "/")
	return name[:max(strings.LastIndex(name, "_"), 0)]
}

// reservedPrefix begins the names of the roles of permission sets.
const reservedPrefix = "AWSReservedSSO_"

// role reports whether the caller is a person's role session.
func (t teller) role() bool { return strings.Contains(t.in.Principal.String(), "/"+reservedPrefix) }

func orElse(text, otherwise string) string {
	if text != "" {
		return text
	}
	return otherwise
}
