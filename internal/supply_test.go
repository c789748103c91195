package internal_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// oldest is, for modules that an attacker reaches, the oldest version without a fault that is known and matters, when that
// was looked at, and what the versions before it do.
var oldest = []struct{ module, version, looked, why string }{
	{"github.com/labstack/echo/v4", "v4.16.1", "2026-11-28", "GO-2026-6839, 6881: routes reached past their checks; 6883: open redirects"},
	{"github.com/jackc/pgx/v5", "v5.9.2", "2026-11-28", "GO-2026-5004: values that become SQL; 4771, 4772"},
	{"golang.org/x/crypto", "v0.56.0", "2026-11-28", "GO-2026-6354, 6355, of SSH, which is not used; no fault of argon2 is known"},
	{"golang.org/x/net", "v0.62.0", "2026-11-28", "GO-2026-6860, 6866: HTML; 6610 to 6617: HTTP/2"},
	{"golang.org/x/text", "v0.41.0", "2026-11-28", "GO-2026-6629: crafted input that panics"},
	{"github.com/go-webauthn/webauthn", "v0.18.2", "2026-11-28", "the version whose checks internal/mfa tries again from outside"},
	{"github.com/golang-jwt/jwt/v5", "v5.2.2", "2026-11-28", "GO-2025-3553: memory while parsing; reached through attestations of keys"},
	{"github.com/go-viper/mapstructure/v2", "v2.4.0", "2026-11-28", "GO-2025-3787, 3900: secrets in messages of errors"},
	{"github.com/fxamacker/cbor/v2", "v2.9.0", "2026-11-28", "parses what authenticators send"},
	{"github.com/pquerna/otp", "v1.5.0", "2026-11-28", "the version whose codes internal/mfa tries against the RFCs"},
	{"github.com/gorilla/sessions", "v1.4.0", "2026-11-28", "the only version looked at; its interface alone is used"},
	{"github.com/alexedwards/argon2id", "v1.0.0", "2026-11-28", "the version that internal/vault tries"},
	{"github.com/wneessen/go-mail", "v0.7.1", "2026-11-28", "GO-2025-3988: an address may smuggle recipients"},
	{"modernc.org/sqlite", "v1.53.0", "2026-11-28", "SQLite before 3.53.3 may corrupt rollback journals"},
	{"github.com/a-h/templ", "v0.3.977", "2026-11-28", "the version whose escaping the hostile input was tried against"},
}

// version is a version of a module as numbers: v1.2.3 is 1, 2, 3. What follows them does not count.
func version(t *testing.T, text string) [3]int {
	t.Helper()
	m := regexp.MustCompile(`^v(\d+)\.(\d+)\.(\d+)`).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("%q is no version", text)
	}
	var v [3]int
	for i := range v {
		v[i], _ = strconv.Atoi(m[i+1])
	}
	return v
}

func older(a, b [3]int) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

func TestModulesThatAttackersReachAreNotOlderThanTheirFixes(t *testing.T) {
	const each = "{{with .Module}}{{.Path}} {{.Version}}{{end}}"
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", each, "../cmd/console").Output()
	if err != nil {
		t.Fatalf("list what the console is built from: %v", err)
	}
	built := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if module, version, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			built[module] = version
		}
	}
	for _, o := range oldest {
		have, ok := built[o.module]
		switch {
		case !ok:
			t.Errorf("%s is not in the console any more: take its line out", o.module)
		case older(version(t, have), version(t, o.version)):
			t.Errorf("%s is %s, at least %s (%s): %s", o.module, have, o.version, o.looked, o.why)
		}
	}
}

// npm ci refuses a package whose bytes do not have the hash of the lock file.
func TestEveryNPMPackageIsPinnedWithItsHash(t *testing.T) {
	text, err := os.ReadFile("../web/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			Version, Integrity string
			Link               bool
		}
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		t.Fatal(err)
	}
	for name, p := range lock.Packages {
		if name != "" && (p.Link || p.Version == "" || !strings.HasPrefix(p.Integrity, "sha512-")) {
			t.Errorf("%s has no version or no hash in the lock file", name)
		}
	}
	if len(lock.Packages) < 20 {
		t.Errorf("the lock file has only %d packages", len(lock.Packages))
	}
	for name, wanted := range dependencies(t) {
		if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(wanted) {
			t.Errorf("%s is wanted as %q: name one version", name, wanted)
		}
		if have := lock.Packages["node_modules/"+name].Version; have != wanted {
			t.Errorf("%s is wanted as %s and locked as %q", name, wanted, have)
		}
	}
}

func dependencies(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../web/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var wanted struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal(text, &wanted); err != nil {
		t.Fatal(err)
	}
	for name, version := range wanted.DevDependencies {
		wanted.Dependencies[name] = version
	}
	return wanted.Dependencies
}
