package handlers

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"gatehouse/internal/center"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// simulateAnswer puts an answer into the form in which the page shows it.
func (h *Handlers) simulateAnswer(answer center.Simulated, f templates.SimulateForm, choices center.Choices) *templates.SimulateAnswer {
	open, err := strconv.Atoi(f.Row)
	if err != nil || open < 0 || open >= len(answer.Rows) {
		open = 0
	}
	a := &templates.SimulateAnswer{Who: whose(answer, f.Principal), Unknown: answer.Unknown}
	if answer.Held {
		row := roleRow(answer.Role)
		a.Role = templates.RolesProps{Title: "How " + choices.Name + " comes to this role", Noun: choices.Name, Sets: true,
			Accounts: true, Graph: true, Rows: []templates.RoleRow{row}, Address: "/simulate", Query: url.Values{}, Now: h.Now()}
	} else if answer.Role.User != nil {
		a.NotHeld = choices.Name + " does not hold this role now. The answer is as if they did."
	}
	for i, row := range answer.Rows {
		shown := simulateRow(row)
		shown.Index, shown.Open = i, i == open
		if !f.Pasted() {
			f.Row = strconv.Itoa(i)
			shown.Href = simulationAddress(f)
		}
		a.Rows = append(a.Rows, shown)
		a.Count(shown.Tone)
	}
	row := answer.Rows[open]
	explain(a, row, choices.Everybody)
	f.Row = ""
	a.Remedies = remedies(row, f, choices)
	return a
}

// whose says in words whose question it is.
func whose(answer center.Simulated, principal string) string {
	if answer.Role.User == nil {
		return principal
	}
	return answer.Role.User.DisplayName + " with " + answer.Role.Set.Name + " in " + answer.Role.Account.Name
}

func simulateRow(row center.SimulatedRow) templates.SimulateRow {
	tone, words := verdictWords(row.Decision)
	return templates.SimulateRow{Tone: tone, Verdict: words, Action: row.Action, Resource: row.Resource, By: row.Verdict.By}
}

func verdictWords(decision string) (templates.Tone, string) {
	switch decision {
	case model.ExpectAllowed:
		return templates.ToneOK, "Allowed"
	case model.ExpectExplicitDeny:
		return templates.ToneBad, "Denied"
	case model.ExpectImplicitDeny:
		return templates.ToneWarn, "Not allowed"
	}
	return templates.ToneBad, "Undecided"
}

// explain fills in the explanation of one row. Names are links for those who may open the pages.
func explain(a *templates.SimulateAnswer, row center.SimulatedRow, links bool) {
	v := row.Verdict
	tone, _ := verdictWords(row.Decision)
	a.Verdict = templates.VerdictProps{Tone: tone, Title: v.Title, Meta: row.Action}
	if row.Resource != "*" {
		a.Verdict.Meta += " on " + (templates.SimulateRow{Resource: row.Resource}).Short()
	}
	var text []templates.Word
	for _, phrase := range v.Text {
		word := templates.Word{Text: phrase.Text}
		if links {
			word.Href = hrefOf(phrase.Ref)
		}
		text = append(text, word)
	}
	if v.Depends != nil {
		text = append(text, templates.Word{Text: " It depends on condition keys that the request does not say."})
	}
	a.Verdict.Text = templates.Sentence(text)
	decided := false
	for _, step := range v.Steps {
		a.Steps = append(a.Steps, chainStep(step, decided && tone != templates.ToneOK))
		decided = decided || step.Decides
	}
	a.Notes = append(v.Notes, missingNotes(v)...)
	if _, words := verdictWords(v.Remedies.WithoutKey); v.Remedies.WithoutKey != "" {
		a.Notes = append(a.Notes, "Gatehouse's sessions say whether there was a second factor; in AWS, sessions of Identity "+
			"Center may not. Without aws:MultiFactorAuthPresent the answer is: "+strings.ToLower(words)+".")
	}
	if d := v.Deciding; d != nil && len(d.Lines) > 0 {
		a.CodeSub = fmt.Sprintf("%s, statement %d of %d", d.Policy, d.Number, d.Of)
		mark := templates.MarkAllows
		if d.Denies {
			mark = templates.MarkDenies
		}
		a.Code = templates.CodeProps{Label: "Deciding statement", Lines: templates.Marked(d.Lines, d.Start, mark, d.Notes)}
	}
	for i := range a.Rows {
		if a.Rows[i].Open {
			for _, m := range v.Nearest[:min(len(v.Nearest), mostMisses)] {
				a.Rows[i].Misses = append(a.Rows[i].Misses, missProps(m))
			}
		}
	}
}

