package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// What a new policy begins with: a statement to change, of the kind that is meant most often.
const (
	newSCP = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "NoNewUsers",
      "Effect": "Deny",
      "Action": "iam:CreateUser",
      "Resource": "*"
    }
  ]
}`
	newRCP = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "OnlyTheOrganization",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": "*",
      "Condition": {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "ORGANIZATION"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}
      }
    }
  ]
}`
)

// newPolicy is the form that makes a policy: GET /accounts/policies/new.
func (h *Handlers) newPolicy(c echo.Context) error {
	form := templates.PolicyForm{Kind: "scp", Document: newSCP}
	if policyKind(c.QueryParam("kind")) == model.ResourceControlPolicy {
		m, err := h.Center.Menu(c.Request().Context(), person(c))
		if err != nil {
			return err
		}
		form = templates.PolicyForm{
			Kind:     "rcp",
			Document: strings.Replace(newRCP, "ORGANIZATION", m.Organization.ID, 1),
		}
	}
	return h.newPolicyForm(c, templates.PolicyFormPage{Form: form}, 0)
}

func (h *Handlers) newPolicyForm(c echo.Context, view templates.PolicyFormPage, status int) error {
	if err := h.Center.MayCreatePolicy(c.Request().Context(), person(c)); err != nil {
		return err
	}
	rcp := policyKind(view.Form.Kind) == model.ResourceControlPolicy
	view.Kinds = []templates.Tab{{Text: "Service control policy", Href: "/accounts/policies/new", Current: !rcp},
		{Text: "Resource control policy", Href: "/accounts/policies/new?kind=rcp", Current: rcp}}
	view.KindHint = "Limits what people and roles of the accounts may do, wherever. It allows nothing by itself."
	if rcp {
		view.KindHint = "Limits what may be done to resources of the accounts, whoever asks. It can only deny."
	}
	view.Cancel = "/accounts/policies"
	return h.renderPolicyForm(
		c,
		formPage("New policy", policiesCrumbs(templates.Link{Text: "New policy"}), status),
		view,
	)
}

func (h *Handlers) renderPolicyForm(c echo.Context, at page, view templates.PolicyFormPage) error {
	view.Editor = strings.ToLower(policyKind(view.Form.Kind).Short())
	findings, err := h.Center.Findings(view.Editor, view.Form.Document)
	if err != nil {
		return err
	}
	view.Findings = findingsOf(findings)
	at.editor = true
	return h.render(c, at, templates.PolicyFields(view))
}

func policyOf(f templates.PolicyForm) model.Policy {
	return model.Policy{
		Kind:        policyKind(f.Kind),
		Name:        f.Name,
		Description: f.Description,
		Document:    f.Document,
		Version:     versionOf(f.Version),
	}
}

// createPolicy takes the form: POST /accounts/policies/new.
func (h *Handlers) createPolicy(c echo.Context) error {
	form, err := decode[templates.PolicyForm](c)
	if err != nil {
		return err
	}
	if !slices.Contains([]string{"", "scp", "rcp", string(policyKind(form.Kind))}, form.Kind) {
		return unusable("%q is no kind of policy.", form.Kind)
	}
	p, err := h.Center.CreatePolicy(c.Request().Context(), person(c), policyOf(form), form.Reason)
	if e, ok := problemsOf(err); ok {
		return h.newPolicyForm(c, templates.PolicyFormPage{Form: form, Problems: e.Fields}, statusOf[e.Kind])
	}
	if err != nil {
		return err
	}
	return h.done(
		c,
		"/accounts/policies/"+string(p.ID),
		"Created the policy "+p.Name+". Attach it where it is to hold.",
	)
}

// editPolicy is the form that saves the next version: GET /accounts/policies/:id/edit.
func (h *Handlers) editPolicy(c echo.Context) error {
	return h.policyForm(c, templates.PolicyFormPage{}, 0)
}

