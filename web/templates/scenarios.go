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

// ScenarioPage is one saved scenario, proved now.
type ScenarioPage struct {
	ID, Name, Description string
	Version               string
	Cases                 []ScenarioCase
	Failing               int
	MayDelete             bool
	History               string // address of its history
}

// ScenarioCase is a question with what it should and does yield.
type ScenarioCase struct {
	Name    string
	Who     string
	Expect  string
	Holds   bool
	Problem string // why it cannot be asked any more
	Href    string // the same question in the simulator; empty when documents are pasted in
	Rows    []SimulateRow
}

func (p ScenarioPage) headActions() []Action {
	actions := []Action{{Text: "Run again", Href: "/simulate/scenarios/" + p.ID, Icon: "refresh"}}
	if p.MayDelete {
		actions = append(actions, Action{Text: "Delete", Href: "/simulate/scenarios/" + p.ID + "/delete", Icon: "trash", Danger: true})
	}
	return actions
}
