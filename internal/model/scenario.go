package model

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Limits of one simulation, so that a page stays readable and an answer quick.
const (
	MostSimulatedActions   = 50
	MostSimulatedResources = 50
	MostSimulatedKeys      = 50
	MostAnswers            = 200 // actions × resources
	MostCases              = 50  // of a saved scenario
)

// Simulation is a question to the evaluator: may this one, with this role, do these actions to these resources when all
// of this is true? Every action is asked about every resource.
type Simulation struct {
	User          UserID              // with Account and PermissionSet: the person's role there
	Account       AccountID           //
	PermissionSet PermissionSetID     //
	Principal     string              // instead of the three: as eval.Input has it, its policies pasted in
	Identity      string              // policy document of Principal
	Actions       []string            // such as s3:GetObject
	Resources     []string            // ARNs, or * for actions without a resource; none means *
	Owner         AccountID           // account of the resources; empty: from the ARN, else the caller's
	Keys          map[string][]string // condition keys; they win over those the session carries, and no value removes one
	Policy        string              // policy document on the resource: bucket policy, key policy, trust policy
	Session       string              // session policy document
	NoMFA         bool                // as if signed in without a second factor
}

// Pasted reports whether the simulation is about a principal whose policies are pasted in, not about a person.
func (s Simulation) Pasted() bool { return s.Principal != "" }

var (
	actionText   = regexp.MustCompile(`^[A-Za-z0-9-]+:[A-Za-z0-9]+$`)
	conditionKey = regexp.MustCompile(`^[A-Za-z0-9-]+:[^\s]{1,254}$`)
)

// Check reports what is wrong with the question, field by field. Whether the documents can be read is for the policy
// language to say, and whether the person and the role exist for the organization.
func (s Simulation) Check() error {
	p := Problems{}
	s.checkCaller(p)
	s.checkActions(p)
	s.checkResources(p)
	if asked := len(s.Actions) * max(len(s.Resources), 1); len(p) == 0 && asked > MostAnswers {
		p.Add("actions", fmt.Sprintf("Every action is asked about every resource: these are %d questions, and at most %d "+
			"can be asked at once.", asked, MostAnswers))
	}
	if s.Owner != "" && !s.Owner.Valid() {
		p.Add("owner", "An account id has 12 digits.")
	}
	if len(s.Keys) > MostSimulatedKeys {
		p.Add("keys", fmt.Sprintf("Give at most %d condition keys.", MostSimulatedKeys))
	}
	for _, key := range slices.Sorted(maps.Keys(s.Keys)) {
		if !conditionKey.MatchString(key) {
			p.Add("keys", fmt.Sprintf("%q is not a condition key, such as aws:SourceIp.", key))
		}
	}
	return p.Err()
}

func (s Simulation) checkCaller(p Problems) {
	switch {
	case len(s.Principal) > 2048:
		p.Add("principal", "A principal has at most 2,048 characters.")
	case s.Pasted():
	case s.Identity != "":
		p.Add("principal", "Say whose identity policy this is: a person's policies are those of the permission set.")
	case s.User == "":
		p.Add("user", "Choose a person.")
	case s.Account == "":
		p.Add("account", "Choose the account that the person enters.")
	case s.PermissionSet == "":
		p.Add("set", "Choose the permission set that the person enters it with.")
	}
}

func (s Simulation) checkActions(p Problems) {
	if len(s.Actions) == 0 {
		p.Add("actions", "Give at least one action, such as s3:GetObject.")
	}
	if len(s.Actions) > MostSimulatedActions {
		p.Add("actions", fmt.Sprintf("Ask about at most %d actions at once; these are %d.",
			MostSimulatedActions, len(s.Actions)))
	}
	for _, action := range s.Actions {
		switch {
		case actionText.MatchString(action) && len(action) <= 128:
		case strings.ContainsAny(action, "*?"):
			p.Add("actions", fmt.Sprintf("%q stands for many actions, which may be decided differently: name each.", action))
		default:
			p.Add("actions", fmt.Sprintf("%q is not an action: write the service, a colon and the name, such as s3:GetObject.",
				action))
		}
	}
}

func (s Simulation) checkResources(p Problems) {
	if len(s.Resources) > MostSimulatedResources {
		p.Add("resources", fmt.Sprintf("Ask about at most %d resources at once; these are %d.",
			MostSimulatedResources, len(s.Resources)))
	}
	for _, resource := range s.Resources {
		if resource != "*" && (strings.Count(resource, ":") < 5 || !strings.HasPrefix(resource, "arn:")) {
			p.Add("resources", fmt.Sprintf("%q is not an ARN, such as arn:aws:s3:::bucket/key, nor *.", resource))
		}
	}
}

// Case is a simulation with the verdict that every one of its rows should have.
type Case struct {
	Name string // what it shows, in a few words; may be empty
	Simulation
	Expect string // allowed, explicitDeny or implicitDeny; "denied" stands for either deny
}

// The verdicts that a case can expect.
const (
	ExpectAllowed      = "allowed"
	ExpectExplicitDeny = "explicitDeny"
	ExpectImplicitDeny = "implicitDeny"
	ExpectDenied       = "denied"
)

// Meets reports whether a decision is what the case expects. What could not be decided meets nothing.
func (c Case) Meets(decision string) bool {
	denied := decision == ExpectExplicitDeny || decision == ExpectImplicitDeny
	return decision == c.Expect || (c.Expect == ExpectDenied && denied)
}

// Scenario is a saved set of cases: a rule about access that can be proved again after every change.
type Scenario struct {
	ID          ScenarioID
	Name        string // 1 to 128 characters, unique whatever the case
	Description string // up to 1024 characters
	Cases       []Case
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Check reports what is wrong with the scenario; its cases' own problems are reported as "case 2: …".
func (s Scenario) Check() error {
	p := Problems{}
	checkText(p, "name", s.Name, 128)
	checkOptional(p, "description", s.Description, 1024)
	if len(s.Cases) == 0 || len(s.Cases) > MostCases {
		p.Add("cases", fmt.Sprintf("A scenario has 1 to %d cases; this has %d.", MostCases, len(s.Cases)))
	}
	for i, c := range s.Cases {
		if err := c.Check(); err != nil {
			p.Add("cases", fmt.Sprintf("Case %d: %s", i+1, firstOf(err)))
		}
		switch c.Expect {
		case ExpectAllowed, ExpectExplicitDeny, ExpectImplicitDeny, ExpectDenied:
		default:
			p.Add("cases", fmt.Sprintf("Case %d expects %q; it can expect allowed, explicitDeny, implicitDeny or denied.",
				i+1, c.Expect))
		}
	}
	return p.Err()
}

// firstOf returns the words of one field of an error, the first by the fields' names.
func firstOf(err error) string {
	e, ok := errors.AsType[*Error](err)
	if !ok || len(e.Fields) == 0 {
		return err.Error()
	}
	return e.Fields[slices.Min(slices.Collect(maps.Keys(e.Fields)))]
}
