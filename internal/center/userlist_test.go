package center_test

import (
	"fmt"
	"strings"
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

func TestTheListOfUsersFiltersAndCounts(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	ana, ben := s.user(t, "ana"), s.user(t, "ben")
	g := s.group(t, "Developers", ana.ID)
	s.signedIn(t, ana)
	s.enrolled(t, ana)
	if err := s.c.DisableUser(t.Context(), host, ben.ID, ""); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		query center.UserQuery
		want  string
	}{
		{center.UserQuery{Sort: "username"}, "ana auditor ben elena helpdesk nobody"},
		{center.UserQuery{Sort: "username", Descending: true}, "nobody helpdesk elena ben auditor ana"},
		{center.UserQuery{Sort: "created"}, "elena auditor helpdesk nobody ana ben"},
		{center.UserQuery{Text: "ANA@"}, "ana"}, {center.UserQuery{Text: "100%"}, ""}, {center.UserQuery{Text: "NOVAK"}, "elena"},
		{center.UserQuery{Status: model.UserDisabled}, "ben"}, {center.UserQuery{Group: g.ID}, "ana"},
		{center.UserQuery{NotIn: g.ID, Status: model.UserEnabled, Sort: "username"}, "auditor elena helpdesk nobody"},
		{center.UserQuery{WithoutFactor: true, Status: model.UserEnabled, Sort: "username"}, "auditor elena helpdesk nobody"},
		{center.UserQuery{NeverSignedIn: true, Status: model.UserEnabled, Sort: "username"}, "auditor elena helpdesk nobody"},
	} {
		list, err := s.c.Users(t.Context(), s.auditor, c.query)
		var got []string
		for _, line := range list.People {
			got = append(got, line.UserName)
		}
		if err != nil || strings.Join(got, " ") != c.want || list.Total != len(got) {
			t.Errorf("Users(%+v) = %q of %d, %v, want %q", c.query, got, list.Total, err, c.want)
		}
	}
	list, err := s.c.Users(t.Context(), s.auditor, center.UserQuery{Text: "ana@"})
	if err != nil || list.Views != (center.Views{Everyone: 6, WithoutFactor: 4, NeverSignedIn: 4, Disabled: 1}) {
		t.Errorf("views %+v, %v", list.Views, err)
	}
	if a := list.People[0]; a.Factors != 1 || !a.LastSignIn.Equal(noon) || strings.Join(a.Groups, " ") != "Developers" || a.Accounts != 0 {
		t.Errorf("listed as %+v", a)
	}
}

// enrolled gives a person an authenticator app.
func (s *staff) enrolled(t *testing.T, u model.User) {
	t.Helper()
	err := s.store.Housekeep(t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertTOTPDevice(t.Context(), u.ID, model.TOTPDevice{ID: "device", Name: "Phone", Secret: []byte("sealed")}); err != nil {
			return err
		}
		_, err := tx.ConfirmTOTPDevice(t.Context(), "device", "Phone", 1)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheListOfUsersPagesBothWays(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	const more = 3
	for i := range center.UsersPage + more - 4 { // four people are there already
		s.user(t, fmt.Sprintf("person%03d", i))
	}
	for _, descending := range []bool{false, true} {
		query := center.UserQuery{Sort: "username", Descending: descending}
		first, err := s.c.Users(t.Context(), s.auditor, query)
		if err != nil || len(first.People) != center.UsersPage || first.First != 1 || first.Total != center.UsersPage+more || first.Back != "" {
			t.Fatalf("first page: %d from %d of %d, back %q, %v", len(first.People), first.First, first.Total, first.Back, err)
		}
		query.After = first.Next
		last, err := s.c.Users(t.Context(), s.auditor, query)
		if err != nil || len(last.People) != more || last.First != center.UsersPage+1 || last.Next != "" {
			t.Fatalf("last page: %d from %d, next %q, %v", len(last.People), last.First, last.Next, err)
		}
		query.After, query.Before = "", last.Back
		back, err := s.c.Users(t.Context(), s.auditor, query)
		if err != nil || back.First != 1 || back.People[0].ID != first.People[0].ID || len(back.People) != center.UsersPage {
			t.Errorf("back to %d with %d, %v", back.First, len(back.People), err)
		}
	}
}

func TestAPlaceInTheListOutlivesItsPerson(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	for i := range center.UsersPage {
		s.user(t, fmt.Sprintf("person%03d", i))
	}
	query := center.UserQuery{Sort: "username"}
	first, err := s.c.Users(t.Context(), s.auditor, query)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.c.DeleteUser(t.Context(), host, first.Next, ""); err != nil {
		t.Fatal(err)
	}
	query.After = first.Next
	if next, err := s.c.Users(t.Context(), s.auditor, query); err != nil || len(next.People) != 4 {
		t.Errorf("behind somebody who was deleted: %d people, %v, want 4", len(next.People), err)
	}
}
