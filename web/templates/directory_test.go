package templates_test

import (
	"testing"
	"time"

	"gatehouse/web/templates"
)

func userRows() []templates.UserRow {
	return []templates.UserRow{
		{ID: "u-1", Name: "Ana Beltrán", UserName: "ana", Initials: "AB", Groups: "Developers, Support", Accounts: 3,
			Factor: templates.State{Tone: templates.ToneOK, Text: "App"}, Status: templates.State{Tone: templates.ToneOK, Text: "Active"},
			Seen: now.Add(-4 * time.Minute), Since: now.AddDate(0, -1, 0)},
		{ID: "u-2", Name: "Ben <Carter>", UserName: "ben", Initials: "BC",
			Factor: templates.State{Tone: templates.ToneWarn, Text: "None"}, Status: templates.State{Tone: templates.ToneOff, Text: "Disabled"}},
	}
}

func userHead() templates.UserHead {
	return templates.UserHead{ID: "u-1", Name: "Ana Beltrán", UserName: "ana", Initials: "AB", Seen: now.Add(-time.Hour), Now: now,
		Status: templates.State{Tone: templates.ToneOK, Text: "Active"}, Factor: templates.State{Tone: templates.ToneOK, Text: "App"},
		Administers: true, Groups: 1, Reach: 2,
		Actions: []templates.Action{{Text: "Edit", Href: "/users/u-1/edit", Icon: "pencil"}},
		More:    []templates.Action{{Text: "Delete", Href: "/users/u-1/delete", Icon: "trash", Danger: true, Dialog: true}}}
}

func TestUserPages(t *testing.T) {
	list := templates.UsersPage{Total: 2, Views: []templates.Tab{{Text: "Everyone", Href: "/users", Count: "2", Current: true}},
		Filter:  templates.FilterProps{Action: "/users", Label: "Filter users", Target: "users"},
		Columns: []templates.Column{{Text: "Name", Sort: "/users?dir=desc", Order: "ascending"}, {Text: "User name"}}, Sorted: "sorted by name",
		Rows: userRows(), Pager: templates.PagerProps{First: 1, Last: 2, Total: 2}, Create: true, Group: true, Disable: true, Now: now}
	golden(t, "users", templates.Users(list))
	list.Rows, list.Create, list.Group, list.Disable = nil, false, false, false
	list.Empty = templates.EmptyProps{Icon: "search-off", Title: "No user matches “x”"}
	golden(t, "users-none", templates.Users(list))
	golden(t, "user", templates.User(templates.UserPage{Head: userHead(), Join: true, Assign: "/assignments/new?user=u-1",
		Profile: []templates.Fact{{Label: "Job title", Value: templates.Faint("none")}},
		Groups:  []templates.GroupLine{{Group: templates.Link{Text: "Developers", Href: "/groups/g"}, Since: now, Members: 2, Rules: 1}},
		Direct: []templates.OwnRule{{Set: templates.Link{Text: "ReadOnly", Href: "/permission-sets/ps"}, Target: templates.Link{Text: "Prod"},
			Reach: "unit, 4 accounts", Reason: "on call", State: templates.State{Tone: templates.ToneOK, Text: "Temporary"}, EndsAt: now.Add(time.Hour)}}}))
	golden(t, "user-bare", templates.User(templates.UserPage{Head: templates.UserHead{ID: "u-2", Name: "Ben", Now: now}}))
	golden(t, "user-groups", templates.UserGroups(templates.UserGroupsPage{Head: userHead(), Faults: map[string]string{"group": "Choose a group."},
		Offer:  []templates.Option{{Text: "Choose a group"}, {Value: "g", Text: "Support"}},
		Groups: []templates.GroupLine{{Group: templates.Link{Text: "Developers", Href: "/groups/g"}, Since: now, Remove: "/users/u-1/groups/g/remove"}}}))
}

func TestUserForms(t *testing.T) {
	form := templates.NewUserForm{UserFields: templates.UserFields{GivenName: "Ana", Email: "nowhere"}, UserName: "a b"}
	golden(t, "user-new", templates.UserNew(templates.UserNewPage{Form: form, Groups: 1, Names: []string{"Developers"},
		Faults: map[string]string{"email": "Enter an e-mail address.", "username": "No spaces."},
		Offer:  []templates.GroupOffer{{ID: "g", Name: "Developers", Note: "2 members", Chosen: true}}}))
	golden(t, "user-edit", templates.UserEdit(templates.UserEditPage{ID: "u-1", Name: "Ana", UserName: "ana",
		Form: templates.EditUserForm{UserFields: templates.UserFields{GivenName: "Ana"}, Version: "3"}}))
	golden(t, "user-created", templates.UserCreated(templates.UserCreatedPage{ID: "u-1", Name: "Ana Beltrán", UserName: "ana",
		Email: "ana@example.com", Groups: []string{"Developers"}, Link: "http://localhost/invite/x", Expires: now}))
	golden(t, "user-not-invited", templates.UserCreated(templates.UserCreatedPage{ID: "u-1", Name: "Ana", UserName: "ana",
		Why: "You may not invite."}))
	golden(t, "selection", templates.Selection(templates.SelectionPage{People: userRows(), Group: "g",
		Groups:  []templates.Option{{Text: "Choose a group"}, {Value: "g", Text: "Developers"}},
		Confirm: templates.ConfirmProps{Title: "Add 2 people to a group", Action: "/users/join", Button: "Add to group", Cancel: "/users"}}))
}

