package store_test

import (
	"testing"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

const (
	rootUnit   = model.OUID("r-sc7k")
	guardrails = model.PolicyID("p-guardrails")
)

// openOrganization opens a store with a root, a unit below it, an account in the unit and a policy at all three.
func openOrganization(t *testing.T) *store.Store {
	t.Helper()
	s := open(t)
	change(t, s, func(tx *store.Tx) error {
		for _, err := range []error{
			tx.InsertOU(t.Context(), model.OU{ID: rootUnit, Name: "Root"}),
			tx.InsertOU(t.Context(), model.OU{ID: prodUnit, Name: "Prod", Parent: rootUnit}),
			tx.InsertAccount(t.Context(), model.Account{ID: prodAccount, Name: "Live", Email: "Live@securecart.example",
				State: model.AccountActive, OU: prodUnit, Tags: model.Tags{"use": "shop"}}),
			tx.InsertPolicy(t.Context(), model.Policy{ID: guardrails, Kind: model.ServiceControlPolicy, Name: "Guardrails", Document: "{}"}, ""),
			tx.AttachPolicy(t.Context(), model.Attachment{Policy: guardrails, Target: unitTarget(rootUnit)}),
			tx.AttachPolicy(t.Context(), model.Attachment{Policy: guardrails, Target: unitTarget(prodUnit)}),
			tx.AttachPolicy(t.Context(), model.Attachment{Policy: guardrails, Target: accountTarget(prodAccount)}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

func unitTarget(id model.OUID) model.Target {
	return model.Target{Kind: model.TargetOU, ID: string(id)}
}

func accountTarget(id model.AccountID) model.Target {
	return model.Target{Kind: model.TargetAccount, ID: string(id)}
}

// attachedTo returns where policies are attached.
func attachedTo(t *testing.T, s *store.Store) []string {
	t.Helper()
	attached, err := s.Attachments(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, a := range attached {
		ids = append(ids, a.Target.ID)
	}
	return ids
}

func TestWhatIsClosedTakesItsAttachmentsWithIt(t *testing.T) {
	t.Parallel()
	s := openOrganization(t)
	change(t, s, func(tx *store.Tx) error { return tx.CloseAccount(t.Context(), prodAccount) })
	if ids := attachedTo(t, s); len(ids) != 2 {
		t.Errorf("attached to %v after the account went, want root and unit", ids)
	}
	if _, err := s.Account(t.Context(), prodAccount); model.KindOf(err) != model.NotFound {
		t.Errorf("Account() = %v, want not found", err)
	}
	change(t, s, func(tx *store.Tx) error { return tx.CloseOU(t.Context(), prodUnit) })
	if ids := attachedTo(t, s); len(ids) != 1 || ids[0] != string(rootUnit) {
		t.Errorf("attached to %v after the unit went, want the root", ids)
	}
	if _, err := s.OU(t.Context(), prodUnit); model.KindOf(err) != model.NotFound {
		t.Errorf("OU() = %v, want not found", err)
	}
}

func TestAnAccountReadsBackAsItWasSaved(t *testing.T) {
	t.Parallel()
	s := openOrganization(t)
	a, err := s.Account(t.Context(), prodAccount)
	if err != nil || a.OU != prodUnit || a.Tags["use"] != "shop" || a.Version != 1 || !a.CreatedAt.Equal(noon) {
		t.Errorf("Account() = %+v, %v", a, err)
	}
	owner, taken, err := s.AccountWithEmail(t.Context(), "LIVE@securecart.example")
	if err != nil || !taken || owner != prodAccount {
		t.Errorf("AccountWithEmail() = %s, %t, %v; want the account, whatever the case", owner, taken, err)
	}
	change(t, s, func(tx *store.Tx) error { return tx.MoveAccount(t.Context(), prodAccount, rootUnit) })
	if a, err = s.Account(t.Context(), prodAccount); err != nil || a.OU != rootUnit {
		t.Errorf("after the move the account is in %s, %v", a.OU, err)
	}
}

func TestEveryChangeToTheOrganizationChangesAccess(t *testing.T) {
	t.Parallel()
	s := openOrganization(t)
	before, err := s.AccessChange(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for what, fn := range map[string]func(tx *store.Tx) error{
		"a name": func(tx *store.Tx) error {
			return tx.UpdateOU(t.Context(), model.OU{ID: prodUnit, Name: "Production", Version: 1})
		},
		"a state": func(tx *store.Tx) error {
			return tx.UpdateAccount(t.Context(), model.Account{ID: prodAccount, Name: "Live", State: model.AccountSuspended, Version: 1})
		},
		"a document": func(tx *store.Tx) error {
			return tx.UpdatePolicy(t.Context(), model.Policy{ID: guardrails, Name: "Guardrails", Document: `{"Statement":[]}`, Version: 1}, "")
		},
		"an attachment": func(tx *store.Tx) error {
			_, err := tx.DetachPolicy(t.Context(), model.Attachment{Policy: guardrails, Target: unitTarget(prodUnit)})
			return err
		},
	} {
		change(t, s, fn)
		after, err := s.AccessChange(t.Context())
		if err != nil || after <= before {
			t.Errorf("%s: the change number went from %d to %d, %v", what, before, after, err)
		}
		before = after
	}
}

func TestEveryVersionOfAPolicyStays(t *testing.T) {
	t.Parallel()
	s := openOrganization(t)
	save := func(version int64, document string) error {
		return s.Housekeep(t.Context(), func(tx *store.Tx) error {
			return tx.UpdatePolicy(
				t.Context(),
				model.Policy{ID: guardrails, Kind: model.ServiceControlPolicy, Name: "Guardrails",
					Document: document, Version: version},
				"u-ana",
			)
		})
	}
	if err := save(1, `{"Statement":[]}`); err != nil {
		t.Fatal(err)
	}
	if err := save(2, "{}"); err != nil {
		t.Errorf("going back to the first document: %v", err)
	}
	if err := save(2, "{}"); model.KindOf(err) != model.Conflict {
		t.Errorf("saving over somebody's version: %v, want a conflict", err)
	}
	versions, err := s.PolicyVersions(t.Context(), guardrails)
	if err != nil || len(versions) != 3 || versions[0].Document != "{}" || versions[1].SavedBy != "u-ana" {
		t.Errorf("PolicyVersions() = %+v, %v; want three", versions, err)
	}
}

func TestAPolicyIsNotRenamedToAnotherNorAttachedTwice(t *testing.T) {
	t.Parallel()
	s := openOrganization(t)
	other := model.Policy{ID: "p-other", Kind: model.ServiceControlPolicy, Name: "Other", Document: "{}"}
	change(t, s, func(tx *store.Tx) error { return tx.InsertPolicy(t.Context(), other, "") })
	other.Name, other.Version = "guardrails", 1
	for what, fn := range map[string]func(tx *store.Tx) error{
		"the name of another": func(tx *store.Tx) error { return tx.UpdatePolicy(t.Context(), other, "") },
		"a second attachment": func(tx *store.Tx) error {
			return tx.AttachPolicy(t.Context(), model.Attachment{Policy: guardrails, Target: unitTarget(prodUnit)})
		},
	} {
		if err := s.Housekeep(t.Context(), fn); model.KindOf(err) != model.Conflict {
			t.Errorf("%s: %v, want a conflict", what, err)
		}
	}
}
