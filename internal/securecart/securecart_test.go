package securecart_test

import (
	"crypto/rand"
	"log/slog"
	"slices"
	"testing"
	"time"

	"gatehouse/internal/catalog"
	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/securecart"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

var (
	noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	host = model.Actor{Host: true}
)

func openShop(t *testing.T, published *catalog.Catalog) *center.Center {
	t.Helper()
	clock := func() time.Time { return noon }
	s, err := store.Open(t.Context(), storetest.Location(t), clock)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Guard(t, s)
	t.Cleanup(func() { s.Close() })
	return center.New(center.Config{Store: s, Now: clock, Random: rand.Reader, Log: slog.New(slog.DiscardHandler),
		Catalog: published})
}

// failing plants the sample and returns the cases that do not hold, as "scenario / case".
func failing(t *testing.T, c *center.Center) []string {
	t.Helper()
	if _, err := securecart.Seed(t.Context(), c, host); err != nil {
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
				t.Logf("%s: %s on %s is %s, want %s", one.Name, r.Action, r.Resource, r.Decision, one.Expect)
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
	c := openShop(t, nil)
	undecided := failing(t, c)
	proofs, err := c.Scenarios(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range proofs {
		for _, one := range p.Cases {
			unknown := one.Role.Set != nil && len(one.Role.Set.Unknown) > 0
			if slices.Contains(undecided, p.Name+" / "+one.Name) != unknown {
				t.Errorf("%s / %s: holds %t; policies without a document: %t", p.Name, one.Name, one.Holds(), unknown)
			}
		}
	}
	if len(undecided) < 20 {
		t.Errorf("%d cases are undecided, want those of all five sets with managed policies", len(undecided))
	}
}
