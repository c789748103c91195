package handlers

import (
	"maps"
	"net/url"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// aboutUser is what the pages about a person are made of: what is known of them, and what the viewer may do.
type aboutUser struct {
	center.Profile
	may map[string]bool
}

// userOf reads the person whose id stands in the address.
func (h *Handlers) userOf(c echo.Context) (aboutUser, error) {
	profile, err := h.Center.Person(c.Request().Context(), person(c), model.UserID(c.Param("id")))
	if err != nil {
		return aboutUser{}, err
	}
	may, err := h.may(c, model.ActCreateMembership, model.ActDeleteMembership, model.ActCreateAssignment, model.ActSimulate)
	if err != nil {
		return aboutUser{}, err
	}
	about, err := h.Center.MayAbout(c.Request().Context(), person(c), profile.ID, model.ActUpdateUser, model.ActDisableUser,
		model.ActEnableUser, model.ActDeleteUser, model.ActInviteUser, model.ActListSessions, model.ActResetPassword, model.ActResetMFA,
		model.ActEndSession, model.ActRevokeRoleSession, model.ActOffboard)
	maps.Copy(may, about)
	return aboutUser{profile, may}, err
}

func (u aboutUser) address(tab string) string { return "/users/" + url.PathEscape(string(u.ID)) + tab }

// assign is where access is assigned to the person.
func (u aboutUser) assign() string { return "/assignments/new?user=" + url.QueryEscape(string(u.ID)) }

func (h *Handlers) userHead(u aboutUser, tab string) templates.UserHead {
	return templates.UserHead{
		ID: string(u.ID), Name: u.DisplayName, UserName: u.UserName, Initials: u.Initials(), Tab: tab,
		Status: userState(u.User, u.HasPassword, u.CodesDisabled), Factor: factorFact(u.Factors), Seen: u.LastSignIn,
		Administers: u.Administers, Groups: len(u.Groups), Reach: u.Reach, Now: h.Now(),
		Security: u.may[model.ActListSessions], Actions: u.actions(), More: u.more(),
	}
}

func factorFact(factors int) templates.State {
	s := factorState(factors)
	if factors == 0 {
		s.Text = "No second factor"
	}
	return s
}

// actions are the buttons in the head.
func (u aboutUser) actions() []templates.Action {
	var list []templates.Action
	if u.Status == model.UserDisabled && u.may[model.ActEnableUser] {
		list = append(list, templates.Action{Text: "Enable", Href: u.address("/enable"), Icon: "user-check", Post: true, Primary: true})
	}
	if u.Status == model.UserEnabled && !u.HasPassword && u.may[model.ActInviteUser] {
		list = append(list, templates.Action{Text: "New invitation", Href: u.address("/invitation"), Icon: "mail", Post: true})
	}
	if !u.Self && u.may[model.ActOffboard] {
		list = append(list, templates.Action{Text: "Offboard", Href: u.address("/offboard"), Icon: "door-exit", Danger: true, Dialog: true})
	}
	if u.Status == model.UserEnabled && !u.Self && u.may[model.ActDisableUser] {
		list = append(list, templates.Action{Text: "Disable", Href: u.address("/disable"), Icon: "user-off", Danger: true, Dialog: true})
	}
	if u.may[model.ActUpdateUser] {
		list = append(list, templates.Action{Text: "Edit", Href: u.address("/edit"), Icon: "pencil"})
	}
	if u.may[model.ActCreateAssignment] && u.Status == model.UserEnabled {
		list = append(list, templates.Action{Text: "Assign access", Href: u.assign(), Icon: "plus", Primary: true})
	}
	return list
}

// more are the rarer acts, in a menu. Nobody can disable or delete themselves.
func (u aboutUser) more() []templates.Action {
	var list []templates.Action
	if u.may[model.ActOffboard] && u.Status == model.UserDisabled {
		list = append(list, templates.Action{Text: "What is left", Href: u.address("/leftovers"), Icon: "list-details"})
	}
	if !u.Self && u.may[model.ActDeleteUser] {
		list = append(list, templates.Action{Text: "Delete", Href: u.address("/delete"), Icon: "trash", Danger: true, Dialog: true})
	}
	return list
}

func userPage(u aboutUser, title string) page {
	p := page{title: u.DisplayName, section: "/users", crumbs: []templates.Link{usersCrumb, {Text: u.DisplayName}}}
	if title != "" {
		p.title = title + " · " + u.DisplayName
		p.crumbs = []templates.Link{usersCrumb, {Text: u.DisplayName, Href: u.address("")}, {Text: title}}
	}
	return p
}

// showUser shows the profile of a person.
func (h *Handlers) showUser(c echo.Context) error {
	u, err := h.userOf(c)
	if err != nil {
		return err
	}
	now := h.Now()
	p := templates.UserPage{Head: h.userHead(u, ""), Groups: groupLines(u, false), Direct: h.ownRules(u.Direct), Join: u.may[model.ActCreateMembership],
		Profile: []templates.Fact{
			{Label: "Name", Value: templates.Text(u.GivenName + " " + u.FamilyName)},
			{Label: "Display name", Value: templates.Text(u.DisplayName)},
			{Label: "User name", Value: templates.Copyable(u.UserName, "user name")},
			{Label: "E-mail", Value: templates.Copyable(u.Email, "e-mail address")},
			{Label: "Job title", Value: textOr(u.Title, "none")},
			{Label: "User id", Value: templates.Copyable(string(u.ID), "user id")},
			{Label: "ARN", Value: templates.ARN(u.ARN)},
			{Label: "Created", Value: templates.Moment(u.CreatedAt)},
			{Label: "Changed", Value: templates.Moment(u.UpdatedAt)},
		},
		SignIn: []templates.Fact{
			{Label: "Status", Value: templates.Status(userState(u.User, u.HasPassword, u.CodesDisabled).Tone, userState(u.User, u.HasPassword, u.CodesDisabled).Text)},
			{Label: "Second factor", Value: templates.Status(factorFact(u.Factors).Tone, factorFact(u.Factors).Text)},
			{Label: "Last sign-in", Value: templates.Time(u.LastSignIn, now)},
			{Label: "Sessions", Value: templates.Text(sessionsText(u))},
			{Label: "Role credentials", Value: templates.Text(templates.Plural(u.Credentials, "set in use", "sets in use"))},
			{Label: "Reach", Value: templates.Text(reachText(u.Reach, u.Accounts))},
		},
	}
	if u.may[model.ActCreateAssignment] {
		p.Assign = u.assign()
	}
	return h.render(c, userPage(u, ""), templates.User(p))
}

func reachText(roles, accounts int) string {
	if roles == 0 {
		return "no account"
	}
	return templates.Plural(roles, "role", "roles") + " in " + templates.Plural(accounts, "account", "accounts")
}

func sessionsText(u aboutUser) string {
	if len(u.Sessions) == 0 {
		return "not signed in anywhere"
	}
	return "signed in with " + templates.Plural(len(u.Sessions), "browser", "browsers")
}

// groupLines are the groups of a person; with leave, each with a way out.
func groupLines(u aboutUser, leave bool) []templates.GroupLine {
	lines := make([]templates.GroupLine, len(u.Groups))
	for i, g := range u.Groups {
		lines[i] = templates.GroupLine{Group: templates.Link{Text: g.Name, Href: hrefOf(g.Ref)}, Since: g.Since,
			Members: g.Members, Rules: g.Rules}
		if leave {
			lines[i].Remove = u.address("/groups/" + url.PathEscape(g.ID) + "/remove")
		}
	}
	return lines
}

// showUserAccess shows what a person can reach, and why.
func (h *Handlers) showUserAccess(c echo.Context) error {
	u, err := h.userOf(c)
	if err != nil {
		return err
	}
	roles, err := h.Center.RolesOf(c.Request().Context(), person(c), u.ID)
	if err != nil {
		return err
	}
	table := templates.RolesProps{Title: "Effective access", Count: reachText(u.Reach, u.Accounts), Noun: u.DisplayName, Sets: true,
		Accounts: true, Graph: true, Empty: templates.EmptyProps{Icon: "link", Title: u.DisplayName + " reaches no account",
			Text: "Neither their groups nor an assignment of their own gives them a permission set."}}
	if u.may[model.ActSimulate] {
		table.Actions = append(table.Actions, templates.Action{Text: "Simulate", Href: "/simulate?user=" + url.QueryEscape(u.UserName), Icon: "player-play"})
	}
	p := templates.UserAccessPage{Head: h.userHead(u, "access"), Roles: h.roles(c, roles, table)}
	if u.Status == model.UserDisabled {
		p.Note = u.DisplayName + " is disabled and reaches nothing. Groups and assignments stay, and count again once they are enabled."
	}
	return h.render(c, userPage(u, "Access"), templates.UserAccess(p))
}

// showUserHistory shows what happened to a person.
func (h *Handlers) showUserHistory(c echo.Context) error {
	u, err := h.userOf(c)
	if err != nil {
		return err
	}
	past, err := h.history(c, model.Ref{Kind: model.RefUser, ID: string(u.ID)}, "user")
	if err != nil {
		return err
	}
	return h.render(c, userPage(u, "History"), templates.UserHistory(templates.UserHistoryPage{Head: h.userHead(u, "history"), History: past}))
}
