package center

import (
	"context"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// PolicyQuery chooses organization policies. Zero fields do not limit.
type PolicyQuery struct {
	Text string // part of the name, the description or the id
	Kind model.PolicyKind
}

// PolicyList is the chosen policies by name, and how many there are of each kind.
type PolicyList struct {
	Policies   []PolicyUse
	SCPs, RCPs int
}

// PolicyUse is a policy with where it is attached.
type PolicyUse struct {
	model.Policy
	Targets []PolicyTarget // by name, units before accounts
}

// PolicyTarget is a unit or an account with a policy attached.
type PolicyTarget struct {
	Place
	Since time.Time
}

// Policies returns the chosen organization policies with where they are attached.
func (c *Center) Policies(ctx context.Context, actor model.Actor, q PolicyQuery) (PolicyList, error) {
	var list PolicyList
	err := c.view(ctx, actor, act{action: model.ActListPolicies}, func(r store.Reader, s *access.Snapshot) error {
		policies, err := r.Policies(ctx)
		if err != nil {
			return err
		}
		attached, err := r.Attachments(ctx)
		if err != nil {
			return err
		}
		for _, p := range policies {
			if p.Kind == model.ServiceControlPolicy {
				list.SCPs++
			} else {
				list.RCPs++
			}
			if q.matches(p) {
				list.Policies = append(list.Policies, PolicyUse{p, placesOf(s, attached, p.ID)})
			}
		}
		return nil
	})
	return list, err
}

func (q PolicyQuery) matches(p model.Policy) bool {
	if q.Kind != "" && p.Kind != q.Kind {
		return false
	}
	text := strings.ToLower(strings.TrimSpace(q.Text))
	return slices.ContainsFunc([]string{p.Name, p.Description, string(p.ID)}, func(field string) bool {
		return strings.Contains(strings.ToLower(field), text)
	})
}

// placesOf returns where a policy is attached, units before accounts, by name.
func placesOf(s *access.Snapshot, attached []store.Attached, id model.PolicyID) []PolicyTarget {
	g := grower{access: s}
	var targets []PolicyTarget
	for _, a := range attached {
		if a.Policy.ID != id {
			continue
		}
		t := PolicyTarget{Since: a.Since}
		if a.Target.Kind == model.TargetOU {
			u := s.OU(model.OUID(a.Target.ID))
			t.Place = g.unit(u, len(u.Path())-1)
		} else {
			account := s.Account(model.AccountID(a.Target.ID))
			t.Place = g.account(account, len(account.Path()))
		}
		targets = append(targets, t)
	}
	slices.SortFunc(targets, func(a, b PolicyTarget) int { return strings.Compare(a.order(), b.order()) })
	return targets
}

func (t PolicyTarget) order() string {
	kind := "account"
	if t.IsUnit() {
		kind = "UNIT"
	}
	return kind + strings.ToLower(t.Name) + t.Target.ID
}

// PolicyDetail is all there is to know about an organization policy.
type PolicyDetail struct {
	PolicyUse
	ARN      string
	Versions []PolicySave // newest first
	Findings []eval.Finding
	Reaches  int             // accounts it holds for
	May      map[string]bool // action → whether the person who asks may do it to the policy
}

// PolicySave is a version of a policy with the name of who saved it, empty for the host.
type PolicySave struct {
	model.PolicyVersion
	Name string
}

// Policy returns an organization policy with its versions, what the validator says of it, and where it is attached, to
// somebody who may also do what needs names with it.
func (c *Center) Policy(
	ctx context.Context,
	actor model.Actor,
	id model.PolicyID,
	needs ...string,
) (PolicyDetail, error) {
	var v PolicyDetail
	err := c.view(ctx, actor, act{action: model.ActListPolicies}, func(r store.Reader, s *access.Snapshot) error {
		p, err := r.Policy(ctx, id)
		if err != nil {
			return err
		}
		if p.AWSManaged && slices.Contains(needs, model.ActUpdatePolicy) {
			return awsOwn(p)
		}
		attached, err := r.Attachments(ctx)
		if err != nil {
			return err
		}
		v.PolicyUse, v.ARN = PolicyUse{p, placesOf(s, attached, id)}, s.Organization.PolicyARN(p)
		v.Findings = eval.Validate([]byte(p.Document), policyType(p.Kind), c.known)
		v.Reaches = len(bound(s, p.Kind, v.Targets))
		v.May = map[string]bool{}
		for _, action := range []string{model.ActUpdatePolicy, model.ActDeletePolicy, model.ActAttachPolicy, model.ActDetachPolicy} {
			err := c.allowed(s, actor, onPolicy(s.Organization, action, p))
			if v.May[action] = err == nil; err != nil && slices.Contains(needs, action) {
				return c.settle(ctx, actor, err)
			}
		}
		v.Versions, err = saves(ctx, r, s, id)
		return err
	})
	return v, err
}

// bound returns the accounts at and below some targets that a policy of a kind has an effect on.
func bound(s *access.Snapshot, kind model.PolicyKind, targets []PolicyTarget) map[*access.Account]bool {
	accounts := map[*access.Account]bool{}
	for _, t := range targets {
		for _, a := range accountsAt(s, t.Target) {
			if kind != model.ServiceControlPolicy || a.ID != s.Organization.ManagementAccount {
				accounts[a] = true
			}
		}
	}
	return accounts
}

// accountsAt returns the account that a target is, or those below the unit that it is.
func accountsAt(s *access.Snapshot, t model.Target) []*access.Account {
	if t.Kind == model.TargetOU {
		return s.OU(model.OUID(t.ID)).Below()
	}
	return []*access.Account{s.Account(model.AccountID(t.ID))}
}

func saves(ctx context.Context, r store.Reader, s *access.Snapshot, id model.PolicyID) ([]PolicySave, error) {
	versions, err := r.PolicyVersions(ctx, id)
	if err != nil {
		return nil, err
	}
	named := make([]PolicySave, len(versions))
	for i, version := range versions {
		named[i] = PolicySave{PolicyVersion: version}
		if user := s.User(version.SavedBy); user != nil {
			named[i].Name = user.DisplayName
		} else if version.SavedBy != "" {
			named[i].Name = "a former user"
		}
	}
	return named, nil
}
