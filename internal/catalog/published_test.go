package catalog_test

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"

	"gatehouse/internal/catalog"
)

// published is the catalogue built into the program; without data the test is skipped.
func published(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	if c.Empty() {
		t.Skip("the program was built without catalogue data (make assets)")
	}
	return c
}

func TestThePublishedPoliciesAreWhole(t *testing.T) {
	c := published(t)
	all := c.Policies()
	if len(all) < 1500 {
		t.Errorf("%d policies, want at least 1500", len(all))
	}
	for _, p := range all {
		_, document, ok := c.Policy(p.ARN)
		var parsed struct{ Statement any }
		if err := json.Unmarshal(document, &parsed); !ok || err != nil || parsed.Statement == nil {
			t.Errorf("%s: document %v, %v", p.ARN, ok, err)
		}
		if p.Name == "" || p.Version == "" || p.Updated.IsZero() || !strings.HasSuffix(p.ARN, p.Path+p.Name) {
			t.Errorf("incomplete: %+v", p)
		}
	}
	for query, want := range map[string]string{
		"administratoraccess": "AdministratorAccess", "s3 read": "AmazonS3ReadOnlyAccess", "view only": "ViewOnlyAccess",
		"job-function/billing": "Billing", "poweruser": "PowerUserAccess",
	} {
		if found := c.Search(query, 5); len(found) == 0 || found[0].Name != want {
			t.Errorf("Search(%q) = %v, want %s first", query, found, want)
		}
	}
}

func TestThePublishedActionsAreWhole(t *testing.T) {
	c := published(t)
	actions := 0
	for _, s := range c.Services() {
		types := map[string]bool{}
		for _, r := range c.ResourceTypes(s.Prefix) {
			types[strings.ToLower(r.Name)] = true
			if !strings.Contains(r.ARN, ":") {
				t.Errorf("%s %s has the ARN %q", s.Prefix, r.Name, r.ARN)
			}
		}
		for _, a := range c.Actions(s.Prefix) {
			actions++
			if found, ok := c.Action(a.String()); !ok || found.Name != a.Name {
				t.Errorf("Action(%s) = %v, %v", a, found, ok)
			}
			for _, r := range a.ResourceTypes {
				if !types[strings.ToLower(r.Name)] {
					t.Errorf("%s works on %q, which %s does not have", a, r.Name, s.Prefix)
				}
			}
		}
	}
	if actions < 20000 {
		t.Errorf("%d actions, want at least 20000", actions)
	}
	create, _ := c.Action("sso:CreateAccountAssignment")
	if create.AccessLevel != catalog.LevelWrite && create.AccessLevel != catalog.LevelPermissions {
		t.Errorf("sso:CreateAccountAssignment is %q", create.AccessLevel)
	}
	if k, ok := c.ConditionKey("token.actions.githubusercontent.com:repository"); !ok || k.Type != catalog.TypeString {
		t.Errorf("the repository in GitHub's tokens is %v, %v", k, ok)
	}
}

func TestThePublishedIndexStaysSmall(t *testing.T) {
	published(t)
	before := heap()
	c := published(t)
	index := heap() - before
	for _, s := range c.Services() {
		c.Actions(s.Prefix)
	}
	full := heap() - before
	t.Logf("index %d KiB, with every service read %d KiB", index>>10, full>>10)
	if index > 2<<20 || full > 32<<20 {
		t.Errorf("the catalogue takes %d KiB, with every service read %d KiB", index>>10, full>>10)
	}
	runtime.KeepAlive(c)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkLoad(b *testing.B) {
	published(b)
	b.ReportAllocs()
	for b.Loop() {
		published(b)
	}
}

func BenchmarkPolicy(b *testing.B) {
	c := published(b)
	for b.Loop() {
		c.Policy(arnPrefix + "ReadOnlyAccess")
	}
}

func BenchmarkSearch(b *testing.B) {
	c := published(b)
	for b.Loop() {
		c.Search("s3 read", 20)
	}
}

func BenchmarkFirstActionOfAService(b *testing.B) {
	for b.Loop() {
		published(b).Action("ec2:RunInstances")
	}
}

func BenchmarkAction(b *testing.B) {
	c := published(b)
	for b.Loop() {
		c.Action("ec2:RunInstances")
	}
}
