package center

import (
	"slices"
	"testing"

	"gatehouse/internal/eval"
	"gatehouse/internal/model"
)

func TestPoliciesAreListedWithWhereTheyAreAttached(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.guard("NoIAM", noIAM, at(v.prod))
	list, err := v.Policies(t.Context(), host, PolicyQuery{Text: "noi"})
	if err != nil || len(list.Policies) != 1 || list.SCPs != 2 || list.RCPs != 0 {
		t.Fatalf("Policies() = %+v, %v; want NoIAM of two SCPs", list, err)
	}
	if targets := list.Policies[0].Targets; len(targets) != 1 || targets[0].Words() != "Work/Prod" {
		t.Errorf("targets = %+v, want Work/Prod", targets)
	}
	if list, err = v.Policies(t.Context(), host, PolicyQuery{Kind: model.ResourceControlPolicy}); err != nil ||
		len(list.Policies) != 0 {
		t.Errorf("Policies(RCP) = %+v, %v; want none", list.Policies, err)
	}
	_, err = v.Policies(t.Context(), stranger, PolicyQuery{})
	refuses(t, "listing as a stranger", err, model.Forbidden)
}

func TestAPolicyIsShownWithItsVersionsAndFindings(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	p := v.guard("NoIAM", noIAM, v.root())
	p.Document = `{"Statement":[{"Effect":"Deny","Action":"iam:*","Resource":"*"}]}`
	if _, err := v.UpdatePolicy(t.Context(), host, p, ""); err != nil {
		t.Fatal(err)
	}
	d, err := v.Policy(t.Context(), host, p.ID)
	if err != nil || len(d.Versions) != 2 || d.Versions[0].Version != 2 || d.Reaches != 2 {
		t.Fatalf("Policy() = %d versions, %d accounts, %v; want 2 and 2", len(d.Versions), d.Reaches, err)
	}
	if !slices.ContainsFunc(d.Findings, func(f eval.Finding) bool { return f.Code == "Missing version" }) {
		t.Errorf("findings = %+v, want the missing version", d.Findings)
	}
	_, err = v.Policy(t.Context(), host, model.FullAWSAccess, model.ActUpdatePolicy)
	refuses(t, "opening AWS's own for a change", err, model.Conflict)
	_, err = v.Policy(t.Context(), host, "p-none")
	refuses(t, "opening one that is not there", err, model.NotFound)
}

func TestEditorsAreAnsweredForEveryKindOfDocument(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, kind := range []string{"identity", "resource", "trust", "scp", "rcp", "boundary", "session"} {
		if findings, err := h.Findings(kind, "{"); err != nil || len(findings) != 1 ||
			findings[0].Severity != eval.Error {
			t.Errorf("Findings(%s) = %+v, %v; want one error", kind, findings, err)
		}
	}
	_, err := h.Findings("poem", "{}")
	refuses(t, "a kind that does not exist", err, model.Invalid)
}

func TestOnlyWhatMayBeAttachedIsOffered(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	choices, err := v.AttachChoices(t.Context(), host)
	if err != nil || len(choices.Policies) != 1 || len(choices.Places) != 7 || choices.Folded {
		t.Errorf(
			"AttachChoices() = %d policies, %d places, %v; want 1 and 7",
			len(choices.Policies),
			len(choices.Places),
			err,
		)
	}
	_, err = v.AttachChoices(t.Context(), stranger)
	refuses(t, "offering it to a stranger", err, model.Forbidden)
	refuses(t, "letting a stranger create policies", v.MayCreatePolicy(t.Context(), stranger), model.Forbidden)
}
