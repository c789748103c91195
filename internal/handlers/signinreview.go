package handlers

import (
	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// namedAffected is how many people each effect of a policy names.
const namedAffected = 50

// reviewOf says in words whom a policy affects.
func reviewOf(e center.SignInEffects) *templates.SignInReview {
	people := func(n int, one, many string) string { return templates.Plural(n, "person "+one, "people "+many) }
	review := &templates.SignInReview{People: e.People, Effects: []templates.SignInEffect{
		effectOf(e.LockedOut, templates.ToneBad, people(len(e.LockedOut.People), "would be locked out", "would be locked out"),
			people(e.LockedOut.Already, "is locked out today", "are locked out today")),
		effectOf(e.Enrol, templates.ToneWarn, people(len(e.Enrol.People), "would be asked to enrol a second factor",
			"would be asked to enrol a second factor"), people(e.Enrol.Already, "is asked to enrol today", "are asked to enrol today")),
		effectOf(e.NewPassword, templates.ToneWarn, people(len(e.NewPassword.People), "would have to change the password",
			"would have to change the password"), people(e.NewPassword.Already, "has to change it today", "have to change it today")),
		effectOf(e.SignedOut, templates.ToneWarn, people(len(e.SignedOut.People), "would be signed out at the next request",
			"would be signed out at the next request"), ""),
		effectOf(e.Unasked, templates.ToneInfo, people(len(e.Unasked.People), "would not be asked for a second factor any more",
			"would not be asked for a second factor any more"), people(e.Unasked.Already, "is not asked today", "are not asked today")),
	}}
	if n := len(e.Approvers); n > 0 {
		review.Approvers = effectOf(center.Affected{People: e.Approvers}, templates.ToneInfo,
			people(n, "could approve changes of the highest value", "could approve changes of the highest value"), "")
	}
	return review
}

func effectOf(a center.Affected, tone templates.Tone, title, already string) templates.SignInEffect {
	e := templates.SignInEffect{Title: title, Tone: tone, More: max(0, len(a.People)-namedAffected)}
	if a.Already > 0 {
		e.Already = already + " already."
	}
	for _, p := range a.People[:min(len(a.People), namedAffected)] {
		e.People = append(e.People, templates.AffectedRow{Person: templates.Link{Text: p.Name, Href: hrefOf(p.Ref)}, Why: p.Why,
			Administrator: p.Administrator})
	}
	return e
}

// signInPolicyHistory shows every version of the policy.
func (h *Handlers) signInPolicyHistory(c echo.Context) error {
	past, err := h.history(c, model.Ref{Kind: model.RefSignInPolicy, ID: "sign-in-policy"}, "sign-in policy")
	if err != nil {
		return err
	}
	may, err := h.may(c, model.ActReadMail)
	if err != nil {
		return err
	}
	return h.render(c, settingsPage("Sign-in policy history"),
		templates.SettingsHistory(templates.SettingsHistoryPage{Mail: may[model.ActReadMail], History: past}))
}

// mail shows what became of e-mails.
func (h *Handlers) mail(c echo.Context) error {
	v, err := h.Center.Outbox(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	p := templates.MailPage{Server: v.Server, From: v.From, Queued: v.Counts[model.MailQueued], Sent: v.Counts[model.MailSent],
		Failed: v.Counts[model.MailFailed], Test: v.May, Now: h.Now()}
	for _, m := range v.Mails {
		row := templates.MailRow{Subject: m.Subject, Recipient: m.Recipient, Problem: m.Problem, Attempts: m.Attempts, At: m.CreatedAt,
			Person: templates.Link{Text: m.Recipient, Href: hrefOf(model.Ref{Kind: model.RefUser, ID: string(m.User)})},
			State:  mailStates[m.State]}
		if m.State == model.MailQueued && m.Problem != "" {
			row.Next = m.NextAt
		}
		p.Rows = append(p.Rows, row)
	}
	return h.render(c, settingsPage("E-mail"), templates.Mail(p))
}

var mailStates = map[model.MailState]templates.State{model.MailQueued: {Tone: templates.ToneWait, Text: "waiting"},
	model.MailSent: {Tone: templates.ToneOK, Text: "sent"}, model.MailFailed: {Tone: templates.ToneBad, Text: "failed"}}

// sendTestMail sends the viewer an e-mail.
func (h *Handlers) sendTestMail(c echo.Context) error {
	if _, err := decode[struct{}](c); err != nil {
		return err
	}
	if err := h.Center.SendTestMail(c.Request().Context(), person(c)); err != nil {
		return err
	}
	return h.done(c, settingsPath+"/mail", "The test is on its way.")
}
