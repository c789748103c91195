package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// role is the address of the role that nora.person holds.
func (b *bench) role() string { return "/portal/" + string(b.account) + "/" + string(b.set.ID) }

// taken is how many sets of credentials nora.person has that work.
func (b *bench) taken() int {
	b.t.Helper()
	list, err := b.center.RoleSessionsOf(b.t.Context(), b.actor, b.actor.User)
	b.must(err)
	return len(list)
}

func TestThePortalShowsOnesOwnRolesAndNoOthers(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	page := b.as("person").get("/portal")
	page.shows(t, http.StatusOK, "Hello, Nora", "1 role in 1 account.", "333344445555", "Developer", "Deploys the shop",
		"never used", "8 h session", "ends in", `action="`+b.role()+`"`, "/me/access?why=")
	page.lacks(t, "SecureCart-Management", "Open console", `aria-labelledby="recent"`, "Credentials in use")

	b.as("administrator").get("/portal").lacks(t, b.role())
	b.as("person").get("/").shows(t, http.StatusOK, "Hello, Nora")
	if got := b.as("administrator").get("/"); got.path != "/" {
		t.Errorf("an operator's first page is %s", got.path)
	}
}

func TestWithoutRolesThePortalNamesWhomToAsk(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	_, err := b.center.Unassign(t.Context(), host, []model.AssignmentID{b.rule}, "")
	b.must(err)
	page := b.as("person").get("/portal")
	page.shows(t, http.StatusOK, "You have no roles yet", "Olga administrator")
	page.lacks(t, "Olga auditor", `name="q"`)
}

func TestThePortalIsFilteredByEveryWord(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	nora := b.as("person")
	for query, found := range map[string]bool{"dev": true, "3333 developer": true, "ROOT": true, "deploys": true, "": true,
		"dev prod": false, "<script>": false} {
		page := nora.get("/portal?q=" + url.QueryEscape(query))
		if found {
			page.shows(t, http.StatusOK, b.role())
		} else {
			page.shows(t, http.StatusOK, "Nothing matches", "Show all")
		}
	}
	region := nora.region("/portal?q=dev", "accounts")
	region.shows(t, http.StatusOK, b.role(), "1 role found")
	region.lacks(t, "<html")
	if got := nora.get("/portal?q=dev&open=1"); got.path != b.role() {
		t.Errorf("the only role that matches leads to %s", got.path)
	}
	if got := nora.get("/portal?q=nothing&open=1"); got.path != "/portal" {
		t.Errorf("no match leads to %s", got.path)
	}
}

func TestKeysAreTakenByPostingAndNeverByReading(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	nora := b.as("person")
	nora.get(b.role()).shows(t, http.StatusOK, "Keys for Dev", "Take keys", "Deploys the shop")
	if n := b.taken(); n != 0 {
		t.Fatalf("reading the page took %d sets of keys", n)
	}
	first := nora.post(b.role())
	first.shows(t, http.StatusOK, "export AWS_ACCESS_KEY_ID=", "export AWS_SECRET_ACCESS_KEY=",
		"export AWS_SESSION_TOKEN=", "$Env:AWS_SESSION_TOKEN=", "[333344445555_Developer]", "End in 1 h",
		"http://gatehouse.example", "--endpoint-url")
	again := nora.post(b.role())
	key := regexp.MustCompile(`ASIA[A-Z2-7]{16}`)
	if b.taken() != 2 || key.FindString(first.body) == key.FindString(again.body) {
		t.Errorf("loading again shows the same keys, or %d sets were taken, not 2", b.taken())
	}
	nora.get("/portal").shows(t, http.StatusOK, "Credentials in use", key.FindString(first.body),
		`aria-labelledby="recent"`, "Revoke all")
	nora.get(b.role()).lacks(t, key.FindString(first.body))
}

