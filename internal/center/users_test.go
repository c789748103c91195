package center_test

import (
	"testing"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

func TestACreatedUserIsInTheirGroups(t *testing.T) {
	o := openOffice(t)
	g, err := o.c.CreateGroup(t.Context(), host, model.Group{Name: "Developers"})
	if err != nil {
		t.Fatal(err)
	}
	u := o.user(t, "ana", g.ID)
	list, err := o.store.MembershipsOf(t.Context(), u.ID)
	if err != nil || len(list) != 1 || list[0].GroupID != g.ID || !list[0].Since.Equal(noon) {
		t.Errorf("MembershipsOf() = %v, %v", list, err)
	}
	if u.DisplayName != "Ana Beltrán" || u.Status != model.UserEnabled || u.Version != 1 {
		t.Errorf("created %+v", u)
	}
	o.trail(t, "Added Ana Beltrán to the group Developers", "Created the user Ana Beltrán (ana)", "Created the group Developers")
	rows, err := o.store.Users(t.Context(), store.UserFilter{}, store.UserPage{Limit: 5})
	if err != nil || len(rows) != 1 {
		t.Errorf("Users() = %v, %v", rows, err)
	}
}
