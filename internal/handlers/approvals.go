package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

const approvalsPath = "/approvals"

// approvalReason is the field with which a form asks for approval. It comes with whatever form an act of the highest value has,
// and is taken out of it before the act's own handler reads it.
const approvalReason = "approval_reason"

const (
	askingKey        = "asking"         // model.Asking
	askingProblemKey = "asking problem" // what is wrong with the reason that was given
)

// asking lets an act that needs a second administrator wait for one when its form says why.
func (h *Handlers) asking(run echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Method != http.MethodPost || !isForm(r) {
			return run(c)
		}
		if err := r.ParseForm(); err != nil {
			return formError(err)
		}
		reasons, asks := r.PostForm[approvalReason]
		if !asks {
			return run(c)
		}
		if len(reasons) > 1 {
			return unusable("The reason came more than once.")
		}
		r.PostForm.Del(approvalReason)
		r.Form.Del(approvalReason)
		if err := model.CheckWord(approvalReason, reasons[0]); err != nil {
			e, _ := problemsOf(err)
			c.Set(askingProblemKey, e.Fields)
		} else {
			c.Set(askingKey, model.Asking{Asks: true, Reason: strings.TrimSpace(reasons[0])})
		}
		err := run(c)
		r.PostForm.Set(approvalReason, reasons[0]) // whatever page asks for something first goes on with it
		return err
	}
}

// needsApproval answers an act that needs a second administrator: with a page that asks for approval with what was typed, or with
// what waits, once that was asked for.
func (h *Handlers) needsApproval(c echo.Context, wanted model.Approval) error {
	if wanted.ID != "" {
		return h.done(c, approvalHref(wanted.ID), "Asked for approval. It is done once another administrator approves it.")
	}
	form := url.Values{}
	for name, values := range c.Request().PostForm {
		form[name] = values
	}
	p := templates.ApprovalNeededPage{Wish: center.Wish(wanted.Summary), Action: c.Request().URL.RequestURI(), Life: fmt.Sprintf("%d hours", int(model.ApprovalLife.Hours())),
		Reason: form.Get("reason"), Cancel: cameFrom(c.Request())}
	about := page{title: "This needs a second administrator", status: http.StatusForbidden, layout: gate}
	if problems, ok := c.Get(askingProblemKey).(map[string]string); ok {
		p.Problems, p.Reason = problems, form.Get(approvalReason)
		about.failed, about.status = true, http.StatusUnprocessableEntity
	}
	form.Del(approvalReason)
	p.Fields = typed(form)
	c.Request().Header.Del("HX-Request-Type") // it replaces the page, not a region of it
	return h.render(c, about, templates.ApprovalNeeded(p))
}

func approvalHref(id model.ApprovalID) string {
	return approvalsPath + "/" + url.PathEscape(string(id))
}

func approvalPage(title string, status int) page {
	at := page{title: title, section: approvalsPath, status: status, failed: status != 0, crumbs: []templates.Link{{Text: "Approvals"}}}
	if title != "Approvals" {
		at.crumbs = []templates.Link{{Text: "Approvals", Href: approvalsPath}, {Text: title}}
	}
	return at
}

