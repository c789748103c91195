package access_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

const (
	assignAction = "sso:CreateAccountAssignment"
	setARN       = "arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-1"
)

// may asks with a fresh second factor.
func may(s *access.Snapshot, who model.UserID, questions ...access.Question) access.Answer {
	return s.May(who, access.Circumstances{Now: noon, MFA: true, FactorAt: noon}, questions...)
}

func accountQuestion(id model.AccountID) access.Question {
	return access.Question{Action: assignAction, Resource: "arn:aws:sso:::account/" + string(id), Account: id}
}

func statement(parts string) string {
	return `{"Version":"2012-10-17","Statement":[` + parts + `]}`
}

func TestOnlyRolesInTheManagementAccountOperateTheConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana", "ben")
	w.set("Admin", everything)
	w.give(user("ana"), "Admin", unit(workloads))
	w.give(user("ben"), "Admin", unit(root))
	s := w.at()
	for who, want := range map[model.UserID]bool{"ana": false, "ben": true, "nobody": false} {
		answer := may(s, who, access.Question{Action: "sso:CreatePermissionSet", Resource: "*"})
		if answer.Allowed != want || s.Operates(who, noon) != want || s.Administers(who, noon, true) != want {
			t.Errorf("%s: May() = %+v, Operates() = %v, Administers() = %v; want %v", who, answer, s.Operates(who, noon),
				s.Administers(who, noon, true), want)
		}
	}
	grant := may(s, "ben", access.Question{Action: "sso:ListPermissionSets", Resource: "*"}).Grant
	if !strings.HasPrefix(grant,
		"arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_") || !strings.HasSuffix(grant, "/ben") {
		t.Errorf("Grant = %s, want the role session that allows", grant)
	}
}

func TestASetMayAskForASecondFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	w.set("Admin", statement(`{"Effect":"Allow","Action":"*","Resource":"*"},
		{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}},
		{"Effect":"Deny","Action":"sso:Delete*","Resource":"*",
			"Condition":{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"300"}}}`))
	w.give(user("ana"), "Admin", account(management))
	s := w.at()
	for name, test := range map[string]struct {
		c      access.Circumstances
		action string
		want   bool
	}{
		"without": {access.Circumstances{Now: noon}, assignAction, false},
		"with":    {access.Circumstances{Now: noon, MFA: true, FactorAt: noon}, assignAction, true},
		"with an old one": {access.Circumstances{Now: noon, MFA: true, FactorAt: noon.Add(-301 * time.Second)},
			"sso:DeletePermissionSet", false},
		"with a recent one": {access.Circumstances{Now: noon, MFA: true, FactorAt: noon.Add(-300 * time.Second)},
			"sso:DeletePermissionSet", true},
		"old, for the rest": {access.Circumstances{Now: noon, MFA: true, FactorAt: noon.Add(-time.Hour)}, assignAction,
			true},
		"without, for a read": {access.Circumstances{Now: noon}, "sso:ListPermissionSets", false},
	} {
		answer := s.May("ana", test.c, access.Question{Action: test.action, Resource: "*"})
		if answer.Allowed != test.want {
			t.Errorf("%s a factor: May(%s) = %v, want %v", name, test.action, answer.Allowed, test.want)
		}
		if !test.want && (len(answer.Roles) != 1 || answer.Roles[0].Result.Decision != eval.ExplicitDeny) {
			t.Errorf("%s a factor: refused by %+v, want an explicit deny", name, answer.Roles)
		}
	}
}

func TestOneRoleMustAllowAllThatAnActAsksFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana", "ben")
	w.set("Sets", statement(`{"Effect":"Allow","Action":"sso:*","Resource":"arn:aws:sso:::permissionSet/*"}`))
	w.set("Accounts", statement(`{"Effect":"Allow","Action":"sso:*","Resource":"arn:aws:sso:::account/*"}`))
	w.set("Both", statement(`{"Effect":"Allow","Action":"sso:*",
		"Resource":["arn:aws:sso:::permissionSet/*","arn:aws:sso:::account/*"]}`))
	for _, set := range []model.PermissionSetID{"Sets", "Accounts"} {
		w.give(user("ana"), set, account(management))
		w.give(user("ben"), set, account(management))
	}
	w.give(user("ben"), "Both", account(management))
	s := w.at()
	both := []access.Question{{Action: assignAction, Resource: setARN}, accountQuestion(payments)}
	answer := may(s, "ana", both...)
	if answer.Allowed || len(answer.Roles) != 2 {
		t.Fatalf("May(ana) = %+v, want two roles that each refuse", answer)
	}
	for i, want := range []string{setARN, "arn:aws:sso:::account/333344445555"} { // Accounts comes first by name
		if got := answer.Roles[i].Question.Resource; got != want {
			t.Errorf("%s refuses %s, want %s", answer.Roles[i].Role.Set.Name, got, want)
		}
	}
	if answer := may(s, "ben", both...); !answer.Allowed || !strings.Contains(answer.Grant, "AWSReservedSSO_Both_") {
		t.Errorf("May(ben) = %+v, want it allowed through Both", answer)
	}
}

