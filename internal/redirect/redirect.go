// Package redirect owns one question: whether an address that came with a request stays on the console, however a browser
// reads it. It leaves to others which pages of the console somebody may be sent to.
package redirect

import (
	"net/url"
	"strings"
)

// Longest is the most bytes of an address that somebody is sent to.
const Longest = 2000

// Inside reports whether an address is a path of ours, with a query and a fragment at most, and returns its path. What a browser
// could read as another site is not: a scheme, a host, a double slash, backslashes, and characters that browsers drop.
func Inside(address string) (path string, ok bool) {
	if len(address) > Longest || !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") {
		return "", false
	}
	if strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' }) {
		return "", false
	}
	u, err := url.ParseRequestURI(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return "", false
	}
	return u.Path, true
}
