package templates

// ScenariosPage lists the saved scenarios with whether they hold.
type ScenariosPage struct {
	Rows    []ScenarioRow
	Failing int
}

// ScenarioRow is one saved scenario.
type ScenarioRow struct {
	Name, Href, Description string
	Cases, Failing          int
}

// ScenarioPage is one saved scenario, proved now; with Past, its history instead of its cases.
type ScenarioPage struct {
	Address, Name, Description string
	Cases                      []ScenarioCase
	Total, Failing             int // cases
	MayEdit, MayDelete         bool
	Past                       *HistoryProps
}

// ScenarioCase is a question with what it should and does yield.
type ScenarioCase struct {
	Name    string
	Who     string
	Keys    []string // what else is true
	Expect  string
	Holds   bool
	Problem string // why it cannot be asked any more
	Rows    []SimulateRow
}

// ScenarioForm is the name and the description of a scenario as typed.
type ScenarioForm struct {
	Name        string `form:"name"`
	Description string `form:"description"`
	Reason      string `form:"reason"` // sent by the comparison of versions; a scenario keeps none
	Version     string `form:"version"`
}

// ScenarioEditPage is the form of a scenario; with Conflict, both versions instead.
type ScenarioEditPage struct {
	Address, Saved string
	Form           ScenarioForm
	Problems       map[string]string
	Conflict       *ConflictProps
}

func (p ScenarioPage) headActions() []Action {
	var actions []Action
	if p.MayDelete {
		actions = append(actions, Action{Text: "Delete", Href: p.Address + "/delete", Icon: "trash", Danger: true})
	}
	if p.MayEdit {
		actions = append(actions, Action{Text: "Edit", Href: p.Address + "/edit", Icon: "pencil"})
	}
	return append(actions, Action{Text: "Run again", Href: p.Address, Icon: "refresh"})
}

func (p ScenarioPage) tabs() []Tab {
	return []Tab{{Text: "Cases", Href: p.Address, Count: Number(p.Total), Current: p.Past == nil},
		{Text: "History", Href: p.Address + "/history", Current: p.Past != nil}}
}

func (p ScenariosPage) sub() string {
	if len(p.Rows) > 0 && p.Failing == 0 {
		return "Rules about access, each proved just now: all hold."
	}
	if p.Failing > 0 {
		return "Rules about access, each proved just now: " + Plural(p.Failing, "does not hold.", "do not hold.")
	}
	return "Rules about access, each proved against the organization as it is now."
}
