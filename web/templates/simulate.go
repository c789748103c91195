package templates

import (
	"strconv"
)

// SimulatePage is the simulator: a question, and its answer when it was asked.
type SimulatePage struct {
	Form      SimulateForm
	Users     []string // offered while typing
	Accounts  []Option
	Sets      []Option
	Answer    *SimulateAnswer
	Link      string // address that asks the same again; empty when documents are pasted in
	MaySave   bool
	Scenarios bool // there is a page of saved scenarios for this person
	Operator  bool // may ask about everybody
	Complete  string
}

// SimulateForm is the question as typed.
type SimulateForm struct {
	User      string `form:"user"`
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

// Pasted reports whether the question brings documents or a principal of its own.
func (f SimulateForm) Pasted() bool {
	return f.Principal != "" || f.Identity != "" || f.Policy != "" || f.Session != ""
}

// SimulateAnswer is the answer: one row explained, all rows listed.
type SimulateAnswer struct {
	Who     string // whose role, in words
	NotHeld string // a note when the person does not hold the role
	Verdict VerdictProps
	Steps   []ChainStep
	Code    CodeProps
	CodeSub string
	Misses  []MissProps
	Missing []ShownKey
	Blocked []string
	Rows    []SimulateRow
	Allowed int
	Denied  int
	Not     int
	Role    RolesProps // how the person comes to the role; without rows when they do not hold it
}

// ShownKey is a condition key that the request does not carry.
type ShownKey struct{ Key, Policy string }

// SimulateRow is the answer for one action on one resource.
type SimulateRow struct {
	Index            int
	Tone             Tone
	Verdict          string
	Action, Resource string
	By               string
	Href             string // address that explains this row; empty when only the form can ask again
	Open             bool
}

func (r SimulateRow) index() string { return strconv.Itoa(r.Index) }

func (p SimulatePage) headActions() []Action {
	var actions []Action
	if p.Scenarios {
		actions = append(actions, Action{Text: "Saved scenarios", Href: "/simulate/scenarios", Icon: "bookmark"})
	}
	return actions
}

func (p SimulatePage) problems() []Problem {
	return Problems(p.Form.Problems, "user", "account", "set", "actions", "resources", "keys", "owner", "principal", "identity", "policy", "session", "name")
}

// further reports whether the folded part of the form has something to show.
func (p SimulatePage) further() bool {
	f := p.Form
	return f.Pasted() || f.Owner != "" || f.Problems["owner"] != ""
}
