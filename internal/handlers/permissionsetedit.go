package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// editPermissionSet is the form for a set as it is saved, with the policy that ?attach= names ticked.
func (h *Handlers) editPermissionSet(c echo.Context) error {
	draft, err := h.Center.DraftPermissionSet(c.Request().Context(), person(c), setID(c), "", nil)
	if err != nil {
		return err
	}
	form := formOf(draft.Set.PermissionSet)
	if arn := c.QueryParam("attach"); arn != "" {
		form.ManagedPolicies = append(form.ManagedPolicies, arn)
	}
	return h.setForm(c, setID(c), form, nil)
}

// redraftPermissionSet draws the form again with what was typed and what its search finds.
func (h *Handlers) redraftPermissionSet(c echo.Context) error {
	form, err := decode[templates.PermissionSetForm](c)
	if err != nil {
		return err
	}
	return h.setForm(c, setID(c), form, nil)
}

// reviewPermissionSet shows what a save would change.
func (h *Handlers) reviewPermissionSet(c echo.Context) error {
	form, set, err := h.decodeSet(c)
	var preview center.SetPreview
	if err == nil {
		preview, err = h.Center.PreviewPermissionSet(c.Request().Context(), person(c), set, form.Reason)
	}
	if err != nil {
		return h.unsaved(c, form, err)
	}
	form.ManagedPolicies = arnsOf(form)
	difference := center.DifferenceOf(preview.Before.SetVersion, preview.After)
	p := templates.PermissionSetReview{Set: h.setHead(preview.Before, ""), Form: form, Same: preview.Same,
		Fields: changesOf(difference), Documents: documentDiffs(difference)}
	if preview.After.InlinePolicy != preview.Before.InlinePolicy {
		p.Findings = h.inlineFindings(preview.After.InlinePolicy)
	}
	about := setPage(p.Set, "Review")
	about.title = "Review " + p.Set.Name
	return h.render(c, about, templates.PermissionSetReviewPage(p))
}

func (h *Handlers) savePermissionSet(c echo.Context) error {
	form, set, err := h.decodeSet(c)
	if err == nil {
		set, err = h.Center.UpdatePermissionSet(c.Request().Context(), person(c), set, form.Reason)
	}
	if err != nil {
		return h.unsaved(c, form, err)
	}
	return h.done(c, setHref(set.ID), fmt.Sprintf("Saved version %d of %s.", set.Version, set.Name))
}

func (h *Handlers) decodeSet(c echo.Context) (templates.PermissionSetForm, model.PermissionSet, error) {
	form, err := decode[templates.PermissionSetForm](c)
	if err != nil {
		return form, model.PermissionSet{}, err
	}
	set, err := h.setOf(form)
	set.ID = setID(c)
	return form, set, err
}

// unsaved answers a save that did not happen: the form again with its problems, both versions when it came too late, or
// the error.
func (h *Handlers) unsaved(c echo.Context, form templates.PermissionSetForm, err error) error {
	if problems, ok := problemsOf(err); ok {
		return h.setForm(c, setID(c), form, problems)
	}
	problem, ok := errors.AsType[*model.Error](err)
	if !ok || problem.Kind != model.Conflict {
		return err
	}
	started, err := strconv.ParseInt(form.Version, 10, 64)
	if err != nil {
		started = 0 // no version at all is a stale one
	}
	v, then, err := h.Center.PermissionSetSince(c.Request().Context(), person(c), setID(c), started)
	if err != nil {
		return err
	}
	if v.Version == started {
		return h.setForm(c, setID(c), form, problem)
	}
	return h.staleSet(c, form, v, then)
}

// staleSet shows the saved version beside what was typed.
func (h *Handlers) staleSet(
	c echo.Context,
	form templates.PermissionSetForm,
	v center.SetView,
	then center.SetVersion,
) error {
	p := templates.PermissionSetConflict{Set: h.setHead(v, "")}
	p.Conflict = setConflict(p.Set, form, then, v.SetVersion)
	if form.InlinePolicy != v.InlinePolicy {
		p.Documents = append(
			p.Documents,
			templates.DocumentDiff{Name: "Inline policy", Lines: templates.TextDiff(v.InlinePolicy, form.InlinePolicy)},
		)
	}
	about := setPage(p.Set, "Both versions")
	about.status, about.failed = http.StatusConflict, true
	return h.render(c, about, templates.PermissionSetConflictPage(p))
}

// setConflict puts the version that was started from, the saved one and the typed one side by side. What is chosen goes
// through the review like any save.
func setConflict(
	head templates.PermissionSetHead,
	form templates.PermissionSetForm,
	then, now center.SetVersion,
) templates.ConflictProps {
	started, saved := formOf(then.PermissionSet), formOf(now.PermissionSet)
	var fields []templates.ConflictField
	field := func(label, name string, show func(string) string, of func(templates.PermissionSetForm) string) {
		fields = append(
			fields,
			templates.ConflictField{
				Label:  label,
				Name:   name,
				Before: of(started),
				Saved:  of(saved),
				Yours:  of(form),
				Text:   show,
			},
		)
	}
	type f = templates.PermissionSetForm
	field("Description", "description", textOrNone, func(v f) string { return v.Description })
	field("Managed policies", "managed_policies", policyNames, func(v f) string { return strings.Join(arnsOf(v), "\n") })
	field("Customer-managed policies", "customer_policies", lineList, func(v f) string { return v.CustomerPolicies })
	field("Inline policy", "inline_policy", documentSize, func(v f) string { return v.InlinePolicy })
	field("Permissions boundary", "boundary", textOrNone, func(v f) string { return v.Boundary })
	field("Session duration, hours", "session_duration", textOrNone, func(v f) string { return v.SessionDuration })
	field("Relay state", "relay_state", textOrNone, func(v f) string { return v.RelayState })
	field("Tags", "tags", lineList, func(v f) string { return v.Tags })
	p := conflict(conflictOf{noun: "permission set", then: then.Version, now: now.Version, by: savedBy(now.SavedByName),
		at: now.UpdatedAt, seen: head.Now, address: head.Base, reason: form.Reason}, fields)
	p.Action, p.Keep = head.Base+"/review", append(p.Keep, templates.Pair{Name: "name", Value: saved.Name})
	return p
}

func textOrNone(value string) string {
	if strings.TrimSpace(value) == "" {
		return "none"
	}
	return value
}

// lineList shows lines in one: a, b, c.
func lineList(value string) string { return textOrNone(strings.Join(strings.Fields(value), ", ")) }

// policyNames shows ARNs by their names.
func policyNames(value string) string {
	var names []string
	for _, arn := range strings.Fields(value) {
		names = append(names, nameOfPolicy(arn))
	}
	return textOrNone(strings.Join(names, ", "))
}

// documentSize shows a document by its size; what differs stands below.
func documentSize(value string) string {
	if strings.TrimSpace(value) == "" {
		return "none"
	}
	return templates.Plural(strings.Count(strings.TrimSpace(value), "\n")+1, "line", "lines")
}

func changesOf(d center.SetDifference) []templates.Change {
	changes := make([]templates.Change, len(d.Fields))
	for i, f := range d.Fields {
		changes[i] = templates.Change(f)
	}
	return changes
}

func documentDiffs(d center.SetDifference) []templates.DocumentDiff {
	diffs := make([]templates.DocumentDiff, len(d.Documents))
	for i, doc := range d.Documents {
		diffs[i] = templates.DocumentDiff{Name: doc.Name, Lines: templates.TextDiff(doc.Before, doc.After)}
	}
	return diffs
}
