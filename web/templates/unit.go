package templates

// UnitPage is an organizational unit or the root: what hangs in it, what limits it, who can enter.
type UnitPage struct {
	Name, ID   string
	Root       bool
	Tab        string // "overview" or "history"
	Facts      []Fact
	Actions    []Action
	Rows       []PlaceRow // directly below
	Rules      RulesProps
	Guardrails GuardrailsProps
	Attach     string
	Entries    EntriesProps
	History    HistoryProps
}

func (p UnitPage) tabs() []Tab {
	base := "/accounts/ous/" + p.ID
	return []Tab{
		{Text: "Overview", Href: base, Current: p.Tab == "overview"},
		{Text: "History", Href: base + "/history", Current: p.Tab == "history"},
	}
}

// UnitForm is what is typed about a unit.
type UnitForm struct {
	Name    string `form:"name"`
	Parent  string `form:"parent"`
	Version string `form:"version"`
	Reason  string `form:"reason"`
}

// UnitFormPage makes a unit or renames one.
type UnitFormPage struct {
	Form     UnitForm
	ID       string // empty: a new one
	Units    []Option
	Problems map[string]string
	Stale    *StaleProps
	Cancel   string
}

func (p UnitFormPage) action() string {
	if p.ID == "" {
		return "/accounts/ous/new"
	}
	return "/accounts/ous/" + p.ID + "/edit"
}

// ReasonForm is a confirmation with a reason.
type ReasonForm struct {
	Reason string `form:"reason"`
}
