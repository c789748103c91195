package handlers_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"gatehouse/internal/model"
)

func TestTheListOfUsers(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.as("administrator")
	c.get("/users").shows(t, http.StatusOK, "Nora Person", "nora.person", "New user", "Without MFA", "1–4 of 4", "Add to group")
	c.get("/users?q=nora").shows(t, http.StatusOK, "Nora Person", "1–1 of 1")
	c.get("/users?q=zzz").shows(t, http.StatusOK, "No user matches “zzz”", "Clear filter")
	c.get("/users?status=disabled").shows(t, http.StatusOK, "No user matches this filter", "is disabled")
	c.get("/users?sort=username&dir=desc").shows(t, http.StatusOK, `aria-sort="descending"`)
	c.get("/users?sort=nonsense&after=nobody").shows(t, http.StatusNotFound)
	region := c.region("/users?q=nora", "users")
	region.shows(t, http.StatusOK, `id="users"`, "Nora Person")
	region.lacks(t, "<html", "Olga", `id="q"`)
	a := d.as("auditor").get("/users")
	a.shows(t, http.StatusOK, "Nora Person")
	a.lacks(t, "New user", "Add to group", `name="user"`)
	d.as("person").get("/users").shows(t, http.StatusForbidden, "Not allowed")
}

func TestAPersonIsCreatedAndInvited(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	g := d.group("Developers")
	c := d.as("administrator")
	c.get("/users/new").shows(t, http.StatusOK, "New user", "Developers", "0 members")
	done := c.post("/users", "given_name", "Ana", "family_name", "Beltrán", "username", "ana", "email", "ana@securecart.example",
		"display_name", "", "title", "", "groups", "developers")
	done.shows(t, http.StatusOK, "Ana Beltrán is in the directory", "http://gatehouse.example/invite/", "Developers", "shown only now")
	u, err := d.center.Store.UserByName(t.Context(), "ana")
	if err != nil {
		t.Fatal(err)
	}
	c.get("/users/"+string(u.ID)).shows(t, http.StatusOK, "Ana Beltrán", "Developers", "No password", "New invitation")
	c.get("/groups/"+string(g.ID)).shows(t, http.StatusOK, "Ana Beltrán")
	again := c.post("/users/" + string(u.ID) + "/invitation")
	again.shows(t, http.StatusOK, "Invitation for Ana Beltrán", "http://gatehouse.example/invite/")
	if link(done) == link(again) {
		t.Error("the second invitation is the first")
	}
	c.get("/users/"+string(u.ID)+"/history").lacks(t, link(again))
}

var invitation = regexp.MustCompile(`/invite/[\w-]+`)

func link(a answer) string { return invitation.FindString(a.body) }

func TestWhatIsWrongWithANewPersonIsSaidAtTheField(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	g := d.group("Developers")
	c := d.as("administrator")
	a := c.post("/users", "given_name", "Ana", "family_name", "", "username", "a b", "email", "nowhere", "title", "Keep <me>",
		"group", string(g.ID))
	a.shows(t, http.StatusUnprocessableEntity, "There is a problem", `href="#username"`, "no spaces", `id="email-problem"`,
		"Keep &lt;me&gt;", `value="`+string(g.ID)+`" checked`, "Error: New user")
	a = c.post("/users", "given_name", "", "family_name", "", "username", "", "email", "")
	a.shows(t, http.StatusUnprocessableEntity, "Enter the given name.", "Enter the family name.", "Enter a user name.",
		"Enter an e-mail address.")
	a.lacks(t, "Enter the display name.") // it is made of the names
	a = c.post("/users", "given_name", "N", "family_name", "P", "username", "NORA.person", "email", "n@securecart.example")
	a.shows(t, http.StatusConflict, "Another user has the user name NORA.person.", `value="n@securecart.example"`)
	c.post("/users", "given_name", "N", "groups", "Nobody").shows(t, http.StatusUnprocessableEntity, "There is no group &#34;Nobody&#34;.")
	c.post("/users", "given_name", "N", "status", "DISABLED").shows(t, http.StatusUnprocessableEntity, "is not known here")
	d.as("auditor").post("/users", "given_name", "N", "family_name", "P", "username", "n", "email", "n@securecart.example").
		shows(t, http.StatusForbidden)
}

func TestAPersonIsEdited(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	at := "/users/" + string(d.people["person"].ID)
	c := d.as("administrator")
	c.get(at+"/edit").shows(t, http.StatusOK, `value="Nora"`, `name="version" value="1"`, "nora.person")
	form := []string{"given_name", "Nora", "family_name", "Person", "display_name", "Nora P.", "email", "nora.person@securecart.example", "version", "1"}
	c.post(at+"/edit", append(form, "title", "Lead", "reason", "HR-1")...).shows(t, http.StatusOK, "Saved the profile of Nora P.", "Lead")
	stale := c.post(at+"/edit", append(form, "title", "Chief")...)
	stale.shows(t, http.StatusConflict, "Olga administrator saved this user", "You started from, 1", `name="version" value="2"`,
		`value="Chief"`, `value="Lead"`, "Saving makes version 3.")
	c.post(at+"/edit", "given_name", "Nora", "family_name", "Person", "display_name", "Nora P.", "email", "nora.person@securecart.example",
		"version", "2", "title", "Chief").shows(t, http.StatusOK, "Saved the profile", "Chief")
	c.post(at+"/edit", "given_name", "", "family_name", "Person", "display_name", "N", "email", "x", "version", "3").
		shows(t, http.StatusUnprocessableEntity, `href="#given_name"`, `href="#email"`)
	c.get(at+"/history").shows(t, http.StatusOK, "changed the profile of", "HR-1", "<del", "Lead", "Chief")
	d.as("auditor").get(at+"/edit").shows(t, http.StatusOK) // may look; saving is what is refused
	d.as("auditor").post(at+"/edit", append(form, "title", "x")...).shows(t, http.StatusForbidden)
}

