package center_test

import (
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

const devAccount = model.AccountID("333344445555")

// firm is an office with one person for each way of operating Gatehouse, and a developer who operates nothing but holds a
// role in the account Dev through a group.
type firm struct {
	*office
	administrator, auditor, helpDesk, developer model.Actor
	set                                         model.PermissionSet // the developer's
	rule                                        model.AssignmentID
}

// developing is the developer's policy: objects of one bucket, but not without a second factor.
const developing = `{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Builds", "Effect": "Allow", "Action": ["s3:Get*", "s3:Put*"], "Resource": "arn:aws:s3:::builds/*"},
    {"Sid": "NoSecrets", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::builds/secret/*"},
    {"Sid": "Factor", "Effect": "Deny", "Action": "*", "Resource": "*",
     "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}
  ]
}`

func openFirm(t *testing.T) *firm {
	t.Helper()
	f := &firm{office: emptyOffice(t)}
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	elena, err := f.c.SetUpFromHost(ctx, host, firstRequest())
	must(err)
	org, err := f.c.Organization(ctx)
	must(err)
	_, err = f.c.AddAccount(ctx, host, model.Account{ID: devAccount, Name: "Dev", Email: "dev@securecart.example", OU: org.RootID,
		State: model.AccountActive}, "")
	must(err)
	names, err := f.c.SetNames(ctx, host)
	must(err)
	give := func(to model.Principal, set model.PermissionSetID, account model.AccountID) model.AssignmentID {
		made, err := f.c.Assign(ctx, host, center.AssignRequest{Principals: []model.Principal{to}, Reason: "CHG-7",
			Sets: []model.PermissionSetID{set}, Targets: []model.Target{{Kind: model.TargetAccount, ID: string(account)}}})
		must(err)
		return made[0].ID
	}
	operator := func(name, set string) model.Actor {
		u := f.user(t, name)
		give(model.Principal{Kind: model.PrincipalUser, ID: string(u.ID)}, names[set], org.ManagementAccount)
		return signedIn(u, f.now)
	}
	f.administrator = signedIn(elena, f.now)
	f.auditor, f.helpDesk = operator("otto", center.AuditorSet), operator("hana", center.HelpDeskSet)
	developers, err := f.c.CreateGroup(ctx, host, model.Group{Name: "Developers"})
	must(err)
	f.developer = signedIn(f.user(t, "dora", developers.ID), f.now)
	f.set = f.office.set(t, model.PermissionSet{Name: "Developer", SessionDuration: time.Hour, InlinePolicy: developing})
	f.rule = give(model.Principal{Kind: model.PrincipalGroup, ID: string(developers.ID)}, f.set.ID, devAccount)
	return f
}

func signedIn(u model.User, at time.Time) model.Actor {
	return model.Actor{User: u.ID, UserName: u.UserName, Name: u.DisplayName, MFA: true, FactorAt: at}
}

// refused fails the test unless an act is refused and the newest event says so.
func (f *firm) refused(t *testing.T, action string, err error) {
	t.Helper()
	if model.KindOf(err) != model.Forbidden {
		t.Errorf("%s: error %v, want it forbidden", action, err)
	}
	f.trail(t, "Refused "+action)
}
