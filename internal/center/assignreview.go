package center

import (
	"context"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// AssignReview is what an AssignRequest would do now. Nothing is written for it.
type AssignReview struct {
	Principals, Sets, Targets int // how many of each, without repetitions
	New                       int // rules that would be made
	Kept                      int // rules that are there already
	People                    int // enabled people whom the new rules are for
	Gains                     []access.Gain
	Administrators            []*access.User    // who would become administrators of Gatehouse
	Inactive                  []*access.Account // reached, and offering nothing because they are not active
	Disabled                  []*access.User    // chosen by name, and holding nothing because they are disabled
	Unknown                   []*access.Set     // with policies whose document is not known: they grant nothing
	Request                   AssignRequest     // tidied
}

// ReviewAssign says what a request would do, or why it would be refused. Trying out is not an attempt: the trail hears
// nothing of it.
func (c *Center) ReviewAssign(ctx context.Context, actor model.Actor, q AssignRequest) (AssignReview, error) {
	var review AssignReview
	err := c.view(ctx, actor, act{action: model.ActListAssignments}, func(_ store.Reader, s *access.Snapshot) error {
		now := c.Now()
		if err := q.Check(now); err != nil {
			return err
		}
		q = q.tidy(now)
		plan, err := planAssign(s, q, now, func(a act) (string, error) {
			if actor.Host {
				return "", nil
			}
			return authorise(s, actor, now, a)
		})
		if err != nil {
			return err
		}
		review = reviewOf(s, q, plan, c)
		return nil
	})
	return review, err
}

func reviewOf(s *access.Snapshot, q AssignRequest, plan assignPlan, c *Center) AssignReview {
	now := c.Now()
	v := AssignReview{Principals: len(q.Principals), Sets: len(q.Sets), Targets: len(q.Targets), New: len(plan.fresh),
		Kept: len(plan.kept), Request: q}
	rules := make([]*access.Rule, len(plan.fresh))
	for i, planned := range plan.fresh {
		rules[i] = s.Suppose(planned.Assignment)
	}
	v.Gains, v.Administrators = s.Gains(rules, now), s.NewAdministrators(rules, now)
	v.note(rules)
	for _, id := range q.Sets {
		if set := s.Set(id); len(set.Unknown) > 0 {
			v.Unknown = append(v.Unknown, set)
		}
	}
	return v
}

// note counts the people of the new rules, and notes who and what cannot use them.
func (v *AssignReview) note(rules []*access.Rule) {
	people, accounts := map[*access.User]bool{}, map[*access.Account]bool{}
	for _, rule := range rules {
		for _, u := range rule.People() {
			if people[u] {
				continue
			}
			people[u] = true
			if u.Enabled {
				v.People++
			} else if rule.User != nil {
				v.Disabled = append(v.Disabled, u)
			}
		}
		for _, a := range rule.Accounts() {
			if !accounts[a] && a.State != model.AccountActive {
				v.Inactive = append(v.Inactive, a)
			}
			accounts[a] = true
		}
	}
}
