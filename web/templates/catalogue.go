package templates

import "time"

// CataloguePage is AWS's managed policies.
type CataloguePage struct {
	Query string
	Rows  []CatalogueRow
	Pager PagerProps
	Total int  // in the catalogue
	Empty bool // the program was built without it
}

// CatalogueRow is an AWS-managed policy in a list.
type CatalogueRow struct {
	Name, Href, Path string
	Version          string
	Updated          time.Time
	Used             int  // permission sets that have it
	ServiceLinked    bool // nobody can attach it
}

// CataloguePolicyPage is one AWS-managed policy.
type CataloguePolicyPage struct {
	Name, ARN, Version string
	Updated            time.Time
	Lines              []CodeLine
	Differs            []CodeLine // the catalogue's document against the one in use; empty when they are alike
	ServiceLinked      bool
	Listed             bool // the catalogue has it
	Sets               PermissionSetsPage
	Attach, New        string // addresses; empty when the person may not
}

func (p CataloguePolicyPage) head() HeadProps {
	head := HeadProps{Title: p.Name, Facts: []Fact{{Label: "Kind", HideLabel: true, Value: Text("AWS managed")}}}
	if p.Listed {
		head.Facts = append(
			head.Facts,
			Fact{Label: "Version", Value: Mono(p.Version)},
			Fact{Label: "Changed by AWS", Value: Day(p.Updated)},
		)
	}
	head.Facts = append(head.Facts, Fact{Label: "ARN", Value: ARN(p.ARN)})
	if p.New != "" {
		head.Actions = append(head.Actions, Action{Text: "New permission set with it", Href: p.New, Icon: "plus"})
	}
	if p.Attach != "" {
		head.Actions = append(
			head.Actions,
			Action{Text: "Attach to a permission set", Href: p.Attach, Icon: "link", Primary: true},
		)
	}
	return head
}