func TestGroupPages(t *testing.T) {
	head := templates.GroupHead{ID: "g", Name: "Developers", Description: "Build", ARN: "arn:aws:identitystore:::group/g", Members: 2, Reach: 1,
		Administers: true, Actions: []templates.Action{{Text: "Edit", Href: "/groups/g/edit"}}}
	golden(t, "groups", templates.Groups(templates.GroupsPage{Total: 1, Create: true, Sorted: "sorted by name",
		Columns: []templates.Column{{Text: "Name"}}, Rows: []templates.GroupRow{{ID: "g", Name: "Developers", Members: 1, Accounts: 2, Sets: "ReadOnly"}, {ID: "h", Name: "Empty"}}}))
	golden(t, "groups-none", templates.Groups(templates.GroupsPage{Empty: templates.EmptyProps{Icon: "users-group", Title: "No groups yet"}}))
	golden(t, "group", templates.Group(templates.GroupPage{Head: head, Rows: userRows(), Leave: true, Join: true, Now: now,
		Columns: []templates.Column{{Text: "Name"}, {Text: "Action", Hidden: true}}, Pager: templates.PagerProps{First: 1, Last: 2, Total: 2}}))
	golden(t, "group-add", templates.GroupAdd(templates.GroupAddPage{Head: head, Rows: userRows(),
		Form: templates.MembersForm{Members: "ana\nwho"}, Faults: map[string]string{"members": "1 of 2 entries mean nobody."},
		Lines: []templates.PastedLine{
			{Text: "ana", Person: templates.Link{Text: "Ana Beltrán", Href: "/users/u-1"}, State: templates.State{Tone: templates.ToneOK, Text: "Will be added"}},
			{Text: "who", State: templates.State{Tone: templates.ToneBad, Text: "No user has this user name."}}}}))
	golden(t, "group-new", templates.GroupNew(templates.GroupNewPage{Form: templates.GroupForm{Name: "Ops"}}))
	golden(t, "group-edit", templates.GroupEdit(templates.GroupEditPage{ID: "g", Name: "Developers",
		Form: templates.EditGroupForm{Name: "", Version: "2"}, Faults: map[string]string{"name": "Enter a value."}}))
	golden(t, "group-access", templates.GroupAccess(templates.GroupAccessPage{Head: head, Assign: "/assignments/new?group=g", Now: now}))
}

func TestHistories(t *testing.T) {
	words := templates.EventWords(templates.Link{Text: "Elena Novak", Href: "/users/e"}, "Added Ana to the group Ana's team", false,
		[]templates.Link{{Text: "Ana", Href: "/users/a"}, {Text: "Ana's team", Href: "/groups/g"}, {Text: "gone"}})
	golden(t, "history", templates.History(templates.HistoryProps{Noun: "user", Shown: 1, Total: 60, Older: "/users/a/history?before=9",
		Newest: "/users/a/history", Days: []templates.EventDay{{Title: "Friday 20 November 2026", Events: []templates.EventProps{
			{ID: "event-9", At: now, Icon: templates.EventIcon("identitystore:CreateGroupMembership"), What: templates.Sentence(words),
				Name: "identitystore:CreateGroupMembership", Changes: []templates.Change{{Field: "title", After: "Lead"}}}}}}}))
	golden(t, "history-none", templates.History(templates.HistoryProps{Noun: "group"}))
	refused := templates.EventWords(templates.Link{Text: "host"}, "Refused identitystore:DeleteUser", true, nil)
	golden(t, "sentence-refused", templates.Sentence(refused))
}

func TestSearchPages(t *testing.T) {
	golden(t, "search", templates.Search(templates.SearchPage{Query: "a<b", Kinds: []templates.FoundKind{{Title: "Users", List: "/users", Total: 30,
		All: "/users?q=a", Things: []templates.FoundThing{{Link: templates.Link{Text: "Ana", Href: "/users/u"}, Note: "ana", Initials: "A", Access: "/users/u/access"}}}}}))
	golden(t, "search-none", templates.Search(templates.SearchPage{Query: "zzz"}))
	golden(t, "search-empty", templates.Search(templates.SearchPage{}))
}
