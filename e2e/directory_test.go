package e2e

import "testing"

// fromHere begins to count clicks and loads anew: a journey begins at the product's home.
func (j *journey) fromHere() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.clicks, j.loads = 0, 0
}

// searchFor types into the search field of the page and submits it with Enter, which counts as a click.
func (j *journey) searchFor(text string) {
	j.t.Helper()
	Eval[bool](j, `([...document.querySelectorAll('[data-find]')].find(e => e.checkVisibility()).focus(), true)`)
	j.press(text + "\r")
	j.clicks++
	j.See("Effective access")
}

func TestJourneyCreateAUserInAGroup(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.fromHere()
	j.Click("Users")
	j.Click("New user")
	j.Type("given_name", "Maja")
	j.Type("family_name", "Lund")
	j.Type("username", "maja.lund")
	j.Type("email", "maja.lund@securecart.example")
	j.Type("groups", "SecureCart-Support")
	j.Click("Create user")
	j.See("Maja Lund is in the directory")
	j.See("/invite/")
	j.See("SecureCart-Support")
	j.Goal(3, 3)
	j.Axe()
	j.Shot("user-created")
}

func TestJourneyCreateAGroupWithThreeMembersByPasting(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.fromHere()
	j.Click("Groups")
	j.Click("New group")
	j.Type("name", "On call")
	j.Type("members", "ana.beltran, amara.diallo@securecart.example, ben.carter")
	j.Click("Create group")
	j.See("Created the group On call with 3 members.")
	j.See("1–3 of 3")
	j.Goal(3, 3)
}

func TestJourneyWhatCanAnaReach(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.fromHere()
	j.searchFor("ana.beltran")
	j.See("SecureCart-Production")
	j.See("SecureCart-Developers")
	j.Goal(1, 1)
	j.Click("why? Ana Beltran, SecureCart-Developer-PermSet in SecureCart-Production")
	j.See("Member of")
	j.Axe()
}

func TestJourneyOffboardSomebody(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.searchFor("ana.beltran")
	j.fromHere()
	j.Click("Disable")
	j.See("They lose")
	j.Click("#dialog button.btn-danger")
	j.See("Disabled. Sessions and role credentials have ended.")
	j.Goal(2, 1)
}

func TestTheDirectoryWorksWithoutScripts(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := newJourney(t, c.base, view{noScript: true})
	for _, p := range c.people {
		if p.Role != "administrator" {
			continue
		}
		j.Open("/signin")
		j.Type("username", p.UserName)
		j.Type("password", p.Password)
		j.Click("form button[type=submit]")
		j.At("/signin/mfa")
		j.Type("code", c.Code(p.TOTPSecret))
		j.Click("Sign in")
		j.At("/")
		break
	}
	j.Open("/users")
	j.Click("input[name=user]")
	j.Click("button[value=group]")
	j.See("to a group")
	j.Open("/groups")
	j.Click("SecureCart-Support")
	j.Click("Remove")
	j.See("Removed from the group.")
	j.Click("Undo")
	j.See("Back in the group.")
}

func TestAFilterKeepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.Open("/users")
	j.Type("q", "an")
	j.wait("the list", `location.search === '?q=an' && document.querySelectorAll('#users tbody tr').length > 1`)
	j.Type("q", "ana.beltran")
	j.wait("the list", `location.search.includes('q=ana.beltran') && document.querySelectorAll('#users tbody tr').length === 1`)
	j.Click("Filter")
	j.Click("Status is enabled")
	j.wait("both filters", `location.search.includes('q=ana.beltran') && location.search.includes('status=enabled')`)
	j.Click("input[name=user]")
	j.See("1 selected on this page")
	j.Click("Add to group")
	j.See("Add 1 person to a group")
}
