package templates

import "net/http"

// PanelProps is the frame of a Panel.
type PanelProps struct {
	Title, Sub string
	Close      string // where closing leads without scripts
	Foot       string // one line beside the button
}

// icon tells the kinds of errors apart.
func (p ErrorPageProps) icon() string {
	switch {
	case p.Status == http.StatusForbidden, p.Status == http.StatusUnauthorized:
		return iconRefused
	case p.Status == http.StatusNotFound:
		return iconMissing
	case p.Status >= http.StatusInternalServerError:
		return iconBroken
	}
	return iconProblem
}

const (
	iconRefused = "lock"
	iconMissing = "search-off"
	iconBroken  = "plug-connected-x"
	iconProblem = "alert-circle"
)
