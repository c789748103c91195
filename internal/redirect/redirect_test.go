package redirect_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gatehouse/internal/redirect"
)

var scheme = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*:`)

// stays reports whether a browser on a page of https://console.example goes to that origin when it is sent to an address. It
// reads addresses as the URL standard has browsers do: white space and control characters around are dropped, tabs and line
// breaks within as well, and a backslash is a slash.
func stays(to string) bool {
	to = strings.TrimFunc(to, func(r rune) bool { return r <= ' ' })
	to = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(to)
	path, _, _ := strings.Cut(to, "#")
	path, _, _ = strings.Cut(path, "?")
	path = strings.ReplaceAll(path, `\`, "/")
	if scheme.MatchString(to) || strings.HasPrefix(path, "//") {
		return false
	}
	base := &url.URL{Scheme: "https", Host: "console.example", Path: "/signin"}
	to, _, _ = strings.Cut(to, "#") // never sent anywhere, and needs no form
	u, err := base.Parse(to)
	return err == nil && u.Scheme == "https" && u.Host == "console.example" && u.User == nil
}

// FuzzInside holds what is said to stay here against a reading of addresses as browsers have it.
func FuzzInside(f *testing.F) {
	for _, seed := range []string{"/", "/me", "/users?q=a#b", "//evil.example", "https://evil.example", `/\evil.example`, "/\t/evil.example",
		"javascript:alert(1)", "/.//evil.example", "\u00a0//evil", "/%2f/evil", "/signin/mfa", "http:evil.example", "/a:b@c", "/\u2028", "/?#%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		path, ok := redirect.Inside(address)
		if !ok {
			return
		}
		if !stays(address) || !strings.HasPrefix(path, "/") {
			t.Fatalf("%q is somewhere else", address)
		}
		if strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			t.Fatalf("%q is no text for a header", address)
		}
	})
}

// TestOrdinaryAddressesStayInside makes sure that not everything is refused.
func TestOrdinaryAddressesStayInside(t *testing.T) {
	for _, address := range []string{"/", "/me", "/users?q=a%20b&status=ENABLED", "/users/580da048d0-x/access#graph", "/a//b", "/%2f", "/x?y=https://z"} {
		if _, ok := redirect.Inside(address); !ok {
			t.Errorf("%q is refused", address)
		}
	}
}

// TestTheReadingOfAddressesKnowsOtherSites makes sure that the fuzz test could fail.
func TestTheReadingOfAddressesKnowsOtherSites(t *testing.T) {
	for _, to := range []string{"//evil.example", "https://evil.example", `/\evil.example`, `\\evil.example`, "/\t/evil.example", " //evil.example",
		"javascript:alert(1)", "http:evil.example", "/\n\\evil.example", "//user@evil.example", "\x01https://evil.example"} {
		if stays(to) {
			t.Errorf("%q is read as an address of ours", to)
		}
	}
	for _, to := range []string{"/", "/me", "me", "?q=a", "#x", "/.//evil.example", "/a//b", "/a:b", "/@evil.example"} {
		if !stays(to) {
			t.Errorf("%q is read as an address of somebody else", to)
		}
	}
}
