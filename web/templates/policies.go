package templates

import "time"

// PoliciesPage is the organization's policies.
type PoliciesPage struct {
	Count   string // "3 SCPs, 1 RCP"
	Query   string
	Keep    []Pair
	Chips   []Chip
	Rows    []PolicyRow
	Actions []Action
	Clear   string // address without a filter
	Now     time.Time
}

// PolicyRow is one policy of the organization.
type PolicyRow struct {
	Name, Href, Text string
	Kind             string // SCP or RCP
	AWS              bool
	Targets          []Link // the first few
	More             int    // how many more there are
	Version          int
	SavedAt          time.Time
}

// PolicyPage is one policy of the organization.
type PolicyPage struct {
	Name, ID string
	Text     string // its description
	Tab      string // "document", "versions", "targets" or "history"
	Facts    []Fact
	Actions  []Action
	Lines    []CodeLine
	Findings []Finding
	Size     string // "120 of 10,240 characters"
	Versions []PolicyVersionRow
	Compare  *PolicyCompare
	Targets  []PolicyTargetRow
	Attach   string
	Saves    int // of the tab's count
	History  HistoryProps
	Now      time.Time
}

// PolicyVersionRow is one save of a policy.
type PolicyVersionRow struct {
	Version int
	Name    string
	By      string
	At      time.Time
	Compare string // address of the difference to the version before; empty for the first
	Current bool
}

// PolicyCompare is the difference between two versions.
type PolicyCompare struct {
	From, To int
	Lines    []CodeLine
}

// PolicyTargetRow is where a policy is attached.
type PolicyTargetRow struct {
	Place  Link
	Unit   bool
	ID     string
	Path   string
	Since  time.Time
	Detach string // address that asks; empty when not offered
	Void   bool   // it has no effect there: an SCP at the management account
}

func (r PolicyTargetRow) targetIcon() (icon string) {
	if r.Unit {
		return iconUnit
	}
	return iconAccount
}

func (p PolicyPage) tabs() []Tab {
	base := "/accounts/policies/" + p.ID
	return []Tab{
		{Text: "Document", Href: base, Current: p.Tab == "document"},
		{Text: "Attached", Href: base + "/targets", Count: Number(len(p.Targets)), Current: p.Tab == "targets"},
		{Text: "Versions", Href: base + "/versions", Count: Number(p.Saves), Current: p.Tab == "versions"},
		{Text: "History", Href: base + "/history", Current: p.Tab == "history"},
	}
}

// PolicyForm is what is typed about a policy.
type PolicyForm struct {
	Kind        string `form:"kind"`
	Name        string `form:"name"`
	Description string `form:"description"`
	Document    string `form:"document"`
	Version     string `form:"version"`
	Reason      string `form:"reason"`
}

// PolicyFormPage makes a policy or saves its next version.
type PolicyFormPage struct {
	Form     PolicyForm
	ID       string // empty: a new one
	Kinds    []Tab  // of a new one: addresses of this form for either kind
	KindHint string // what the kind limits
	Editor   string // kind of document for the validator: "scp" or "rcp"
	Findings []Finding
	Problems map[string]string
	Stale    *StaleProps
	Bound    string // what a save changes at once: "It is attached to 3 targets and holds for 6 accounts."
	Cancel   string
}

func (p PolicyFormPage) action() string {
	if p.ID == "" {
		return "/accounts/policies/new"
	}
	return "/accounts/policies/" + p.ID + "/edit"
}

// AttachForm is what is to be attached where.
type AttachForm struct {
	Policy  string   `form:"policy"`
	Targets []string `form:"targets"`
	Reason  string   `form:"reason"`
}

// AttachPage attaches a policy to units and accounts.
type AttachPage struct {
	Form     AttachForm
	Policies []Option
	Rows     []AttachRow
	Folded   bool // accounts are left out: they are too many
	Problems map[string]string
	Cancel   string
}

// AttachRow is a place that a policy may be attached to.
type AttachRow struct {
	Place   PlaceRow
	Checked bool
	Off     string // why it cannot be chosen
}

// DetachForm is what is to be detached where.
type DetachForm struct {
	Policy string `form:"policy"`
	Target string `form:"target"`
	Reason string `form:"reason"`
}

func (p PolicyFormPage) button() string {
	if p.ID == "" {
		return "Create policy"
	}
	return "Save new version"
}

func attachActions(href string) []Action {
	if href == "" {
		return nil
	}
	return []Action{{Text: "Attach", Href: href, Icon: "plus"}}
}

func policyColumns() []Column {
	return []Column{{Text: "Name"}, {Text: "Kind"}, {Text: "Attached to"}, {Text: "Description"}, {Text: "Saved"}}
}

func versionColumns() []Column {
	return []Column{{Text: "Version"}, {Text: "Name"}, {Text: "Saved by"}, {Text: "Saved"}, {Text: "Difference", Hidden: true}}
}

func targetColumns() []Column {
	return []Column{{Text: "Target"}, {Text: "Id"}, {Text: "In"}, {Text: "Since"}, {Text: "Detach", Hidden: true}}
}
