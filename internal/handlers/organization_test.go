package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

const (
	live   = model.AccountID("222233334444")
	denyS3 = `{"Version":"2012-10-17","Statement":[{"Sid":"Closed","Effect":"Deny","Action":"s3:*","Resource":"*"}]}`
)

// estate is an organization with a unit, an account in it and a guardrail attached to the unit.
type estate struct {
	*desk
	unit  model.OU
	guard model.Policy
}

func openEstate(t *testing.T) *estate {
	t.Helper()
	e := &estate{desk: openDesk(t)}
	ctx := t.Context()
	org, err := e.center.Store.Organization(ctx)
	e.must(err)
	e.unit, err = e.center.CreateOU(ctx, host, model.OU{Name: "Prod", Parent: org.RootID}, "")
	e.must(err)
	_, err = e.center.AddAccount(ctx, host, model.Account{ID: live, Name: "Live", Email: "live@securecart.example",
		OU: e.unit.ID, Tags: model.Tags{"use": "shop"}}, "")
	e.must(err)
	e.guard = e.policy("NoBuckets")
	e.attach(model.Target{Kind: model.TargetOU, ID: string(e.unit.ID)})
	return e
}

// policy makes a service control policy.
func (e *estate) policy(name string) model.Policy {
	e.t.Helper()
	p, err := e.center.CreatePolicy(e.t.Context(), host, model.Policy{Kind: model.ServiceControlPolicy, Name: name,
		Description: "No buckets", Document: denyS3}, "")
	e.must(err)
	return p
}

// attach attaches the guardrail to a target.
func (e *estate) attach(target model.Target) {
	e.t.Helper()
	e.must(e.center.AttachPolicy(e.t.Context(), host, attachment(e.guard.ID, target)))
}

func (e *estate) unitPath() string   { return "/accounts/ous/" + string(e.unit.ID) }
func (e *estate) policyPath() string { return "/accounts/policies/" + string(e.guard.ID) }

func TestThePagesOfTheOrganization(t *testing.T) {
	t.Parallel()
	e := openEstate(t)
	c := e.as("administrator")
	for path, texts := range map[string][]string{
		"/accounts":                                     {"2 in 1 unit", "Prod", "Live", "NoBuckets", "SCPs do not bind it", "inherited"},
		"/accounts?at=" + string(live):                  {"live@securecart.example", "use=shop", "No buckets", "FullAWSAccess is attached"},
		"/accounts?at=gone":                             {"2 in 1 unit"},
		"/accounts?q=zzz":                               {"Nothing matches"},
		"/accounts?scp=1":                               {"Prod"},
		"/accounts?view=list":                           {"1–2 of 2", "Live"},
		"/accounts/222233334444":                        {"Live", "organizations::111122223333:account/", "Nobody can enter", "NoBuckets"},
		"/accounts/222233334444/history":                {"added the account", "organizations:CreateAccount"},
		"/accounts/222233334444/edit":                   {"use=shop", "live@securecart.example"},
		"/accounts/222233334444/move":                   {"Choose a unit", "Prod (now)"},
		"/accounts/222233334444/remove":                 {"Remove Live from the organization", "It leaves the unit Prod."},
		"/accounts/111122223333/remove":                 {"The management account cannot be removed"},
		e.unitPath():                                    {"Live", "NoBuckets", "attached here"},
		e.unitPath() + "/history":                       {"created the unit"},
		e.unitPath() + "/delete":                        {"cannot be deleted yet", "holds 1 account"},
		"/accounts/policies":                            {"2 SCPs, 0 RCPs", "NoBuckets", "FullAWSAccess"},
		"/accounts/policies?kind=rcp":                   {"No policy matches"},
		e.policyPath():                                  {"Closed", "Holds for", "1 account", "of 10,240 characters"},
		e.policyPath() + "/targets":                     {"Prod", "Detach"},
		e.policyPath() + "/versions":                    {"in force", "host"},
		e.policyPath() + "/history":                     {"attached the SCP"},
		e.policyPath() + "/delete":                      {"cannot be deleted yet", "attached to 1 target"},
		"/accounts/policies/new?kind=rcp":               {"It can only deny.", "aws:PrincipalOrgID"},
		"/accounts/attach?targets=" + string(e.unit.ID): {"Attach a policy", "Live"},
	} {
		c.get(path).shows(t, http.StatusOK, texts...)
	}
	for _, path := range []string{"/accounts/999999999999", "/accounts/nonsense", "/accounts/ous/ou-none", "/accounts/policies/p-none"} {
		c.get(path).shows(t, http.StatusNotFound, "There is no")
	}
	c.get("/accounts/policies/p-FullAWSAccess/edit").shows(t, http.StatusConflict, "AWS&#39;s own")
}

func TestARegionOfTheTreeComesAlone(t *testing.T) {
	t.Parallel()
	e := openEstate(t)
	c := e.as("administrator")
	region := c.region("/accounts?q=live", "places")
	region.shows(t, http.StatusOK, `id="places"`, "Live")
	region.lacks(t, "<html", "Filter by name", "SecureCart-Management")
	c.region("/accounts?at="+string(live), "browse").
		shows(t, http.StatusOK, `id="browse"`, "live@securecart.example", `id="places"`)
}

