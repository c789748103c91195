package catalog_test

import (
	"encoding/json"
	"testing"

	"gatehouse/internal/catalog"

	"github.com/google/go-cmp/cmp"
)

func TestSearchFindsPoliciesByTheirWords(t *testing.T) {
	c := build(t, contents())
	for _, test := range []struct {
		name, query string
		limit       int
		want        []string
	}{
		{"exact name, then names that begin so, with AWS's first word or without, then the rest, unattachable last",
			"store", 0, []string{"Store", "StoreRunner", "AmazonStoreFullAccess", "AmazonStoreReadOnlyAccess",
				"AWSStoreBackup", "KeepStoreSafe", "StoreLinked"}},
		{"every word must be there, in any order", "only store", 0, []string{"AmazonStoreReadOnlyAccess"}},
		{"case does not matter", "READONLYACCESS", 0, []string{"ReadOnlyAccess", "AmazonStoreReadOnlyAccess"}},
		{"words spelled apart find the joined name first", "read only", 0,
			[]string{"ReadOnlyAccess", "AmazonStoreReadOnlyAccess"}},
		{"a folder finds what is in it", "/service-role/", 0, []string{"StoreRunner"}},
		{"a pasted ARN finds its policy", arnPrefix + "AWSStoreBackup", 0, []string{"AWSStoreBackup"}},
		{"nothing typed lists all", "  ", 3,
			[]string{"AmazonStoreFullAccess", "AmazonStoreReadOnlyAccess", "AWSStoreBackup"}},
		{"the limit cuts the worst", "store", 2, []string{"Store", "StoreRunner"}},
		{"no match", "nothing", 0, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, p := range c.Search(test.query, test.limit) {
				got = append(got, p.Name)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnActionIsFoundWhateverTheCase(t *testing.T) {
	c := build(t, contents())
	want := catalog.Action{
		Service: "store", Name: "ReadShelf", AccessLevel: catalog.LevelRead, Description: "Reads a shelf",
		ResourceTypes: []catalog.ActionResource{{Name: "shelf", Required: true}, {Name: "room"}},
		ConditionKeys: []string{"aws:ResourceTag/${TagKey}", "store:Colour"},
	}
	for _, name := range []string{"store:ReadShelf", "STORE:readshelf"} {
		got, ok := c.Action(name)
		if !ok {
			t.Fatalf("Action(%s) found nothing", name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Action(%s): %s", name, diff)
		}
	}
	for _, name := range []string{"store:Read*", "store:", "store", "", ":", "*", "shop:ReadShelf", "store:ReadShelf:x"} {
		if got, ok := c.Action(name); ok {
			t.Errorf("Action(%q) = %v, want nothing", name, got)
		}
	}
}

func TestAServiceListsItsParts(t *testing.T) {
	c := build(t, contents())
	if got := c.Services(); len(got) != 2 || got[0] != (catalog.Service{Prefix: "store", Name: "Example Store"}) {
		t.Errorf("Services() = %v", got)
	}
	var names []string
	for _, a := range c.Actions("Store") {
		names = append(names, a.Name)
	}
	if diff := cmp.Diff([]string{"ListShelves", "ReadBook", "ReadShelf"}, names); diff != "" {
		t.Error(diff)
	}
	want := []catalog.ResourceType{
		{Name: "room", ARN: "arn:${Partition}:store:::room/${Room}"},
		{Name: "shelf", ARN: "arn:${Partition}:store:::${Shelf}", ConditionKeys: []string{"store:Colour"}},
	}
	if diff := cmp.Diff(want, c.ResourceTypes("store")); diff != "" {
		t.Error(diff)
	}
	if got := len(c.ConditionKeys("store")); got != 3 {
		t.Errorf("ConditionKeys(store) has %d, want 3", got)
	}
	if got := c.Actions("shop"); got != nil {
		t.Errorf("Actions(shop) = %v", got)
	}
}

func TestCompleteProposesServicesAndThenActions(t *testing.T) {
	c := build(t, contents())
	for _, test := range []struct {
		name, typed string
		limit       int
		want        []string
	}{
		{"a begun prefix", "sto", 0, []string{"store:", "store-data:"}},
		{"a whole prefix adds its actions", "store", 0,
			[]string{"store:", "store-data:", "store:ListShelves", "store:ReadBook", "store:ReadShelf"}},
		{"after the colon all actions", "store:", 0, []string{"store:ListShelves", "store:ReadBook", "store:ReadShelf"}},
		{"after the colon the begun action, whatever the case", "STORE:reads", 0, []string{"store:ReadShelf"}},
		{"the limit", "store", 3, []string{"store:", "store-data:", "store:ListShelves"}},
		{"nothing typed lists the services", "", 0, []string{"store:", "store-data:"}},
		{"spaces around do not matter", " store:l ", 0, []string{"store:ListShelves"}},
		{"no such service", "shop:", 0, nil},
		{"wildcards propose nothing", "store:*", 0, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, c.Complete(test.typed, test.limit)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAConditionKeyIsFoundByTheNameAPolicyUses(t *testing.T) {
	c := build(t, contents())
	for _, test := range []struct{ name, want string }{
		{"aws:SourceIp", "aws:SourceIp"},
		{"AWS:requesttag/Cost Centre", "aws:RequestTag/${TagKey}"},
		{"aws:RequestTag/", ""},
		{"store:colour", "store:Colour"},
		{"store:Box/small.size", "store:Box/${Box}.size"},
		{"store:Box/.size", ""},
		{"store:Box/small.weight", ""},
		{"idp.acme.example:sub", "idp.${Domain}.example:sub"},
		{"idp.acme.example:aud", ""},
		{"shop:Colour", ""},
		{"Colour", ""},
		{"", ""},
	} {
		got, ok := c.ConditionKey(test.name)
		if got.Name != test.want || ok != (test.want != "") {
			t.Errorf("ConditionKey(%q) = %q, %v, want %q", test.name, got.Name, ok, test.want)
		}
	}
	if k, _ := c.ConditionKey("store:Colour"); !k.Multivalued() {
		t.Error("store:Colour is not multivalued")
	}
	if k, _ := c.ConditionKey("aws:SourceIp"); k.Multivalued() {
		t.Error("aws:SourceIp is multivalued")
	}
}

func TestAnActionThatOnlyPoliciesNameIsRetired(t *testing.T) {
	all := contents()
	all.Policies[0].Document = json.RawMessage(`{"Version":"2012-10-17","Statement":{"Effect":"Allow",` +
		`"Action":["store:ReadBook","Store:BurnBook","gone:Get*"],"Resource":"*"}}`)
	c := build(t, all)
	for action, want := range map[string]bool{"store:ReadBook": false, "store:burnbook": true, "gone:Get*": true, "gone:GetAll": false,
		"store:EatBook": false} {
		if got := c.Retired(action); got != want {
			t.Errorf("Retired(%s) = %t", action, got)
		}
	}
}
