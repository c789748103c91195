package handlers_test

import (
	"net/http"
	"testing"
)

func TestSearchFindsWhatThePersonMayList(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.group("Novelists")
	c := d.as("auditor")
	c.get("/search").shows(t, http.StatusOK, "Find a user, group, account or permission set")
	c.get("/search?q=NO").shows(t, http.StatusOK, "Nora Person", "nora.person", "Novelists", "What they reach")
	c.get("/search?q=gatehouse").shows(t, http.StatusOK, "Gatehouse-Administrator", "Permission sets")
	c.get("/search?q=1111").shows(t, http.StatusOK, "SecureCart-Management")
	c.get("/search?q=zzz%3Cb%3E").shows(t, http.StatusOK, "Nothing is called “zzz&lt;b&gt;”")
	a := d.as("person").get("/search?q=no")
	a.shows(t, http.StatusOK, "Nothing is called")
	a.lacks(t, "Nora Person</a>", "Novelists")
}

func TestASingleMatchOpensAtOnce(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	a := d.as("auditor").get("/search?q=nora.per")
	a.shows(t, http.StatusOK, "Nora Person reaches no account")
	if want := "/users/" + string(d.people["person"].ID) + "/access"; a.path != want {
		t.Errorf("the only match led to %s, want %s", a.path, want)
	}
	g := d.group("Novelists")
	if a := d.as("auditor").get("/search?q=novelist"); a.path != "/groups/"+string(g.ID) {
		t.Errorf("the only match led to %s", a.path)
	}
}
