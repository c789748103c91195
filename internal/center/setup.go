package center

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"

	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// SetUpRequest is what the very first start asks for: the organization, its management account and its first administrator.
type SetUpRequest struct {
	Organization string
	Region       string // home Region; us-east-1 when empty
	Account      model.Account
	User         model.User
}

// missing is what is said about fields of set-up that are empty.
var missing = map[string]string{
	"organization": "Enter the name of your organization.", "account_name": "Enter the name of the management account.",
	"account_email": "Enter the e-mail address of the management account.", "given_name": "Enter your given name.",
	"family_name": "Enter your family name.", "email": "Enter your e-mail address.", "username": "Enter a user name.",
}

var region = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$`)

// Check reports everything that is wrong at once. The fields of the account are named account_id, account_name and
// account_email.
func (q SetUpRequest) Check() error {
	p := model.Problems{}
	a := q.Account
	a.State = model.AccountActive
	for _, part := range []struct {
		err    error
		prefix string
	}{
		{model.Organization{Name: q.Organization, ManagementAccount: a.ID}.Check(), ""},
		{a.Check(), "account_"},
		{q.User.Check(), ""},
	} {
		e, ok := errors.AsType[*model.Error](part.err)
		if !ok {
			continue
		}
		for field, words := range e.Fields {
			empty := words == model.EnterValue(field)
			if !strings.HasPrefix(field, part.prefix) {
				field = part.prefix + field
			}
			if empty && missing[field] != "" {
				words = missing[field]
			}
			p.Add(field, words)
		}
	}
	if q.Region != "" && !region.MatchString(q.Region) {
		p.Add("region", "A Region has a name such as eu-central-1.")
	}
	delete(p, "display_name") // made from the names
	return p.Err()
}

func (q SetUpRequest) tidy() SetUpRequest {
	for _, text := range []*string{&q.Organization, &q.Region, (*string)(&q.Account.ID), &q.Account.Name, &q.Account.Email} {
		*text = strings.TrimSpace(*text)
	}
	q.Account.ID = model.AccountID(strings.NewReplacer("-", "", " ", "").Replace(string(q.Account.ID)))
	q.User = trimmed(q.User)
	return q
}

// SetUpLink makes the one-time link of the very first start and returns its token; an older one is worthless from then on.
// needed is false when Gatehouse is set up already.
func (c *Center) SetUpLink(ctx context.Context, host model.Actor) (token vault.Secret, needed bool, err error) {
	if !host.Host {
		return "", false, errHostOnly
	}
	if name, err := c.OrganizationName(ctx); err != nil || name != "" {
		return "", false, err
	}
	err = c.do(ctx, host, func(w *work) error {
		w.own()
		if token, err = c.newLink(w.ctx, w.tx, model.Link{Purpose: model.LinkSetUp}); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActSetUp, Summary: "Made the link for set-up, good for 15 minutes"})
	})
	return token, err == nil, err
}

// SetUp makes the organization and its first administrator, for whoever holds the set-up link, which is used up. The
// browser then enrols a second factor.
func (c *Center) SetUp(ctx context.Context, visit model.Actor, token string, q SetUpRequest, password vault.Secret,
) (Admission, error) {
	open, err := c.Link(ctx, token)
	if err != nil {
		return Admission{}, err
	}
	if open.Link.Purpose != model.LinkSetUp {
		return Admission{}, noLink(nil)
	}
	q = q.tidy()
	chosen, err := c.newPassword(ctx, password, q.User, q.Organization)
	if err := together(q.Check(), err); err != nil {
		return Admission{}, err
	}
	var admitted Admission
	err = c.do(ctx, visit, func(w *work) error {
		w.own() // the link is the permission
		if ok, err := w.tx.UseLink(w.ctx, open.Link.ID); err != nil {
			return fmt.Errorf("use a link: %w", err)
		} else if !ok {
			return noLink(nil)
		}
		u, err := w.setUp(q)
		if err != nil {
			return err
		}
		if err := setPassword(w.ctx, w.tx, u, chosen); err != nil {
			return err
		}
		admitted, err = c.open(w.ctx, w.tx, visit, u, byLeave)
		return err
	})
	if err != nil {
		return Admission{}, err
	}
	return admitted, nil
}

// SetUpFromHost is SetUp without a browser: the first administrator has no credentials yet, see ProvisionCredentials.
func (c *Center) SetUpFromHost(ctx context.Context, host model.Actor, q SetUpRequest) (model.User, error) {
	if !host.Host {
		return model.User{}, errHostOnly
	}
	q = q.tidy()
	if err := q.Check(); err != nil {
		return model.User{}, err
	}
	var u model.User
	err := c.do(ctx, host, func(w *work) (err error) {
		w.own()
		u, err = w.setUp(q)
		return err
	})
	return u, err
}

// together joins what two checks say about the same form.
func together(a, b error) error {
	one, ok := errors.AsType[*model.Error](a)
	two, also := errors.AsType[*model.Error](b)
	if !ok || !also || one.Kind != model.Invalid || two.Kind != model.Invalid {
		return errors.Join(a, b)
	}
	fields := maps.Clone(two.Fields)
	maps.Copy(fields, one.Fields)
	return &model.Error{Kind: model.Invalid, Message: one.Message, Fields: fields}
}

// setUp makes everything that a Gatehouse starts with. What happens is recorded as the new administrator's, unless the host
// does it.
func (w *work) setUp(q SetUpRequest) (model.User, error) {
	org, err := model.NewOrganization(w.center.Random, q.Organization, q.Account.ID, q.Region)
	if err != nil {
		return model.User{}, err
	}
	id, err := model.NewPrincipalID(w.center.Random, org.IdentityStoreID)
	if err != nil {
		return model.User{}, err
	}
	u := q.User
	u.ID, u.Status, u.SessionEpoch, u.Version = model.UserID(id), model.UserEnabled, 1, 1
	u.CreatedAt, u.UpdatedAt = w.tx.Now(), w.tx.Now()
	if !w.actor.Host {
		w.actor.User, w.actor.UserName, w.actor.Name = u.ID, u.UserName, u.DisplayName
	}
	if err := w.found(org, q.Account); err != nil {
		return u, err
	}
	if err := w.tx.InsertUser(w.ctx, u); err != nil {
		return u, err
	}
	err = w.record(model.Event{Action: model.ActSetUp, State: stateOfUser(u),
		Objects: []model.Ref{userRef(u), {Kind: model.RefOrganization, ID: org.ID, Name: org.Name}},
		Summary: fmt.Sprintf("Set up the organization %s with %s as its first administrator", org.Name, u.DisplayName)})
	if err != nil {
		return u, err
	}
	return u, w.empower(u, operatorSets())
}

// empower makes permission sets, the first of which lets a person administer the console, and gives it to them without end.
func (w *work) empower(u model.User, sets []model.PermissionSet) error {
	var first model.PermissionSet
	for i, set := range sets {
		made, err := w.addSet(set, "")
		if err != nil {
			return err
		}
		if i == 0 {
			first = made
		}
	}
	return w.giveAdministration(u, first.ID)
}

func (w *work) giveAdministration(u model.User, set model.PermissionSetID) error {
	var err error
	if w.access, err = w.center.index.Build(w.ctx, w.tx.Reader); err != nil {
		return err
	}
	_, err = w.assign(plannedRule{Assignment: model.Assignment{
		Principal:     model.Principal{Kind: model.PrincipalUser, ID: string(u.ID)},
		PermissionSet: set,
		Target:        model.Target{Kind: model.TargetAccount, ID: string(w.org.ManagementAccount)},
		Reason:        "Administers Gatehouse",
	}})
	return err
}