func TestOnlyWhoMayChangeTheOrganizationIsOfferedTo(t *testing.T) {
	t.Parallel()
	e := openEstate(t)
	c := e.as("auditor")
	c.get("/accounts").lacks(t, "Add account", "New unit")
	c.get("/accounts/222233334444").lacks(t, "/edit", "/move", "/remove", "Attach")
	c.get(e.unitPath()).lacks(t, "/edit", "/delete", "Add account")
	c.get(e.policyPath()).lacks(t, "/edit", "/delete", "/accounts/attach")
	forms := []string{
		"/accounts/new",
		"/accounts/222233334444/edit",
		"/accounts/222233334444/move",
		"/accounts/222233334444/remove",
		"/accounts/ous/new",
		e.unitPath() + "/edit",
		e.unitPath() + "/delete",
		"/accounts/policies/new",
		e.policyPath() + "/edit",
		e.policyPath() + "/delete",
		"/accounts/attach",
		"/accounts/detach?policy=" + string(e.guard.ID) + "&target=" + string(e.unit.ID),
	}
	for _, path := range forms {
		c.get(path).shows(t, http.StatusForbidden)
	}
	e.as("person").get("/accounts").shows(t, http.StatusForbidden)
}

func TestAnAccountIsAddedThroughItsForm(t *testing.T) {
	t.Parallel()
	e := openEstate(t)
	c := e.as("administrator")
	bad := []string{
		"account_id",
		"22223333",
		"name",
		" ",
		"email",
		"nobody",
		"ou",
		"ou-none",
		"tags",
		"owner",
		"reason",
		"CHG-7",
	}
	c.post("/accounts/new", bad...).shows(t, http.StatusUnprocessableEntity, "There is a problem",
		"Write &#34;owner&#34; as key=value", `value="nobody"`, `value="CHG-7"`)
	bad[9] = "owner=priya\nowner=ana"
	c.post("/accounts/new", bad...).shows(t, http.StatusUnprocessableEntity, "is there twice")
	bad[9] = "owner=priya"
	c.post("/accounts/new", bad...).
		shows(t, http.StatusUnprocessableEntity, "An account id has 12 digits.", "Enter an e-mail address")
	good := []string{
		"account_id",
		"333344445555",
		"name",
		"Dev",
		"email",
		"dev@securecart.example",
		"ou",
		string(e.unit.ID),
		"tags",
		"",
		"reason",
		"",
	}
	made := c.post("/accounts/new", good...)
	made.shows(t, http.StatusOK, "Added the account Dev.", "dev@securecart.example")
	if made.path != "/accounts/333344445555" {
		t.Errorf("led to %s", made.path)
	}
	c.post("/accounts/new", good...).shows(t, http.StatusConflict, "is in the organization already")
}

func TestAStaleAccountShowsBothVersions(t *testing.T) {
	t.Parallel()
	e := openEstate(t)
	c := e.as("administrator")
	form := func(version, name string) []string {
		return []string{
			"version",
			version,
			"name",
			name,
			"email",
			"live@securecart.example",
			"state",
			"ACTIVE",
			"tags",
			"use=shop",
			"reason",
			"",
		}
	}
	c.post("/accounts/222233334444/edit", form("1", "Saved first")...).
		shows(t, http.StatusOK, "Saved the account Saved first.")
	c.post("/accounts/222233334444/edit", form("1", "Typed late")...).shows(t, http.StatusConflict,
		"Saved first", "Typed late", "You started from version 1, version 2 is saved now.", `name="version" value="2"`)
	c.post("/accounts/222233334444/edit", form("2", "Typed late")...).
		shows(t, http.StatusOK, "Saved the account Typed late.")
}

func TestAnAccountIsMovedAfterAReview(t *testing.T) {
	t.Parallel()
	e := openEstate(t)
	c := e.as("administrator")
	org, err := e.center.Store.Organization(t.Context())
	e.must(err)
	c.get("/accounts/222233334444/move?ou="+string(org.RootID)).
		shows(t, http.StatusOK, "From Prod to Root", "no longer binds", "Move to Root")
	c.get("/accounts/222233334444/move?ou="+string(e.unit.ID)).
		shows(t, http.StatusUnprocessableEntity, "is in Prod already")
	c.post("/accounts/222233334444/move", "ou", "ou-none").
		shows(t, http.StatusUnprocessableEntity, "Choose a unit of this organization.")
	c.post("/accounts/222233334444/move", "ou", string(org.RootID), "reason", "CHG-8").
		shows(t, http.StatusOK, "Moved the account.")
	c.post("/accounts/222233334444/remove", "reason", "sold").
		shows(t, http.StatusOK, "Removed the account.", "1 in 1 unit")
}

