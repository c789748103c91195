package securecart_test

import (
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"gatehouse/internal/catalog"
	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/securecart"
	"gatehouse/internal/store"
)

var (
	noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	host = model.Actor{Host: true}
)

func openShop(t *testing.T, published *catalog.Catalog) *center.Center {
	t.Helper()
	clock := func() time.Time { return noon }
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "gatehouse.db"), clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	c := center.New(center.Config{Store: s, Now: clock, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Catalog: published})
	org, err := model.NewOrganization(rand.Reader, securecart.Name, securecart.Management, "")
	if err != nil {
		t.Fatal(err)
	}
	err = s.Housekeep(t.Context(), func(tx *store.Tx) error {
		ctx := t.Context()
		for _, err := range []error{
			tx.InsertOrganization(ctx, org),
			tx.InsertPolicy(ctx, model.Policy{ID: model.FullAWSAccess, Kind: model.ServiceControlPolicy, Name: model.FullAWSAccessTitle, Document: model.FullAWSAccessBody, AWSManaged: true}, ""),
			tx.InsertOU(ctx, model.OU{ID: org.RootID, Name: "Root"}),
			tx.InsertAccount(ctx, model.Account{ID: org.ManagementAccount, Name: securecart.ManagementName, OU: org.RootID, Email: "aws@securecart.example", State: model.AccountActive}),
			tx.AttachPolicy(ctx, model.Attachment{Policy: model.FullAWSAccess, Target: model.Target{Kind: model.TargetOU, ID: string(org.RootID)}}),
			tx.AttachPolicy(ctx, model.Attachment{Policy: model.FullAWSAccess, Target: model.Target{Kind: model.TargetAccount, ID: string(org.ManagementAccount)}}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{center.AuditorSet, center.HelpDeskSet} {
		_, err := c.CreatePermissionSet(t.Context(), host, model.PermissionSet{Name: name, SessionDuration: time.Hour, InlinePolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"gatehouse:*","Resource":"*"}]}`}, "")
		if err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// failing plants the sample and returns the cases that do not hold, as "scenario / case".
func failing(t *testing.T, c *center.Center) []string {
	t.Helper()
	if _, err := securecart.Plant(t.Context(), c, host); err != nil {
		t.Fatal(err)
	}
	proofs, err := c.Scenarios(t.Context(), host)
	if err != nil || len(proofs) != 9 {
		t.Fatalf("Scenarios() = %d of nine, %v", len(proofs), err)
	}
	var list []string
	for _, p := range proofs {
		for _, one := range p.Cases {
			if one.Holds() {
				continue
			}
			list = append(list, p.Name+" / "+one.Name)
			for _, r := range one.Rows {
				t.Logf("%s: %s on %s is %s, want %s: %s", one.Name, r.Action, r.Resource, r.Decision(), one.Expect, r.Verdict.Reason)
			}
		}
	}
	return list
}

func TestEveryScenarioOfTheSampleHolds(t *testing.T) {
	published, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	if published.Empty() {
		t.Skip("AWS's managed policies are not built in: make assets")
	}
	for _, name := range failing(t, openShop(t, published)) {
		t.Errorf("%s does not hold", name)
	}
}

func TestWithoutTheCatalogueNothingIsDecidedWithManagedPolicies(t *testing.T) {
	proofs, err := openShop(t, nil).Scenarios(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range proofs {
		for _, one := range p.Cases {
			unknown := one.Role.Set != nil && len(one.Role.Set.Unknown) > 0
			if one.Holds() == unknown {
				t.Errorf("%s / %s: holds = %v, and %v of its policies have no document", p.Name, one.Name, one.Holds(), unknown)
			}
		}
	}
}