// approvals lists what waits for a second administrator: GET /approvals.
func (h *Handlers) approvals(c echo.Context) error {
	v, err := h.Center.Approvals(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	p := templates.ApprovalsPage{Asked: v.Asked, Now: h.Now()}
	for _, a := range v.Waiting {
		p.Waiting = append(p.Waiting, approvalRow(a))
	}
	for _, a := range v.Past {
		p.Past = append(p.Past, approvalRow(a))
	}
	return h.render(c, approvalPage("Approvals", 0), templates.Approvals(p))
}

func approvalRow(a center.ApprovalLine) templates.ApprovalRow {
	row := templates.ApprovalRow{Wish: center.Wish(a.Summary), Href: approvalHref(a.ID), Asker: a.AskedName, Reason: a.Reason,
		State: approvalStates[a.State], AskedAt: a.AskedAt}
	if a.Mine {
		row.Asker += " (you)"
	}
	return row
}

var approvalStates = map[model.ApprovalState]templates.State{model.ApprovalWaiting: {Tone: templates.ToneWait, Text: "waits"},
	model.ApprovalApproved: {Tone: templates.ToneOK, Text: "approved"}, model.ApprovalDeclined: {Tone: templates.ToneBad, Text: "declined"},
	model.ApprovalWithdrawn: {Tone: templates.ToneOff, Text: "withdrawn"}, model.ApprovalEnded: {Tone: templates.ToneOff, Text: "ended"}}

// approval shows one: GET /approvals/:id.
func (h *Handlers) approval(c echo.Context) error {
	return h.showApproval(c, templates.ApprovalPage{}, 0)
}

func (h *Handlers) showApproval(c echo.Context, p templates.ApprovalPage, status int) error {
	v, err := h.Center.Approval(c.Request().Context(), person(c), model.ApprovalID(c.Param("id")))
	if err != nil {
		return err
	}
	waits := v.State == model.ApprovalWaiting
	p.ID, p.Wish, p.State, p.Why = string(v.ID), center.Wish(v.Summary), approvalStates[v.State], v.Why
	p.Decide, p.Withdraw, p.Waits = waits && v.Decides, waits && v.Mine, waits
	p.Facts = h.approvalFacts(v)
	for _, part := range v.Parts {
		shown := templates.ApprovalPart{Label: part.Label, Before: part.Before, After: part.After}
		if part.Document {
			shown.Lines = templates.TextDiff(part.Before, part.After)
		}
		p.Parts = append(p.Parts, shown)
	}
	if v.Effects != nil {
		p.Effects = reviewOf(*v.Effects).Effects
	}
	return h.render(c, approvalPage("Approval", status), templates.Approval(p))
}

func (h *Handlers) approvalFacts(v center.ApprovalView) []templates.Fact {
	facts := []templates.Fact{{Label: "Asked by", Value: templates.Text(v.AskedName)}, {Label: "Asked", Value: templates.Time(v.AskedAt, h.Now())},
		{Label: "Why", Value: templates.Text(v.Reason)}}
	if v.State == model.ApprovalWaiting {
		facts = append(facts, templates.Fact{Label: "Ends", Value: templates.Moment(v.EndsAt)})
	} else {
		facts = append(facts, templates.Fact{Label: "Outcome", Value: templates.Text("It " + center.StateWords(v.Approval))})
	}
	if !v.DecidedAt.IsZero() {
		facts = append(facts, templates.Fact{Label: "Decided", Value: templates.Time(v.DecidedAt, h.Now())})
	}
	if v.Word != "" && v.State != model.ApprovalEnded {
		facts = append(facts, templates.Fact{Label: "Their word", Value: templates.Text(v.Word)})
	}
	return append(facts, templates.Fact{Label: "Action", Value: templates.Mono(v.Action)})
}

// wordForm is what somebody says as they approve.
type wordForm struct {
	Word string `form:"word"`
}

// approve carries out what somebody else asked for.
func (h *Handlers) approve(c echo.Context) error {
	form, err := decode[wordForm](c)
	if err != nil {
		return err
	}
	id := model.ApprovalID(c.Param("id"))
	link, err := h.Center.Approve(c.Request().Context(), person(c), center.Decision{ID: id, Word: strings.TrimSpace(form.Word)})
	if e, ok := answerable(err); ok {
		p := templates.ApprovalPage{Word: form.Word, Problems: e.Fields}
		if len(e.Fields) == 0 {
			p.Failure = e.Message
		}
		return h.showApproval(c, p, statusOf[e.Kind])
	}
	if err != nil {
		return err
	}
	if link.Token != "" {
		return h.render(c, approvalPage("One-time link", 0), templates.LinkMade(templates.LinkMadePage{Name: link.Name,
			Purpose: linkPurposes[link.Action], Link: h.BaseURL + "/invite/" + url.PathEscape(link.Token.Reveal()),
			Expires: h.Now().Add(center.LinkLife), Back: approvalHref(id)}))
	}
	return h.done(c, approvalHref(id), "Approved and carried out.")
}

// askDecline asks why somebody declines: GET /approvals/:id/decline.
func (h *Handlers) askDecline(c echo.Context) error { return h.declineForm(c, declineForm{}, nil) }

// declineForm is why somebody declines.
type declineForm struct {
	Why string `form:"why"`
}

func (h *Handlers) declineForm(c echo.Context, form declineForm, e *model.Error) error {
	v, err := h.Center.Approval(c.Request().Context(), person(c), model.ApprovalID(c.Param("id")))
	if err != nil {
		return err
	}
	p := templates.DeclinePage{ID: string(v.ID), Wish: center.Wish(v.Summary), Asker: v.AskedName, Why: form.Why}
	status := 0
	if e != nil {
		p.Problems, status = e.Fields, statusOf[e.Kind]
	}
	return h.render(c, approvalPage("Decline", status), templates.Decline(p))
}

// decline says no to what somebody else asked for.
func (h *Handlers) decline(c echo.Context) error {
	form, err := decode[declineForm](c)
	if err != nil {
		return err
	}
	id := model.ApprovalID(c.Param("id"))
	err = h.Center.Decline(c.Request().Context(), person(c), center.Decision{ID: id, Word: strings.TrimSpace(form.Why)})
	if e, ok := problemsOf(err); ok {
		return h.declineForm(c, form, e)
	}
	if err != nil {
		return err
	}
	return h.done(c, approvalHref(id), "Declined.")
}

// withdraw takes back what the viewer asked for.
func (h *Handlers) withdraw(c echo.Context) error {
	id := model.ApprovalID(c.Param("id"))
	if err := h.Center.Withdraw(c.Request().Context(), person(c), id); err != nil {
		return err
	}
	return h.done(c, approvalHref(id), "Withdrawn.")
}
