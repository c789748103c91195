package center

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// ApprovalPart is one thing that an act would change. Before is empty when it adds something, and After when it takes something
// away.
type ApprovalPart struct {
	Label         string
	Before, After string
	Document      bool // both are policy documents, to be compared line by line
}

// lens is what a proposal is shown against: what is in force now.
type lens struct {
	ctx    context.Context
	r      store.Reader
	access *access.Snapshot
}

// parts are those of two texts each that differ.
func parts(list ...ApprovalPart) []ApprovalPart {
	return slices.DeleteFunc(list, func(p ApprovalPart) bool { return p.Before == p.After })
}

func policyParts(before, after model.Policy) []ApprovalPart {
	return parts(ApprovalPart{Label: "Kind", Before: kindOf(before), After: kindOf(after)},
		ApprovalPart{Label: "Name", Before: before.Name, After: after.Name},
		ApprovalPart{Label: "Description", Before: before.Description, After: after.Description},
		ApprovalPart{Label: "Document", Before: before.Document, After: after.Document, Document: true})
}

func kindOf(p model.Policy) string {
	if p.Kind == "" {
		return ""
	}
	return p.Kind.Short()
}

func (q *createPolicy) shows(*lens) ([]ApprovalPart, error) {
	return policyParts(model.Policy{}, q.Policy), nil
}

func (q *updatePolicy) shows(l *lens) ([]ApprovalPart, error) {
	before, err := l.r.Policy(l.ctx, q.Policy.ID)
	after := q.Policy
	after.Kind = before.Kind
	return policyParts(before, after), err
}

func (q *deletePolicy) shows(l *lens) ([]ApprovalPart, error) {
	before, err := l.r.Policy(l.ctx, q.ID)
	return policyParts(before, model.Policy{}), err
}

// shows lists where the policy would hold, and what it says.
func (a *Attach) shows(l *lens) ([]ApprovalPart, error) {
	p, err := l.r.Policy(l.ctx, a.Policy)
	list := []ApprovalPart{{Label: "Policy", After: p.Name}}
	for _, target := range a.Targets {
		list = append(list, ApprovalPart{Label: "Attached to", After: l.place(target)})
	}
	return append(list, ApprovalPart{Label: "Its document", After: p.Document, Document: true}), err
}

// shows lists where the policy would hold no more, and what it says.
func (d *Detach) shows(l *lens) ([]ApprovalPart, error) {
	p, err := l.r.Policy(l.ctx, d.Policy)
	return []ApprovalPart{{Label: "Policy", After: p.Name}, {Label: "Attached to", Before: l.place(d.Target)},
		{Label: "Its document", Before: p.Document, Document: true}}, err
}

// place is what a target is called; its id when it is gone.
func (l *lens) place(t model.Target) string {
	if t.Kind == model.TargetOU {
		if unit := l.access.OU(model.OUID(t.ID)); unit != nil {
			return unit.Words() + " (" + t.ID + ")"
		}
	} else if account := l.access.Account(model.AccountID(t.ID)); account != nil {
		return named(account.Name, account.ID)
	}
	return t.ID
}

func (q *updateSignInPolicy) shows(l *lens) ([]ApprovalPart, error) {
	before, err := l.r.SignInPolicy(l.ctx)
	was, is := signInState(before), signInState(q.Policy)
	var list []ApprovalPart
	for _, rule := range slices.Sorted(maps.Keys(is)) {
		if rule == "version" {
			continue
		}
		list = append(list, ApprovalPart{Label: strings.ToUpper(rule[:1]) + rule[1:], Before: l.ruleWords(was[rule]), After: l.ruleWords(is[rule])})
	}
	return parts(list...), err
}

// ruleWords is a rule of the sign-in policy, with the names of groups in place of their ids.
func (l *lens) ruleWords(rule any) string {
	words := strings.Split(fmt.Sprint(rule), ", ")
	for i, word := range words {
		if g := l.access.Group(model.GroupID(word)); g != nil {
			words[i] = g.Name
		}
	}
	return strings.Join(words, ", ")
}

func userParts(before, after model.User) []ApprovalPart {
	return parts(ApprovalPart{Label: "User name", Before: before.UserName, After: after.UserName},
		ApprovalPart{Label: "Given name", Before: before.GivenName, After: after.GivenName},
		ApprovalPart{Label: "Family name", Before: before.FamilyName, After: after.FamilyName},
		ApprovalPart{Label: "Display name", Before: before.DisplayName, After: after.DisplayName},
		ApprovalPart{Label: "E-mail address", Before: before.Email, After: after.Email},
		ApprovalPart{Label: "Title", Before: before.Title, After: after.Title})
}