func TestTheOwnerOfAUnitAssignsBelowItAndNowhereElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("olga")
	w.set("OwnerOfWorkloads", statement(`{"Effect":"Allow","Resource":"*",
		"Action":["sso:CreateAccountAssignment","organizations:*"],
		"Condition":{"ForAnyValue:StringLike":{"aws:ResourceOrgPaths":"o-securecart/r-sc7k/ou-sc7k-workloads/*"}}}`))
	w.give(user("olga"), "OwnerOfWorkloads", account(management))
	s := w.at()
	for id, want := range map[model.AccountID]bool{shared: true, payments: true, sandbox: true, elsewhere: false,
		management: false, "": false} {
		set := access.Question{Action: assignAction, Resource: setARN, Account: id}
		if got := may(s, "olga", set, accountQuestion(id)).Allowed; got != want {
			t.Errorf("on account %q: %v, want %v", id, got, want)
		}
	}
	for id, want := range map[model.OUID]bool{workloads: true, prod: true, other: false, root: false} {
		if got := may(s, "olga", access.Question{Action: "organizations:CreateOrganizationalUnit", Resource: "*",
			OU: id}).Allowed; got != want {
			t.Errorf("on unit %s: %v, want %v", id, got, want)
		}
	}
	w.write(func(ctx context.Context, tx *store.Tx) error { return tx.MoveAccount(ctx, payments, other) })
	if may(w.at(), "olga", accountQuestion(payments)).Allowed {
		t.Error("the account left the unit, and its owner may still assign there")
	}
}

func TestAHelpDeskCannotTouchAdministrators(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("hana")
	w.set("HelpDesk", statement(`{"Effect":"Allow","Action":["gatehouse:ResetMFA","identitystore:*"],"Resource":"*",
		"Condition":{"Bool":{"gatehouse:TargetIsAdministrator":"false"}}}`))
	w.give(user("hana"), "HelpDesk", account(management))
	s := w.at()
	for value, want := range map[string]bool{"true": false, "false": true, "": false} {
		q := access.Question{Action: "gatehouse:ResetMFA", Resource: "arn:aws:identitystore:::user/u",
			Keys: map[string][]string{}}
		if value != "" {
			q.Keys["gatehouse:TargetIsAdministrator"] = []string{value}
		}
		if got := may(s, "hana", q).Allowed; got != want {
			t.Errorf("TargetIsAdministrator %q: %v, want %v", value, got, want)
		}
	}
	if s.Administers("hana", noon, false) {
		t.Error("a help desk administers")
	}
}

// Whoever may assign everything, or change every set or group, is an administrator whenever they like.
func TestWhoCouldAdminister(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		body  string
		could bool
	}{
		"assigns":       {`{"Effect":"Allow","Action":"sso:CreateAccountAssignment","Resource":"*"}`, true},
		"writes":        {`{"Effect":"Allow","Action":"sso:Put*","Resource":"*"}`, true},
		"adds":          {`{"Effect":"Allow","Action":"identitystore:*","Resource":"*"}`, true},
		"administers":   {`{"Effect":"Allow","Action":"*","Resource":"*"}`, true},
		"resets":        {`{"Effect":"Allow","Action":"gatehouse:*","Resource":"*"}`, true},
		"resets-some":   {`{"Effect":"Allow","Action":"gatehouse:*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"gatehouse:TargetIsAdministrator":"true"}}}`, false},
		"reads":         {`{"Effect":"Allow","Action":["sso:List*","identitystore:List*"],"Resource":"*"}`, false},
		"assigns-some":  {`{"Effect":"Allow","Action":"sso:CreateAccountAssignment","Resource":"arn:aws:sso:::account/444455556666"}`, false},
		"spares-admins": {`{"Effect":"Allow","Action":"identitystore:*","Resource":"*","Condition":{"Bool":{"gatehouse:TargetIsAdministrator":"false"}}}`, false},
	} {
		user, set, members := model.UserID(name), model.PermissionSetID(name), model.GroupID("who-"+name)
		w.users(user)
		w.group(members, user)
		w.set(set, statement(c.body))
		w.give(group(members), set, account(management))
		if s := w.at(); s.CouldAdminister(user, noon) != c.could || s.Empowers(members, noon) != c.could {
			t.Errorf("who %s could administer: %v, the group %v, want %v", name, s.CouldAdminister(user, noon), s.Empowers(members, noon), c.could)
		}
	}
}

