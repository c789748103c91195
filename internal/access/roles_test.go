package access_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// names lists roles as "account/set via rule rule".
func names(roles []access.Role) string {
	var list []string
	for _, r := range roles {
		via := make([]string, len(r.Via))
		for i, rule := range r.Via {
			via[i] = string(rule.ID)
		}
		list = append(list, r.Account.Name+"/"+r.Set.Name+" via "+strings.Join(via, " "))
	}
	return strings.Join(list, "; ")
}

func TestARuleOnAUnitReachesEveryAccountBelowItAndFollowsMoves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	w.set("Read", everything)
	w.give(user("ana"), "Read", unit(workloads))
	if got, want := names(w.at().Roles("ana", noon)),
		"Orders/Read via rule-a; Payments/Read via rule-a; Sandbox/Read via rule-a; shared/Read via rule-a"; got != want {
		t.Errorf("Roles() = %s, want %s", got, want)
	}
	w.write(func(ctx context.Context, tx *store.Tx) error { return tx.MoveAccount(ctx, elsewhere, dev) })
	w.write(func(ctx context.Context, tx *store.Tx) error { return tx.MoveAccount(ctx, payments, other) })
	if got, want := names(w.at().Roles("ana", noon)),
		"Elsewhere/Read via rule-a; Orders/Read via rule-a; Sandbox/Read via rule-a; shared/Read via rule-a"; got != want {
		t.Errorf("after two moves Roles() = %s, want %s", got, want)
	}
}

func TestSeveralWaysToOneRoleAreOneRoleThatNamesThemAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana", "ben")
	w.group("ops", "ana")
	w.group("audit", "ana", "ben")
	w.set("Read", everything)
	w.give(group("ops"), "Read", account(payments))
	w.give(group("audit"), "Read", unit(prod))
	w.assign(model.Assignment{Principal: user("ana"), PermissionSet: "Read", Target: account(payments),
		ExpiresAt: noon.Add(time.Hour)})
	s := w.at()
	want := "Orders/Read via rule-b; Payments/Read via rule-c rule-b rule-a"
	if got := names(s.Roles("ana", noon)); got != want {
		t.Errorf("Roles(ana) = %s, want %s: their own rules, then those of groups by name", got, want)
	}
	if got, want := names(s.Roles("ben", noon)), "Orders/Read via rule-b; Payments/Read via rule-b"; got != want {
		t.Errorf("Roles(ben) = %s, want %s", got, want)
	}
	if r, ok := s.Role("ana", payments, "Read", noon); !ok || !r.ExpiresAt().IsZero() {
		t.Errorf("Role() = %v, %v; want no end, because two of three ways have none", r.ExpiresAt(), ok)
	}
}

func TestARoleEndsWithTheLastOfItsRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	w.set("Read", everything)
	for _, hours := range []time.Duration{1, 3, 2} {
		w.assign(model.Assignment{Principal: user("ana"), PermissionSet: "Read", Target: account(payments),
			ExpiresAt: noon.Add(hours * time.Hour)})
	}
	r, ok := w.at().Role("ana", payments, "Read", noon)
	if want := noon.Add(3 * time.Hour); !ok || !r.ExpiresAt().Equal(want) {
		t.Errorf("ExpiresAt() = %v, %v; want %v", r.ExpiresAt(), ok, want)
	}
}

func TestARuleGrantsFromItsStartUntilTheSecondOfItsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	w.set("Admin", everything)
	starts, ends := noon.Add(time.Hour), noon.Add(2*time.Hour)
	w.assign(model.Assignment{Principal: user("ana"), PermissionSet: "Admin", Target: account(management),
		StartsAt: starts, ExpiresAt: ends})
	s := w.at() // one snapshot: nothing runs, nothing is written, only time passes
	for _, test := range []struct {
		now  time.Time
		want bool
	}{
		{starts.Add(-time.Nanosecond), false}, {starts, true}, {ends.Add(-time.Nanosecond), true},
		{ends, false}, {ends.Add(time.Hour), false},
	} {
		_, has := s.Role("ana", management, "Admin", test.now)
		may := s.May("ana", access.Circumstances{Now: test.now},
			access.Question{Action: "sso:CreatePermissionSet", Resource: "*"})
		if has != test.want || may.Allowed != test.want || (len(s.Roles("ana", test.now)) == 1) != test.want {
			t.Errorf("at %s: Role() = %v, May() = %v, Roles() = %s; want %v", test.now.Format(time.RFC3339Nano), has,
				may.Allowed,
				names(s.Roles("ana", test.now)), test.want)
		}
	}
}

func TestADisabledPersonHoldsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana", "ben")
	w.group("ops", "ana", "ben")
	w.set("Read", everything)
	w.give(group("ops"), "Read", account(payments))
	w.write(func(ctx context.Context, tx *store.Tx) error { return tx.SetUserStatus(ctx, "ana", model.UserDisabled) })
	s := w.at()
	if got := s.Roles("ana", noon); len(got) != 0 {
		t.Errorf("Roles(ana) = %s, want none", names(got))
	}
	if got := s.InAccount(payments, noon); len(got) != 1 || got[0].User.ID != "ben" {
		t.Errorf("InAccount() = %v, want ben alone", got)
	}
	if members := s.Group("ops").Members; len(members) != 2 {
		t.Errorf("Members = %v, want both: membership and status are two things", members)
	}
}

func TestOnlyActiveAccountsOfferRoles(t *testing.T) {
	t.Parallel()
	for _, state := range model.AccountStates {
		w := newWorld(t)
		w.users("ana")
		w.set("Read", everything)
		w.give(user("ana"), "Read", unit(prod))
		w.write(func(ctx context.Context, tx *store.Tx) error {
			return tx.UpdateAccount(ctx, model.Account{ID: payments, Name: "Payments", Email: "p@securecart.example",
				State: state, Version: 1})
		})
		s := w.at()
		_, has := s.Role("ana", payments, "Read", noon)
		if want := state == model.AccountActive; has != want || len(s.Roles("ana", noon)) == 2 != want ||
			len(s.InAccount(payments, noon)) == 1 != want {
			t.Errorf("in state %s: Role() = %v, Roles() = %s, want %v", state, has, names(s.Roles("ana", noon)), want)
		}
	}
}

func TestNobodyHoldsWhatIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	s := w.at()
	if s.Roles("nobody", noon) != nil || s.InAccount("999999999999", noon) != nil || s.OfSet("ps-none", noon) != nil ||
		s.OfGroup("none", noon) != nil {
		t.Error("something unknown yields roles")
	}
	if _, ok := s.Role("ana", payments, "ps-none", noon); ok {
		t.Error("Role() of an unknown set is held")
	}
	if _, ok := s.Supposed("ana", payments, "ps-none"); ok {
		t.Error("Supposed() of an unknown set exists")
	}
}

func TestARoleKeepsItsNamesWhenItsLastRuleGoesAndComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana.beltran+ops:x")
	w.newSet(model.PermissionSet{ID: "ps-7223a1b2c3d4e5f6", Name: "ReadOnly", InlinePolicy: everything})
	rule := w.give(user("ana.beltran+ops:x"), "ps-7223a1b2c3d4e5f6", account(payments))
	check := func() {
		t.Helper()
		s := w.at()
		r, ok := s.Role("ana.beltran+ops:x", payments, "ps-7223a1b2c3d4e5f6", noon)
		if !ok {
			t.Fatal("the role is not held")
		}
		want := "arn:aws:iam::333344445555:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_ReadOnly_beb00067c0de87fa"
		if got := s.ARN(r); got != want {
			t.Errorf("ARN() = %s, want %s", got, want)
		}
		want = "arn:aws:sts::333344445555:assumed-role/AWSReservedSSO_ReadOnly_beb00067c0de87fa/ana.beltran+ops-x"
		if got := s.SessionARN(r); got != want {
			t.Errorf("SessionARN() = %s, want %s", got, want)
		}
		if got, want := access.RoleID(r.Set.ID, r.Account.ID), "AROA"; !strings.HasPrefix(got, want) || len(got) != 21 {
			t.Errorf("RoleID() = %s, want AROA and 17 characters", got)
		}
	}
	check()
	w.write(func(ctx context.Context, tx *store.Tx) error { _, err := tx.CloseAssignment(ctx, rule); return err })
	if got := w.at().Roles("ana.beltran+ops:x", noon); len(got) != 0 {
		t.Fatalf("Roles() = %s after the rule was removed", names(got))
	}
	w.give(user("ana.beltran+ops:x"), "ps-7223a1b2c3d4e5f6", account(payments))
	check()
}

