package access_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// decide asks what a person's role may do, with a second factor.
func decide(t *testing.T, s *access.Snapshot, r access.Role, q access.Request) eval.Result {
	t.Helper()
	result, err := eval.Decide(s.Input(r, access.Circumstances{Now: noon, MFA: true, FactorAt: noon,
		SourceIP: "10.1.2.3"}, q))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// contextValues returns the values of a condition key; nil when it is not set.
func contextValues(in *eval.Input, key string) []string {
	for k, values := range in.Context.All() {
		if strings.EqualFold(k, key) {
			return values
		}
	}
	return nil
}

func (w *world) role(who model.UserID, where model.AccountID, set model.PermissionSetID,
) (*access.Snapshot, access.Role) {
	w.t.Helper()
	s := w.at()
	r, ok := s.Role(who, where, set, noon)
	if !ok {
		w.t.Fatalf("%s does not hold %s in %s", who, set, where)
	}
	return s, r
}

func TestControlPoliciesBindMembersAndNotTheManagementAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	w.set("Admin", everything)
	w.give(user("ana"), "Admin", unit(root))
	deny := func(action string) string {
		return statement(`{"Effect":"Deny","Action":"` + action + `","Resource":"*"}`)
	}
	w.control("NoDelete", model.ServiceControlPolicy, deny("s3:DeleteBucket"), unit(root))
	w.control("NoKeys", model.ServiceControlPolicy, deny("kms:*"), account(payments))
	for _, test := range []struct {
		account model.AccountID
		action  string
		want    eval.Decision
	}{
		{management, "s3:DeleteBucket", eval.Allowed},
		{payments, "s3:DeleteBucket", eval.ExplicitDeny},
		{elsewhere, "s3:DeleteBucket", eval.ExplicitDeny},
		{payments, "kms:Decrypt", eval.ExplicitDeny},
		{orders, "kms:Decrypt", eval.Allowed},
		{payments, "s3:GetObject", eval.Allowed},
	} {
		s, r := w.role("ana", test.account, "Admin")
		if got := decide(t, s, r, access.Request{Action: test.action, Resource: "*"}); got.Decision != test.want {
			t.Errorf("%s in %s: %v, want %v", test.action, r.Account.Name, got, test.want)
		}
	}
	if got := w.at().Account(payments).Guardrails(); len(got) != 2 || got[0] != "NoDelete" || got[1] != "NoKeys" {
		t.Errorf("Guardrails() = %v, want both, from the root down, without FullAWSAccess", got)
	}
}

func TestAResourceControlPolicyOfTheOwnerBindsCallersFromElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	w.set("Admin", everything)
	w.give(user("ana"), "Admin", unit(root))
	w.control("OwnOrg", model.ResourceControlPolicy, statement(`{"Effect":"Deny","Principal":"*",
		"Action":"s3:*","Resource":"*",
		"Condition":{"StringEquals":{"aws:PrincipalAccount":"`+string(elsewhere)+`"}}}`), unit(prod))
	bucket := access.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::orders/x", ResourceAccount: orders}
	s, r := w.role("ana", orders, "Admin")
	if got := decide(t, s, r, bucket); got.Decision != eval.Allowed {
		t.Errorf("from inside: %v, want allowed", got)
	}
	s, r = w.role("ana", elsewhere, "Admin")
	if got := decide(t, s, r, bucket); got.Decision != eval.ExplicitDeny {
		t.Errorf("from elsewhere: %v, want an explicit deny", got)
	}
}

func TestWhatIsNotKnownGrantsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	w.newSet(model.PermissionSet{ID: "Customer", Name: "Customer",
		CustomerPolicies: []model.CustomerName{{Name: "TeamAccess", Path: "/"}}})
	w.newSet(model.PermissionSet{ID: "Bounded", Name: "Bounded", InlinePolicy: everything,
		Boundary: model.Boundary{Customer: model.CustomerName{Name: "TeamBoundary", Path: "/"}}})
	w.give(user("ana"), "Customer", account(payments))
	w.give(user("ana"), "Bounded", account(payments))
	for set, unknown := range map[model.PermissionSetID]string{"Customer": "TeamAccess", "Bounded": "TeamBoundary"} {
		s, r := w.role("ana", payments, set)
		if got := decide(t, s, r, access.Request{Action: "s3:ListAllMyBuckets",
			Resource: "*"}); got.Decision == eval.Allowed {
			t.Errorf("%s: %v, want it refused", set, got)
		}
		if len(r.Set.Unknown) != 1 || r.Set.Unknown[0] != unknown {
			t.Errorf("%s: Unknown = %v, want %s", set, r.Set.Unknown, unknown)
		}
	}
}

