package handlers_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

const denyAll = `{"Version":"2012-10-17","Statement":[{"Sid":"Nothing","Effect":"Deny","Action":"*","Resource":"*"}]}`

// reader is a permission set named Reader, given to the person in the management account.
func (d *desk) reader() model.PermissionSet {
	d.t.Helper()
	set, err := d.center.CreatePermissionSet(
		d.t.Context(),
		host,
		model.PermissionSet{Name: "Reader", SessionDuration: 4 * time.Hour,
			Description: "Reads orders", InlinePolicy: denyAll, Tags: model.Tags{"team": "support"},
			CustomerPolicies: []model.CustomerName{{Name: "OrdersOnly", Path: "/support/"}}},
		"CHG-1",
	)
	d.must(err)
	_, err = d.center.Assign(
		d.t.Context(),
		host,
		center.AssignRequest{Sets: []model.PermissionSetID{set.ID}, Reason: "helps out",
			Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(d.people["person"].ID)}},
			Targets:    []model.Target{{Kind: model.TargetAccount, ID: string(management)}}},
	)
	d.must(err)
	return set
}

// typed is a form for a permission set as the browser sends it, with some fields changed.
func typed(version int64, changed ...string) []string {
	fields := map[string]string{
		"name":              "Reader",
		"description":       "Reads orders",
		"customer_policies": "/support/OrdersOnly",
		"inline_policy":     denyAll,
		"boundary":          "",
		"session_duration":  "4",
		"relay_state":       "",
		"tags":              "team=support",
		"reason":            "",
		"version":           strconv.FormatInt(version, 10),
		"managed_policies":  "",
	}
	for i := 0; i+1 < len(changed); i += 2 {
		fields[changed[i]] = changed[i+1]
	}
	var pairs []string
	for name, value := range fields {
		pairs = append(pairs, name, value)
	}
	return pairs
}

func TestThePagesOfAPermissionSet(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	set := d.reader()
	c, at := d.as("administrator"), "/permission-sets/"+string(set.ID)
	c.get("/permission-sets").shows(t, http.StatusOK, "Reader", "1 customer managed, inline", "4 h", "1–4 of 4")
	c.get("/permission-sets?q=orders").shows(t, http.StatusOK, "Reader", "1–1 of 1")
	c.get("/permission-sets?q=zzz").shows(t, http.StatusOK, "No permission set matches")
	c.get("/permission-sets?use=no").shows(t, http.StatusOK, "is not assigned", "No permission set matches")
	c.get(at).
		shows(t, http.StatusOK, "1 person", "1 account", "No AWS-managed policy is attached", "Nothing", "/support/OrdersOnly", "Not simulated")
	c.get(at+"/assignments").shows(t, http.StatusOK, "Nora Person", "SecureCart-Management", "helps out", "no end")
	c.get(at+"/people").shows(t, http.StatusOK, "Nora Person", "why?")
	c.get(at+"/settings").shows(t, http.StatusOK, "Reads orders", "AWSReservedSSO_Reader_…", "team = support")
	c.get(at+"/versions").shows(t, http.StatusOK, "Created", "CHG-1", "the host")
	c.get(at+"/history").shows(t, http.StatusOK, "created the permission set", "sso:CreateAccountAssignment")
	c.get(at+"/versions/compare?from=1&to=1").shows(t, http.StatusOK, "These versions are alike")
	c.get(at+"/versions/compare?from=x&to=9").shows(t, http.StatusNotFound)
	c.get("/permission-sets/ps-0000000000000000").shows(t, http.StatusNotFound, "There is no permission set")
	c.get("/permission-sets/catalogue").shows(t, http.StatusOK, "The catalogue is not built in")
	c.get("/permission-sets/catalogue/ReadOnlyAccess").shows(t, http.StatusNotFound)
	c.get("/complete?prefix=s3:").shows(t, http.StatusOK, `{"items":[]}`)
}

func TestOnlyWhoMayChangeSetsIsOfferedTo(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	set := d.reader()
	at := "/permission-sets/" + string(set.ID)
	c := d.as("auditor")
	c.get("/permission-sets").lacks(t, "New permission set")
	c.get(at).lacks(t, at+"/edit", at+"/delete")
	for _, path := range []string{"/permission-sets/new", at + "/edit", at + "/delete"} {
		c.get(path).shows(t, http.StatusForbidden)
	}
	for _, path := range []string{"/permission-sets", "/permission-sets/new", at, at + "/edit", at + "/review"} {
		c.post(path, typed(1)...).shows(t, http.StatusForbidden)
	}
	c.post(at+"/delete", "version", "1", "plan", "").shows(t, http.StatusForbidden)
	d.as("person").get("/permission-sets").shows(t, http.StatusForbidden)
}

