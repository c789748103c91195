package templates

// AccountPage is an account: who can enter, what limits it, what is known of it.
type AccountPage struct {
	Name, ID   string
	Tab        string // "overview" or "history"
	Facts      []Fact
	Actions    []Action
	Inactive   string // the state, when the account offers no roles
	Details    []Fact
	Roles      RolesProps
	Rules      RulesProps
	Guardrails GuardrailsProps
	Attach     string // address of attaching a policy; empty when that is not offered
	History    HistoryProps
}

// RulesProps is a short list of assignments.
type RulesProps struct {
	Rules  []RuleRow
	All    string // address of the whole list; empty when this is it
	Total  int
	Empty  string // why there are none
	Assign string // address of making one; empty when that is not offered
}

// RuleRow is one assignment.
type RuleRow struct {
	Href      string
	Principal Link
	Group     bool // the principal is a group
	Set       Link
	Target    Link
	Ends      string // "no end", or when
	Reason    string
	Off       string // why it is not in force: "begins tomorrow"; empty when it is
}

func (r RuleRow) principalIcon() (icon string) {
	if r.Group {
		return iconGroup
	}
	return iconPerson
}

func (p AccountPage) tabs() []Tab {
	base := "/accounts/" + p.ID
	return []Tab{
		{Text: "Overview", Href: base, Current: p.Tab == "overview"},
		{Text: "History", Href: base + "/history", Current: p.Tab == "history"},
	}
}

// AccountForm is what is typed about an account.
type AccountForm struct {
	AccountID string `form:"account_id"`
	Name      string `form:"name"`
	Email     string `form:"email"`
	OU        string `form:"ou"`
	State     string `form:"state"`
	Tags      string `form:"tags"` // one key=value a line
	Version   string `form:"version"`
	Reason    string `form:"reason"`
}

// AccountFormPage adds an account or changes one.
type AccountFormPage struct {
	Form     AccountForm
	New      bool
	Units    []Option // of a new account
	States   []Option // of one that is there
	Problems map[string]string
	Stale    *StaleProps
	Cancel   string
}

func (p AccountFormPage) action() string {
	if p.New {
		return "/accounts/new"
	}
	return "/accounts/" + p.Form.AccountID + "/edit"
}

// StaleProps says that somebody else saved while a form was open, and what differs. The form around it keeps what was typed
// and carries the new version, so that saving again is a decision.
type StaleProps struct {
	Noun   string // "account"
	Fields []StaleField
	Diff   []CodeLine // of a document; from what is saved to what was typed
}

// StaleField is a field that differs.
type StaleField struct{ Label, Saved, Yours string }

// MoveForm is where an account is to go.
type MoveForm struct {
	OU     string `form:"ou"`
	Reason string `form:"reason"`
}

// MovePage asks where an account is to go and then says what that changes.
type MovePage struct {
	Name, ID string
	Here     string // the unit it is in
	Units    []Option
	Form     MoveForm
	Problems map[string]string
	Review   *MoveReview // once a unit was chosen
}

// MoveReview is what a move changes.
type MoveReview struct {
	From, To     string
	Off, On      []Link // guardrails
	Lost, Gained []MoveRole
	Most         int // how many of each list are shown
}

// MoveRole is somebody who gains or loses a permission set in the account.
type MoveRole struct{ Person, Set Link }

// more is how many of a list of n stay out.
func (r MoveReview) more(n int) int { return max(0, n-r.Most) }

// InTheWayProps is why something cannot be removed yet.
type InTheWayProps struct {
	Title, Text string
	Rules       RulesProps // assignments to remove first
	Back        string
}

func ruleColumns() []Column {
	return []Column{{Text: "For"}, {Text: "Permission set"}, {Text: "On"}, {Text: "Ends"}, {Text: "Open", Hidden: true}}
}

// what is the row in words, for the link that repeats in every row.
func (r RuleRow) what() string {
	return "Open the assignment of " + r.Set.Text + " to " + r.Principal.Text
}

func (p RulesProps) actions() []Action {
	if p.Assign == "" {
		return nil
	}
	return []Action{{Text: "Assign access", Href: p.Assign, Icon: "plus"}}
}