func TestWhoAdministers(t *testing.T) {
	t.Parallel()
	allow := func(action, more string) string {
		return `{"Effect":"Allow","Action":` + action + `,"Resource":"*"` + more + `}`
	}
	deny := func(action string) string { return `,{"Effect":"Deny","Action":"` + action + `","Resource":"*"}` }
	all, both := `"*"`, `["sso:*","identitystore:*"]`
	for name, test := range map[string]struct {
		policy string
		want   bool
	}{
		"everything":              {allow(all, ""), true},
		"both services":           {allow(both, ""), true},
		"both, given a factor":    {allow(both, `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`), true},
		"one service":             {allow(`"sso:*"`, ""), false},
		"every verb by name":      {allow(`["sso:Create*","sso:Delete*","sso:Put*","identitystore:*"]`, ""), false},
		"all but deleting people": {allow(all, "") + deny("identitystore:DeleteUser"), false},
		"all but reports":         {allow(all, "") + deny("iam:*"), true},
		"from one network only":   {allow(all, `,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`), false},
		"one set only":            {`{"Effect":"Allow","Action":"*","Resource":"` + setARN + `"}`, false},
		"until a date that has come": {
			allow(all, `,"Condition":{"DateLessThan":{"aws:CurrentTime":"2026-11-20T12:00:00Z"}}`), false},
	} {
		w := newWorld(t)
		w.users("ana")
		w.group("admins", "ana")
		w.set("Set", statement(test.policy))
		w.give(group("admins"), "Set", account(management))
		s := w.at()
		if got := [2]bool{s.Administers("ana", noon, true), s.HasAdministrator(noon)}; got != [2]bool{test.want, test.want} {
			t.Errorf("%s: Administers, HasAdministrator = %v, want %v", name, got, test.want)
		}
	}
}

func TestAnAdministratorForATimeIsNotALastingOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana", "ben")
	w.set("Admin", everything)
	w.assign(model.Assignment{Principal: user("ana"), PermissionSet: "Admin", Target: account(management),
		ExpiresAt: noon.Add(time.Hour)})
	s := w.at()
	if !s.Administers("ana", noon, false) || s.Administers("ana", noon, true) || s.HasAdministrator(noon) {
		t.Error("a rule with an end makes an administrator now, and not a lasting one")
	}
	w.give(user("ben"), "Admin", unit(root))
	if s = w.at(); !s.HasAdministrator(noon) {
		t.Error("HasAdministrator() = false with a rule on the root")
	}
	w.write(func(ctx context.Context, tx *store.Tx) error { return tx.SetUserStatus(ctx, "ben", model.UserDisabled) })
	if s = w.at(); s.HasAdministrator(noon) || s.Administers("ben", noon, false) {
		t.Error("a disabled person counts as an administrator")
	}
}

func TestAGroupWithoutMembersStillEmpowers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group("admins")
	w.set("Admin", everything)
	w.assign(model.Assignment{Principal: group("admins"), PermissionSet: "Admin", Target: account(management),
		StartsAt: noon, ExpiresAt: noon.Add(time.Hour)})
	s := w.at()
	for now, want := range map[time.Time]bool{noon.Add(-time.Second): false, noon: true, noon.Add(time.Hour): false} {
		if got := s.Empowers("admins", now); got != want {
			t.Errorf("at %s: Empowers() = %v, want %v", now, got, want)
		}
	}
}