func TestFindKnowsARuleByItsEndsAndItsWindow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana", "ben")
	w.set("Read", everything)
	a := model.Assignment{Principal: user("ana"), PermissionSet: "Read", Target: unit(prod), StartsAt: noon,
		ExpiresAt: noon.Add(time.Hour)}
	id := w.assign(a)
	find := func(change func(*model.Assignment)) *access.Rule {
		b := a
		change(&b)
		return w.at().Find(b, noon)
	}
	for name, change := range map[string]func(*model.Assignment){
		"the same": func(*model.Assignment) {}, "at once": func(b *model.Assignment) { b.StartsAt = time.Time{} },
		"for another reason": func(b *model.Assignment) { b.Reason = "other" },
	} {
		if r := find(change); r == nil || r.ID != id {
			t.Errorf("%s: Find() = %v, want the rule", name, r)
		}
	}
	for name, change := range map[string]func(*model.Assignment){
		"another person": func(b *model.Assignment) { b.Principal = user("ben") },
		"a group":        func(b *model.Assignment) { b.Principal = group("ana") },
		"another place":  func(b *model.Assignment) { b.Target = unit(dev) },
		"later":          func(b *model.Assignment) { b.StartsAt = noon.Add(time.Minute) },
		"without end":    func(b *model.Assignment) { b.ExpiresAt = time.Time{} },
		"another set":    func(b *model.Assignment) { b.PermissionSet = "Write" },
	} {
		if r := find(change); r != nil {
			t.Errorf("%s: Find() = %v, want none", name, r.ID)
		}
	}
}

// Every list of roles must say the same, whichever end it is asked from.
func TestAllDirectionsAgree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	random := rand.New(rand.NewPCG(1, 2))
	people := []model.UserID{"ana", "ben", "cleo", "dan", "eva"}
	groups := []model.GroupID{"g1", "g2", "g3"}
	accounts := []model.AccountID{management, shared, payments, orders, sandbox, elsewhere}
	sets := []model.PermissionSetID{"A", "B", "C"}
	w.users(people...)
	for _, g := range groups {
		w.group(g, slices.DeleteFunc(slices.Clone(people), func(model.UserID) bool { return random.IntN(2) == 0 })...)
	}
	for _, s := range sets {
		w.set(s, everything)
	}
	for range 25 {
		a := model.Assignment{Principal: user(people[random.IntN(5)]), PermissionSet: sets[random.IntN(3)],
			Target: account(accounts[random.IntN(6)])}
		if random.IntN(2) == 0 {
			a.Principal = group(groups[random.IntN(3)])
		}
		if random.IntN(3) == 0 {
			a.Target = unit([]model.OUID{workloads, prod, other}[random.IntN(3)])
		}
		if random.IntN(3) == 0 {
			a.ExpiresAt = noon.Add(time.Duration(random.IntN(3)-1) * time.Second)
		}
		w.assign(a)
	}
	w.write(func(ctx context.Context, tx *store.Tx) error { return tx.SetUserStatus(ctx, "eva", model.UserDisabled) })
	s := w.at()
	byPerson, byAccount, bySet := map[string]bool{}, map[string]bool{}, map[string]bool{}
	note := func(seen map[string]bool, roles []access.Role) {
		for _, r := range roles {
			var via []string
			for _, rule := range r.Via {
				via = append(via, string(rule.ID))
			}
			slices.Sort(via)
			seen[fmt.Sprint(r.User.ID, r.Account.ID, r.Set.ID, via)] = true
		}
	}
	for _, p := range people {
		note(byPerson, s.Roles(p, noon))
	}
	for _, a := range accounts {
		note(byAccount, s.InAccount(a, noon))
	}
	for _, set := range sets {
		note(bySet, s.OfSet(set, noon))
	}
	if len(byPerson) == 0 {
		t.Fatal("nobody holds anything")
	}
	for name, other := range map[string]map[string]bool{"account": byAccount, "set": bySet} {
		for role := range byPerson {
			if !other[role] {
				t.Errorf("%s is missing by %s", role, name)
			}
		}
		if len(other) != len(byPerson) {
			t.Errorf("%d roles by %s, %d by person", len(other), name, len(byPerson))
		}
	}
}
