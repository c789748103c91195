package handlers_test

import (
	"net/http"
	"testing"
)

func TestTheListOfUsersShowsEverybody(t *testing.T) {
	d := openDesk(t)
	c := d.as("administrator")
	c.get("/users").shows(t, http.StatusOK, "Nora Person", "nora.person", "New user", "Without MFA")
	c.get("/users?q=nora").shows(t, http.StatusOK, "Nora Person", "1–1 of 1")
	c.get("/users?q=zzz").shows(t, http.StatusOK, "No user matches “zzz”", "Clear filter")
	c.get("/users/"+string(d.people["person"].ID)).shows(t, http.StatusOK, "Nora Person", "In no group", "Nothing is assigned directly")
	c.get("/users/"+string(d.people["person"].ID)+"/access").shows(t, http.StatusOK, "Nora Person reaches no account")
	c.get("/users/"+string(d.people["administrator"].ID)+"/access").shows(t, http.StatusOK, "Gatehouse-Administrator")
	c.get("/users/"+string(d.people["person"].ID)+"/history").shows(t, http.StatusOK, "created the user")
	c.get("/groups").shows(t, http.StatusOK, "No groups yet")
}
