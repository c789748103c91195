package center_test

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/catalog"
	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

const (
	readOnly   = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	billing    = "arn:aws:iam::aws:policy/job-function/Billing"
	linkedRole = "arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy"
	denyAll    = `{"Version":"2012-10-17","Statement":[{"Sid":"Nothing","Effect":"Deny","Action":"*","Resource":"*"}]}`
)

// support is a permission set that uses every kind of policy.
func support() model.PermissionSet {
	return model.PermissionSet{
		Name:             "SecureCart-Support-PermissionSet",
		Description:      "Reads orders",
		SessionDuration:  8 * time.Hour,
		RelayState:       "https://console.aws.amazon.com/dynamodb",
		ManagedPolicies:  []string{readOnly},
		CustomerPolicies: []model.CustomerName{{Name: "OrdersOnly", Path: "/support/"}},
		InlinePolicy:     denyAll,
		Boundary:         model.Boundary{ManagedPolicy: billing},
		Tags:             model.Tags{"team": "support"},
	}
}

// publish gives the office a catalogue with a few policies and actions.
func (o *office) publish(t *testing.T) {
	t.Helper()
	folder := t.TempDir()
	policy := func(arn string) catalog.PolicyContents {
		return catalog.PolicyContents{Policy: catalog.Policy{ARN: arn, Version: "v7", Updated: noon},
			Document: []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}`)}
	}
	s3 := catalog.ServiceContents{Service: catalog.Service{Prefix: "s3", Name: "Amazon S3"},
		Actions: []catalog.Action{{Service: "s3", Name: "GetObject", AccessLevel: catalog.LevelRead}}}
	err := catalog.Write(folder, catalog.Contents{Services: []catalog.ServiceContents{s3},
		Policies: []catalog.PolicyContents{policy(readOnly), policy(billing), policy(linkedRole)}})
	if err != nil {
		t.Fatal(err)
	}
	published, err := catalog.Open(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	o.c = center.New(center.Config{Store: o.store, Now: func() time.Time { return o.now }, Random: rand.Reader,
		Log: slog.New(slog.DiscardHandler), Catalog: published})
}

func (o *office) set(t *testing.T, s model.PermissionSet) model.PermissionSet {
	t.Helper()
	s, err := o.c.CreatePermissionSet(t.Context(), host, s, "CHG-1")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fields are the form fields that an error of some kind complains about.
func fields(t *testing.T, err error, kind model.Kind) map[string]string {
	t.Helper()
	e, ok := errors.AsType[*model.Error](err)
	if !ok || e.Kind != kind {
		t.Fatalf("error = %v, want one of kind %d", err, kind)
	}
	return e.Fields
}

func TestAPermissionSetIsReadAsItWasSaved(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.publish(t)
	made := o.set(t, support())
	got, err := o.c.PermissionSet(t.Context(), host, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := support()
	want.ID, want.Version, want.CreatedAt, want.UpdatedAt = made.ID, 1, noon, noon
	if diff := cmp.Diff(want, got.PermissionSet); diff != "" {
		t.Errorf("read differently (-want +got):\n%s", diff)
	}
	if !strings.Contains(got.Documents[readOnly], "s3:Get*") || !strings.Contains(got.Documents[billing], "s3:Get*") ||
		got.Documents["OrdersOnly"] != "" {
		t.Errorf("documents = %v", got.Documents)
	}
	if got.Reason != "CHG-1" || got.Summary != "Created the permission set SecureCart-Support-PermissionSet" {
		t.Errorf("saved with %q because %q", got.Summary, got.Reason)
	}
	o.trail(t, "Created the permission set SecureCart-Support-PermissionSet")
}

func TestEachProblemOfAPermissionSetStandsAtItsField(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.publish(t)
	for _, c := range []struct {
		problem, field, words string
		spoil                 func(*model.PermissionSet)
	}{
		{"a name over AWS's limit", "name", "AWS allows 32 characters in the name of a permission set; this has 34.",
			func(s *model.PermissionSet) { s.Name = "SecureCart-Developer-PermissionSet" }},
		{"a missing name", "name", "Enter a name.", func(s *model.PermissionSet) { s.Name = " " }},
		{"a name with a space", "name", "A name has letters", func(s *model.PermissionSet) { s.Name = "Read only" }},
		{"a long session", "session_duration", "1 hour to 12 hours", func(s *model.PermissionSet) { s.SessionDuration = 13 * time.Hour }},
		{"a misspelt policy", "managed_policies", "AWS has no managed policy arn:aws:iam::aws:policy/ReadOnlyAcess. Nearest: ReadOnlyAccess.",
			func(s *model.PermissionSet) { s.ManagedPolicies = []string{"arn:aws:iam::aws:policy/ReadOnlyAcess"} }},
		{"a policy at another path", "managed_policies", "Nearest: job-function/Billing.",
			func(s *model.PermissionSet) { s.ManagedPolicies = []string{"arn:aws:iam::aws:policy/Billing"} }},
		{"a service-linked policy", "managed_policies", "lets nobody attach it",
			func(s *model.PermissionSet) { s.ManagedPolicies = []string{linkedRole} }},
		{"no ARN at all", "managed_policies", "is not the ARN", func(s *model.PermissionSet) { s.ManagedPolicies = []string{"ReadOnlyAccess"} }},
		{"an unknown boundary", "boundary", "AWS has no managed policy",
			func(s *model.PermissionSet) { s.Boundary.ManagedPolicy = "arn:aws:iam::aws:policy/Fence" }},
		{"two boundaries", "boundary", "one boundary", func(s *model.PermissionSet) { s.Boundary.Customer.Name = "Fence" }},
		{"broken JSON", "inline_policy", "Line 2, column 1: ", func(s *model.PermissionSet) { s.InlinePolicy = "{\n" }},
		{"an action AWS does not have", "inline_policy", "s3:GetObjekt",
			func(s *model.PermissionSet) {
				s.InlinePolicy = strings.ReplaceAll(denyAll, `"Action":"*"`, `"Action":"s3:GetObjekt"`)
			}},
		{"a path without slashes", "customer_policies", "starts and ends with a slash",
			func(s *model.PermissionSet) { s.CustomerPolicies[0].Path = "support" }},
		{"a reserved tag", "tags", "reserved", func(s *model.PermissionSet) { s.Tags["aws:team"] = "x" }},
	} {
		s := support()
		c.spoil(&s)
		_, err := o.c.CreatePermissionSet(t.Context(), host, s, "")
		if got := fields(t, err, model.Invalid); len(got) != 1 || !strings.Contains(got[c.field], c.words) {
			t.Errorf("%s: fields = %v, want %s: …%s…", c.problem, got, c.field, c.words)
		}
	}
}

func TestANameIsTakenWhateverItsCaseUntilTheSetIsDeleted(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	first := o.set(t, model.PermissionSet{Name: "Auditor", SessionDuration: time.Hour})
	again := model.PermissionSet{Name: "AUDITOR", SessionDuration: time.Hour}
	_, err := o.c.CreatePermissionSet(t.Context(), host, again, "")
	if got := fields(t, err, model.Conflict); got["name"] != "There is a permission set called AUDITOR already." {
		t.Errorf("fields = %v", got)
	}
	if _, err := o.c.DeletePermissionSet(t.Context(), host, center.SetRemoval{ID: first.ID, Version: 1, Reason: "unused"}); err != nil {
		t.Fatal(err)
	}
	if second := o.set(t, again); second.ID == first.ID {
		t.Error("a new set took over the id of a deleted one")
	}
	o.trail(t, "Created the permission set AUDITOR", "Deleted the permission set Auditor")
}

func TestEverySaveIsAVersion(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.publish(t)
	made := o.set(t, support())
	o.now = noon.Add(time.Hour)
	changed := support()
	changed.ID, changed.Version, changed.Name = made.ID, 1, ""
	changed.ManagedPolicies, changed.InlinePolicy, changed.SessionDuration = []string{billing}, "", 90*time.Minute
	saved, err := o.c.UpdatePermissionSet(t.Context(), host, changed, "CHG-2")
	if err != nil || saved.Version != 2 || saved.Name != made.Name {
		t.Fatalf("UpdatePermissionSet() = version %d of %q, %v", saved.Version, saved.Name, err)
	}
	o.trail(t, "Changed the permission set SecureCart-Support-PermissionSet: attached Billing, detached ReadOnlyAccess, "+
		"removed the inline policy, set the session duration to PT1H30M")
	_, versions, err := o.c.PermissionSetVersions(t.Context(), host, made.ID)
	if err != nil || len(versions) != 2 || !versions[0].Current || versions[1].Current || versions[0].Reason != "CHG-2" {
		t.Errorf("versions = %+v, %v", versions, err)
	}
	_, before, after, err := o.c.ComparePermissionSet(t.Context(), host, made.ID, 1, 2)
	if err != nil || before.InlinePolicy != denyAll || after.InlinePolicy != "" || !after.UpdatedAt.Equal(o.now) {
		t.Errorf("compared %+v with %+v, %v", before, after, err)
	}
}

func TestAStaleSaveIsRefused(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	made := o.set(t, model.PermissionSet{Name: "Auditor", SessionDuration: time.Hour})
	edit := made
	edit.Description = "first"
	if _, err := o.c.UpdatePermissionSet(t.Context(), host, edit, ""); err != nil {
		t.Fatal(err)
	}
	edit.Description = "second"
	_, err := o.c.UpdatePermissionSet(t.Context(), host, edit, "")
	if model.KindOf(err) != model.Conflict {
		t.Errorf("a save over version 1 = %v, want a conflict", err)
	}
	_, err = o.c.DeletePermissionSet(t.Context(), host, center.SetRemoval{ID: made.ID, Version: 1})
	if model.KindOf(err) != model.Conflict {
		t.Errorf("deleting version 1 = %v, want a conflict", err)
	}
	got, err := o.c.PermissionSet(t.Context(), host, made.ID)
	if err != nil || got.Description != "first" {
		t.Errorf("kept %q, %v; want the first save", got.Description, err)
	}
}

func TestSavingWithoutAChangeLeavesNoVersionAndNoEvent(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	made := o.set(t, model.PermissionSet{Name: "Auditor", SessionDuration: time.Hour})
	saved, err := o.c.UpdatePermissionSet(t.Context(), host, made, "")
	if err != nil || saved.Version != 1 {
		t.Errorf("UpdatePermissionSet() = version %d, %v", saved.Version, err)
	}
	o.trail(t, "Created the permission set Auditor")
}

func TestAPermissionSetKeepsItsName(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	made := o.set(t, model.PermissionSet{Name: "Auditor", SessionDuration: time.Hour})
	made.Name = "Reader"
	_, err := o.c.UpdatePermissionSet(t.Context(), host, made, "")
	if got := fields(t, err, model.Invalid); !strings.Contains(got["name"], "does not rename") {
		t.Errorf("fields = %v", got)
	}
}

func TestDocumentsAreAdoptedWhenTheCatalogueComes(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	gone := "arn:aws:iam::aws:policy/Gone"
	made := o.set(
		t,
		model.PermissionSet{Name: "Reader", SessionDuration: time.Hour, ManagedPolicies: []string{readOnly, gone}},
	)
	if err := o.c.AdoptCatalogue(t.Context(), host); err != nil {
		t.Fatal(err)
	}
	o.trail(t, "Created the permission set Reader")
	o.publish(t)
	for range 2 { // the second time there is nothing left to adopt
		if err := o.c.AdoptCatalogue(t.Context(), host); err != nil {
			t.Fatal(err)
		}
	}
	o.trail(t, "Adopted the documents of 1 AWS-managed policies in 1 permission sets", "Created the permission set Reader")
	got, err := o.c.PermissionSet(t.Context(), host, made.ID)
	if err != nil || got.Version != 2 || got.Documents[readOnly] == "" || got.Documents[gone] != "" {
		t.Errorf("after adopting: version %d, documents of %v, %v", got.Version, got.Documents, err)
	}
	first, err := o.store.PermissionSetVersion(t.Context(), made.ID, 1)
	if err != nil || len(first.Documents) != 0 {
		t.Errorf("version 1 has documents now: %v, %v", first.Documents, err)
	}
	got.Description = "still saved though AWS does not have one of its policies"
	if _, err := o.c.UpdatePermissionSet(t.Context(), host, got.PermissionSet, ""); err != nil {
		t.Errorf("saving a set with a policy that AWS has no more: %v", err)
	}
}

func TestAPolicyMeansTheSameInEverySet(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.publish(t)
	o.set(t, model.PermissionSet{Name: "First", SessionDuration: time.Hour, ManagedPolicies: []string{readOnly}})
	used, err := o.c.CataloguePolicy(t.Context(), host, readOnly)
	if err != nil || len(used.Sets) != 1 || used.InUse == "" || used.Document != used.InUse || used.Version != "v7" {
		t.Errorf("CataloguePolicy() = %+v, %v", used, err)
	}
	page, err := o.c.CataloguePolicies(t.Context(), host, "read", 0, 10)
	if err != nil || page.Total != 1 || page.Used[readOnly] != 1 || page.Policies[0].ARN != readOnly {
		t.Errorf("CataloguePolicies() = %+v, %v", page, err)
	}
}

func TestPermissionSetsAreListedByNameAndFiltered(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.publish(t)
	for _, name := range []string{"beta", "Alpha", "gamma"} {
		o.set(t, model.PermissionSet{Name: name, SessionDuration: time.Hour, Description: "set " + name})
	}
	o.set(t, support())
	for _, c := range []struct {
		filter store.SetFilter
		want   string
		total  int
	}{
		{store.SetFilter{}, "Alpha beta gamma SecureCart-Support-PermissionSet", 4},
		{store.SetFilter{Limit: 2}, "Alpha beta", 4},
		{store.SetFilter{Limit: 2, After: "beta"}, "gamma SecureCart-Support-PermissionSet", 4},
		{store.SetFilter{Text: "SET a"}, "Alpha", 1},
		{store.SetFilter{Text: "%"}, "", 0},
		{store.SetFilter{Policy: billing}, "SecureCart-Support-PermissionSet", 1},
		{store.SetFilter{Use: "yes"}, "", 0},
		{store.SetFilter{Use: "no", Text: "support"}, "SecureCart-Support-PermissionSet", 1},
	} {
		list, err := o.c.PermissionSets(t.Context(), host, c.filter)
		var names []string
		for _, s := range list.Sets {
			names = append(names, s.Name)
		}
		if got := strings.Join(names, " "); err != nil || got != c.want || list.Total != c.total {
			t.Errorf("%+v: %q of %d, %v; want %q of %d", c.filter, got, list.Total, err, c.want, c.total)
		}
	}
	list, _ := o.c.PermissionSets(t.Context(), host, store.SetFilter{Text: "orders"})
	row := list.Sets[0]
	if row.Managed != 1 || row.Customer != 1 || !row.Inline || !row.Bounded || row.Unknown ||
		row.Session() != 8*time.Hour {
		t.Errorf("row = %+v", row)
	}
}
