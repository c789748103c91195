package center

import (
	"testing"
	"time"

	"gatehouse/internal/model"
)

func TestOwnCredentialsAreListedAndRevoked(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	first := d.issue()
	d.now = d.now.Add(time.Minute)
	second := d.issue()
	list, err := d.RoleSessionsOf(t.Context(), d.actor, d.ana.ID)
	if err != nil || len(list) != 2 || list[0].AccessKeyID != second.AccessKeyID ||
		list[1].AccessKeyID != first.AccessKeyID || list[0].AccountName != "Dev" ||
		list[0].SetName != "Developer" || !list[0].Held {
		t.Fatalf("RoleSessionsOf() = %+v, %v; want both, the newest first", list, err)
	}
	if err := d.RevokeRoleSession(t.Context(), d.actor, d.actor.User, first.AccessKeyID, ""); err != nil {
		t.Fatal(err)
	}
	d.works("revoked", first, false)
	d.works("not revoked", second, true)
	if e := d.last(); e.Action != model.ActRevokeRoleSession || e.Objects[0].ID != string(first.AccessKeyID) {
		t.Errorf("the trail has %s about %v", e.Action, e.Objects)
	}
	refuses(t, "revoking again", d.RevokeRoleSession(t.Context(), d.actor, d.actor.User, first.AccessKeyID, ""), model.Conflict)
	refuses(t, "an unknown key", d.RevokeRoleSession(t.Context(), d.actor, d.actor.User, "ASIAZZZZZZZZZZZZZZZZ", ""), model.NotFound)
	if list, err = d.RoleSessionsOf(t.Context(), d.actor, d.ana.ID); err != nil || len(list) != 1 {
		t.Errorf("RoleSessionsOf() = %+v, %v; want the one that is left", list, err)
	}
	d.now = d.now.Add(2 * time.Hour)
	refuses(t, "expired ones", d.RevokeRoleSession(t.Context(), d.actor, d.actor.User, second.AccessKeyID, ""), model.Conflict)
}

func TestAllCredentialsOfAPersonAreRevokedAtOnce(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	first, second := d.issue(), d.issue()
	n, err := d.RevokeAllOf(t.Context(), d.actor, d.ana.ID, "laptop lost")
	if err != nil || n != 2 {
		t.Fatalf("RevokeAllOf() = %d, %v; want 2", n, err)
	}
	d.works("first", first, false)
	d.works("second", second, false)
	if e := d.last(); e.Reason != "laptop lost" || len(e.Objects) != 3 || e.Objects[0].ID != string(d.ana.ID) {
		t.Errorf("the trail has %q about %v", e.Reason, e.Objects)
	}
	_, err = d.RevokeAllOf(t.Context(), d.actor, d.ana.ID, "")
	refuses(t, "again", err, model.Conflict)
}

func TestCredentialsOfOthersNeedPermission(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	issued := d.issue()
	bob := d.person("bob")
	other := model.Actor{User: bob.ID, UserName: "bob", MFA: true}
	_, err := d.RoleSessionsOf(t.Context(), other, d.ana.ID)
	refuses(t, "listing", err, model.Forbidden)
	refuses(t, "revoking", d.RevokeRoleSession(t.Context(), other, d.actor.User, issued.AccessKeyID, ""), model.Forbidden)
	_, err = d.RevokeAllOf(t.Context(), other, d.ana.ID, "")
	refuses(t, "revoking all", err, model.Forbidden)
	d.works("after all that", issued, true)

	admins := d.permissionSet("Admins", time.Hour)
	_, err = d.Assign(t.Context(), host, AssignRequest{Sets: []model.PermissionSetID{admins.ID},
		Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(bob.ID)}},
		Targets:    []model.Target{{Kind: model.TargetAccount, ID: string(management)}}})
	if err != nil {
		t.Fatal(err)
	}
	if list, err := d.RoleSessionsOf(t.Context(), other, d.ana.ID); err != nil || len(list) != 1 {
		t.Errorf("an administrator sees %v, %v; want one", list, err)
	}
	if err := d.RevokeRoleSession(t.Context(), other, d.actor.User, issued.AccessKeyID, "left the company"); err != nil {
		t.Fatal(err)
	}
	d.works("revoked by an administrator", issued, false)
	if e := d.last(); e.Grant == "" || e.Reason != "left the company" {
		t.Errorf("the trail names no role that allowed it, or no reason: %+v", e)
	}
}

func TestWhatIsNotHeldAnyMoreIsListedAsSuch(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.issue()
	if _, err := d.Unassign(t.Context(), host, []model.AssignmentID{d.rule}, ""); err != nil {
		t.Fatal(err)
	}
	p, err := d.Portal(t.Context(), d.actor)
	if err != nil || len(p.Roles) != 0 || len(p.Issued) != 1 || p.Issued[0].Held {
		t.Errorf("Portal() = %+v, %v; want no role, and one set of credentials that is refused", p, err)
	}
	_, err = d.MyRole(t.Context(), d.actor, d.account.ID, d.set.ID)
	refuses(t, "the role", err, model.NotFound)
}
