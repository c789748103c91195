package access

import (
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/eval"
	"gatehouse/internal/model"
)

// Circumstances are what a session knows about itself: they become condition keys.
type Circumstances struct {
	Now      time.Time
	MFA      bool      // signed in with a second factor
	FactorAt time.Time // when it was proved; zero when unknown
	SourceIP string    // empty when unknown
}

// Request is a question about one role session: what it wants to do, to what, and what else is true.
type Request struct {
	Action          string
	Resource        string              // ARN, or * for actions without a resource
	ResourceAccount model.AccountID     // owner of the resource; empty: taken from the ARN, else the caller's account
	Keys            map[string][]string // further condition keys: they win over those set here, an empty list removes one
	ResourcePolicy  *eval.Policy
	Session         []*eval.Policy // session policies
}

// Input assembles what the evaluator needs to decide a request of a role session: the only place that does so.
func (s *Snapshot) Input(r Role, c Circumstances, q Request) *eval.Input {
	in := &eval.Input{
		Principal: eval.NewPrincipal(s.SessionARN(r)), Action: q.Action, Resource: q.Resource,
		Identity: r.Set.identity(), Session: q.Session, ResourcePolicy: q.ResourcePolicy,
		SCPs:              r.Account.levels(func(a attached) []*eval.Policy { return a.scps }),
		ManagementAccount: string(s.Organization.ManagementAccount),
	}
	if r.Set.Bounded {
		in.Boundary = r.Set.Boundary
		if in.Boundary == nil {
			in.Boundary = nothing // a boundary nobody can read allows nothing
		}
	}
	owner := owner(q, r.Account.ID)
	in.ResourceAccount = string(owner)
	if account := s.accounts[owner]; account != nil {
		in.RCPs = account.levels(func(a attached) []*eval.Policy { return a.rcps })
	}
	in.Context = s.context(r, c, owner)
	setRegion(&in.Context, q.Resource)
	for key, values := range q.Keys {
		setKey(&in.Context, key, values)
	}
	return in
}

// nothing is a boundary that allows nothing.
var nothing = mustCompile("boundary whose document is not known", `{"Version":"2012-10-17","Statement":[]}`)

func mustCompile(name, document string) *eval.Policy {
	p, err := eval.Compile(name, []byte(document))
	if err != nil {
		panic(err)
	}
	return p
}

// owner is the account that the resource of a request belongs to.
func owner(q Request, caller model.AccountID) model.AccountID {
	if q.ResourceAccount != "" {
		return q.ResourceAccount
	}
	if account := accountIn(q.Resource); account != "" {
		return account
	}
	return caller
}

// accountIn returns the account that an ARN names; empty when it names none.
func accountIn(arn string) model.AccountID {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 && model.AccountID(parts[4]).Valid() {
		return model.AccountID(parts[4])
	}
	return ""
}

// setRegion sets aws:RequestedRegion to the Region that the resource lies in. AWS takes it from the endpoint that was
// called, which is of the same Region for all but a few services; of a resource without a Region nothing is known, and
// nothing is set.
func setRegion(ctx *eval.Context, resource string) {
	if parts := strings.SplitN(resource, ":", 6); len(parts) == 6 && parts[3] != "" &&
		!strings.ContainsAny(parts[3], "*?") {
		ctx.Set("aws:RequestedRegion", parts[3])
	}
}

// levels returns the policies of one kind from the root to the account.
func (a *Account) levels(pick func(attached) []*eval.Policy) []eval.Level {
	var levels []eval.Level
	for _, ou := range a.Path() {
		levels = append(levels, eval.Level{Target: string(ou.ID), Policies: pick(ou.level)})
	}
	return append(levels, eval.Level{Target: string(a.ID), Policies: pick(a.level)})
}

// context is the condition keys of a person's role session.
func (s *Snapshot) context(r Role, c Circumstances, owner model.AccountID) eval.Context {
	ctx := s.surroundings(r.Account.ID, c, owner)
	set := func(key, value string) { ctx.Set(key, value) }
	set("aws:PrincipalArn", s.ARN(r))
	set("aws:PrincipalType", "AssumedRole")
	set("aws:userid", RoleID(r.Set.ID, r.Account.ID)+":"+model.SessionName(r.User.UserName))
	set("identitystore:UserId", string(r.User.ID))
	set("aws:MultiFactorAuthPresent", strconv.FormatBool(c.MFA))
	if c.MFA && !c.FactorAt.IsZero() {
		set("aws:MultiFactorAuthAge", strconv.FormatInt(int64(c.Now.Sub(c.FactorAt)/time.Second), 10))
	}
	return ctx
}

// surroundings are the condition keys that depend on the caller's account, the moment and the resource's account.
func (s *Snapshot) surroundings(caller model.AccountID, c Circumstances, owner model.AccountID) eval.Context {
	var ctx eval.Context
	set := func(key, value string) { ctx.Set(key, value) }
	if caller != "" {
		set("aws:PrincipalAccount", string(caller))
	}
	if account := s.accounts[caller]; account != nil {
		set("aws:PrincipalOrgID", s.Organization.ID)
		ctx.SetMany("aws:PrincipalOrgPaths", s.orgPath(account.OU))
	}
	if c.SourceIP != "" {
		set("aws:SourceIp", c.SourceIP)
	}
	set("aws:CurrentTime", c.Now.UTC().Format(time.RFC3339))
	set("aws:EpochTime", strconv.FormatInt(c.Now.Unix(), 10))
	set("aws:SecureTransport", "true")
	set("aws:ResourceAccount", string(owner))
	if account := s.accounts[owner]; account != nil {
		set("aws:ResourceOrgID", s.Organization.ID)
		ctx.SetMany("aws:ResourceOrgPaths", s.orgPath(account.OU))
	}
	return ctx
}

// orgPath is a unit's place in the form of aws:PrincipalOrgPaths: o-…/r-…/ou-…/.
func (s *Snapshot) orgPath(unit *OU) string {
	path := s.Organization.ID + "/"
	for _, ou := range unit.Path() {
		path += string(ou.ID) + "/"
	}
	return path
}

func setKey(ctx *eval.Context, key string, values []string) {
	switch len(values) {
	case 0:
		ctx.Delete(key)
	case 1:
		ctx.Set(key, values[0])
	default:
		ctx.SetMany(key, values...)
	}
}
