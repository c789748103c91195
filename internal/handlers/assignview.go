package handlers

import (
	"fmt"
	"strings"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// pickersOf fills the three lists to choose from. What is chosen and not in a narrowed list stands above it.
func pickersOf(form templates.AssignForm, v center.AssignChoices, faults map[string]string) []templates.Picker {
	who, sets, where := chosenChoices(v.Chosen)
	on := map[string]bool{}
	for _, c := range append(append(append([]templates.Choice{}, who...), sets...), where...) {
		on[c.Value] = true
	}
	var groups, people, all, places []templates.Choice
	for _, g := range v.Groups {
		groups = append(groups, groupChoice(g))
	}
	for _, u := range v.People {
		people = append(people, userChoice(u))
	}
	for _, s := range v.Sets {
		all = append(all, setChoice(s))
	}
	for _, t := range v.Targets {
		places = append(places, placeChoice(t, form.Where == ""))
	}
	pickers := []templates.Picker{
		{Name: "principals", Title: "Who", Filter: "who", Query: form.Who, Hint: "Group or person", Autofocus: len(who) == 0,
			Left:   v.Matching.Groups - len(v.Groups) + v.Matching.People - len(v.People),
			Groups: choiceGroups(on, who, [][]templates.Choice{groups, people}, "Groups", "People")},
		{Name: "permission_sets", Title: "Permission sets", Filter: "name", Query: form.Set, Hint: "Permission set",
			Left: v.Matching.Sets - len(v.Sets), Groups: choiceGroups(on, sets, [][]templates.Choice{all}, "")},
		{Name: "targets", Title: "Accounts and units", Filter: "where", Query: form.Where, Hint: "Account, id or unit",
			Left: v.Matching.Targets - len(v.Targets), Groups: choiceGroups(on, where, [][]templates.Choice{places}, "")},
	}
	for i := range pickers {
		pickers[i].Problem = faults[pickers[i].Name]
	}
	if v.Accounts > 1 {
		pickers[2].All = fmt.Sprintf("Select all %s matching", templates.Number(v.Accounts))
		if form.Where == "" {
			pickers[2].All = fmt.Sprintf("Select all %s accounts", templates.Number(v.Accounts))
		}
	}
	return pickers
}

// choiceGroups puts lists under their headings, ticks what is chosen, and puts chosen things that no list has above
// them.
func choiceGroups(on map[string]bool, chosen []templates.Choice, lists [][]templates.Choice,
	headings ...string) []templates.ChoiceGroup {
	var groups []templates.ChoiceGroup
	listed := map[string]bool{}
	for i, list := range lists {
		for j := range list {
			list[j].On = on[list[j].Value]
			listed[list[j].Value] = true
		}
		if len(list) > 0 {
			groups = append(groups, templates.ChoiceGroup{Heading: headings[i], Choices: list})
		}
	}
	var above []templates.Choice
	for _, c := range chosen {
		if !listed[c.Value] {
			c.On = true
			above = append(above, c)
		}
	}
	if len(above) > 0 {
		groups = append([]templates.ChoiceGroup{{Heading: "Chosen", Choices: above}}, groups...)
	}
	return groups
}

// chosenChoices are the chosen things of a form, as choices that need no tree around them.
func chosenChoices(v center.ChosenEnds) (who, sets, where []templates.Choice) {
	for _, g := range v.Groups {
		who = append(who, groupChoice(g))
	}
	for _, u := range v.People {
		who = append(who, userChoice(u))
	}
	for _, s := range v.Sets {
		sets = append(sets, setChoice(s))
	}
	for _, u := range v.OUs {
		where = append(where, placeChoice(center.TargetChoice{OU: u}, false))
	}
	for _, a := range v.Accounts {
		where = append(where, placeChoice(center.TargetChoice{Account: a}, false))
	}
	return who, sets, where
}

func groupChoice(g *center.Group) templates.Choice {
	return templates.Choice{Value: markGroup + string(g.ID), Text: g.Name, Note: templates.Number(len(g.Members)),
		Icon: "users"}
}

func userChoice(u *center.User) templates.Choice {
	c := templates.Choice{Value: markUser + string(u.ID), Text: u.DisplayName, Note: u.UserName, Icon: "user"}
	if !u.Enabled {
		c.Note += ", disabled"
	}
	return c
}

func setChoice(s *center.Set) templates.Choice {
	return templates.Choice{Value: string(s.ID), Text: s.Name, Note: sessionText(s.Duration), Icon: "shield-lock"}
}

// placeChoice is a line of the tree, or of a list, where units go by their whole path.
func placeChoice(t center.TargetChoice, tree bool) templates.Choice {
	if t.Account != nil {
		c := templates.Choice{Value: markAccount + string(t.Account.ID), Text: t.Account.Name, Note: string(t.Account.ID),
			Icon: "cloud"}
		if t.Account.State != model.AccountActive {
			c.Note = strings.ToLower(string(t.Account.State))
		}
		if tree {
			c.Depth = t.Depth
		}
		return c
	}
	c := templates.Choice{Value: markOU + string(t.OU.ID), Text: "All of " + t.OU.Words(), Icon: "sitemap",
		Note: templates.Plural(len(t.OU.Below()), "account", "accounts")}
	if tree {
		c.Text, c.Depth = "All of "+t.OU.Name, t.Depth
	}
	return c
}

// windowText is when the access begins and ends, in words.
func windowText(q center.AssignRequest) string {
	const layout = "Monday 2 January 2006, 15:04"
	text := "Without end"
	if !q.ExpiresAt.IsZero() {
		text = "Ends " + q.ExpiresAt.Format(layout) + " UTC"
	}
	if !q.StartsAt.IsZero() {
		text = "Starts " + q.StartsAt.Format(layout) + " UTC. " + text
	}
	return text
}

func gainRows(gains []center.Gain) []templates.GainRow {
	rows := make([]templates.GainRow, len(gains))
	for i, g := range gains {
		row := templates.GainRow{Set: templates.Link{Text: g.Set.Name,
			Href: hrefOf(model.Ref{Kind: model.RefPermissionSet, ID: string(g.Set.ID)})},
			Where: templates.Plural(g.Accounts, "account", "accounts")}
		if g.Group != nil {
			row.Group, row.Who = true, templates.Link{Text: g.Group.Name,
				Href: hrefOf(model.Ref{Kind: model.RefGroup, ID: string(g.Group.ID)})}
		} else {
			row.Who = templates.Link{Text: g.User.DisplayName, Href: hrefOf(model.Ref{Kind: model.RefUser,
				ID: string(g.User.ID)})}
		}
		if len(g.Rules) == 1 {
			row.Where = targetText(g.Rules[0])
		}
		row.Gains, row.Idle = gainText(g)
		rows[i] = row
	}
	return rows
}

func targetText(r *center.Rule) string {
	if r.Account != nil {
		return r.Account.Name
	}
	return "all of " + r.OU.Words() + ", " + templates.Plural(len(r.OU.Below()), "account", "accounts")
}

// gainText says who gains a set; idle when nobody does.
func gainText(g center.Gain) (text string, idle bool) {
	switch {
	case g.Accounts == 0:
		return "nobody yet: no active account", true
	case g.People == 0 && g.Group != nil:
		return "nobody yet: no enabled member", true
	case g.People == 0:
		return "nobody: disabled", true
	case g.Gaining == 0 && g.People == 1:
		return "nothing new: held already", true
	case g.Gaining == 0:
		return fmt.Sprintf("nothing new: all %s hold it already", templates.Number(g.People)), true
	case g.Gaining < g.People:
		return fmt.Sprintf("%s of %s", templates.Number(g.Gaining), templates.Plural(g.People, "person", "people")), false
	}
	return templates.Plural(g.People, "person", "people"), false
}

// reviewNotes are what somebody should know before they assign.
func reviewNotes(r center.AssignReview) []templates.ReviewNote {
	var notes []templates.ReviewNote
	warn := func(text string) { notes = append(notes, templates.ReviewNote{Tone: templates.ToneWarn, Text: text}) }
	if n := len(r.Administrators); n > 0 {
		warn(fmt.Sprintf("%s of Gatehouse: %s.", templates.Plural(n, "person becomes an administrator",
			"people become administrators"),
			firstNames(r.Administrators, func(u *center.User) string { return u.DisplayName })))
	}
	if len(r.Disabled) > 0 {
		warn("Disabled people hold nothing until they are enabled: " +
			firstNames(r.Disabled, func(u *center.User) string { return u.DisplayName }) + ".")
	}
	if len(r.Inactive) > 0 {
		warn("Accounts that are not active offer no roles: " +
			firstNames(r.Inactive, func(a *center.Account) string { return a.Name }) + ".")
	}
	for _, s := range r.Unknown {
		warn(fmt.Sprintf("In %s the document of %s is not known here, so that part grants nothing.", s.Name,
			strings.Join(s.Unknown, ", ")))
	}
	return notes
}

// firstNames lists the first names of some things and how many more there are.
func firstNames[T any](things []T, name func(T) string) string {
	const most = 5
	var names []string
	for _, t := range things[:min(len(things), most)] {
		names = append(names, name(t))
	}
	if more := len(things) - most; more > 0 {
		return strings.Join(names, ", ") + " and " + templates.Number(more) + " more"
	}
	return strings.Join(names, ", ")
}