func TestAnUnknownManagedPolicyMightDenySoNothingIsDecided(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	w.newSet(model.PermissionSet{ID: "Mixed", Name: "Mixed", InlinePolicy: everything,
		ManagedPolicies: []string{"arn:aws:iam::aws:policy/AWSDenyAll"}})
	w.give(user("ana"), "Mixed", account(payments))
	s, r := w.role("ana", payments, "Mixed")
	_, err := eval.Decide(s.Input(r, access.Circumstances{}, access.Request{Action: "s3:GetObject", Resource: "*"}))
	if _, unreadable := errors.AsType[*eval.UnreadableError](err); !unreadable {
		t.Errorf("Decide() = %v, want an UnreadableError", err)
	}
}

func TestABoundaryLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	arn := "arn:aws:iam::aws:policy/ReadOnlyAccess"
	w.write(func(ctx context.Context, tx *store.Tx) error {
		return tx.InsertPermissionSet(ctx, model.PermissionSet{ID: "Bounded", Name: "Bounded", InlinePolicy: everything,
			SessionDuration: time.Hour, Boundary: model.Boundary{ManagedPolicy: arn}}, "",
			map[string]string{arn: statement(`{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}`)})
	})
	w.give(user("ana"), "Bounded", account(payments))
	s, r := w.role("ana", payments, "Bounded")
	for action, want := range map[string]eval.Decision{"s3:GetObject": eval.Allowed, "s3:PutObject": eval.ImplicitDeny} {
		if got := decide(t, s, r, access.Request{Action: action, Resource: "*"}); got.Decision != want {
			t.Errorf("%s: %v, want %v", action, got, want)
		}
	}
}

func TestASessionKnowsWhoAndWhereItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	w.set("Read", everything)
	w.give(user("ana"), "Read", account(payments))
	s, r := w.role("ana", payments, "Read")
	c := access.Circumstances{Now: noon, MFA: true, FactorAt: noon.Add(-90 * time.Second), SourceIP: "10.1.2.3"}
	in := s.Input(r, c, access.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", ResourceAccount: orders,
		Keys: map[string][]string{"aws:RequestedRegion": {"eu-central-1"}, "aws:SourceIp": {"192.0.2.7"},
			"aws:SecureTransport": nil}})
	for key, want := range map[string]string{
		"aws:PrincipalArn": s.ARN(r), "aws:PrincipalAccount": string(payments), "aws:PrincipalType": "AssumedRole",
		"aws:PrincipalOrgID":    "o-securecart",
		"aws:PrincipalOrgPaths": "o-securecart/r-sc7k/ou-sc7k-workloads/ou-sc7k-prod00000/",
		"aws:userid":            access.RoleID("Read", payments) + ":ana", "identitystore:UserId": "ana",
		"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "90", "aws:CurrentTime": "2026-11-20T12:00:00Z",
		"aws:EpochTime": "1795176000", "aws:ResourceAccount": string(orders), "aws:ResourceOrgID": "o-securecart",
		"aws:ResourceOrgPaths": "o-securecart/r-sc7k/ou-sc7k-workloads/ou-sc7k-prod00000/",
		"aws:RequestedRegion":  "eu-central-1", "aws:SourceIp": "192.0.2.7",
	} {
		if got := contextValues(in, key); len(got) != 1 || got[0] != want {
			t.Errorf("%s = %v, want %s", key, got, want)
		}
	}
	if got := contextValues(in, "aws:SecureTransport"); got != nil {
		t.Errorf("aws:SecureTransport = %v, want it removed by the request", got)
	}
	if in.Principal.String() != s.SessionARN(r) || in.ResourceAccount != string(orders) ||
		in.ManagementAccount != string(management) {
		t.Errorf("Input() = principal %s, owner %s, management %s", in.Principal, in.ResourceAccount, in.ManagementAccount)
	}
	without := s.Input(r, access.Circumstances{Now: noon}, access.Request{Action: "s3:GetObject", Resource: "*"})
	got, age := contextValues(without, "aws:MultiFactorAuthPresent"), contextValues(without, "aws:MultiFactorAuthAge")
	if age != nil || len(got) != 1 || got[0] != "false" {
		t.Errorf("without a factor: present %v, age %v", got, age)
	}
}