func TestAPersonIsDisabledEnabledAndDeleted(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	id := d.people["person"].ID
	at := "/users/" + string(id)
	d.group("Developers", id)
	theirs, c := d.as("person"), d.as("administrator")
	c.get(at+"/disable").shows(t, http.StatusOK, "Disable Nora Person", "1 session ends at once.")
	dialog := c.region(at+"/disable", "dialog")
	dialog.shows(t, http.StatusOK, "Disable Nora Person")
	dialog.lacks(t, "<html")
	c.post(at+"/disable", "reason", "left").shows(t, http.StatusOK, "Disabled. Sessions and role credentials have ended.", "Enable")
	if a := theirs.get("/portal"); !strings.HasPrefix(a.path, "/signin") {
		t.Errorf("a disabled person was led to %s", a.path)
	}
	c.post(at+"/disable").shows(t, http.StatusConflict, "is disabled already")
	c.get(at+"/access").shows(t, http.StatusOK, "is disabled and reaches nothing")
	c.post(at+"/enable").shows(t, http.StatusOK, "Enabled.")
	c.get(at+"/delete").shows(t, http.StatusOK, "1 membership ends: Developers.", "Type nora.person to confirm")
	c.post(at+"/delete", "confirm", "nora").shows(t, http.StatusUnprocessableEntity, "Type nora.person to confirm.", `value="nora"`)
	c.post(at+"/delete", "confirm", "nora.person").shows(t, http.StatusOK, "Deleted Nora Person.")
	c.get(at).shows(t, http.StatusNotFound)
}

func TestNobodyIsOfferedToDisableThemselves(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	at := "/users/" + string(d.people["administrator"].ID)
	c := d.as("administrator")
	c.get(at).lacks(t, at+"/disable", at+"/delete")
	c.post(at+"/disable").shows(t, http.StatusConflict, "You cannot disable yourself.")
	c.post(at+"/delete", "confirm", "olga.administrator").shows(t, http.StatusConflict, "You cannot delete yourself.")
}

func TestTheHelpDeskDoesNotTouchAdministrators(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	at := "/users/" + string(d.people["administrator"].ID)
	d.as("help-desk").post(at+"/disable").shows(t, http.StatusForbidden, "Gatehouse-HelpDesk denies it")
}

func TestSelectedPeopleAreDisabledOrPutIntoAGroup(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	g := d.group("Developers")
	a, b := d.user("ana", "Ana", "Beltrán"), d.user("ben", "Ben", "Carter")
	c := d.as("administrator")
	selected := "user=" + string(a.ID) + "&user=" + string(b.ID)
	c.get("/users/selection?do=group&"+selected).shows(t, http.StatusOK, "Add 2 people to a group", "Ana Beltrán", "Developers")
	c.get("/users/selection?do=disable&"+selected).shows(t, http.StatusOK, "Disable 2 people", "Ben Carter")
	c.get("/users/selection?do=disable").shows(t, http.StatusUnprocessableEntity, "Choose at least one person.")
	c.get("/users/selection?do=disable&user=nobody").shows(t, http.StatusNotFound)
	people := []string{"user", string(a.ID), "user", string(b.ID)}
	c.post("/users/join", append(people, "group", "")...).shows(t, http.StatusUnprocessableEntity, "Choose a group.", "Ben Carter")
	c.post("/users/join", append(people, "group", string(g.ID))...).shows(t, http.StatusOK, "Added 2 people.", "Ana Beltrán", "Ben Carter")
	c.post("/users/join", append(people, "group", string(g.ID))...).shows(t, http.StatusConflict, "All of them are members already.")
	c.post("/users/disable", append(people, "reason", "")...).shows(t, http.StatusOK, "Disabled 2 people.")
	if u, err := d.center.Store.User(t.Context(), b.ID); err != nil || u.Status != model.UserDisabled {
		t.Errorf("after being disabled, %s is %s, %v", u.UserName, u.Status, err)
	}
}

func TestAPersonsGroupsAndAccess(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	g := d.group("Developers")
	at := "/users/" + string(d.people["person"].ID)
	c := d.as("administrator")
	c.get(at+"/groups").shows(t, http.StatusOK, "In no group", "Choose a group")
	c.post(at+"/groups", "group", "").shows(t, http.StatusUnprocessableEntity, "Choose a group.")
	c.post(at+"/groups", "group", string(g.ID)).shows(t, http.StatusOK, "Added to the group.", "Remove")
	c.post(at+"/groups/"+string(g.ID)+"/remove").shows(t, http.StatusOK, "Removed from the group.", "In no group")
	c.get(at+"/access").shows(t, http.StatusOK, "Nora Person reaches no account")
	own := "/users/" + string(d.people["administrator"].ID) + "/access"
	c.get(own).shows(t, http.StatusOK, "Gatehouse-Administrator", "SecureCart-Management", "1 role in 1 account", "How access arrives", "why?")
	d.as("auditor").get(at+"/groups").lacks(t, "Choose a group", "Remove")
}
