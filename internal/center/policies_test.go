package center

import (
	"fmt"
	"strings"
	"testing"

	"gatehouse/internal/model"
)

const denyCreateUser = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:CreateUser","Resource":"*"}]}`

// scp makes a service control policy that denies iam:CreateUser.
func (h *house) scp(name string) model.Policy {
	h.t.Helper()
	p, err := h.CreatePolicy(
		h.t.Context(),
		host,
		model.Policy{Kind: model.ServiceControlPolicy, Name: name, Document: denyCreateUser},
		"",
	)
	if err != nil {
		h.t.Fatalf("CreatePolicy(%s) = %v", name, err)
	}
	return p
}

// root is the root as a target.
func (h *house) root() model.Target {
	return model.Target{Kind: model.TargetOU, ID: string(h.org.RootID)}
}

func TestAPolicyIsCreatedSavedAttachedDetachedAndDeleted(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	p := h.scp("Baseline")
	p.Name, p.Document = "BaselineDeny", strings.Replace(denyCreateUser, "CreateUser", "CreateGroup", 1)
	p, err := h.UpdatePolicy(ctx, host, p, "groups too")
	if err != nil || p.Version != 2 {
		t.Fatalf("UpdatePolicy() = %+v, %v", p, err)
	}
	versions, err := h.Store.PolicyVersions(ctx, p.ID)
	if err != nil || len(versions) != 2 || versions[0].Document != p.Document || versions[1].Name != "Baseline" {
		t.Errorf("PolicyVersions() = %+v, %v; want both, newest first", versions, err)
	}
	unit := h.unit("Prod", h.org.RootID)
	a := h.account("222233334444", "SecureCart-Production", unit.ID)
	member := model.Target{Kind: model.TargetAccount, ID: string(a.ID)}
	if err := h.AttachPolicy(ctx, host, Attach{Policy: p.ID, Targets: []model.Target{h.root(), member}}); err != nil {
		t.Fatal(err)
	}
	if e := h.last(); e.Summary != "Attached the SCP BaselineDeny to Root, SecureCart-Production" ||
		len(e.Objects) != 3 {
		t.Errorf("last event = %q about %v", e.Summary, e.Objects)
	}
	refuses(t, "deleting it while attached", h.DeletePolicy(ctx, host, p.ID, ""), model.Conflict)
	for _, target := range []model.Target{h.root(), member} {
		if err := h.DetachPolicy(ctx, host, Detach{Policy: p.ID, Target: target}); err != nil {
			t.Errorf("DetachPolicy(%s) = %v", target.ID, err)
		}
	}
	if err := h.DeletePolicy(ctx, host, p.ID, ""); err != nil {
		t.Errorf("DeletePolicy() = %v", err)
	}
	if _, err := h.Store.Policy(ctx, p.ID); model.KindOf(err) != model.NotFound {
		t.Errorf("Policy() = %v, want not found", err)
	}
}

func TestADocumentThatCannotBeReadIsRefusedAtItsPlace(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	const statement = `{"Version":"2012-10-17","Statement":[{%s}]}`
	for what, c := range map[string]struct {
		kind           model.PolicyKind
		document, want string
	}{
		"no JSON":           {model.ServiceControlPolicy, "{\n  nothing", "Line 2, column 3"},
		"unknown element":   {model.ServiceControlPolicy, `{"Version":"2012-10-17","Statement":[],"Extra":1}`, "Line 1, column 40"},
		"SCP and principal": {model.ServiceControlPolicy, fmt.Sprintf(statement, `"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"`), "Principal"},
		"RCP that allows":   {model.ResourceControlPolicy, fmt.Sprintf(statement, `"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"`), "Deny"},
		"RCP for somebody":  {model.ResourceControlPolicy, fmt.Sprintf(statement, `"Effect":"Deny","Principal":{"AWS":"222233334444"},"Action":"s3:*","Resource":"*"`), `"Principal": "*"`},
		"too long":          {model.ServiceControlPolicy, denyCreateUser + strings.Repeat(" ", 10240), "limit is 10240"},
		"too long for RCP":  {model.ResourceControlPolicy, denyCreateUser + strings.Repeat(" ", 5120), "limit is 5120"},
	} {
		_, err := h.CreatePolicy(ctx, host, model.Policy{Kind: c.kind, Name: what, Document: c.document}, "")
		refuses(t, what, err, model.Invalid)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "document:") {
			t.Errorf("%s: %v, want a problem at the document with %q", what, err, c.want)
		}
	}
}

func TestAPolicyKeepsTheRulesOfAWS(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	p := h.scp("Baseline")
	create := func(p model.Policy) error { _, err := h.CreatePolicy(ctx, host, p, ""); return err }
	update := func(p model.Policy) error { _, err := h.UpdatePolicy(ctx, host, p, ""); return err }
	attach := func(id model.PolicyID, targets ...model.Target) error {
		return h.AttachPolicy(ctx, host, Attach{Policy: id, Targets: targets})
	}
	detach := func(id model.PolicyID) error { return h.DetachPolicy(ctx, host, Detach{Policy: id, Target: h.root()}) }
	stale, own := p, fullAccess()
	stale.Version, own.Version = 4, 1
	for what, c := range map[string]struct {
		err  error
		want model.Kind
	}{
		"name taken":            {create(model.Policy{Kind: p.Kind, Name: "BASELINE", Document: denyCreateUser}), model.Conflict},
		"no kind":               {create(model.Policy{Name: "X", Document: denyCreateUser}), model.Invalid},
		"stale":                 {update(stale), model.Conflict},
		"AWS's own":             {update(own), model.Conflict},
		"delete AWS's own":      {h.DeletePolicy(ctx, host, model.FullAWSAccess, ""), model.Conflict},
		"attach nowhere":        {attach(p.ID), model.Invalid},
		"attach to nobody":      {attach(p.ID, model.Target{Kind: model.TargetAccount, ID: "999999999999"}), model.NotFound},
		"attach again":          {attach(model.FullAWSAccess, h.root()), model.Conflict},
		"attach nothing":        {attach("p-none", h.root()), model.NotFound},
		"detach the last":       {detach(model.FullAWSAccess), model.Conflict},
		"detach what is not on": {detach(p.ID), model.NotFound},
	} {
		refuses(t, what, c.err, c.want)
	}
}

func TestATargetTakesOnlySoManyPolicies(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	most := model.ServiceControlPolicy.Quota().PerTarget
	for i := range most {
		p := h.scp(fmt.Sprintf("Guard-%d", i))
		err := h.AttachPolicy(t.Context(), host, Attach{Policy: p.ID, Targets: []model.Target{h.root()}})
		if i < most-1 && err != nil {
			t.Errorf("AttachPolicy() number %d = %v", i+1, err)
		}
		if i == most-1 {
			refuses(t, "one too many beside FullAWSAccess", err, model.Conflict)
		}
	}
}
