package handlers_test

import (
	"net/http"
	"testing"
)

func TestGroupsFromNoneToOne(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.as("administrator")
	c.get("/groups").shows(t, http.StatusOK, "No groups yet", "New group")
	d.as("auditor").get("/groups").lacks(t, "/groups/new")
	c.get("/groups/new").shows(t, http.StatusOK, "Members", "one per line")
	c.post("/groups", "name", "Developers", "description", "Build", "members", "nora.person\nolga.auditor@securecart.example").
		shows(t, http.StatusOK, "Created the group Developers with 2 members.", "Nora Person", "Olga auditor", "1–2 of 2")
	c.get("/groups").shows(t, http.StatusOK, "Developers", "no access", "1–1 of 1")
	c.get("/groups?view=empty").shows(t, http.StatusOK, "No group matches this view")
	c.get("/groups?q=zzz").shows(t, http.StatusOK, "No group matches “zzz”")
	d.as("person").get("/groups").shows(t, http.StatusForbidden)
	d.as("person").get("/groups/new").shows(t, http.StatusForbidden)
}

func TestAPastedListWithMistakesLosesNothing(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.as("administrator")
	form := []string{"name", "Developers", "description", "", "members", "nora.person, who.else; nora.person@securecart.example"}
	a := c.post("/groups", form...)
	a.shows(t, http.StatusUnprocessableEntity, "1 of 3 entries mean nobody", "who.else", "No user has this user name", "Named above already",
		"nora.person, who.else", `value="Developers"`, "add the other 2")
	c.get("/groups").shows(t, http.StatusOK, "No groups yet")
	c.post("/groups", append(form, "skip", "on")...).shows(t, http.StatusOK, "Created the group Developers with 1 member.")
	c.post("/groups", form[:4]...).shows(t, http.StatusConflict, "Another group is called Developers.")
	c.post("/groups", "name", " ").shows(t, http.StatusUnprocessableEntity, `href="#name"`)
}

func TestMembersAreFoundPastedRemovedAndPutBack(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	g := d.group("Developers", d.people["auditor"].ID)
	at, c := "/groups/"+string(g.ID), d.as("administrator")
	page := c.get(at + "/add")
	page.shows(t, http.StatusOK, "Nora Person", "1 person is in it now", "Paste a list")
	page.lacks(t, "Olga auditor")
	region := c.region(at+"/add?q=nora", "candidates")
	region.shows(t, http.StatusOK, "Nora Person")
	region.lacks(t, "Olga help-desk")
	c.post(at+"/add", "members", "").shows(t, http.StatusUnprocessableEntity, "Enter at least one user name")
	c.post(at+"/add", "members", "olga.auditor, nobody").shows(t, http.StatusUnprocessableEntity, "Member already", "1 of 2 entries")
	nora := string(d.people["person"].ID)
	c.post(at+"/add", "user", nora).shows(t, http.StatusOK, "Added 1 person.", "Nora Person")
	removed := c.post(at + "/members/" + nora + "/remove")
	removed.shows(t, http.StatusOK, "Removed from the group.", "Undo", at+"/members/"+nora+"/restore")
	c.post(at+"/members/"+nora+"/restore").shows(t, http.StatusOK, "Back in the group.", "Nora Person")
	c.get(at+"?q=nora").shows(t, http.StatusOK, "1–1 of 1")
	c.get(at+"?q=zzz").shows(t, http.StatusOK, "No member matches “zzz”")
	d.as("auditor").get(at).lacks(t, "Remove", "Add members")
	d.as("auditor").post(at+"/members/"+nora+"/remove").shows(t, http.StatusForbidden)
}

func TestAGroupIsEditedAndDeleted(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	g := d.group("Developers", d.people["person"].ID)
	at, c := "/groups/"+string(g.ID), d.as("administrator")
	c.get(at+"/edit").shows(t, http.StatusOK, `value="Developers"`)
	c.post(at+"/edit", "name", "Builders", "description", "", "version", "1", "reason", "").shows(t, http.StatusOK, "Saved the group Builders.")
	c.post(at+"/edit", "name", "Makers", "description", "", "version", "1").
		shows(t, http.StatusConflict, "saved this group", `value="Builders"`, `value="Makers"`)
	c.post(at+"/edit", "name", "", "version", "2").shows(t, http.StatusUnprocessableEntity, `href="#name"`)
	c.get(at+"/access").shows(t, http.StatusOK, "Nothing is assigned to this group")
	c.get(at+"/history").shows(t, http.StatusOK, "renamed the group Developers to", "Builders")
	c.get(at+"/delete").shows(t, http.StatusOK, "1 membership ends.", "Type Builders to confirm")
	c.post(at+"/delete", "confirm", "").shows(t, http.StatusUnprocessableEntity, "Type Builders to confirm.")
	c.post(at+"/delete", "confirm", "Builders", "reason", "merged").shows(t, http.StatusOK, "Deleted the group Builders.")
	c.get(at).shows(t, http.StatusNotFound)
}
