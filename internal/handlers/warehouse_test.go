package handlers_test

import (
	"slices"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/securecart"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// thing is what can stand at a place of an address: one that is there, one that never was, one that is not there any more,
// and those that are there but somebody else's, or of another kind.
type thing struct {
	real, random, deleted string
	foreign               []string
}

// warehouse is a shop in which there is at least one of everything: of the first developer, who asks, and of somebody else.
type warehouse struct {
	*census
	things    map[string]thing // by the place in the pattern of an address
	me, other model.User
	never     string // a UUID of nothing
}

func openWarehouse(t *testing.T) *warehouse {
	t.Helper()
	w := &warehouse{census: takeCensus(t), things: map[string]thing{}}
	var err error
	w.me = w.people[ordinary]
	w.other, err = w.center.Store.User(t.Context(), w.planted.Users["ben.carter"])
	must(t, err)
	if w.me.ID == w.other.ID {
		t.Fatal("they are the same person")
	}
	w.never = w.uuid(t)
	w.furnishDirectory(t)
	w.furnishAccess(t)
	w.furnishOwn(t)
	return w
}

// ids are the public identifiers of the current rows of a table.
func (w *warehouse) ids(t *testing.T, table string) []string {
	t.Helper()
	var list []string
	for _, row := range w.watch(t).Contents()[table] {
		if end, closes := row["to_seq"]; !closes || end == "<nil>" {
			list = append(list, row["id"])
		}
	}
	slices.Sort(list)
	return list
}

func (w *warehouse) uuid(t *testing.T) string {
	t.Helper()
	id, err := model.NewUUID(w.center.Random)
	must(t, err)
	return id
}

// furnishDirectory knows people, groups, accounts and units.
func (w *warehouse) furnishDirectory(t *testing.T) {
	t.Helper()
	ctx, c := t.Context(), w.center
	u, err := c.CreateUser(ctx, host, model.User{UserName: "left.already", GivenName: "Left", FamilyName: "Already", Email: "left@x.example"}, nil)
	must(t, err)
	must(t, c.DeleteUser(ctx, host, u.ID, ""))
	g, err := c.CreateGroup(ctx, host, model.Group{Name: "Dissolved"})
	must(t, err)
	must(t, c.DeleteGroup(ctx, host, g.ID, ""))
	org, err := c.Organization(ctx)
	must(t, err)
	a, err := c.AddAccount(ctx, host, model.Account{ID: "123412341234", Name: "Closed", Email: "closed@x.example", State: model.AccountActive, OU: org.RootID}, "")
	must(t, err)
	must(t, c.RemoveAccount(ctx, host, a.ID, ""))
	ou, err := c.CreateOU(ctx, host, model.OU{Name: "Wound up", Parent: org.RootID}, "")
	must(t, err)
	must(t, c.DeleteOU(ctx, host, ou.ID, ""))

	group, never := w.ids(t, "groups")[0], string(w.other.ID[:11])+w.never
	units := slices.DeleteFunc(w.ids(t, "ous"), func(id string) bool { return id == string(org.RootID) })
	account := string(securecart.Production)
	w.things["/users/:id"] = thing{string(w.other.ID), never, string(u.ID), []string{group, account}}
	in, err := c.Store.MembershipsOf(ctx, w.other.ID)
	must(t, err)
	w.things["/users/:id/groups/:group"] = thing{string(in[0].GroupID), never, string(g.ID), []string{string(w.me.ID)}}
	group = string(in[0].GroupID)
	w.things["/groups/:id"] = thing{group, never, string(g.ID), []string{string(w.other.ID), account}}
	w.things["/groups/:id/members/:user"] = thing{string(w.other.ID), never, string(u.ID), []string{group}}
	w.things["/accounts/:id"] = thing{account, "999900001111", string(a.ID), []string{units[0]}}
	w.things["/accounts/ous/:id"] = thing{units[0], units[0][:8] + "zzzz9999", string(ou.ID), []string{account}}
}

// furnishAccess knows policies, permission sets, assignments and scenarios.
func (w *warehouse) furnishAccess(t *testing.T) {
	t.Helper()
	ctx, c := t.Context(), w.center
	p, err := c.CreatePolicy(ctx, host, model.Policy{Kind: model.ServiceControlPolicy, Name: "Withdrawn", Document: model.FullAWSAccessBody}, "")
	must(t, err)
	must(t, c.DeletePolicy(ctx, host, p.ID, ""))
	set, err := c.CreatePermissionSet(ctx, host, model.PermissionSet{Name: "Withdrawn", SessionDuration: time.Hour}, "")
	must(t, err)
	rules, err := c.Assign(ctx, host, center.AssignRequest{Sets: []model.PermissionSetID{set.ID},
		Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(w.other.ID)}},
		Targets:    []model.Target{{Kind: model.TargetAccount, ID: string(securecart.Production)}}})
	must(t, err)
	_, err = c.Unassign(ctx, host, []model.AssignmentID{rules[0].ID}, "")
	must(t, err)
	_, err = c.DeletePermissionSet(ctx, host, center.SetRemoval{ID: set.ID, Version: set.Version})
	must(t, err)
	scenarios := w.ids(t, "scenarios")
	must(t, c.DeleteScenario(ctx, host, model.ScenarioID(scenarios[1])))

	policies := slices.DeleteFunc(w.ids(t, "policies"), func(id string) bool { return id == string(model.FullAWSAccess) })
	sets, assignments := w.ids(t, "permission_sets"), w.ids(t, "assignments")
	w.things["/accounts/policies/:id"] = thing{policies[0], "p-0123456789", string(p.ID), []string{sets[0]}}
	w.things["/permission-sets/:id"] = thing{sets[0], "ps-0123456789abcdef", string(set.ID), []string{policies[0]}}
	w.things["/permission-sets/catalogue/*"] = thing{"", "NoSuchPolicy", "", []string{sets[0]}}
	w.things["/assignments/:id"] = thing{assignments[0], w.never, "", []string{scenarios[0]}}
	w.things["/simulate/scenarios/:id"] = thing{scenarios[0], w.never, scenarios[1], []string{assignments[0]}}
	w.things["/approvals/:id"] = thing{waitingApproval, w.never, "", []string{waitingApproval, assignments[0]}}
	w.things["/invite/:token"] = thing{"", vault.TokenDigest("x")[:43], "", nil}
	w.things["/setup/:token"] = thing{"", vault.TokenDigest("x")[:43], "", []string{w.invitation(t)}}
}

