package center

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// refused is the error of an act that nothing allows. The person reads its model.Error, the trail gets its event.
type refused struct {
	act act
	err *model.Error
}

func (r *refused) Error() string { return r.err.Message }
func (r *refused) Unwrap() error { return r.err }

// authorise returns the role session that allows an act on all its resources, or a *refused.
func authorise(s *access.Snapshot, actor model.Actor, now time.Time, a act) (grant string, err error) {
	answer := ask(s, actor, now, a)
	if answer.Allowed {
		return answer.Grant, nil
	}
	if !allowsSomewhere(s, actor, now, a.action) {
		answer = ask(s, actor, now, act{action: a.action}) // in words that tell nothing of what it was tried on
	}
	return "", &refused{act: a, err: &model.Error{Kind: model.Forbidden, Message: explain(answer, a.action)}}
}

// ask decides on an act.
func ask(s *access.Snapshot, actor model.Actor, now time.Time, a act) access.Answer {
	c := access.Circumstances{Now: now, MFA: actor.MFA, FactorAt: actor.FactorAt, SourceIP: actor.SourceIP}
	return s.May(actor.User, c, a.questions()...)
}

// allowsSomewhere reports whether a person may do an action on everything, or at least in one unit.
func allowsSomewhere(s *access.Snapshot, actor model.Actor, now time.Time, action string) bool {
	if ask(s, actor, now, act{action: action}).Allowed {
		return true
	}
	if !s.Operates(actor.User, now) {
		return false
	}
	for unit := range s.Units() {
		if ask(s, actor, now, act{action: action, unit: unit.ID}).Allowed {
			return true
		}
	}
	return false
}

// Veil returns the refusal of an action, recorded, when a person may do it nowhere: then they are not told either whether
// there is what they tried it on. Whoever may do it somewhere gets nil.
func (c *Center) Veil(ctx context.Context, actor model.Actor, action string) error {
	return c.look(ctx, func(_ store.Reader, s *access.Snapshot) error {
		if actor.Host || allowsSomewhere(s, actor, c.Now(), action) {
			return nil
		}
		_, err := authorise(s, actor, c.Now(), act{action: action})
		return c.settle(ctx, actor, err)
	})
}

// questions asks for the act on each of its resources.
func (a act) questions() []access.Question {
	resources := a.resources
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	questions := make([]access.Question, len(resources))
	for i, resource := range resources {
		questions[i] = access.Question{Action: a.action, Resource: resource, Account: a.account, OU: a.unit, Keys: a.keys}
	}
	return questions
}

// explain says in words why nothing allows an action, role by role.
func explain(answer access.Answer, action string) string {
	if len(answer.Roles) == 0 {
		return fmt.Sprintf("You have no role in the management account, so you may not %s. Ask an administrator.", action)
	}
	why := make([]string, len(answer.Roles))
	for i, r := range answer.Roles {
		word := "does not allow it"
		if r.Result.Decision == eval.ExplicitDeny {
			word = "denies it"
		}
		on := ""
		if r.Question.Resource != "*" {
			on = " on " + r.Question.Resource
		}
		why[i] = fmt.Sprintf("%s %s%s (decided by %s)", r.Role.Set.Name, word, on, r.Result.DecidedBy)
	}
	return fmt.Sprintf("You may not %s: %s. Ask an administrator.", action, strings.Join(why, "; "))
}

// settle records a refusal in a transaction of its own, now that the act's is undone. Other errors pass through.
func (c *Center) settle(ctx context.Context, actor model.Actor, err error) error {
	r, ok := errors.AsType[*refused](err)
	if !ok {
		return err
	}
	e := by(actor, model.Event{Action: r.act.action, Outcome: model.Refused, Objects: r.act.objects, Summary: "Refused " + r.act.action})
	key := refusalKey{actor.User, r.act.action, strings.Join(r.act.resources, " ")}
	if recordErr := c.recordRefusal(ctx, key, e); recordErr != nil {
		return errors.Join(r.err, recordErr)
	}
	return r.err
}
