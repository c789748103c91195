package handlers

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

func (h *Handlers) permissionSetVersions(c echo.Context) error {
	v, versions, err := h.Center.PermissionSetVersions(c.Request().Context(), person(c), setID(c))
	if err != nil {
		return err
	}
	p := templates.PermissionSetVersions{PermissionSetHead: h.setHead(v, "/versions")}
	for _, version := range versions {
		row := versionRow(version)
		if row.Version > 1 {
			row.Changes = fmt.Sprintf("%s/versions/compare?from=%d&to=%d", p.Base, row.Version-1, row.Version)
		}
		p.Rows = append(p.Rows, row)
	}
	return h.render(c, setPage(p.PermissionSetHead, "Versions"), templates.PermissionSetVersionsTab(p))
}

// comparePermissionSet shows what differs from version ?from= to version ?to=.
func (h *Handlers) comparePermissionSet(c echo.Context) error {
	from, fromErr := strconv.ParseInt(c.QueryParam("from"), 10, 64)
	to, toErr := strconv.ParseInt(c.QueryParam("to"), 10, 64)
	if fromErr != nil || toErr != nil {
		from, to = 0, 0 // versions count from 1: there is none such, and the verb says so
	}
	v, before, after, err := h.Center.ComparePermissionSet(c.Request().Context(), person(c), setID(c), from, to)
	if err != nil {
		return err
	}
	difference := center.DifferenceOf(before, after)
	p := templates.PermissionSetComparison{
		PermissionSetHead: h.setHead(v, "/versions"),
		From:              versionRow(before),
		To:                versionRow(after),
		Fields:            changesOf(difference),
		Documents:         documentDiffs(difference),
	}
	return h.render(c, setPage(p.PermissionSetHead, "Compare versions"), templates.PermissionSetComparisonPage(p))
}

// versionRow is a save as a row of a list.
func versionRow(v center.SetVersion) templates.VersionRow {
	return templates.VersionRow{Version: v.Version, Summary: shortSummary(v), Reason: v.Reason, By: savedBy(v.SavedByName),
		At: v.UpdatedAt, Current: v.Current}
}

// shortSummary is what a save says of itself without the name of the set, which stands above the list.
func shortSummary(v center.SetVersion) string {
	text := strings.TrimPrefix(v.Summary, "Changed the permission set "+v.Name+": ")
	if text == "Created the permission set "+v.Name {
		return "Created"
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// planPermissionSetDeletion shows what deleting a permission set takes away.
func (h *Handlers) planPermissionSetDeletion(c echo.Context) error { return h.setDeletion(c, "", nil) }

func (h *Handlers) setDeletion(c echo.Context, reason string, problem *model.Error) error {
	d, err := h.Center.PlanSetDeletion(c.Request().Context(), person(c), setID(c))
	if err != nil {
		return err
	}
	const most = 20
	p := templates.PermissionSetDeletion{Set: h.setHead(d.Set, ""), Plan: d.Plan, Reason: reason}
	for _, r := range d.Rules[:min(most, len(d.Rules))] {
		p.Rows = append(p.Rows, h.assignmentRow(r))
	}
	for _, u := range d.People[:min(most, len(d.People))] {
		p.People = append(p.People, u.DisplayName)
	}
	about := setPage(p.Set, "Delete")
	about.title = "Delete " + p.Set.Name
	if problem != nil {
		p.Problems, about.failed, about.status = fieldsOrMessage(problem), true, statusOf[problem.Kind]
	}
	return h.render(c, about, templates.PermissionSetDeletePage(p))
}

type setDeletionForm struct {
	Version string `form:"version"`
	Plan    string `form:"plan"`
	Reason  string `form:"reason"`
}

func (h *Handlers) deletePermissionSet(c echo.Context) error {
	form, err := decode[setDeletionForm](c)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(form.Version, 10, 64)
	if err != nil {
		version = 0 // stale, whatever it is
	}
	name, err := h.Center.DeletePermissionSet(c.Request().Context(), person(c),
		center.SetRemoval{ID: setID(c), Version: version, Plan: form.Plan, Reason: form.Reason})
	if problem, ok := errors.AsType[*model.Error](err); ok &&
		(problem.Kind == model.Conflict || problem.Kind == model.Invalid) {
		return h.setDeletion(c, form.Reason, problem)
	}
	if err != nil {
		return err
	}
	return h.done(c, permissionSets, "Deleted the permission set "+name+".")
}

// fieldsOrMessage is what is wrong with a form, by field; what belongs to no field stands under "".
func fieldsOrMessage(e *model.Error) map[string]string {
	if len(e.Fields) > 0 {
		return e.Fields
	}
	return map[string]string{"": e.Message}
}
