package handlers

import (
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// selected is what stands beside the tree: what is known of the place with an id; nothing when there is none.
func (h *Handlers) selected(c echo.Context, id string) (*templates.PlacePanel, error) {
	if id == "" {
		return nil, nil
	}
	v, err := h.Center.Place(c.Request().Context(), person(c), targetOf(id))
	if model.KindOf(err) == model.NotFound {
		return nil, nil // an address kept from before it went: the tree alone
	}
	if err != nil {
		return nil, err
	}
	panel := &templates.PlacePanel{Name: v.Name, ID: v.Target.ID, Href: placeHref(v.Target), Unit: v.IsUnit(),
		Guardrails: guardrails(v, false), Entries: entries(v),
		Facts: panelFacts(v)}
	panel.Actions = []templates.Action{{Text: "Open", Href: panel.Href, Icon: "arrow-right"}}
	if v.May[model.ActCreateAssignment] {
		panel.Actions = append(panel.Actions, templates.Action{Text: "Assign access", Href: assignHref(v.Target), Icon: "plus"})
	}
	return panel, nil
}

func panelFacts(v center.PlaceView) []templates.Fact {
	unit := unitLink(v.Place)
	if v.IsUnit() {
		facts := []templates.Fact{{Label: "Accounts", Value: templates.Text(templates.Number(v.Accounts))}}
		if v.Unit != "" {
			facts = append(facts, templates.Fact{Label: "Below", Value: templates.LinkTo(unit)})
		}
		return facts
	}
	facts := []templates.Fact{
		{Label: "Status", Value: templates.Status(stateTone(v.State), capital(stateWord(v.State)))},
		{Label: "Unit", Value: templates.LinkTo(unit)},
		{Label: "E-mail", Value: templates.Breakable(v.Account.Email)},
	}
	return append(facts, tagFacts(v.Account.Tags)...)
}

// tagFacts are tags as labelled values.
func tagFacts(tags model.Tags) []templates.Fact {
	if len(tags) == 0 {
		return nil
	}
	return []templates.Fact{{Label: "Tags", Value: templates.TagList(strings.Split(tagsText(tags), "\n"))}}
}

// guardrails is what limits a place; detach offers to detach what is attached to the place itself.
func guardrails(v center.PlaceView, detach bool) templates.GuardrailsProps {
	p := templates.GuardrailsProps{Management: v.Management}
	for _, rail := range v.Guardrails {
		if rail.Policy.AWSManaged || (v.Management && rail.Policy.Kind == model.ServiceControlPolicy) {
			continue
		}
		link := policyLink(rail.Policy)
		row := templates.GuardrailRow{
			Name:   link.Text,
			Href:   link.Href,
			Kind:   rail.Policy.Kind.Short(),
			Direct: rail.Direct,
			From:   templates.Link{Text: rail.At, Href: placeHref(rail.Target)},
			Text:   rail.Policy.Description,
		}
		if detach && rail.Direct && v.May[model.ActDetachPolicy] {
			row.Detach = detachHref(rail.Policy.ID, rail.Target)
		}
		p.Rails = append(p.Rails, row)
	}
	p.Closed = v.Closed()
	return p
}

// assignHref is the form to give access at a place.
func assignHref(t model.Target) string {
	if t.Kind == model.TargetOU {
		return "/assignments/new?unit=" + url.QueryEscape(t.ID)
	}
	return "/assignments/new?account=" + url.QueryEscape(t.ID)
}

func detachHref(policy model.PolicyID, at model.Target) string {
	return "/accounts/detach?" + url.Values{"policy": {string(policy)}, "target": {at.ID}}.Encode()
}

// entries is who can enter a place.
func entries(v center.PlaceView) templates.EntriesProps {
	p := templates.EntriesProps{People: v.Entry.People}
	for _, e := range v.Entries {
		p.Entries = append(p.Entries, templates.EntryBar{People: e.People, Unbounded: e.Unbounded,
			Set: templates.Link{
				Text: strings.TrimPrefix(e.Set.Name, v.Organization+"-"),
				Href: hrefOf(model.Ref{Kind: model.RefPermissionSet, ID: string(e.Set.ID)}),
			}})
	}
	return p
}

// mostRules is how many assignments the page of a place lists.
const mostRules = 20

// rulesOf lists the assignments of a place, with the way to make one.
func rulesOf(v center.PlaceView, empty string, now time.Time) templates.RulesProps {
	p := rulesAt(v.Rules, now)
	p.Empty = empty
	if v.May[model.ActCreateAssignment] {
		p.Assign = assignHref(v.Target)
	}
	if len(p.Rules) < p.Total {
		p.All = "/assignments?account=" + url.QueryEscape(v.Target.ID)
		if v.IsUnit() {
			p.All = "/assignments?unit=" + url.QueryEscape(v.Target.ID)
		}
	}
	return p
}

// rulesAt lists the assignments that name or reach a place.
func rulesAt(lines []center.RuleLine, now time.Time) templates.RulesProps {
	p := templates.RulesProps{Total: len(lines)}
	for _, line := range lines[:min(len(lines), mostRules)] {
		row := templates.RuleRow{
			Href:  "/assignments/" + url.PathEscape(string(line.ID)),
			Group: line.Principal.Kind == model.RefGroup,
			Principal: refLink(
				line.Principal,
			),
			Set:    refLink(line.Set),
			Target: refLink(line.Target),
			Reason: line.Reason,
		}
		if !line.ExpiresAt.IsZero() {
			row.Ends = templates.Ago(line.ExpiresAt, now)
		}
		switch {
		case line.Holds:
		case line.StartsAt.After(now):
			row.Off = "begins " + templates.Ago(line.StartsAt, now)
		default:
			row.Off = "ended"
		}
		p.Rules = append(p.Rules, row)
	}
	return p
}

// refLink is a thing by its name, with the address of its page.
func refLink(ref model.Ref) templates.Link { return templates.Link{Text: ref.Name, Href: hrefOf(ref)} }

// unitOptions offers units by their place in the tree.
func unitOptions(units []center.Place) []templates.Option {
	options := make([]templates.Option, len(units))
	for i, u := range units {
		options[i] = templates.Option{Value: u.Target.ID, Text: strings.Repeat("\u2003", u.Depth) + u.Name}
	}
	return options
}

// capital is a word at the start of a sentence.
func capital(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// formPage is a page about the organization; a status other than 0 says that a form on it was refused.
func formPage(title string, crumbs []templates.Link, status int) page {
	return page{title: title, section: "/accounts", crumbs: crumbs, status: status, failed: status != 0}
}

// accountsCrumbs leads from the organization to one of its pages.
func accountsCrumbs(last string) []templates.Link {
	return []templates.Link{{Text: "Accounts", Href: "/accounts"}, {Text: last}}
}