// furnishOwn knows what people have of their own: devices, sessions, browsers and role credentials.
func (w *warehouse) furnishOwn(t *testing.T) {
	t.Helper()
	mine, theirs := w.belongings(t, w.me), w.belongings(t, w.other)
	w.things["/me/devices/:id"] = thing{mine.device, w.never, mine.lostDevice, []string{theirs.device, mine.session}}
	w.things["/me/sessions/:id"] = thing{mine.session, w.never, "", []string{theirs.session, mine.browser}}
	w.things["/me/browsers/:id"] = thing{mine.browser, w.never, mine.lostBrowser, []string{theirs.browser, mine.session}}
	w.things["/portal/credentials/:key"] = thing{mine.key, "ASIAAAAAAAAAAAAAAAAA", "", []string{theirs.key}}
	w.things["/users/:id/sessions/:session"] = thing{theirs.session, w.never, "", []string{mine.session}}
	w.things["/users/:id/browsers/:browser"] = thing{theirs.browser, w.never, theirs.lostBrowser, []string{mine.browser}}
	w.things["/users/:id/credentials/:key"] = thing{theirs.key, "ASIAAAAAAAAAAAAAAAAA", "", []string{mine.key}}
	w.things["/portal/:account"] = thing{string(mine.account), "999900001111", "", nil}
	w.things["/portal/:account/:set"] = thing{string(mine.set), "ps-0123456789abcdef", w.things["/permission-sets/:id"].deleted,
		[]string{string(w.planted.Sets[center.AdministratorSet])}}
}

// belongings are what somebody has, and had.
type belongings struct {
	device, lostDevice, session, browser, lostBrowser, key string
	account                                                model.AccountID
	set                                                    model.PermissionSetID
}

func (w *warehouse) belongings(t *testing.T, u model.User) belongings {
	t.Helper()
	ctx, c := t.Context(), w.center
	var b belongings
	_, err := c.ProvisionCredentials(ctx, host, u.ID, elenasPassword)
	must(t, err)
	devices, err := c.Store.TOTPDevices(ctx, u.ID)
	must(t, err)
	b.device = string(devices[0].ID)
	token := w.session(t, model.Session{User: u.ID, Stage: model.StageSignedIn, Methods: "password totp", SignedInAt: w.now, FactorAt: w.now, Epoch: u.SessionEpoch})
	open, err := c.Resume(ctx, token)
	must(t, err)
	b.session = string(open.Session.ID)
	actor := model.Actor{User: u.ID, UserName: u.UserName, Name: u.DisplayName, MFA: true, FactorAt: w.now, Session: open.Session.ID}
	b.browser, b.lostBrowser = w.uuid(t), w.uuid(t)
	must(t, c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		for _, id := range []string{b.browser, b.lostBrowser} {
			known := model.KnownBrowser{ID: model.BrowserID(id), User: u.ID, ExpiresAt: w.now.Add(model.BrowserLife)}
			if err := tx.InsertBrowser(ctx, known, vault.TokenDigest(id)); err != nil {
				return err
			}
		}
		return nil
	}))
	app, err := c.StartDevice(ctx, actor)
	must(t, err)
	code, err := mfa.App{Secret: app.Secret.Reveal(), Digits: mfa.Digits}.Code(mfa.Step(w.now))
	must(t, err)
	must(t, c.ConfirmDevice(ctx, actor, "Lost phone", code))
	must(t, c.RemoveDevice(ctx, actor, app.Device))
	b.lostDevice = string(app.Device)
	must(t, c.ForgetOwnBrowser(ctx, actor, model.BrowserID(b.lostBrowser)))
	portal, err := c.Portal(ctx, actor)
	must(t, err)
	for _, held := range portal.Roles {
		b.account, b.set = held.Account.ID, held.Set.ID
	}
	issued, err := c.IssueRoleCredentials(ctx, actor, b.account, b.set)
	must(t, err)
	b.key = string(issued.AccessKeyID)
	return b
}
