package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// derivedPage is how many accounts of a rule a page shows.
const derivedPage = 100

// assignment shows one rule with what it comes to.
func (h *Handlers) assignment(c echo.Context) error {
	v, p, err := h.assignmentHead(c)
	if err != nil {
		return err
	}
	from, err := strconv.Atoi(c.QueryParam("from"))
	if err != nil || from < 0 || from > len(v.Rows) {
		from = 0
	}
	shown := v.Rows[from:min(from+derivedPage, len(v.Rows))]
	for _, row := range shown {
		p.Rows = append(p.Rows, derivedRow(row))
	}
	p.Pager = templates.PagerProps{First: from + 1, Last: from + len(shown), Total: len(v.Rows), Target: "derived"}
	if from > 0 {
		p.Pager.Back = p.Address + "?from=" + strconv.Itoa(max(0, from-derivedPage))
	}
	if from+len(shown) < len(v.Rows) {
		p.Pager.Next = p.Address + "?from=" + strconv.Itoa(from+len(shown))
	}
	return h.render(c, assignmentAbout(p), templates.Assignment(p))
}

// assignmentHistory shows what happened to one rule.
func (h *Handlers) assignmentHistory(c echo.Context) error {
	v, p, err := h.assignmentHead(c)
	if err != nil {
		return err
	}
	history, err := h.history(c, model.Ref{Kind: model.RefAssignment, ID: string(v.ID)}, "assignment")
	if err != nil {
		return err
	}
	p.History = &history
	return h.render(c, assignmentAbout(p), templates.Assignment(p))
}

func assignmentAbout(p templates.AssignmentPage) page {
	return page{title: p.Title, section: "/assignments", crumbs: []templates.Link{assignmentsCrumb, {Text: p.Title}}}
}

// assignmentHead reads a rule and fills in what both of its tabs show.
func (h *Handlers) assignmentHead(c echo.Context) (center.AssignmentView, templates.AssignmentPage, error) {
	v, err := h.Center.Assignment(c.Request().Context(), person(c), model.AssignmentID(c.Param("id")))
	if err != nil {
		return v, templates.AssignmentPage{}, err
	}
	may, err := h.may(c, model.ActCreateAssignment, model.ActDeleteAssignment)
	if err != nil {
		return v, templates.AssignmentPage{}, err
	}
	p := templates.AssignmentPage{
		Title: v.Ends.Set.Name + " for " + v.Ends.Principal.Name, Address: "/assignments/" + url.PathEscape(string(v.ID)),
		Who: refLink(v.Ends.Principal), Set: refLink(v.Ends.Set), Where: refLink(v.Ends.Target), Reason: v.Reason,
		Group: v.Principal.Kind == model.PrincipalGroup, Unit: v.Target.Kind == model.TargetOU, Removed: v.Removed,
		Facts: h.assignmentFacts(v), Actions: assignmentActions(v, may), Reach: "Account"}
	if v.Rule != nil {
		p.People = peopleText(v.Rule)
		if p.Unit {
			p.Reach = "Unit, " + templates.Plural(len(v.Rows), "account", "accounts") + " now"
		}
	}
	return v, p, nil
}

// peopleText counts the people of a group's rule.
func peopleText(r *center.Rule) string {
	people, disabled := r.People(), 0
	for _, u := range people {
		if !u.Enabled {
			disabled++
		}
	}
	text := templates.Plural(len(people), "person", "people")
	if disabled > 0 {
		text += ", " + templates.Number(disabled) + " of them disabled"
	}
	return text
}

func (h *Handlers) assignmentFacts(v center.AssignmentView) []templates.Fact {
	tone, text := h.standing(v)
	facts := []templates.Fact{{Label: "State", HideLabel: true, Value: templates.Status(tone, text)}}
	if !v.StartsAt.IsZero() {
		facts = append(facts, templates.Fact{Label: "Starts", Value: templates.Moment(v.StartsAt)})
	}
	if !v.ExpiresAt.IsZero() {
		facts = append(facts, templates.Fact{Label: "Ends", Value: templates.Moment(v.ExpiresAt)})
	}
	return append(facts, templates.Fact{Label: "Made", Value: templates.Moment(v.CreatedAt)},
		templates.Fact{Label: "By", Value: templates.Sentence([]templates.Word{{Text: v.By.Name, Href: hrefOf(v.By)}})},
		templates.Fact{Label: "Id", Value: templates.Copyable(string(v.ID), "assignment id")})
}

// standing is the state of a rule in a word or two.
func (h *Handlers) standing(v center.AssignmentView) (templates.Tone, string) {
	if v.Removed {
		return templates.ToneOff, "Removed"
	}
	switch v.State(h.Now()) {
	case model.AssignmentScheduled:
		return templates.ToneWait, "Starts " + templates.Ago(v.StartsAt, h.Now())
	case model.AssignmentExpired:
		return templates.ToneOff, "Expired"
	case model.AssignmentEnding:
		return templates.ToneWarn, "Ends " + templates.Ago(v.ExpiresAt, h.Now())
	}
	return templates.ToneOK, "In force"
}

func assignmentActions(v center.AssignmentView, may map[string]bool) []templates.Action {
	var actions []templates.Action
	if may[model.ActCreateAssignment] && v.Ends.Principal.ID != "" && v.Ends.Set.ID != "" && v.Ends.Target.ID != "" {
		form := templates.AssignForm{Sets: []string{string(v.PermissionSet)}, Reason: v.Reason,
			Principals: []string{markUser + v.Principal.ID}, Targets: []string{markAccount + v.Target.ID}}
		if v.Principal.Kind == model.PrincipalGroup {
			form.Principals[0] = markGroup + v.Principal.ID
		}
		if v.Target.Kind == model.TargetOU {
			form.Targets[0] = markOU + v.Target.ID
		}
		actions = append(actions, templates.Action{Text: "Assign one like it", Href: assignAddress(form), Icon: "copy"})
	}
	if may[model.ActDeleteAssignment] && v.Rule != nil {
		actions = append(actions, templates.Action{Text: "Remove",
			Href: "/assignments/remove?assignments=" + url.QueryEscape(string(v.ID)),
			Icon: "trash", Danger: true})
	}
	return actions
}

func derivedRow(row center.Row) templates.DerivedRow {
	a := row.Account
	d := templates.DerivedRow{ID: row.ID, AccountID: string(a.ID), Unit: a.OU.Words(), RoleARN: row.RoleARN,
		Account: templates.Link{Text: a.Name, Href: hrefOf(model.Ref{Kind: model.RefAccount, ID: string(a.ID)})},
		State:   templates.State{Tone: templates.ToneOK, Text: "Active"}}
	if a.State != model.AccountActive {
		d.State = templates.State{Tone: templates.ToneOff, Text: "Offers no role: " + strings.ToLower(string(a.State))}
	}
	return d
}
