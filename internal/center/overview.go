package center

import (
	"context"
	"slices"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Overview is the state of the organization at a glance.
type Overview struct {
	Organization   model.Organization
	Accounts       int
	People         int         // enabled ones
	WithFactor     int         // of them, with a confirmed second factor
	Administrators []model.Ref // enabled people who can administer the console, by name
	Rules          int
	Ending         []EndingRule // in force and ending within EndingSoon, the next first
	Scenarios      int
	Failing        []model.Scenario // saved scenarios that do not hold
	Proofs         []Proof          // at most shownProofs of the saved scenarios, those that fail first
	SignIns        []SignInDay      // the last SignInDays days, oldest first
	Recent         []Entry          // the newest changes; empty for who may not read the trail
	Slowdown       Slowdown         // of codes from unknown browsers; zero for who may not read the trail
}

// EndingRule is an assignment that ends soon.
type EndingRule struct {
	ID              model.AssignmentID
	Who, Set, Where string
	EndsAt          time.Time
}

// SignInDay counts the sign-ins of one day in UTC.
type SignInDay struct {
	Day             time.Time
	SignedIn        int
	Failed          int
	MostFailed      string // user name with the most failures, when they are at least three
	MostFailedTimes int
}

// What an overview looks at.
const (
	EndingSoon  = 7 * 24 * time.Hour
	SignInDays  = 14
	recent      = 6
	shownProofs = 9
)

// Overview returns the state of the organization at a glance.
func (c *Center) Overview(ctx context.Context, actor model.Actor) (Overview, error) {
	var o Overview
	err := c.view(ctx, actor, act{action: model.ActReadOverview}, func(r store.Reader, s *access.Snapshot) error {
		now := c.Now()
		o.Organization = s.Organization
		_, _, o.Accounts, _, o.Rules = s.Counts()
		for _, u := range s.Administrators(now) {
			o.Administrators = append(o.Administrators, model.Ref{Kind: model.RefUser, ID: string(u.ID), Name: u.DisplayName})
		}
		o.Ending = endingSoon(s, now)
		var err error
		if o.People, err = r.CountUsers(ctx, store.UserFilter{Status: model.UserEnabled}); err != nil {
			return err
		}
		without, err := r.CountUsers(ctx, store.UserFilter{Status: model.UserEnabled, WithoutFactor: true})
		if err != nil {
			return err
		}
		o.WithFactor = o.People - without
		if err := o.proveScenarios(ctx, c, r, s); err != nil {
			return err
		}
		if o.SignIns, err = signIns(ctx, r, s, now); err != nil {
			return err
		}
		return o.readRecent(ctx, c, r, s, actor)
	})
	return o, err
}

func endingSoon(s *access.Snapshot, now time.Time) []EndingRule {
	var ending []EndingRule
	for _, rule := range s.Rules() {
		if rule.Holds(now) && !rule.ExpiresAt.IsZero() && rule.ExpiresAt.Sub(now) <= EndingSoon {
			ending = append(ending, endingRule(rule))
		}
	}
	slices.SortStableFunc(ending, func(a, b EndingRule) int { return a.EndsAt.Compare(b.EndsAt) })
	return ending
}

func endingRule(r *access.Rule) EndingRule {
	e := EndingRule{ID: r.ID, Set: r.Set.Name, EndsAt: r.ExpiresAt}
	if r.Group != nil {
		e.Who = r.Group.Name
	} else {
		e.Who = r.User.DisplayName
	}
	if r.Account != nil {
		e.Where = r.Account.Name
	} else {
		e.Where = r.OU.Words()
	}
	return e
}

func (o *Overview) proveScenarios(ctx context.Context, c *Center, r store.Reader, s *access.Snapshot) error {
	proofs, err := c.proveAll(ctx, r, s)
	o.Scenarios = len(proofs)
	for _, proof := range proofs {
		if proof.Failing() > 0 {
			o.Failing = append(o.Failing, proof.Scenario)
		}
	}
	slices.SortStableFunc(proofs, func(a, b Proof) int { return b.Failing() - a.Failing() })
	o.Proofs = proofs[:min(len(proofs), shownProofs)]
	return err
}

// mostlyFailed is from how many failures in a day a person is named.
const mostlyFailed = 3

func signIns(ctx context.Context, r store.Reader, s *access.Snapshot, now time.Time) ([]SignInDay, error) {
	today := now.UTC().Truncate(24 * time.Hour)
	days, bounds := make([]SignInDay, SignInDays), make([]time.Time, SignInDays+1)
	for i := range bounds {
		bounds[i] = today.AddDate(0, 0, i+1-SignInDays)
	}
	counts, err := r.SignIns(ctx, bounds)
	for i := range days {
		days[i].Day = bounds[i]
	}
	for _, count := range counts {
		day := &days[count.Stretch]
		if !count.Failed {
			day.SignedIn += count.Times
			continue
		}
		day.Failed += count.Times
		if count.User.ID != "" && count.Times >= mostlyFailed && count.Times > day.MostFailedTimes {
			day.MostFailed, day.MostFailedTimes = count.User.Name, count.Times
			if u := s.User(model.UserID(count.User.ID)); u != nil {
				day.MostFailed = u.UserName
			}
		}
	}
	return days, err
}

// readRecent adds the newest changes, and whether codes are slowed down, when the actor may read the trail: an overview is no way around it.
func (o *Overview) readRecent(ctx context.Context, c *Center, r store.Reader, s *access.Snapshot, actor model.Actor) error {
	if _, err := authorise(s, actor, c.Now(), act{action: model.ActReadAudit}); err != nil && !actor.Host {
		return nil
	}
	events, err := r.Events(ctx, store.EventFilter{Outcome: model.Done, NotActions: notChanges, Limit: recent})
	if err != nil {
		return err
	}
	if o.Recent, err = entries(ctx, r, s, events); err != nil {
		return err
	}
	o.Slowdown, err = slowdown(ctx, r, c.Now())
	return err
}

// notChanges are the acts that change nothing about who can do what.
var notChanges = []string{
	model.ActEnterPassword, model.ActSignIn, model.ActSignOut, model.ActGetRoleCredentials, model.ActGenerateReport,
	model.ActGetReport, model.ActReadAudit, model.ActProvision,
}
