package catalog_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"gatehouse/internal/catalog"

	"github.com/google/go-cmp/cmp"
)

const arnPrefix = "arn:aws:iam::aws:policy/"

// contents is a small catalogue in AWS's shapes.
func contents() catalog.Contents {
	document := json.RawMessage(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	policy := func(path, version string, day int) catalog.PolicyContents {
		return catalog.PolicyContents{
			Policy: catalog.Policy{
				ARN: arnPrefix + path, Version: version,
				Updated: time.Date(2026, 3, day, 10, 20, 30, 0, time.UTC),
			},
			Document: document,
		}
	}
	return catalog.Contents{
		Origins: []catalog.Origin{{Package: "policies", Version: "1.2.3"}},
		Policies: []catalog.PolicyContents{
			policy("ReadOnlyAccess", "v7", 1),
			policy("AmazonStoreReadOnlyAccess", "v2", 2),
			policy("AmazonStoreFullAccess", "v1", 3),
			policy("AWSStoreBackup", "v1", 4),
			policy("service-role/StoreRunner", "v4", 5),
			policy("aws-service-role/StoreLinked", "v1", 6),
			policy("Store", "v1", 7),
			policy("KeepStoreSafe", "v1", 8),
		},
		Services: []catalog.ServiceContents{
			{
				Service: catalog.Service{Prefix: "store", Name: "Example Store"},
				Actions: []catalog.Action{
					{
						Name: "ReadShelf", AccessLevel: catalog.LevelRead, Description: "Reads a shelf",
						ResourceTypes: []catalog.ActionResource{{Name: "shelf", Required: true}, {Name: "room"}},
						ConditionKeys: []string{"aws:ResourceTag/${TagKey}", "store:Colour"},
					},
					{Name: "ListShelves", AccessLevel: catalog.LevelList},
					{Name: "ReadBook", AccessLevel: catalog.LevelRead},
				},
				ResourceTypes: []catalog.ResourceType{
					{Name: "shelf", ARN: "arn:${Partition}:store:::${Shelf}", ConditionKeys: []string{"store:Colour"}},
					{Name: "room", ARN: "arn:${Partition}:store:::room/${Room}"},
				},
				ConditionKeys: []catalog.ConditionKey{
					{Name: "store:Colour", Type: catalog.TypeArrayOfString, Description: "The colours"},
					{Name: "store:Box/${Box}.size", Type: catalog.TypeNumeric},
					{Name: "idp.${Domain}.example:sub", Type: catalog.TypeString},
				},
			},
			{
				Service: catalog.Service{Prefix: "store-data", Name: "Example Store Data"},
				Actions: []catalog.Action{{Name: "ReadPage", AccessLevel: catalog.LevelRead}},
			},
		},
	}
}

// build makes a catalogue of the contents by way of its files.
func build(t *testing.T, c catalog.Contents) *catalog.Catalog {
	t.Helper()
	folder := t.TempDir()
	if err := catalog.Write(folder, c); err != nil {
		t.Fatal(err)
	}
	built, err := catalog.Open(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	return built
}

func TestWithoutDataTheCatalogueIsEmptyAndStillAnswers(t *testing.T) {
	c, err := catalog.Open(fstest.MapFS{".gitkeep": {}})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Empty() {
		t.Error("Empty() = false")
	}
	if _, _, ok := c.Policy(arnPrefix + "ReadOnlyAccess"); ok {
		t.Error("found a policy")
	}
	if _, ok := c.Action("store:ReadShelf"); ok {
		t.Error("found an action")
	}
	if got := c.Complete("s", 10); len(got) != 0 {
		t.Errorf("Complete() = %v", got)
	}
	if got := c.Search("", 0); len(got) != 0 {
		t.Errorf("Search() = %v", got)
	}
	if k, ok := c.ConditionKey("aws:sourceip"); !ok || k.Type != catalog.TypeIPAddress {
		t.Errorf("ConditionKey(aws:sourceip) = %v, %v, want an IP address", k, ok)
	}
}

func TestAPolicyComesWithItsDocumentIndentedInAWSsOrder(t *testing.T) {
	c := build(t, contents())
	got, document, ok := c.Policy(arnPrefix + "service-role/StoreRunner")
	if !ok {
		t.Fatal("not found")
	}
	want := catalog.Policy{
		ARN: arnPrefix + "service-role/StoreRunner", Name: "StoreRunner", Path: "/service-role/", Version: "v4",
		Updated: time.Date(2026, 3, 5, 10, 20, 30, 0, time.UTC),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantText := `{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "*",
    "Resource": "*"
  }
}`
	if diff := cmp.Diff(wantText, string(document)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryPolicyKeepsItsOwnDocumentAcrossMembers(t *testing.T) {
	c := contents()
	for i := range c.Policies {
		filler := strings.Repeat("x", 30<<10)
		c.Policies[i].Document = json.RawMessage(`{"Id":"` + c.Policies[i].ARN + `","Filler":"` + filler + `"}`)
	}
	built := build(t, c)
	for _, p := range built.Policies() {
		_, document, _ := built.Policy(p.ARN)
		var parsed struct{ ID string }
		if err := json.Unmarshal(document, &parsed); err != nil {
			t.Fatal(err)
		}
		if parsed.ID != p.ARN {
			t.Errorf("%s has the document of %s", p.ARN, parsed.ID)
		}
	}
}

func TestOriginsAndNewestTellTheEdition(t *testing.T) {
	c := build(t, contents())
	if diff := cmp.Diff([]catalog.Origin{{Package: "policies", Version: "1.2.3"}}, c.Origins()); diff != "" {
		t.Error(diff)
	}
	if got, want := c.Newest(), time.Date(2026, 3, 8, 10, 20, 30, 0, time.UTC); !got.Equal(want) {
		t.Errorf("Newest() = %v, want %v", got, want)
	}
}

func TestTheSameContentsInAnyOrderMakeTheSameFiles(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	c := contents()
	if err := catalog.Write(first, c); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(c.Policies)
	slices.Reverse(c.Services)
	slices.Reverse(c.Services[1].Actions)
	slices.Reverse(c.Services[1].ConditionKeys)
	if err := catalog.Write(second, c); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index.tsv.gz", "policies.jsonl.gz", "services.tsv.gz"} {
		a, errA := os.ReadFile(filepath.Join(first, name))
		b, errB := os.ReadFile(filepath.Join(second, name))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs (%v, %v)", name, errA, errB)
		}
	}
}

func TestWriteRefusesWhatItsFormCannotHold(t *testing.T) {
	for what, spoil := range map[string]func(*catalog.Contents){
		"a tab in a description":     func(c *catalog.Contents) { c.Services[0].Actions[0].Description = "a\tb" },
		"a line break in a name":     func(c *catalog.Contents) { c.Services[0].Name = "a\nb" },
		"a comma in a key":           func(c *catalog.Contents) { c.Services[0].Actions[0].ConditionKeys[0] = "a,b" },
		"a document that is no JSON": func(c *catalog.Contents) { c.Policies[0].Document = json.RawMessage(`{`) },
	} {
		c := contents()
		spoil(&c)
		if err := catalog.Write(t.TempDir(), c); err == nil {
			t.Errorf("Write() with %s = nil, want an error", what)
		}
	}
}

func TestOpenRefusesFilesThatAreNotACatalogue(t *testing.T) {
	folder := t.TempDir()
	if err := catalog.Write(folder, contents()); err != nil {
		t.Fatal(err)
	}
	index, err := os.ReadFile(filepath.Join(folder, "index.tsv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	policies, err := os.ReadFile(filepath.Join(folder, "policies.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for what, files := range map[string]fstest.MapFS{
		"an index without archives": {"index.tsv.gz": {Data: index}},
		"an index that is not gzip": {
			"index.tsv.gz": {Data: []byte("origin\ta\tb\n")}, "policies.jsonl.gz": {}, "services.tsv.gz": {},
		},
		"an index that is cut short": {
			"index.tsv.gz": {Data: index[:len(index)/2]}, "policies.jsonl.gz": {}, "services.tsv.gz": {},
		},
		"an index of other lines": {
			"index.tsv.gz": {Data: policies}, "policies.jsonl.gz": {}, "services.tsv.gz": {},
		},
	} {
		if _, err := catalog.Open(files); err == nil {
			t.Errorf("Open() of %s = nil error", what)
		}
	}
}

func TestManyAtOnceReadTheSameService(t *testing.T) {
	c := build(t, contents())
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			if a, ok := c.Action("store:ReadBook"); !ok || a.String() != "store:ReadBook" {
				t.Errorf("Action() = %v, %v", a, ok)
			}
			if _, document, _ := c.Policy(arnPrefix + "Store"); len(document) == 0 {
				t.Error("no document")
			}
		})
	}
	wait.Wait()
}