// mostMisses is how many near misses a page shows.
const mostMisses = 2

func chainStep(s center.Step, after bool) templates.ChainStep {
	step := templates.ChainStep{Title: s.Layer, Sub: s.Target, Word: s.Word, Decides: s.Decides}
	switch s.Outcome {
	case eval.OutcomeAllows:
		step.State = templates.ChainPass
		if after && s.Layer == "Identity" {
			step.State, step.Word = templates.ChainWould, "would allow"
		}
	case eval.OutcomeExplicitDeny, eval.OutcomeUnreadable:
		step.State = templates.ChainDeny
	case eval.OutcomeNoAllow:
		step.State = templates.ChainMiss
	default:
		step.State = templates.ChainUnset
	}
	return step
}

func missProps(m center.ShownMiss) templates.MissProps {
	name := fmt.Sprintf("statement %d", m.Number)
	if m.Sid != "" {
		name = "statement " + m.Sid
	}
	p := templates.MissProps{Text: templates.Sentence([]templates.Word{
		{Text: "The "}, {Text: name, Strong: true}, {Text: " in "}, {Text: m.Policy, Strong: true},
		{Text: fmt.Sprintf(" came closest: %d of %d parts match.", m.Fits, m.Of)}})}
	for _, part := range m.Parts {
		p.Parts = append(p.Parts, templates.MissPart{Name: part.Name, Fits: part.Fits, Mono: true,
			Text: templates.Sentence([]templates.Word{{Text: part.Text}})})
	}
	return p
}

// remedies says what would change the answer, each with the address that asks it where there is one.
func remedies(row center.SimulatedRow, f templates.SimulateForm, choices center.Choices) []templates.Remedy {
	var list []templates.Remedy
	add := func(kind templates.RemedyKind, words ...templates.Word) {
		list = append(list, templates.Remedy{Kind: kind, Text: templates.Sentence(words)})
	}
	r := row.Verdict.Remedies
	f.Actions, f.Resources, f.Row = row.Action, row.Resource, ""
	ask := func(change func(f *templates.SimulateForm)) string {
		if f.Pasted() {
			return ""
		}
		other := f
		change(&other)
		return simulationAddress(other)
	}
	if r.SecondFactor {
		add(templates.RemedyFactor, templates.Word{Text: "Sign in with a second factor: "}, templates.Word{Text: "allowed",
			Href: ask(func(f *templates.SimulateForm) { f.NoMFA = "" })}, templates.Word{Text: " then."})
	}
	for i, role := range r.Roles {
		href := ask(func(f *templates.SimulateForm) {
			f.Account, f.Set, f.Resources = string(role.Account.ID), string(role.Set.ID), r.Resources[i]
		})
		words := []templates.Word{{Text: "Enter with "}, {Text: role.Set.Name, Strong: true}, {Text: ": the same is "},
			{Text: "allowed", Href: href}, {Text: "."}}
		kind := templates.RemedyRole
		if string(role.Account.ID) != f.Account {
			kind = templates.RemedyAccount
			words = []templates.Word{{Text: "Do it in "}, {Text: role.Account.Name, Strong: true}, {Text: " with " +
				role.Set.Name + ": the same request is "}, {Text: "allowed", Href: href}, {Text: " there."}}
		}
		add(kind, words...)
	}
	for _, s := range r.Spared {
		add(templates.RemedyCondition, templates.Word{Text: "The Deny holds only for requests that meet its condition "},
			templates.Word{Text: fmt.Sprintf("%s %s %s", s.Operator, s.Key, first(s.Values)), Mono: true},
			templates.Word{Text: "."})
	}
	if r.EveryRole && len(r.Roles) == 0 {
		add(templates.RemedyNone, templates.Word{Text: "Another permission set does not help: the policy binds every role in the account."})
	}
	for _, other := range row.Verdict.Others {
		if row.Decision != model.ExpectAllowed {
			add(templates.RemedyNone, templates.Word{Text: other + " would be enough to block it, too."})
		}
	}
	for _, way := range waysOf(row.Verdict.Depends) {
		add(templates.RemedyKey, way.words(ask(func(f *templates.SimulateForm) { f.Keys = strings.TrimSpace(f.Keys + way.keys()) }))...)
	}
	if d := row.Verdict.Depends; d != nil && len(d.AllowedIf)+len(d.DeniedIf) == 0 {
		add(templates.RemedyKey, templates.Word{Text: d.Words})
	}
	return list
}

// first is the beginning of a list of values.
func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	if len(list) == 1 {
		return list[0]
	}
	return fmt.Sprintf("%s and %d more", list[0], len(list)-1)
}
