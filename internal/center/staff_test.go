package center_test

import (
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

const management = model.AccountID("111122223333")

// staff is an office that was set up, with a person for each way of operating it and one who holds no role.
type staff struct {
	*office
	administrator, auditor, helpDesk, nobody model.Actor
}

func openStaff(t *testing.T) *staff {
	t.Helper()
	o := emptyOffice(t)
	a, err := o.c.SetUp(t.Context(), visit, o.link(t), firstRequest(), goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	s := &staff{office: o, administrator: actorOf(a.User)}
	sets, err := o.c.SetNames(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	s.auditor = s.operator(t, "auditor", sets[center.AuditorSet])
	s.helpDesk = s.operator(t, "helpdesk", sets[center.HelpDeskSet])
	s.nobody = actorOf(o.user(t, "nobody"))
	return s
}

// actorOf is a person as they act after signing in with a second factor.
func actorOf(u model.User) model.Actor {
	return model.Actor{User: u.ID, UserName: u.UserName, Name: u.DisplayName, MFA: true, FactorAt: noon}
}

// operator makes a person who holds a set in the management account.
func (s *staff) operator(t *testing.T, name string, set model.PermissionSetID) model.Actor {
	t.Helper()
	u := s.user(t, name)
	s.give(t, model.Principal{Kind: model.PrincipalUser, ID: string(u.ID)}, set)
	return actorOf(u)
}

// give assigns a set in the management account.
func (s *staff) give(t *testing.T, to model.Principal, set model.PermissionSetID) model.Assignment {
	t.Helper()
	made, err := s.c.Assign(t.Context(), host, center.AssignRequest{Principals: []model.Principal{to},
		Sets: []model.PermissionSetID{set}, Targets: []model.Target{{Kind: model.TargetAccount, ID: string(management)}}})
	if err != nil {
		t.Fatal(err)
	}
	return made[0]
}

// group makes a group with members.
func (o *office) group(t *testing.T, name string, members ...model.UserID) model.Group {
	t.Helper()
	g, err := o.c.CreateGroup(t.Context(), host, model.Group{Name: name}, members...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// kind fails the test unless an error is of a kind; fields are those that it has to name.
func kind(t *testing.T, err error, want model.Kind, fields ...string) {
	t.Helper()
	if model.KindOf(err) != want || err == nil {
		t.Errorf("error %v is of kind %d, want %d", err, model.KindOf(err), want)
		return
	}
	e := err.(*model.Error)
	for _, f := range fields {
		if e.Fields[f] == "" {
			t.Errorf("error %v says nothing of the field %s", err, f)
		}
	}
}

// newest returns the newest event.
func (o *office) newest(t *testing.T) model.Event {
	t.Helper()
	events, err := o.store.Events(t.Context(), store.EventFilter{Limit: 1})
	if err != nil || len(events) == 0 {
		t.Fatalf("Events() = %v, %v", events, err)
	}
	return events[0]
}

// names returns what an event concerns, by kind and name.
func names(e model.Event) []string {
	var list []string
	for _, o := range e.Objects {
		list = append(list, string(o.Kind)+" "+o.Name)
	}
	return list
}
