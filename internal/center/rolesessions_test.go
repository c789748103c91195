package center

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// A desk is a house with an account, a permission set for it, and somebody who holds it through a group.
type desk struct {
	*house
	ana     model.User
	actor   model.Actor // ana, signed in
	group   model.Group
	set     model.PermissionSet
	account model.Account
	rule    model.AssignmentID // group × set × account
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{house: newHouse(t)}
	d.key(t)
	d.account = d.house.account("333344445555", "Dev", d.org.RootID)
	var err error
	if d.group, err = d.CreateGroup(t.Context(), host, model.Group{Name: "Developers"}); err != nil {
		t.Fatal(err)
	}
	d.ana = d.person("ana", d.group.ID)
	d.actor = model.Actor{User: d.ana.ID, UserName: d.ana.UserName, Name: d.ana.DisplayName, Session: "browser", MFA: true}
	d.set = d.permissionSet("Developer", 2*time.Hour)
	d.rule = d.assign(model.Principal{Kind: model.PrincipalGroup, ID: string(d.group.ID)}, d.set.ID, time.Time{})
	return d
}

// key gives the house another master key; earlier ones stay at hand.
func (d *desk) key(t *testing.T, earlier ...vault.Key) vault.Key {
	t.Helper()
	key, err := vault.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if d.Vault, err = vault.New(rand.Reader, append([]vault.Key{key}, earlier...)...); err != nil {
		t.Fatal(err)
	}
	return key
}

func (h *house) person(name string, groups ...model.GroupID) model.User {
	h.t.Helper()
	u, err := h.CreateUser(h.t.Context(), host, model.User{UserName: name, GivenName: strings.ToUpper(name[:1]) + name[1:],
		FamilyName: "Example", Email: name + "@securecart.example"}, groups)
	if err != nil {
		h.t.Fatal(err)
	}
	return u
}