// The keys on the page are read back as somebody would copy them, and used.
func TestTheKeysOnThePageWork(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	page := b.as("person").post(b.role())
	value := func(name string) string {
		found := regexp.MustCompile(name + ` = <span[^>]*>([^<]+)</span>`).FindStringSubmatch(page.body)
		if found == nil {
			t.Fatalf("the page has no %s", name)
		}
		return strings.NewReplacer("&#43;", "+", "&#61;", "=").Replace(found[1])
	}
	key, secret, token := value("aws_access_key_id"), value("aws_secret_access_key"), value("aws_session_token")
	if _, err := b.call("/", model.AccessKeyID(key), vault.Secret(secret), vault.Secret(token)); err != nil {
		t.Error(err)
	}
}

func TestTheDialogBringsTheListBehindItUpToDate(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	nora := b.as("person")
	dialog := nora.regionPost(b.role(), "dialog")
	dialog.shows(t, http.StatusOK, "export AWS_ACCESS_KEY_ID=", `id="issued"`, "hx-swap-oob", "Credentials in use")
	dialog.lacks(t, "<html", "Hello, Nora")
}

func TestTheFormOfKeysFollowsTheMachine(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	for agent, form := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36":      "powershell",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1": "posix",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101":          "posix",
	} {
		nora := b.as("person")
		nora.agent = agent
		nora.post(b.role()).shows(t, http.StatusOK, `value="`+form+`" checked`)
	}
}

func TestARoleThatIsNotHeldIsNeitherShownNorGiven(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	for _, path := range []string{"/portal/111122223333/" + string(b.set.ID), "/portal/333344445555/ps-0000000000000000",
		"/portal/%2e%2e/x"} {
		b.as("person").get(path).shows(t, http.StatusNotFound, "You do not have this role")
		b.as("person").post(path).shows(t, http.StatusForbidden, "You do not have this role")
	}
	b.as("administrator").post(b.role()).shows(t, http.StatusForbidden)
	if n := b.taken(); n != 0 {
		t.Errorf("%d sets of keys were taken", n)
	}
}

func TestOwnKeysAreRevokedInTwoSteps(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	nora, issued := b.as("person"), b.issue()
	path := "/portal/credentials/" + string(issued.AccessKeyID) + "/revoke"
	nora.region(path, "dialog").shows(t, http.StatusOK, "Revoke "+string(issued.AccessKeyID), "Developer in Dev")
	if b.taken() != 1 {
		t.Fatal("asking revoked them")
	}
	b.as("administrator").get(path).shows(t, http.StatusNotFound)
	nora.post(path).shows(t, http.StatusOK, "Revoked "+string(issued.AccessKeyID))
	if b.taken() != 0 {
		t.Error("they are still there")
	}
	nora.post(path).shows(t, http.StatusConflict, "were revoked before")
	nora.get(path).shows(t, http.StatusNotFound)

	b.issue()
	b.issue()
	nora.get("/portal/credentials/revoke").shows(t, http.StatusOK, "2 sets")
	nora.post("/portal/credentials/revoke").shows(t, http.StatusOK, "Revoked 2 sets of credentials.")
	nora.post("/portal/credentials/revoke").shows(t, http.StatusConflict)
}

func TestOwnAccessIsExplainedWithoutLinksThatLeadNowhere(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	page := b.as("person").get("/me/access")
	page.shows(t, http.StatusOK, "My access, explained", "Developer", "Dev", "why?")
	page.lacks(t, `href="/users/`, `href="/accounts/`, `href="/permission-sets/`, `href="/assignments/`)

	p, err := b.center.Portal(t.Context(), b.actor)
	b.must(err)
	open := b.as("person").get("/me/access?why=" + p.Roles[0].ID())
	open.shows(t, http.StatusOK, "Nora Person", "On the account")
	open.lacks(t, `href="/assignments/`)
	b.as("administrator").get("/me/access").shows(t, http.StatusOK, `href="/accounts/111122223333"`)
}

