package handlers

import (
	"fmt"
	"net/url"
	"strconv"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// simulateAnswer puts an answer into the form in which the page shows it.
func (h *Handlers) simulateAnswer(answer center.Simulated, f templates.SimulateForm, choices center.Choices) *templates.SimulateAnswer {
	open := rowNumber(f.Row, len(answer.Rows))
	a := &templates.SimulateAnswer{Who: f.Principal}
	if answer.Role.User != nil {
		a.Who = answer.Role.User.DisplayName + " with " + answer.Role.Set.Name + " in " + answer.Role.Account.Name
		if !answer.Held {
			a.NotHeld = choices.Name + " does not hold this role now. The answer is as if they did."
		} else {
			row := roleRow(answer.Role)
			a.Role = templates.RolesProps{Title: "How " + choices.Name + " comes to this role", Noun: choices.Name, Sets: true, Accounts: true,
				Graph: true, Rows: []templates.RoleRow{row}, Address: "/simulate", Query: url.Values{}, Why: row.ID, Now: h.Now()}
		}
	}
	for i, row := range answer.Rows {
		shown := simulateRow(row)
		shown.Index, shown.Open = i, i == open
		if !f.Pasted() {
			f.Row = strconv.Itoa(i)
			shown.Href = simulationAddress(f)
		}
		a.Rows = append(a.Rows, shown)
		count(a, row.Verdict)
	}
	explain(a, answer.Rows[open].Verdict)
	return a
}

func count(a *templates.SimulateAnswer, v center.Verdict) {
	switch v.Decision {
	case model.ExpectAllowed:
		a.Allowed++
	case model.ExpectImplicitDeny:
		a.Not++
	default:
		a.Denied++
	}
}

func simulateRow(row center.SimulatedRow) templates.SimulateRow {
	tone, words := verdictWords(row.Verdict)
	return templates.SimulateRow{Tone: tone, Verdict: words, Action: row.Action, Resource: row.Resource, By: row.Verdict.By}
}

func verdictWords(v center.Verdict) (templates.Tone, string) {
	switch v.Decision {
	case model.ExpectAllowed:
		return templates.ToneOK, "Allowed"
	case model.ExpectExplicitDeny:
		return templates.ToneBad, "Denied"
	case model.ExpectImplicitDeny:
		return templates.ToneWarn, "Not allowed"
	}
	return templates.ToneBad, "Cannot be decided"
}

// explain fills in the explanation of one row.
func explain(a *templates.SimulateAnswer, v center.Verdict) {
	tone, words := verdictWords(v)
	if v.By != "" && v.By != "no statement allows it" {
		words += " by " + v.By
	}
	a.Verdict = templates.VerdictProps{Tone: tone, Title: words}
	a.Verdict.Text = templates.Sentence([]templates.Word{{Text: v.Reason}})
	decided := false
	for _, step := range v.Steps {
		a.Steps = append(a.Steps, chainStep(step, decided && !v.Allowed()))
		decided = decided || step.Decides
	}
	if d := v.Deciding; d != nil {
		a.CodeSub = fmt.Sprintf("%s, statement %d of %d", d.Policy, d.Number, d.Of)
		mark := templates.MarkAllows
		if d.Denies {
			mark = templates.MarkDenies
		}
		marks := map[int]templates.Mark{}
		for line := range d.Notes {
			marks[line] = mark
		}
		a.Code = templates.CodeProps{Label: "Deciding statement", Lines: templates.Lines(d.Text, d.Start, marks, d.Notes)}
	}
	for _, m := range v.Nearest[:min(len(v.Nearest), mostMisses)] {
		a.Misses = append(a.Misses, missProps(m))
	}
	for _, k := range v.Missing {
		a.Missing = append(a.Missing, templates.ShownKey(k))
	}
	if !v.Allowed() {
		a.Blocked = v.Blockers
	}
}

// mostMisses is how many near misses a page shows.
const mostMisses = 2

func chainStep(s center.Step, after bool) templates.ChainStep {
	step := templates.ChainStep{Title: s.Layer, Sub: s.Target, Word: s.Word, Decides: s.Decides}
	if s.Target == "" && s.Reason != "" {
		step.Sub = s.Reason
	}
	switch s.Outcome {
	case "allows":
		step.State = templates.ChainPass
		if after {
			step.State, step.Word = templates.ChainWould, "would allow"
		}
	case "explicitDeny", "unreadable":
		step.State = templates.ChainDeny
	case "noAllow":
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
