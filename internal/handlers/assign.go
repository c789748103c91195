package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

var assignmentsCrumb = templates.Link{Text: "Assignments", Href: "/assignments"}

// newAssignments shows the form to give access, as far as it is filled in, with the review of it.
func (h *Handlers) newAssignments(c echo.Context) error {
	q := c.QueryParams()
	form := assignFormOf(q)
	if q.Get("all") == "targets" {
		all, err := h.Center.AccountsMatching(c.Request().Context(), person(c), form.Where)
		if err != nil {
			return err
		}
		form.Targets = withTargets(form.Targets, all)
	}
	return h.assignPage(c, form, nil)
}

// withTargets adds accounts to the values of a form, each once.
func withTargets(values []string, targets []model.Target) []string {
	known := map[string]bool{}
	for _, v := range values {
		known[v] = true
	}
	for _, t := range targets {
		if v := markAccount + t.ID; !known[v] {
			values = append(values, v)
		}
	}
	return values
}

// assign gives access as it was reviewed.
func (h *Handlers) assign(c echo.Context) error {
	form, err := decode[templates.AssignForm](c)
	if err != nil {
		return err
	}
	made, err := h.makeAssignments(c, form)
	if e, ok := errors.AsType[*model.Error](err); ok && (e.Kind == model.Invalid || e.Kind == model.Conflict) {
		return h.assignPage(c, form, e)
	}
	if err != nil {
		return err
	}
	words := "Made " + templates.Plural(len(made), "assignment", "assignments") + "."
	return h.done(c, "/assignments", words)
}

func (h *Handlers) makeAssignments(c echo.Context, form templates.AssignForm) ([]model.Assignment, error) {
	request, err := requestOf(form, h.Now())
	if err != nil {
		return nil, err
	}
	if form.Review != digestOf(form) {
		return nil, &model.Error{Kind: model.Conflict, Message: "Your choices changed after the review. " +
			"This is the review of what is chosen now."}
	}
	return h.Center.Assign(c.Request().Context(), person(c), request)
}

// assignPage shows the form with what is wrong with it.
func (h *Handlers) assignPage(c echo.Context, form templates.AssignForm, trouble *model.Error) error {
	ctx, actor := c.Request().Context(), person(c)
	request, err := requestOf(form, h.Now())
	p := templates.AssignPage{Form: form, Cancel: "/assignments"}
	about := page{title: "Assign access", section: "/assignments",
		crumbs: []templates.Link{assignmentsCrumb, {Text: "Assign access"}}}
	if trouble != nil {
		about.status, about.failed, p.Faults = statusOf[trouble.Kind], true, trouble.Fields
		if len(trouble.Fields) == 0 {
			p.Faults = map[string]string{"": trouble.Message}
		}
	} else if e, ok := problemsOf(err); ok {
		p.Faults = e.Fields
	}
	choices, choicesErr := h.Center.AssignChoices(ctx, actor,
		center.ChoiceQuery{Who: form.Who, Set: form.Set, Where: form.Where, Chosen: request})
	if choicesErr != nil {
		return choicesErr
	}
	p.Pickers = pickersOf(form, choices, p.Faults)
	p.Review, err = h.reviewAssignments(c, form, request, err)
	if err != nil {
		return err
	}
	if p.Faults == nil {
		p.Faults = p.Review.Faults
	}
	p.Review.Who, p.Review.Sets, p.Review.Where = chosenChoices(choices.Chosen)
	p.Review.Count = len(p.Review.Who) * len(p.Review.Sets) * len(p.Review.Where)
	if about.status == 0 || about.status == http.StatusOK {
		c.Response().Header().Set("HX-Replace-Url", assignAddress(form))
	}
	return h.render(c, about, templates.Assign(p))
}

// reviewAssignments works out what the choices come to. While something is still to be chosen there is nothing to
// review; what keeps complete choices from being assigned is said in the review itself.
func (h *Handlers) reviewAssignments(c echo.Context, form templates.AssignForm, request center.AssignRequest,
	unread error) (templates.AssignReview, error) {
	v := templates.AssignReview{Digest: digestOf(form)}
	if request.Count() == 0 {
		return v, nil
	}
	if unread != nil {
		v.Refusal = problemText(unread)
		return v, nil
	}
	r, err := h.Center.ReviewAssign(c.Request().Context(), person(c), request)
	if e, ok := errors.AsType[*model.Error](err); ok && slices.Contains([]model.Kind{model.Invalid, model.Forbidden,
		model.Conflict}, e.Kind) {
		v.Refusal, v.Faults = problemText(err), e.Fields
		return v, nil
	}
	if err != nil {
		return v, err
	}
	v.Ready, v.New, v.Kept, v.People = true, r.New, r.Kept, r.People
	v.Window, v.Gains, v.Notes = windowText(r.Request), gainRows(r.Gains), reviewNotes(r)
	return v, nil
}

// problemText is an error for a person, with what is wrong with the fields.
func problemText(err error) string {
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		return ""
	}
	if len(e.Fields) == 0 {
		return e.Message
	}
	var texts []string
	for _, p := range templates.Problems(e.Fields, "principals", "permission_sets", "targets", "starts_at", "expires_at",
		"reason") {
		texts = append(texts, p.Text)
	}
	return strings.Join(texts, " ")
}