func (q *createUser) shows(l *lens) ([]ApprovalPart, error) {
	list := userParts(model.User{}, q.User)
	for _, id := range q.Groups {
		list = append(list, ApprovalPart{Label: "Member of", After: l.group(id)})
	}
	return list, nil
}

func (q *updateUser) shows(l *lens) ([]ApprovalPart, error) {
	before, err := l.r.User(l.ctx, q.User.ID)
	after := q.User
	after.UserName = before.UserName
	return userParts(before, after), err
}

func (q *deleteUser) shows(l *lens) ([]ApprovalPart, error) {
	u, err := l.r.User(l.ctx, q.User)
	list := userParts(u, model.User{})
	if node := l.access.User(q.User); node != nil {
		for _, g := range node.Groups {
			list = append(list, ApprovalPart{Label: "Member of", Before: g.Name})
		}
		for _, r := range node.Rules() {
			if r.Group == nil {
				at := model.Target{Kind: model.TargetOU}
				if r.Account != nil {
					at = model.Target{Kind: model.TargetAccount, ID: string(r.Account.ID)}
				} else {
					at.ID = string(r.OU.ID)
				}
				list = append(list, ApprovalPart{Label: "Assignment", Before: r.Set.Name + " on " + l.place(at)})
			}
		}
	}
	return list, err
}

// shows says for whom a link would be made, and what it would be for.
func (q *issue) shows(l *lens) ([]ApprovalPart, error) {
	how := "to be handed over by who approves"
	if q.How == ByMail {
		how = "by e-mail"
	}
	return []ApprovalPart{{Label: "Person", After: l.person(q.User)}, {Label: "One-time link", After: how}}, nil
}

func (q *addMembers) shows(l *lens) ([]ApprovalPart, error) {
	list := []ApprovalPart{{Label: "Group", After: l.group(q.Group)}}
	for _, id := range q.People {
		list = append(list, ApprovalPart{Label: "New member", After: l.person(id)})
	}
	return list, nil
}

func (l *lens) group(id model.GroupID) string {
	if g := l.access.Group(id); g != nil {
		return g.Name
	}
	return string(id)
}

func (l *lens) person(id model.UserID) string {
	if u := l.access.User(id); u != nil {
		return u.DisplayName + " (" + u.UserName + ")"
	}
	return string(id)
}

// mostShown is how many assignments are shown one by one.
const mostShown = 200

func (q *assign) shows(l *lens) ([]ApprovalPart, error) {
	var list []ApprovalPart
	for a := range q.rules() {
		who := l.person(model.UserID(a.Principal.ID))
		if a.Principal.Kind == model.PrincipalGroup {
			who = "group " + l.group(model.GroupID(a.Principal.ID))
		}
		set := string(a.PermissionSet)
		if s := l.access.Set(a.PermissionSet); s != nil {
			set = s.Name
		}
		if list = append(list, ApprovalPart{Label: "Assignment", After: set + " for " + who + " on " + l.place(a.Target)}); len(list) == mostShown {
			list = append(list, ApprovalPart{Label: "And more", After: fmt.Sprintf("%d in all", q.Count())})
			break
		}
	}
	return append(list, parts(ApprovalPart{Label: "From", After: inFull(q.StartsAt)}, ApprovalPart{Label: "Until", After: inFull(q.ExpiresAt)},
		ApprovalPart{Label: "Reason", After: q.Reason})...), nil
}

func inFull(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 January 2006 15:04:05 UTC")
}

func (q *updatePermissionSet) shows(l *lens) ([]ApprovalPart, error) {
	v, err := l.r.PermissionSet(l.ctx, q.Set.ID)
	before, after := v.PermissionSet, q.Set
	list := []ApprovalPart{{Label: "Permission set", After: before.Name}}
	for _, words := range changeOf(before, after).words {
		list = append(list, ApprovalPart{Label: "Change", After: words})
	}
	return append(list, parts(ApprovalPart{Label: "Inline policy", Before: before.InlinePolicy, After: after.InlinePolicy, Document: true})...), err
}

func (m *Move) shows(l *lens) ([]ApprovalPart, error) {
	part := ApprovalPart{Label: "Unit", After: string(m.To)}
	if to := l.access.OU(m.To); to != nil {
		part.After = to.Words()
	}
	account := l.access.Account(m.Account)
	if account == nil {
		return nil, model.Missing("account", string(m.Account))
	}
	part.Before = account.OU.Words()
	return []ApprovalPart{{Label: "Account", After: named(account.Name, account.ID)}, part}, nil
}