func TestAUnitIsMadeRenamedAndDeletedThroughItsForms(t *testing.T) {
	t.Parallel()
	e := openEstate(t)
	c := e.as("administrator")
	c.post("/accounts/ous/new", "name", "PROD", "parent", string(e.unit.Parent), "reason", "").
		shows(t, http.StatusConflict, "There is a unit Prod below Root already.", `value="PROD"`)
	made := c.post("/accounts/ous/new", "name", "Stage", "parent", string(e.unit.ID), "reason", "")
	made.shows(t, http.StatusOK, "Created the unit Stage.", "Nothing in it yet")
	c.post(made.path+"/edit", "name", "Test", "version", "1", "reason", "").
		shows(t, http.StatusOK, "Renamed the unit to Test.")
	c.post(made.path+"/edit", "name", "Late", "version", "1", "reason", "").
		shows(t, http.StatusConflict, "Somebody else saved this unit meanwhile", `value="Late"`, `name="version" value="2"`)
	c.get(made.path+"/delete").shows(t, http.StatusOK, "Delete the unit Test")
	c.post(made.path+"/delete", "reason", "").shows(t, http.StatusOK, "Deleted the unit.")
	c.post(e.unitPath()+"/delete", "reason", "").shows(t, http.StatusConflict, "holds 1 account")
}

func TestAPolicyIsWrittenAttachedAndDetached(t *testing.T) {
	t.Parallel()
	e := openEstate(t)
	c := e.as("administrator")
	form := func(kind, name, document string) []string {
		return []string{"kind", kind, "name", name, "description", "", "document", document, "reason", "CHG-9"}
	}
	c.post("/accounts/policies/new", form("scp", "", "{\n  nothing")...).shows(t, http.StatusUnprocessableEntity,
		"Enter a name.", "CHG-9", "nothing")
	c.post("/accounts/policies/new", form("scp", "Open", "{\n  nothing")...).
		shows(t, http.StatusUnprocessableEntity, "Line 2, column 3")
	c.post("/accounts/policies/new", form("rcp", "Open", denyS3)...).
		shows(t, http.StatusUnprocessableEntity, "Principal")
	made := c.post("/accounts/policies/new", form("scp", "Open", strings.Replace(denyS3, "s3:", "ec2:", 1))...)
	made.shows(t, http.StatusOK, "Created the policy Open.", "ec2:*")
	id := strings.TrimPrefix(made.path, "/accounts/policies/")
	c.post("/accounts/attach", "policy", id, "reason", "").
		shows(t, http.StatusUnprocessableEntity, "Choose at least one account or unit.")
	c.post("/accounts/attach", "policy", id, "targets", string(live), "targets", string(e.unit.ID), "reason", "").
		shows(t, http.StatusOK, "Attached the policy to 2 targets.")
	c.get("/accounts/detach?policy="+id+"&target="+string(live)).
		shows(t, http.StatusOK, "Detach Open from Live", "It no longer limits 1 account")
	c.post("/accounts/detach", "policy", id, "target", string(live), "reason", "").
		shows(t, http.StatusOK, "Detached the policy.")
	c.get("/accounts/detach?policy=p-FullAWSAccess&target="+string(live)).
		shows(t, http.StatusOK, "It stays attached", "only SCP of Live")
}

func TestANewVersionOfAPolicyIsSavedAndCompared(t *testing.T) {
	t.Parallel()
	e := openEstate(t)
	c := e.as("administrator")
	save := func(version, document string) answer {
		return c.post(
			e.policyPath()+"/edit",
			"kind",
			"scp",
			"name",
			"NoBuckets",
			"description",
			"No buckets",
			"document",
			document,
			"version",
			version,
			"reason",
			"",
		)
	}
	c.get(e.policyPath()+"/edit").shows(t, http.StatusOK, "attached to 1 target and holds for 1 account")
	save(
		"1",
		strings.Replace(denyS3, "s3:", "sqs:", 1),
	).shows(t, http.StatusOK, "Saved version 2 of NoBuckets.", "sqs:*")
	save("1", strings.Replace(denyS3, "s3:", "sns:", 1)).shows(t, http.StatusConflict,
		"Somebody else saved this policy meanwhile", "sqs:*", "sns:*", `name="version" value="2"`)
	c.get(e.policyPath()+"/versions").shows(t, http.StatusOK, "Version 1 to 2", "s3:*", "sqs:*", "Olga administrator")
}

func TestEditorsAreToldWhatIsWrong(t *testing.T) {
	t.Parallel()
	e := openEstate(t)
	c := e.as("person")
	c.post("/validate", "kind", "scp", "document", "{\n x").shows(t, http.StatusOK, `"line":2`, `"severity":"error"`)
	c.post("/validate", "kind", "identity", "document", denyS3).shows(t, http.StatusOK, `"findings":[`)
	c.post("/validate", "kind", "poem", "document", "{}").shows(t, http.StatusUnprocessableEntity)
}

func attachment(policy model.PolicyID, target model.Target) center.Attach {
	return center.Attach{Policy: policy, Targets: []model.Target{target}}
}
