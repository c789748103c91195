package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/eval"
	"gatehouse/web/templates"
)

// documentForm is a policy document as an editor sends it.
type documentForm struct {
	Document string `form:"document"`
	Kind     string `form:"kind"` // identity, boundary, session, resource, trust, scp or rcp
}

// validate answers an editor with what is to be said about a document. It is about nobody's things and changes nothing.
func (h *Handlers) validate(c echo.Context) error {
	form, err := decode[documentForm](c)
	if err != nil {
		return err
	}
	findings, err := h.Center.Findings(form.Kind, form.Document)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"findings": findingsOf(findings)})
}

// findingsOf turns the validator's findings into what editors and listings mark.
func findingsOf(findings []eval.Finding) []templates.Finding {
	marks := make([]templates.Finding, len(findings))
	for i, f := range findings {
		marks[i] = templates.Finding{
			Line:     f.Start.Line,
			Column:   f.Start.Column,
			Message:  f.Code + ".",
			Detail:   f.Message,
			Severity: "info",
		}
		switch f.Severity {
		case eval.Error:
			marks[i].Severity = "error"
		case eval.SecurityWarning, eval.Warning:
			marks[i].Severity = "warning"
		}
	}
	return marks
}