func TestAPermissionSetIsCreatedAndProblemsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.as("administrator")
	c.get("/permission-sets/new?attach=arn:aws:iam::aws:policy/ReadOnlyAccess").
		shows(t, http.StatusOK, "arn:aws:iam::aws:policy/ReadOnlyAccess")
	bad := typed(
		0,
		"name",
		"SecureCart-Developer-PermissionSet",
		"inline_policy",
		"{\n",
		"session_duration",
		"36",
		"boundary",
		"Fence",
		"tags",
		"a=1\na=2",
		"customer_policies",
		"team/OrdersOnly",
		"managed_policies",
		"ReadOnlyAccess",
		"reason",
		"CHG-5",
	)
	c.post("/permission-sets", bad...).shows(t, http.StatusUnprocessableEntity, "There is a problem",
		"AWS allows 32 characters in the name of a permission set; this has 34.", "Line 2, column 1", "Enter hours from 1 to 12",
		"Write the ARN of an AWS-managed policy", "twice", "starts and ends with a slash", "is not the ARN of an AWS-managed policy",
		`value="36"`, `value="Fence"`, "a=1\na=2", "CHG-5")
	c.post("/permission-sets/new", typed(0, "name", "Half done", "find", "s3")...).
		shows(t, http.StatusOK, `value="Half done"`)
	made := c.post("/permission-sets", typed(0, "name", "Writer", "session_duration", "1.5", "boundary", "/fences/Base",
		"managed_policies", "arn:aws:iam::aws:policy/ReadOnlyAccess\narn:aws:iam::aws:policy/job-function/Billing")...)
	made.shows(
		t,
		http.StatusOK,
		"Created the permission set Writer.",
		"ReadOnlyAccess",
		"2 of 20",
		"document not known: grants nothing",
		"/fences/Base",
		"1 h 30 min",
	)
	if !strings.HasPrefix(made.path, "/permission-sets/ps-") {
		t.Errorf("led to %s", made.path)
	}
	c.post("/permission-sets", typed(0, "name", "WRITER")...).
		shows(t, http.StatusConflict, "There is a permission set called WRITER already.")
	c.post("/permission-sets", "name", "X", "owner", "me").shows(t, http.StatusUnprocessableEntity, "not known here")
}

func TestAChangeIsReviewedAndSaved(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	set := d.reader()
	c, at := d.as("administrator"), "/permission-sets/"+string(set.ID)
	c.get(at+"/edit").shows(t, http.StatusOK, "Edit Reader", "Review and save", "/support/OrdersOnly", `value="4"`)
	c.post(at+"/review", typed(1)...).shows(t, http.StatusOK, "Nothing would change")
	change := typed(
		1,
		"session_duration",
		"8",
		"inline_policy",
		strings.Replace(denyAll, "Nothing", "NothingAtAll", 1),
		"reason",
		"CHG-2",
	)
	c.post(at+"/review", change...).
		shows(t, http.StatusOK, "Review version 2", "PT4H", "PT8H", "NothingAtAll", "CHG-2", "Save version 2")
	c.post(at+"/edit", change...).shows(t, http.StatusOK, `value="8"`, "NothingAtAll")
	c.post(at, change...).shows(t, http.StatusOK, "Saved version 2 of Reader.", "8 h", "NothingAtAll")
	c.get(at+"/versions").
		shows(t, http.StatusOK, "Changed the inline policy, set the session duration to PT8H", "CHG-2", "Olga administrator")
	c.get(at+"/versions/compare?from=1&to=2").shows(t, http.StatusOK, "Session duration", "NothingAtAll")
	c.post(at, typed(2, "session_duration", "99")...).
		shows(t, http.StatusUnprocessableEntity, "Enter hours from 1 to 12", `value="99"`)
}

func TestAStaleSaveShowsBothVersions(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	set := d.reader()
	c, at := d.as("administrator"), "/permission-sets/"+string(set.ID)
	c.post(at, typed(1, "description", "Saved first")...).shows(t, http.StatusOK, "Saved version 2")
	late := typed(1, "description", "Typed late", "reason", "CHG-3")
	for _, path := range []string{at, at + "/review"} {
		c.post(path, late...).
			shows(t, http.StatusConflict, "Saved first", "Typed late", "Reads orders", "CHG-3", "Saving makes version 3.")
	}
	c.post(at, typed(7)...).shows(t, http.StatusConflict, "Saving makes version 3.")
	c.post(at, typed(2, "description", "Typed late")...).shows(t, http.StatusOK, "Saved version 3")
}

func TestAPermissionSetIsDeletedWithItsPlan(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	set := d.reader()
	c, at := d.as("administrator"), "/permission-sets/"+string(set.ID)
	page := c.get(at + "/delete")
	page.shows(
		t,
		http.StatusOK,
		"1 assignment is removed.",
		"1 person loses the role in 1 account: Nora Person.",
		"Delete with 1 assignment",
	)
	c.post(at+"/delete", "version", "1", "plan", "", "reason", "gone").
		shows(t, http.StatusConflict, "is assigned once", "gone", "1 assignment is removed.")
	_, plan, _ := strings.Cut(page.body, `name="plan" value="`)
	plan, _, _ = strings.Cut(plan, `"`)
	c.post(at+"/delete", "version", "7", "plan", plan, "reason", "").
		shows(t, http.StatusConflict, "Somebody else changed this permission set")
	c.post(at+"/delete", "version", "1", "plan", plan, "reason", strings.Repeat("x", 1025)).
		shows(t, http.StatusUnprocessableEntity, "1024")
	c.post(at+"/delete", "version", "1", "plan", plan, "reason", "").
		shows(t, http.StatusOK, "Deleted the permission set Reader.")
	c.get(at).shows(t, http.StatusNotFound)
}

func TestTheLastAdministratorsSetCannotBeTakenAway(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	list, err := d.center.PermissionSets(t.Context(), host, center.SetFilter{Text: center.AdministratorSet})
	d.must(err)
	set, err := d.center.PermissionSet(t.Context(), host, list.Sets[0].ID)
	d.must(err)
	c, at := d.as("administrator"), "/permission-sets/"+string(set.ID)
	c.post(at, typed(1, "name", set.Name, "inline_policy", denyAll)...).shows(t, http.StatusConflict,
		"After this change nobody could administer Gatehouse any more.", "Review and save", "Nothing")
	c.get(at).lacks(t, "&#34;Nothing&#34;")
}
