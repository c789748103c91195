package templates

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// SimulatePage is the simulator: a question, and its answer when it was asked.
type SimulatePage struct {
	Form      SimulateForm
	Users     []string // offered while typing
	Roles     []Option // that the person holds: account/set
	Accounts  []Option
	Sets      []Option
	Region    string // where requests usually go
	Answer    *SimulateAnswer
	MaySave   bool
	Scenarios bool // there is a page of saved scenarios for this person
	Operator  bool // may ask about everybody
}

// OtherRole is the choice of a role that the person does not hold.
const OtherRole = "other"

// SimulateForm is the question as typed.
type SimulateForm struct {
	User      string `form:"user"`
	Of        string `form:"of"`   // whose roles were offered
	Role      string `form:"role"` // account/set, or OtherRole: then Account and Set say which
	Account   string `form:"account"`
	Set       string `form:"set"`
	Principal string `form:"principal"`
	Identity  string `form:"identity"`
	Actions   string `form:"actions"`
	Resources string `form:"resources"`
	Owner     string `form:"owner"`
	Keys      string `form:"keys"`
	NoMFA     string `form:"no_mfa"`
	Policy    string `form:"policy"`
	Session   string `form:"session"`
	Row       string `form:"row"`  // which answer is explained, from 0
	Name      string `form:"name"` // of the scenario to save
	Problems  map[string]string
}

// TakeRole puts the chosen role where an address has it. A role that was offered for somebody else is none.
func (f *SimulateForm) TakeRole() {
	if f.Role == OtherRole {
		return
	}
	f.Account, f.Set = "", ""
	account, set, ok := strings.Cut(f.Role, "/")
	if ok && strings.EqualFold(strings.TrimSpace(f.Of), strings.TrimSpace(f.User)) {
		f.Account, f.Set = account, set
	}
}

// RoleGiven reports whether the form says which role it is about.
func (f SimulateForm) RoleGiven() bool { return f.Account != "" && f.Set != "" }

// Add notes what is wrong with fields.
func (f *SimulateForm) Add(fields map[string]string) {
	if f.Problems == nil {
		f.Problems = map[string]string{}
	}
	maps.Copy(f.Problems, fields)
}

// Pasted reports whether the question brings documents or a principal of its own.
func (f SimulateForm) Pasted() bool {
	return f.Principal != "" || f.Identity != "" || f.Policy != "" || f.Session != ""
}

// Values are what the simulator is posted to ask the same.
func (f SimulateForm) Values() []Pair {
	if f.RoleGiven() {
		f.Role = OtherRole
	}
	var list []Pair
	for _, p := range []Pair{{"user", f.User}, {"role", f.Role}, {"account", f.Account}, {"set", f.Set}, {"principal", f.Principal},
		{"identity", f.Identity}, {"actions", f.Actions}, {"resources", f.Resources}, {"owner", f.Owner}, {"keys", f.Keys},
		{"no_mfa", f.NoMFA}, {"policy", f.Policy}, {"session", f.Session}} {
		if p.Value != "" {
			list = append(list, p)
		}
	}
	return list
}

// SimulateAnswer is the answer: one row explained, all rows listed.
type SimulateAnswer struct {
	Who                  string // whose role, in words
	NotHeld              string // a note when the person does not hold the role
	Unknown              []string
	Verdict              VerdictProps
	Steps                []ChainStep
	Notes                []string // why layers do not count
	Code                 CodeProps
	CodeSub              string
	Remedies             []Remedy
	Rows                 []SimulateRow
	Allowed, Denied, Not int
	Role                 RolesProps // how the person comes to the role; without rows when they do not hold it
}

// Remedy is something that would change an answer.
type Remedy struct {
	Kind RemedyKind
	Text templ.Component
}

// RemedyKind says what sort of change it is.
type RemedyKind string

// The kinds of change.
const (
	RemedyFactor    RemedyKind = "factor"    // a second factor
	RemedyRole      RemedyKind = "role"      // another permission set
	RemedyAccount   RemedyKind = "account"   // another account
	RemedyCondition RemedyKind = "condition" // another condition
	RemedyKey       RemedyKind = "key"       // a condition key
	RemedyNone      RemedyKind = "none"      // what does not help
)

func (k RemedyKind) icon() string {
	switch k {
	case RemedyFactor:
		return "device-mobile"
	case RemedyRole:
		return "shield-lock"
	case RemedyAccount:
		return "arrows-exchange"
	case RemedyCondition:
		return "adjustments"
	case RemedyKey:
		return "help"
	}
	return "ban"
}

// SimulateRow is the answer for one action on one resource.
type SimulateRow struct {
	Index            int
	Tone             Tone
	Verdict          string
	Action, Resource string
	By               string
	Href             string // address that explains this row; empty when only a form can ask again
	Ask              []Pair // the form that asks again, on pages that are not the simulator
	Open             bool
	Misses           []MissProps // of the open row
}

// Count adds a row to the counts.
func (a *SimulateAnswer) Count(tone Tone) {
	switch tone {
	case ToneOK:
		a.Allowed++
	case ToneWarn:
		a.Not++
	default:
		a.Denied++
	}
}

// Short is the resource without the parts of its ARN that say where it is.
func (r SimulateRow) Short() string {
	if parts := strings.SplitN(r.Resource, ":", 6); len(parts) == 6 {
		return parts[5]
	}
	return r.Resource
}

func (r SimulateRow) index() string { return strconv.Itoa(r.Index) }

func (p SimulatePage) headActions() []Action {
	var actions []Action
	if p.Scenarios {
		actions = append(actions, Action{Text: "Saved scenarios", Href: "/simulate/scenarios", Icon: "bookmarks"})
	}
	if p.Answer != nil && p.MaySave {
		actions = append(actions, Action{Text: "Save as scenario", Href: "#save", Icon: "bookmark"})
	}
	return actions
}

func (p SimulatePage) sub() string {
	if p.Operator {
		return "Ask what a role may do, and read why."
	}
	return "Ask what one of your roles may do, and read why."
}

func (p SimulatePage) problems() []Problem {
	return Problems(p.Form.Problems, "user", "role", "account", "set", "actions", "resources", "keys", "owner", "principal",
		"identity", "policy", "session", "name")
}

// roles are the choices for the role, with the one that is chosen below.
func (p SimulatePage) roles() []Option {
	roles := slices.Clone(p.Roles)
	if p.Operator {
		roles = append(roles, Option{Value: OtherRole, Text: "Another role, chosen below"})
	}
	if len(roles) == 0 {
		roles = []Option{{Text: "No role yet"}}
	}
	return roles
}

// further reports whether the folded part of the form has something to show.
func (p SimulatePage) further() bool {
	f := p.Form
	for _, name := range []string{"account", "set", "owner", "principal", "identity", "policy", "session"} {
		if f.Problems[name] != "" {
			return true
		}
	}
	return f.Pasted() || f.Owner != "" || f.Role == OtherRole
}

// more names what the folded part of the form holds.
func (p SimulatePage) more() string {
	if p.Operator {
		return "Another role or principal, policies on the resource and the session"
	}
	return "Policies on the resource and the session"
}