func TestManyAccountsArePagedInOrder(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	org, err := b.center.Organization(t.Context())
	b.must(err)
	var targets []model.Target
	for i := range 60 {
		id := model.AccountID("7000000000" + string(rune('0'+i/10)) + string(rune('0'+i%10)))
		_, err := b.center.AddAccount(t.Context(), host, model.Account{ID: id, Name: "Team " + string(id[10:]),
			Email: string(id) + "@securecart.example", OU: org.RootID}, "")
		b.must(err)
		targets = append(targets, model.Target{Kind: model.TargetAccount, ID: string(id)})
	}
	_, err = b.center.Assign(t.Context(), host, center.AssignRequest{Targets: targets,
		Sets:       []model.PermissionSetID{b.set.ID},
		Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(b.actor.User)}}})
	b.must(err)
	nora := b.as("person")
	first := nora.get("/portal")
	first.shows(t, http.StatusOK, "61 roles in 61 accounts.", "1–50 of 61", "after=700000000048", "Team 48")
	first.lacks(t, "Team 49")
	nora.get("/portal?after=700000000048").shows(t, http.StatusOK, "51–61 of 61", "Team 49", "Team 59")
	nora.get("/portal?after=nowhere").shows(t, http.StatusOK, "1–50 of 61")
}

func TestEverybodyBeginsAtTheFirstPlaceThatIsForThem(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	for name, test := range map[string]struct{ action, want string }{
		"bills":   {`"ce:*"`, "/portal"},
		"members": {`"identitystore:ListGroups"`, "/groups"},
	} {
		policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":` + test.action + `,"Resource":"*"}]}`
		set, err := b.center.CreatePermissionSet(t.Context(), host,
			model.PermissionSet{Name: name, SessionDuration: time.Hour, InlinePolicy: policy}, "")
		b.must(err)
		u := b.user("mia."+name, "Mia", name)
		_, err = b.center.Assign(t.Context(), host, center.AssignRequest{Sets: []model.PermissionSetID{set.ID},
			Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(u.ID)}},
			Targets:    []model.Target{{Kind: model.TargetAccount, ID: string(management)}}})
		b.must(err)
		b.people[name] = u
		got := b.as(name).get("/")
		got.shows(t, http.StatusOK)
		if got.path != test.want {
			t.Errorf("%s begins at %s, want %s", name, got.path, test.want)
		}
	}
}

func TestOperatorsSeeAndRevokeCredentialsAsFarAsTheyMay(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	first, second := b.issue(), b.issue()
	security := "/users/" + string(b.actor.User) + "/security"
	path := "/users/" + string(b.actor.User) + "/credentials/" + string(first.AccessKeyID) + "/revoke"

	auditor := b.as("auditor")
	page := auditor.get(security)
	page.shows(t, http.StatusOK, "Credentials in use", string(first.AccessKeyID), string(second.AccessKeyID))
	page.lacks(t, path, "Revoke all")
	auditor.post(path).shows(t, http.StatusForbidden)
	b.as("person").get(path).shows(t, http.StatusForbidden)
	if b.taken() != 2 {
		t.Fatal("somebody who may not revoked credentials")
	}

	admin := b.as("administrator")
	admin.get(security).shows(t, http.StatusOK, path, "Revoke all")
	admin.get(path).shows(t, http.StatusOK, "Developer in Dev", `name="reason"`)
	admin.post(path, "reason", "Laptop lost").shows(t, http.StatusOK, "Revoked "+string(first.AccessKeyID))
	admin.get(security).lacks(t, path)
	all := "/users/" + string(b.actor.User) + "/credentials/revoke"
	admin.get(all).shows(t, http.StatusOK, "1 set of credentials is in use.")
	admin.post(all, "reason", "Laptop lost").shows(t, http.StatusOK, "Revoked 1 set of credentials.")
	admin.get("/users/"+string(b.actor.User)+"/history").shows(t, http.StatusOK, "Laptop lost")
	if b.taken() != 0 {
		t.Error("credentials are left")
	}
}
