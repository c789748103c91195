package handlers_test

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/handlers"
	"gatehouse/internal/mail"
	"gatehouse/internal/mail/mailtest"
	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/store/storetest"
	"gatehouse/internal/vault"
)

// aviary is a console whose secrets are known: each is looked for, in the end, wherever it does not belong.
type aviary struct {
	*gate
	secrets map[string]string // by what they are
	log     bytes.Buffer
	server  *mailtest.Server
	heard   []heard
}

// heard is a text that somebody got to see, and which secrets belong into it.
type heard struct {
	where, text string
	may         []string
}

const canaryKey = "c0ffee00c0ffee11c0ffee22c0ffee33c0ffee44c0ffee55c0ffee66c0ffee77"

func openAviary(t *testing.T) *aviary {
	t.Helper()
	a := &aviary{gate: openGate(t), secrets: map[string]string{"master key": canaryKey}}
	keys, err := vault.ParseKeys(canaryKey)
	must(t, err)
	config := a.center.Config
	config.Vault, err = vault.New(config.Random, keys[0])
	must(t, err)
	config.Log = slog.New(slog.NewTextHandler(&a.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a.server = mailtest.Start(t, mailtest.Kind{TLS: true, Auth: true})
	a.secrets["password of the mail server"] = mailtest.Password
	server, err := mail.Parse("smtps://"+mailtest.User+"@"+a.server.Address, "Gatehouse <id@securecart.example>", mailtest.Password)
	must(t, err)
	server.Roots = a.server.Roots
	config.Mail = &server
	a.center = center.New(config)
	a.handler = handlers.New(handlers.Config{Center: a.center, Log: config.Log, Now: config.Now, BaseURL: config.BaseURL})
	a.user = a.planted.People[0].User
	a.keep("password", "correct-canary battery staple")
	a.secret, err = a.center.ProvisionCredentials(t.Context(), host, a.user.ID, vault.Secret(a.secrets["password"]))
	must(t, err)
	a.keep("seed of an app", a.secret)
	return a
}

func (a *aviary) keep(what, value string) { a.secrets[what] = value }

// asks sends a request and keeps what was answered; may are the secrets that belong into the answer.
func (a *aviary) asks(method, path string, form url.Values, may ...string) string {
	if method == http.MethodPost && form == nil {
		form = url.Values{}
	}
	w := a.follow(a.serve(method, path, form))
	header := w.Header().Clone()
	for i, set := range header.Values("Set-Cookie") {
		name, value, _ := strings.Cut(set, "=")
		value, _, _ = strings.Cut(value, ";")
		if value != "" {
			a.keep(fmt.Sprintf("cookie %s %d.%d", name, len(a.heard), i), value)
		}
	}
	header.Del("Set-Cookie")
	var text strings.Builder
	_ = header.Write(&text)
	a.heard = append(a.heard, heard{fmt.Sprintf("%s %s, answered %d", method, path, w.Code), text.String() + w.Body.String(), may})
	return w.Body.String()
}

func (a *aviary) sends(path string, pairs ...string) string {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return a.asks(http.MethodPost, path, form)
}

// found is what an expression finds in a page, at the end of it.
func found(t *testing.T, page, expression string) string {
	t.Helper()
	match := regexp.MustCompile(expression).FindStringSubmatch(page)
	if match == nil {
		t.Fatalf("no %s in %s", expression, page)
	}
	return match[1]
}

// TestSecretsStayWhereTheyBelong has people use every secret there is, rightly and wrongly, and then looks for each, in several
// spellings, in the log, in every cell of the database, in the bytes of its files and of a backup, in e-mails, downloads and
// pages, and in where pages lead.
func TestSecretsStayWhereTheyBelong(t *testing.T) {
	t.Parallel()
	a := openAviary(t)
	a.signsIn(t)
	a.takesKeys(t)
	a.usesRecoveryCodes(t)
	a.invites(t)
	a.mistypes()
	a.readsEverything(t)
	for {
		sent, err := a.center.Deliver(t.Context())
		must(t, err)
		if sent == 0 {
			break
		}
	}
	for _, l := range a.server.Letters() {
		a.heard = append(a.heard, heard{"an e-mail to " + l.To, fmt.Sprint(l.Header, l.Text), []string{"link by e-mail to " + l.To}})
	}
	a.heard = append(a.heard, heard{"the log", a.log.String(), nil})
	intruder := storetest.NewIntruder(t, a.location)
	for _, cell := range intruder.Cells() {
		a.heard = append(a.heard, heard{"the database", cell, nil})
	}
	backup := filepath.Join(t.TempDir(), "backup.db")
	intruder.Backup(backup)
	for where, file := range map[string]string{"a backup": backup, "the file of the database": a.location, "its write-ahead log": a.location + "-wal"} {
		raw, err := os.ReadFile(file)
		must(t, err)
		a.heard = append(a.heard, heard{where, string(raw), nil}) // what was deleted may still lie in the latter two
	}
	for where, what := range map[string]string{"the log": "route=/signin", "the database": a.user.UserName, "an e-mail": "/invite/",
		"a backup": a.user.UserName, "its write-ahead log": a.user.UserName,
		"GET /audit.jsonl, answered 200": "Made an invitation", "GET /audit.csv, answered 200": "Made an invitation",
		"GET /assignments.csv, answered 200": "elena.novak"} {
		if !slices.ContainsFunc(a.heard, func(h heard) bool { return strings.HasPrefix(h.where, where) && strings.Contains(h.text, what) }) {
			t.Errorf("%s has no %q: it was not read", where, what)
		}
	}
	t.Logf("%d secrets in %d texts, the log has %d lines", len(a.secrets), len(a.heard), strings.Count(a.log.String(), "\n"))
	for _, what := range slices.Sorted(maps.Keys(a.secrets)) {
		for _, form := range spellingsOf(a.secrets[what]) {
			for _, h := range a.heard {
				if strings.Contains(h.text, form) && !slices.Contains(h.may, what) {
					t.Errorf("the %s is in %s", what, h.where)
				}
			}
		}
	}
}

// spellingsOf are the ways in which a secret could be written down.
func spellingsOf(secret string) []string {
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), strings.ToLower(secret), strings.ReplaceAll(secret, "-", ""),
		grouped(secret)}
	raws := [][]byte{[]byte(secret)}
	if raw, err := base32.StdEncoding.DecodeString(secret); err == nil {
		raws = append(raws, raw)
	}
	if raw, err := hex.DecodeString(secret); err == nil {
		raws = append(raws, raw)
	}
	if raw, err := base64.RawURLEncoding.DecodeString(secret); err == nil && len(raw) >= 16 {
		raws = append(raws, raw)
	}
	for _, raw := range raws {
		forms = append(forms, hex.EncodeToString(raw), base64.RawStdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw), string(raw))
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// grouped is a secret in groups of four, as pages show them.
func grouped(secret string) string {
	var groups []string
	for group := range slices.Chunk([]byte(secret), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, " ")
}

func (a *aviary) signsIn(t *testing.T) {
	a.keep("wrong password", "wrong-canary battery staple")
	a.sends("/signin", "username", a.user.UserName, "password", a.secrets["wrong password"])
	a.sends("/signin", "username", a.secrets["password"], "password", "x") // in the wrong field: the page has it again, as typed
	a.heard[len(a.heard)-1].may = []string{"password"}
	a.sends("/signin", "username", a.user.UserName, "password", a.secrets["password"])
	a.sends("/signin/mfa", "code", "000000")
	a.sends("/signin/mfa", "code", a.code(t))
	if page := a.asks(http.MethodGet, "/", nil); !strings.Contains(page, "Overview") {
		t.Fatal("nobody is signed in: " + page)
	}
}

func (a *aviary) takesKeys(t *testing.T) {
	role := found(t, a.asks(http.MethodGet, "/portal", nil), `action="(/portal/[0-9]{12}/[^"]+)"`)
	page := a.asks(http.MethodPost, role, nil, "secret key of a role", "session token of a role")
	a.keep("secret key of a role", found(t, page, `aws_secret_access_key = <[^>]+>([A-Za-z0-9+/]{40})<`))
	a.keep("session token of a role", found(t, page, `aws_session_token = <[^>]+>([A-Za-z0-9_-]{43})<`))
	a.asks(http.MethodGet, role, nil)
}

func (a *aviary) usesRecoveryCodes(t *testing.T) {
	page := a.asks(http.MethodPost, "/me/recovery-codes", nil)
	for i, code := range recoveryCodes.FindAllString(page, -1)[:mfa.RecoveryCodes] {
		what := fmt.Sprint("recovery code ", i)
		a.keep(what, code)
		a.heard[len(a.heard)-1].may = append(a.heard[len(a.heard)-1].may, what)
	}
	a.now = a.now.Add(6 * time.Minute)
	a.sends("/confirm", "stepup_code", a.secrets["recovery code 0"])
	a.sends("/confirm", "stepup_code", a.secrets["recovery code 0"])
}

var recoveryCodes = regexp.MustCompile(`(?:[A-Z2-7]{4}-){5}[A-Z2-7]{4}`)

// invites makes links by hand and by e-mail, and has one accepted, down to the first code of an app.
func (a *aviary) invites(t *testing.T) {
	ben, mei := a.planted.Users["ben.carter"], a.planted.Users["mei.tanaka"]
	page := a.asks(http.MethodPost, "/users/"+string(ben)+"/invitation", url.Values{"delivery": {"hand"}}, "link")
	a.keep("link", found(t, page, `/invite/([A-Za-z0-9_-]{43})`))
	a.asks(http.MethodPost, "/users/"+string(mei)+"/invitation", url.Values{"delivery": {"mail"}})
	a.asks(http.MethodGet, "/users/"+string(ben), nil)
	elena := a.cookies
	a.cookies = nil
	a.keep("chosen password", "chosen-canary battery staple")
	a.asks(http.MethodGet, "/invite/"+a.secrets["link"], nil, "link") // its form leads back
	a.sends("/invite/"+a.secrets["link"], "password", a.secrets["chosen password"])
	page = a.asks(http.MethodGet, "/signin/enrol", nil, "seed of a new app")
	a.keep("seed of a new app", strings.ReplaceAll(found(t, page, `<code>([A-Z2-7 ]{39})</code>`), " ", ""))
	a.secret = a.secrets["seed of a new app"]
	a.asks(http.MethodPost, "/signin/enrol", url.Values{"code": {"000000"}, "name": {"Phone"}}, "seed of a new app")
	page = a.asks(http.MethodPost, "/signin/enrol", url.Values{"code": {a.code(t)}, "name": {"Phone"}})
	for i, code := range recoveryCodes.FindAllString(page, -1)[:mfa.RecoveryCodes] {
		what := fmt.Sprint("new recovery code ", i)
		a.keep(what, code)
		a.heard[len(a.heard)-1].may = append(a.heard[len(a.heard)-1].may, what)
	}
	a.asks(http.MethodGet, "/me", nil)
	a.cookies, a.secret = elena, a.secrets["seed of an app"]
	a.sends("/confirm", "stepup_code", a.code(t))
	for _, reset := range []string{"password", "mfa"} {
		page := a.asks(http.MethodPost, "/users/"+string(ben)+"/security/"+reset, url.Values{"delivery": {"hand"}}, "link for "+reset)
		a.keep("link for "+reset, found(t, page, `/invite/([A-Za-z0-9_-]{43})`))
	}
	a.asks(http.MethodPost, "/forgot", url.Values{"username": {"mei.tanaka"}})
}

// mistypes sends secrets where they do not belong, as people in a hurry and broken scripts do.
func (a *aviary) mistypes() {
	password := a.secrets["password"]
	a.sends("/me/password", "current", "wrong", "password", "other-canary battery staple")
	a.keep("password that was not taken", "other-canary battery staple")
	a.sends("/me/password", "current", password, "password", "short")
	a.sends("/me/password", "current", password, "pasword", "x")
	a.sends("/me/password", "current", password, "current_", password)
	a.sends("/signin", "username", a.user.UserName, "pass", password)
	a.asks(http.MethodGet, "/no/such/page", nil)
	a.now = a.now.Add(6 * time.Minute)
	a.sends("/me/password", "current", password, "password", "other-canary battery staple")
	a.sends("/confirm", "stepup_code", password)
	a.sends("/me/devices/new", "code", a.secrets["recovery code 1"], "name", "Tablet")
	a.heard[len(a.heard)-1].may = []string{"recovery code 1"} // the step-up goes on with what was typed
	a.sends("/invite/"+a.secrets["recovery code 1"], "password", password)
	_ = a.serve(http.MethodGet, "/signin?password="+url.QueryEscape(password), nil) // its answer is nobody's but theirs
}

// readsEverything asks for every page and download of the console, those of the people concerned among them.
func (a *aviary) readsEverything(t *testing.T) {
	people := []model.UserID{a.user.ID, a.planted.Users["ben.carter"], a.planted.Users["mei.tanaka"]}
	read := 0
	for _, r := range handlers.Routes() {
		if r.Method != http.MethodGet || strings.HasPrefix(r.Path, "/signin") {
			continue
		}
		paths := []string{r.Path}
		if strings.HasPrefix(r.Path, "/users/:id") {
			paths = nil
			for _, id := range people {
				paths = append(paths, strings.Replace(r.Path, ":id", string(id), 1))
			}
		}
		for _, path := range paths {
			if !strings.Contains(path, ":") {
				a.asks(http.MethodGet, path, nil)
				read++
			}
		}
	}
	if read < 60 {
		t.Errorf("only %d pages were read", read)
	}
}
