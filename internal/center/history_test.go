package center_test

import (
	"fmt"
	"slices"
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

func TestTheHistoryOfAPersonSaysWhatChanged(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	u := s.user(t, "ana")
	g := s.group(t, "Developers", u.ID)
	u.Title = "Lead"
	if _, err := s.c.UpdateUser(t.Context(), s.administrator, u, "HR-1"); err != nil {
		t.Fatal(err)
	}
	if err := s.c.DeleteGroup(t.Context(), s.administrator, g.ID, ""); err != nil {
		t.Fatal(err)
	}
	ref := model.Ref{Kind: model.RefUser, ID: string(u.ID)}
	past, err := s.c.History(t.Context(), s.helpDesk, ref, 0)
	if err != nil || past.Total != 4 || past.Next != 0 {
		t.Fatalf("History() = %d events, next %d, %v; want 4", past.Total, past.Next, err)
	}
	var summaries []string
	for _, e := range past.Entries {
		summaries = append(summaries, e.Summary)
	}
	want := []string{"Deleted the group Developers", "Changed the profile of Ana Beltrán", "Added Ana Beltrán to the group Developers",
		"Created the user Ana Beltrán (ana)"}
	if !slices.Equal(summaries, want) {
		t.Errorf("History() = %q, want %q", summaries, want)
	}
	changed := past.Entries[1]
	if !slices.Equal(changed.Changes, []center.Change{{Field: "title", Before: "", After: "Lead"}}) {
		t.Errorf("changes %v", changed.Changes)
	}
	if changed.By.Name != "Elena Novak" || changed.By.ID != string(s.administrator.User) {
		t.Errorf("changed by %+v", changed.By)
	}
	if got := past.Entries[0].Present; len(got) != 1 || got[0].ID != string(u.ID) {
		t.Errorf("of what the deletion concerned, %v is still there; want the person alone", got)
	}
	_, err = s.c.History(t.Context(), s.nobody, ref, 0)
	kind(t, err, model.Forbidden)
	_, err = s.c.History(t.Context(), s.helpDesk, model.Ref{Kind: model.RefSession, ID: "x"}, 0)
	kind(t, err, model.Forbidden)
}

func TestALongHistoryHasPagesThatKeepTheirChanges(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	g := s.group(t, "Developers")
	for i := range 60 {
		g.Description = fmt.Sprint("number ", i)
		var err error
		if g, err = s.c.UpdateGroup(t.Context(), s.administrator, g, ""); err != nil {
			t.Fatal(err)
		}
	}
	ref := model.Ref{Kind: model.RefGroup, ID: string(g.ID)}
	first, err := s.c.History(t.Context(), s.auditor, ref, 0)
	if err != nil || len(first.Entries) != 50 || first.Total != 61 || first.Next == 0 {
		t.Fatalf("first page: %d of %d, next %d, %v", len(first.Entries), first.Total, first.Next, err)
	}
	if c := first.Entries[49].Changes; !slices.Equal(c, []center.Change{{Field: "description", Before: "number 9", After: "number 10"}}) {
		t.Errorf("the oldest entry of the page changed %v", c)
	}
	second, err := s.c.History(t.Context(), s.auditor, ref, first.Next)
	if err != nil || len(second.Entries) != 11 || second.Next != 0 {
		t.Errorf("second page: %d entries, next %d, %v", len(second.Entries), second.Next, err)
	}
}
