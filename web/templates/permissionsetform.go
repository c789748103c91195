package templates

import (
	"strings"
	"time"
)

// PermissionSetForm is what is typed about a permission set.
type PermissionSetForm struct {
	Name             string   `form:"name"`
	Description      string   `form:"description"`
	ManagedPolicies  []string `form:"managed_policies"` // ARNs, one or several a value
	CustomerPolicies string   `form:"customer_policies"`
	InlinePolicy     string   `form:"inline_policy"`
	Boundary         string   `form:"boundary"`
	SessionDuration  string   `form:"session_duration"` // hours
	RelayState       string   `form:"relay_state"`
	Tags             string   `form:"tags"`
	Reason           string   `form:"reason"`
	Version          string   `form:"version"`
	Find             string   `form:"find"` // a search among AWS's managed policies
}

// pairs are the fields of the form but the reason, to be sent along unseen.
func (f PermissionSetForm) pairs() []Pair {
	pairs := []Pair{
		{"name", f.Name}, {"description", f.Description}, {"customer_policies", f.CustomerPolicies},
		{"inline_policy", f.InlinePolicy}, {"boundary", f.Boundary}, {"session_duration", f.SessionDuration},
		{"relay_state", f.RelayState}, {"tags", f.Tags}, {"version", f.Version},
	}
	for _, arn := range f.ManagedPolicies {
		pairs = append(pairs, Pair{"managed_policies", arn})
	}
	return pairs
}

// PermissionSetFormPage is the form for a new permission set, or with Set for one that exists.
type PermissionSetFormPage struct {
	Set       *PermissionSetHead
	Form      PermissionSetForm
	Problems  map[string]string
	Chosen    []PolicyChoice
	Found     []PolicyChoice
	Total     int  // policies that answer the search
	Catalogue bool // there is one; without it ARNs are typed
	Findings  []Finding
}

// PolicyChoice is an AWS-managed policy to tick.
type PolicyChoice struct {
	ARN, Name, Path, Href string
	Known                 bool // its document is known; otherwise it grants nothing
}

// setFields is the order of the fields on the page, for the summary of problems.
func setFields() []string {
	return []string{
		"name",
		"description",
		"managed_policies",
		"inline_policy",
		"session_duration",
		"relay_state",
		"boundary",
		"customer_policies",
		"tags",
		"reason",
	}
}

// find is the address that draws the form again with what a search finds; nothing is saved.
func (p PermissionSetFormPage) find() string {
	if p.Set == nil {
		return "/permission-sets/new"
	}
	return p.Set.Base + "/edit"
}

// send is where the form goes: a new set is created at once, a change is reviewed first.
func (p PermissionSetFormPage) send() string {
	if p.Set == nil {
		return "/permission-sets"
	}
	return p.Set.Base + "/review"
}

func (p PermissionSetFormPage) saveBar() SaveBarProps {
	bar := SaveBarProps{
		Button:     "Create permission set",
		Discard:    "/permission-sets",
		Reason:     true,
		ReasonText: p.Form.Reason,
	}
	if p.Set != nil {
		bar.Button, bar.Discard = "Review and save", p.Set.Base
	}
	return bar
}

// foundNote says how many policies a search found and how many are shown.
func (p PermissionSetFormPage) foundNote() string {
	switch {
	case p.Form.Find == "":
		return "Search among " + Number(p.Total) + " policies."
	case p.Total == 0:
		return "No policy matches " + p.Form.Find + "."
	case len(p.Found) < p.Total:
		return Plural(p.Total, "policy matches", "policies match") + "; more words narrow it down."
	}
	return Plural(p.Total, "policy matches", "policies match") + "."
}

// DocumentDiff is a policy document in two versions, line by line.
type DocumentDiff struct {
	Name  string
	Lines []CodeLine
}

// PermissionSetReview is what saving a permission set would change.
type PermissionSetReview struct {
	Set       PermissionSetHead
	Form      PermissionSetForm
	Fields    []Change
	Documents []DocumentDiff
	Findings  []Finding // about the inline policy to be saved
	Same      bool      // nothing would change
}

func (p PermissionSetReview) title() string {
	if p.Same {
		return "Nothing would change"
	}
	return "Review version " + Number(int(p.Set.Version)+1)
}

// PermissionSetConflict is a save of a version that is not the current one any more.
type PermissionSetConflict struct {
	Set       PermissionSetHead
	Conflict  ConflictProps
	Documents []DocumentDiff // what was saved against what was typed
}

// PermissionSetVersions is every save of a permission set.
type PermissionSetVersions struct {
	PermissionSetHead
	Rows []VersionRow
}

// columns are those of the list; with one version there is nothing to choose for comparing.
func (p PermissionSetVersions) columns() []Column {
	columns := []Column{
		{Text: "Version"},
		{Text: "What changed"},
		{Text: "Reason"},
		{Text: "By"},
		{Text: "Saved"},
		{Text: "Compare", Hidden: true},
	}
	if len(p.Rows) > 1 {
		return append([]Column{{Text: "From"}, {Text: "To"}}, columns...)
	}
	return columns
}

// VersionRow is one save.
type VersionRow struct {
	Version         int64
	Summary, Reason string
	By              string
	At              time.Time
	Current         bool
	Changes         string // address that compares it with the one before; empty for the first
}

// PermissionSetComparison is two saves side by side.
type PermissionSetComparison struct {
	PermissionSetHead
	From, To  VersionRow
	Fields    []Change
	Documents []DocumentDiff
}

// PermissionSetDeletion is the plan of deleting a permission set.
type PermissionSetDeletion struct {
	Set              PermissionSetHead
	Rows             []AssignmentRow // the first of them
	Plan             string
	Accounts, People []string // names, the first of them
	Problems         map[string]string
	Reason           string
}

func (p PermissionSetDeletion) confirm() ConfirmProps {
	c := ConfirmProps{
		Title:    "Delete " + p.Set.Name,
		Action:   p.Set.Base + "/delete",
		Button:   "Delete permission set",
		Danger:   true,
		Reason:   true,
		Because:  p.Reason,
		Cancel:   p.Set.Base,
		Problems: p.Problems,
		Fields:   []Pair{{"version", Digits(int(p.Set.Version))}, {"plan", p.Plan}},
	}
	if p.Set.Rules == 0 {
		c.Text = "Nobody has it, and no assignment gives it. Its versions and its history stay in the trail."
		return c
	}
	c.Button = "Delete with " + Plural(p.Set.Rules, "assignment", "assignments")
	c.Text = "The set and the assignments that give it go in one step. Undoing it means making both anew."
	c.Effects = append(c.Effects, Plural(p.Set.Rules, "assignment is removed.", "assignments are removed."))
	if p.Set.People > 0 {
		c.Effects = append(c.Effects, Plural(p.Set.People, "person loses", "people lose")+" the role in "+
			Plural(p.Set.Accounts, "account", "accounts")+": "+andMore(p.People, p.Set.People)+".")
		c.Effects = append(c.Effects, "Credentials issued for it stop working at once.")
	}
	return c
}

// andMore joins names and says how many are left out.
func andMore(names []string, total int) string {
	text := ""
	for i, name := range names {
		if i > 0 {
			text += ", "
		}
		text += name
	}
	if total > len(names) {
		text += " and " + Number(total-len(names)) + " more"
	}
	return text
}

// arns are the chosen policies as lines, where there is no catalogue to tick them in.
func (p PermissionSetFormPage) arns() string { return strings.Join(p.Form.ManagedPolicies, "\n") }
