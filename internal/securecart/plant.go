package securecart

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

// Person is somebody of the sample who was planted.
type Person struct {
	model.User
	Role string // administrator, auditor, help-desk, developer, …
}

// Planted is what planting leads to, by the names of the sample.
type Planted struct {
	People []Person
	Users  map[string]model.UserID // by user name
	Sets   map[string]model.PermissionSetID
	groups map[string]model.GroupID
	units  map[string]model.OUID
}

// planter plants step by step and remembers what the later steps refer to.
type planter struct {
	ctx    context.Context
	center *center.Center
	actor  model.Actor
	now    time.Time
	Planted
}

// Plant adds the sample to the organization as the actor: units, accounts, guardrails, sets, groups, people, assignments
// and scenarios. The people have no credentials yet. It stops at the first thing that exists already, with what it had
// planted until then in place and recorded.
func Plant(ctx context.Context, c *center.Center, actor model.Actor) (Planted, error) {
	p := &planter{ctx: ctx, center: c, actor: actor, now: c.Now(), Planted: Planted{
		Users: map[string]model.UserID{}, Sets: map[string]model.PermissionSetID{},
		groups: map[string]model.GroupID{}, units: map[string]model.OUID{}}}
	for _, step := range []func() error{
		p.plantUnits, p.plantAccounts, p.plantGuardrails, p.plantSets, p.plantGroups, p.plantUsers, p.plantAssignments,
		p.plantScenarios,
	} {
		if err := step(); err != nil {
			return p.Planted, fmt.Errorf("plant SecureCart: %w", err)
		}
	}
	return p.Planted, nil
}

func (p *planter) plantUnits() error {
	org, err := p.center.Organization(p.ctx)
	if err != nil {
		return err
	}
	p.units[""], p.units["/"] = org.RootID, org.RootID
	for _, u := range units {
		made, err := p.center.CreateOU(p.ctx, p.actor, model.OU{Name: u.name, Parent: p.units[u.parent]}, "")
		if err != nil {
			return err
		}
		p.units[u.path] = made.ID
	}
	return nil
}

func (p *planter) plantAccounts() error {
	for _, a := range accounts {
		_, err := p.center.AddAccount(p.ctx, p.actor, model.Account{ID: a.id, Name: a.name, OU: p.units[a.unit],
			Email: "aws+" + strings.ToLower(a.name) + "@" + EmailDomain, State: model.AccountActive, Tags: model.Tags{"use": a.use}}, "")
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *planter) plantGuardrails() error {
	for _, g := range guardrails {
		made, err := p.center.CreatePolicy(p.ctx, p.actor, model.Policy{Kind: model.ServiceControlPolicy, Name: g.name,
			Description: g.description, Document: policy(g.file)}, "")
		if err != nil {
			return err
		}
		target := model.Target{Kind: model.TargetOU, ID: string(p.units[g.unit])}
		if err := p.center.AttachPolicy(p.ctx, p.actor, center.Attach{Policy: made.ID, Targets: []model.Target{target}}); err != nil {
			return err
		}
	}
	return nil
}

func (p *planter) plantSets() error {
	operators, err := p.center.SetNames(p.ctx, p.actor)
	if err != nil {
		return err
	}
	p.Sets = operators
	for _, s := range sets {
		made, err := p.center.CreatePermissionSet(p.ctx, p.actor, s.permissionSet(), "")
		if err != nil {
			return err
		}
		p.Sets[s.name] = made.ID
	}
	return nil
}

func (p *planter) plantGroups() error {
	for _, g := range groups {
		made, err := p.center.CreateGroup(p.ctx, p.actor, model.Group{Name: g.name, Description: g.description})
		if err != nil {
			return err
		}
		p.groups[g.name] = made.ID
	}
	return nil
}

func (p *planter) plantUsers() error {
	for _, u := range users {
		var in []model.GroupID
		for _, name := range u.groups {
			in = append(in, p.groups[name])
		}
		made, err := p.center.CreateUser(p.ctx, p.actor, model.User{UserName: u.userName(), GivenName: u.given,
			FamilyName: u.family, DisplayName: u.given + " " + u.family, Email: u.userName() + "@" + EmailDomain,
			Title: u.title, Status: model.UserEnabled}, in)
		if err != nil {
			return err
		}
		p.Users[u.userName()] = made.ID
		p.People = append(p.People, Person{User: made, Role: u.role})
	}
	return nil
}

func (p *planter) plantAssignments() error {
	operators := []assignment{
		{group: "Gatehouse-Auditors", set: center.AuditorSet, accounts: []model.AccountID{""}, reason: "Audits Gatehouse"},
		{group: "Gatehouse-HelpDesk", set: center.HelpDeskSet, accounts: []model.AccountID{""}, reason: "Looks after people's sign-in"},
	}
	org, err := p.center.Organization(p.ctx)
	if err != nil {
		return err
	}
	for _, a := range append(operators, assignments...) {
		request := center.AssignRequest{Sets: []model.PermissionSetID{p.Sets[a.set]}, Reason: a.reason,
			Principals: []model.Principal{{Kind: model.PrincipalGroup, ID: string(p.groups[a.group])}}}
		for _, id := range a.accounts {
			if id == "" || id == Management {
				id = org.ManagementAccount // the sample may be planted into an organization with another one
			}
			request.Targets = append(request.Targets, model.Target{Kind: model.TargetAccount, ID: string(id)})
		}
		if a.unit != "" {
			request.Targets = append(request.Targets, model.Target{Kind: model.TargetOU, ID: string(p.units[a.unit])})
		}
		if a.days > 0 {
			request.ExpiresAt = p.now.AddDate(0, 0, a.days)
		}
		if _, err := p.center.Assign(p.ctx, p.actor, request); err != nil {
			return err
		}
	}
	return nil
}

func (p *planter) plantScenarios() error {
	org, err := p.center.Organization(p.ctx)
	if err != nil {
		return err
	}
	var problems []error
	for _, s := range scenarios(p.Planted, org.ManagementAccount) {
		if _, err := p.center.SaveScenario(p.ctx, p.actor, s); err != nil {
			problems = append(problems, fmt.Errorf("scenario %q: %w", s.Name, err))
		}
	}
	return errors.Join(problems...)
}

func fold(name string) string { return strings.ToLower(name) }

// Administrator is who administers Gatehouse in the sample. Set-up makes an administrator of its own, so Plant leaves
// them out; the seed command plants them first.
func Administrator() model.User {
	return model.User{UserName: "elena.novak", GivenName: "Elena", FamilyName: "Novak", DisplayName: "Elena Novak",
		Email: "elena.novak@" + EmailDomain, Title: "Head of platform", Status: model.UserEnabled}
}

// Seed makes the sample from nothing: the organization, its administrator, and everything that Plant adds.
func Seed(ctx context.Context, c *center.Center, host model.Actor) (Planted, error) {
	elena, err := c.SetUpFromHost(ctx, host, center.SetUpRequest{Organization: Name, Region: region, User: Administrator(),
		Account: model.Account{ID: Management, Name: ManagementName, Email: "aws@" + EmailDomain}})
	if err != nil {
		return Planted{}, err
	}
	planted, err := Plant(ctx, c, host)
	planted.People = append([]Person{{User: elena, Role: "administrator"}}, planted.People...)
	return planted, err
}