func (h *Handlers) policyForm(c echo.Context, view templates.PolicyFormPage, status int) error {
	v, err := h.Center.Policy(c.Request().Context(), person(c), model.PolicyID(c.Param("id")), model.ActUpdatePolicy)
	if err != nil {
		return err
	}
	saved := strconv.FormatInt(v.Version, 10)
	switch {
	case view.Form.Version == "":
		view.Form = templates.PolicyForm{Name: v.Name, Description: v.Description, Document: v.Document, Version: saved}
	case view.Form.Version != saved:
		view.Form.Version = saved
		view.Stale = stalePolicy(v.Policy, view.Form)
	}
	view.Form.Kind, view.ID = v.Kind.Short(), string(v.ID)
	view.Form.Kind = strings.ToLower(view.Form.Kind)
	view.Cancel = "/accounts/policies/" + view.ID
	view.Bound = "It is attached nowhere: a save changes nobody's access."
	if n := len(v.Targets); n > 0 {
		view.Bound = "It is attached to " + templates.Plural(n, "target", "targets") + " and holds for " +
			templates.Plural(v.Reaches, "account", "accounts") + ": a save changes what they may do at once."
	}
	return h.renderPolicyForm(c, formPage("Edit "+v.Name,
		policiesCrumbs(templates.Link{Text: v.Name, Href: view.Cancel}, templates.Link{Text: "Edit"}), status), view)
}

// stalePolicy is what differs between a saved policy and what was typed.
func stalePolicy(saved model.Policy, form templates.PolicyForm) *templates.StaleProps {
	p := &templates.StaleProps{Noun: "policy", Diff: templates.TextDiff(saved.Document, form.Document)}
	for _, f := range []templates.StaleField{{Label: "Name", Saved: saved.Name, Yours: form.Name},
		{Label: "Description", Saved: saved.Description, Yours: form.Description}} {
		if f.Saved != f.Yours {
			p.Fields = append(p.Fields, f)
		}
	}
	return p
}

// savePolicy takes the form: POST /accounts/policies/:id/edit.
func (h *Handlers) savePolicy(c echo.Context) error {
	form, err := decode[templates.PolicyForm](c)
	if err != nil {
		return err
	}
	p := policyOf(form)
	p.ID = model.PolicyID(c.Param("id"))
	p, err = h.Center.UpdatePolicy(c.Request().Context(), person(c), p, form.Reason)
	if e, ok := problemsOf(err); ok {
		return h.policyForm(c, templates.PolicyFormPage{Form: form, Problems: e.Fields}, statusOf[e.Kind])
	}
	if model.KindOf(err) == model.Conflict {
		return h.policyForm(c, templates.PolicyFormPage{Form: form}, http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return h.done(
		c,
		"/accounts/policies/"+string(p.ID),
		"Saved version "+strconv.FormatInt(p.Version, 10)+" of "+p.Name+".",
	)
}

// deletePolicy asks before a policy goes: GET /accounts/policies/:id/delete.
func (h *Handlers) deletePolicy(c echo.Context) error { return h.deletePolicyForm(c, nil, 0) }

func (h *Handlers) deletePolicyForm(c echo.Context, problems map[string]string, status int) error {
	v, err := h.Center.Policy(c.Request().Context(), person(c), model.PolicyID(c.Param("id")), model.ActDeletePolicy)
	if err != nil {
		return err
	}
	link := policyLink(v.Policy)
	at := formPage("Delete "+v.Name, policiesCrumbs(link, templates.Link{Text: "Delete"}), status)
	why := ""
	switch n := len(v.Targets); {
	case v.AWSManaged:
		why = "It is AWS's own policy. It can be detached, not deleted."
	case n > 0:
		why = "It is attached to " + templates.Plural(n, "target", "targets") + ". Detach it there first."
	}
	if why != "" {
		return h.render(
			c,
			at,
			templates.InTheWay(templates.InTheWayProps{Title: v.Name + " cannot be deleted yet", Text: why,
				Back: link.Href + "/targets"}),
		)
	}
	return h.render(c, at, templates.Confirm(templates.ConfirmProps{Title: "Delete the policy " + v.Name,
		Text: "It is attached nowhere: nobody's access changes. Its " + templates.Plural(
			len(v.Versions),
			"version",
			"versions",
		) + " and its history stay in the trail.",
		Danger: true, Reason: true, Because: written(c), Problems: problems, Action: link.Href + "/delete", Button: "Delete policy", Cancel: link.Href}))
}

// dropPolicy deletes a policy: POST /accounts/policies/:id/delete.
func (h *Handlers) dropPolicy(c echo.Context) error {
	form, err := decode[templates.ReasonForm](c)
	if err != nil {
		return err
	}
	err = h.Center.DeletePolicy(c.Request().Context(), person(c), model.PolicyID(c.Param("id")), form.Reason)
	if e, ok := problemsOf(err); ok {
		return h.deletePolicyForm(c, e.Fields, statusOf[e.Kind])
	}
	if model.KindOf(err) == model.Conflict {
		return h.deletePolicyForm(c, nil, http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/accounts/policies", "Deleted the policy.")
}