func (h *house) permissionSet(name string, duration time.Duration) model.PermissionSet {
	h.t.Helper()
	s, err := h.CreatePermissionSet(h.t.Context(), host, model.PermissionSet{Name: name, SessionDuration: duration,
		InlinePolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`}, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// assign gives a principal a set in the desk's account until a moment.
func (d *desk) assign(p model.Principal, set model.PermissionSetID, until time.Time) model.AssignmentID {
	d.t.Helper()
	made, err := d.Assign(d.t.Context(), host, AssignRequest{Principals: []model.Principal{p},
		Sets: []model.PermissionSetID{set}, ExpiresAt: until,
		Targets: []model.Target{{Kind: model.TargetAccount, ID: string(d.account.ID)}}})
	if err != nil {
		d.t.Fatal(err)
	}
	return made[0].ID
}

func (d *desk) issue() RoleCredentials {
	d.t.Helper()
	issued, err := d.IssueRoleCredentials(d.t.Context(), d.actor, d.account.ID, d.set.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	return issued
}

// works fails the test unless the credentials are good for a call.
func (d *desk) works(what string, issued RoleCredentials, want bool) {
	d.t.Helper()
	s, secret, err := d.Caller(d.t.Context(), issued.AccessKeyID, issued.SessionToken)
	if err != nil {
		if want || model.KindOf(err) != model.NotFound {
			d.t.Errorf("%s: Caller() = %v", what, err)
		}
		return
	}
	if secret != issued.SecretAccessKey {
		d.t.Errorf("%s: Caller() has another secret than was issued", what)
	}
	if got := s.RevokedAt.IsZero() && d.now.Before(s.ExpiresAt); got != want {
		d.t.Errorf("%s: credentials work: %t, want %t", what, got, want)
	}
}

func TestWhoHoldsARoleGetsCredentialsForIt(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	issued := d.issue()
	if !strings.HasPrefix(string(issued.AccessKeyID), "ASIA") || len(issued.AccessKeyID) != 20 ||
		len(issued.SecretAccessKey) != 40 || len(issued.SessionToken) < 40 {
		t.Errorf("issued %s, a secret of %d and a token of %d characters", issued.AccessKeyID,
			len(issued.SecretAccessKey), len(issued.SessionToken))
	}
	if !issued.ExpiresAt.Equal(d.now.Add(2 * time.Hour)) {
		t.Errorf("expire at %s, want two hours from %s", issued.ExpiresAt, d.now)
	}
	d.works("new", issued, true)
	s, _, err := d.Caller(t.Context(), issued.AccessKeyID, issued.SessionToken)
	if err != nil {
		t.Fatal(err)
	}
	wantARN := "arn:aws:sts::333344445555:assumed-role/" + d.set.RoleName(d.account.ID) + "/ana"
	if s.ARN() != wantARN || !strings.HasPrefix(s.CallerID(), "AROA") || !strings.HasSuffix(s.CallerID(), ":ana") {
		t.Errorf("the caller is %s %s, want %s", s.ARN(), s.CallerID(), wantARN)
	}
	if again := d.issue(); again.AccessKeyID == issued.AccessKeyID || again.SecretAccessKey == issued.SecretAccessKey ||
		again.SessionToken == issued.SessionToken {
		t.Error("credentials are issued twice")
	}
}

func TestIssuedCredentialsAreInTheTrailWithoutTheirSecrets(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	issued := d.issue()
	e := d.last()
	if e.Action != model.ActGetRoleCredentials || e.Actor != d.ana.ID ||
		e.Summary != "Took credentials of Developer in Dev" {
		t.Errorf("the trail has %s by %s: %s", e.Action, e.Actor, e.Summary)
	}
	var kinds []model.RefKind
	for _, o := range e.Objects {
		kinds = append(kinds, o.Kind)
	}
	want := []model.RefKind{model.RefRoleSession, model.RefUser, model.RefAccount, model.RefPermissionSet}
	if !slices.Equal(kinds, want) {
		t.Errorf("the event concerns %v, want %v", kinds, want)
	}
	for _, secret := range []vault.Secret{issued.SecretAccessKey, issued.SessionToken} {
		if strings.Contains(e.State+e.Summary, secret.Reveal()) {
			t.Error("the trail has a secret")
		}
	}
	_, digest, err := d.Store.RoleSession(t.Context(), issued.AccessKeyID)
	if err != nil || digest != vault.TokenDigest(issued.SessionToken.Reveal()) {
		t.Errorf("kept of the token: %q, %v; want its digest", digest, err)
	}
}

func TestWhoDoesNotHoldARoleIsRefusedWhateverTheReason(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	other := d.permissionSet("Other", time.Hour)
	bob := d.person("bob")
	var words []string
	for name, ask := range map[string]struct {
		actor   model.Actor
		account model.AccountID
		set     model.PermissionSetID
	}{
		"a set that is not assigned": {d.actor, d.account.ID, other.ID},
		"another account":            {d.actor, management, d.set.ID},
		"no such account":            {d.actor, "999999999999", d.set.ID},
		"no such set":                {d.actor, d.account.ID, "ps-0000000000000000"},
		"somebody outside the group": {model.Actor{User: bob.ID, UserName: "bob"}, d.account.ID, d.set.ID},
		"nobody":                     {model.Actor{}, d.account.ID, d.set.ID},
		"the host":                   {host, d.account.ID, d.set.ID},
	} {
		_, err := d.IssueRoleCredentials(t.Context(), ask.actor, ask.account, ask.set)
		refuses(t, name, err, model.Forbidden)
		words = append(words, err.Error())
		if e := d.last(); e.Outcome != model.Refused || e.Action != model.ActGetRoleCredentials {
			t.Errorf("%s: the trail has %s %s, want the refusal", name, e.Outcome, e.Action)
		}
	}
	for _, w := range words {
		if w != words[0] {
			t.Errorf("refusals differ: %q and %q", w, words[0])
		}
	}
}

func TestCredentialsEndWithTheLastRuleThatGivesTheRole(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	short := d.permissionSet("Short", 8*time.Hour)
	self := model.Principal{Kind: model.PrincipalUser, ID: string(d.ana.ID)}
	first := d.now.Add(30 * time.Minute)
	d.assign(self, short.ID, first)
	issued, err := d.IssueRoleCredentials(t.Context(), d.actor, d.account.ID, short.ID)
	if err != nil || !issued.ExpiresAt.Equal(first) {
		t.Fatalf("expire at %s, %v; want the end of the assignment, %s", issued.ExpiresAt, err, first)
	}
	second := d.now.Add(50 * time.Minute)
	d.assign(self, short.ID, second)
	longer, err := d.IssueRoleCredentials(t.Context(), d.actor, d.account.ID, short.ID)
	if err != nil || !longer.ExpiresAt.Equal(second) {
		t.Errorf("with a second assignment they expire at %s, %v; want %s", longer.ExpiresAt, err, second)
	}

	d.now = first
	d.works("at the end of the first assignment", issued, false)
	d.works("while the second lasts", longer, true)
	d.now = second
	d.works("at the end of the second", longer, false)
	_, err = d.IssueRoleCredentials(t.Context(), d.actor, d.account.ID, short.ID)
	refuses(t, "after the end", err, model.Forbidden)
}

func TestCredentialsStopWhenWhatGaveThemIsTakenAway(t *testing.T) {
	t.Parallel()
	for name, take := range map[string]func(d *desk) error{
		"the assignment is removed": func(d *desk) error {
			_, err := d.Unassign(d.t.Context(), host, []model.AssignmentID{d.rule}, "")
			return err
		},
		"the person leaves the group": func(d *desk) error {
			return d.RemoveMember(d.t.Context(), host, d.group.ID, d.ana.ID)
		},
		"the group is deleted": func(d *desk) error { return d.DeleteGroup(d.t.Context(), host, d.group.ID, "") },
		"the person is disabled": func(d *desk) error {
			return d.DisableUser(d.t.Context(), host, d.ana.ID, "")
		},
		"the person is disabled and enabled again": func(d *desk) error {
			if err := d.DisableUser(d.t.Context(), host, d.ana.ID, ""); err != nil {
				return err
			}
			return d.EnableUser(d.t.Context(), host, d.ana.ID, "")
		},
		"the person is deleted": func(d *desk) error { return d.DeleteUser(d.t.Context(), host, d.ana.ID, "") },
		"time": func(d *desk) error {
			d.now = d.now.Add(2 * time.Hour)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			issued := d.issue()
			d.works("before", issued, true)
			if err := take(d); err != nil {
				t.Fatal(err)
			}
			d.works(name, issued, false)
		})
	}
}

func TestATokenOfOtherCredentialsOpensNothing(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	issued, other := d.issue(), d.issue()
	for name, ask := range map[string]struct {
		key   model.AccessKeyID
		token vault.Secret
	}{
		"another token":    {issued.AccessKeyID, other.SessionToken},
		"no token":         {issued.AccessKeyID, ""},
		"a longer token":   {issued.AccessKeyID, issued.SessionToken + "="},
		"an unknown key":   {"ASIAZZZZZZZZZZZZZZZZ", issued.SessionToken},
		"a key in small":   {model.AccessKeyID(strings.ToLower(string(issued.AccessKeyID))), issued.SessionToken},
		"nothing whatever": {},
	} {
		_, secret, err := d.Caller(t.Context(), ask.key, ask.token)
		refuses(t, name, err, model.NotFound)
		if secret != "" {
			t.Errorf("%s: a secret was handed out", name)
		}
	}
}

func TestACredentialOutlivesAChangeOfTheMasterKeyAsLongAsTheOldOneIsAtHand(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	old := d.key(t)
	issued := d.issue()
	d.key(t, old)
	d.works("with the old key at hand", issued, true)
	d.works("issued under the new key", d.issue(), true)
	d.key(t)
	d.works("without the old key", issued, false)
}

func TestUseIsNotedAtMostOnceAMinute(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	issued := d.issue()
	use := func() time.Time {
		s, _, err := d.Caller(t.Context(), issued.AccessKeyID, issued.SessionToken)
		if err != nil {
			t.Fatal(err)
		}
		d.Called(t.Context(), s)
		after, _, err := d.Store.RoleSession(t.Context(), issued.AccessKeyID)
		if err != nil {
			t.Fatal(err)
		}
		return after.LastUsedAt
	}
	d.now = d.now.Add(time.Minute)
	first := d.now
	if got := use(); !got.Equal(first) {
		t.Errorf("last used at %s, want %s", got, first)
	}
	d.now = first.Add(59 * time.Second)
	if got := use(); !got.Equal(first) {
		t.Errorf("within the minute it is noted again: %s", got)
	}
	d.now = first.Add(time.Minute)
	if got := use(); !got.Equal(d.now) {
		t.Errorf("after a minute it is not noted: %s", got)
	}
	p, err := d.Portal(t.Context(), d.actor)
	if err != nil || len(p.Roles) != 1 || !p.Roles[0].LastUsed.Equal(d.now) {
		t.Errorf("the portal says %+v, %v; want the last use", p.Roles, err)
	}
}
