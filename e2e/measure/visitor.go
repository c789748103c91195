package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"
)

// visitor is a person who is signed in, as a browser would be.
type visitor struct {
	base   string
	client *http.Client
}

// signIn signs a person in with password and code.
func signIn(ctx context.Context, base string, p person) (*visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	v := &visitor{base: base, client: &http.Client{Jar: jar, Transport: &http.Transport{DisableCompression: true}}}
	if _, err := v.post(ctx, "/signin", url.Values{"username": {p.UserName}, "password": {p.Password}, "next": {"/"}}); err != nil {
		return nil, err
	}
	code, err := totp.GenerateCode(p.TOTPSecret, time.Now())
	if err != nil {
		return nil, err
	}
	if _, err := v.post(ctx, "/signin/mfa", url.Values{"code": {code}, "next": {"/"}}); err != nil {
		return nil, err
	}
	_, err = v.page(ctx, "/users")
	return v, err
}

func (v *visitor) page(ctx context.Context, path string) ([]byte, error) {
	return v.do(ctx, http.MethodGet, path, nil, "")
}

func (v *visitor) post(ctx context.Context, path string, form url.Values) ([]byte, error) {
	return v.do(ctx, http.MethodPost, path, strings.NewReader(form.Encode()), "application/x-www-form-urlencoded")
}

// do asks for a page and insists on getting that one: being led elsewhere by a read is an error.
func (v *visitor) do(ctx context.Context, method, path string, body io.Reader, kind string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, v.base+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Accept-Encoding", "gzip")
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := v.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK || method == http.MethodGet && res.Request.URL.Path != req.URL.Path {
		return nil, fmt.Errorf("%s %s: %s at %s", method, path, res.Status, res.Request.URL)
	}
	return text, nil
}

// mainPage is a page to measure.
type mainPage struct{ name, path string }

// mainPages are the pages that people are on most, with somebody and something of the sample opened.
func mainPages(ctx context.Context, v *visitor) ([]mainPage, error) {
	user, err := v.first(ctx, "/users", `href="(/users/[0-9a-f-]{36,})"`)
	if err != nil {
		return nil, err
	}
	set, err := v.first(ctx, "/permission-sets", `href="(/permission-sets/ps-[0-9a-f]+)"`)
	if err != nil {
		return nil, err
	}
	role, err := v.first(ctx, "/portal", `href="/portal/(\d{12}/ps-[0-9a-f]+)"`)
	if err != nil {
		return nil, err
	}
	account, held, _ := strings.Cut(role, "/")
	question := url.Values{"account": {account}, "set": {held}, "actions": {"sso:CreatePermissionSet s3:GetObject"}}
	if _, err := v.post(ctx, "/reports/credentials", nil); err != nil {
		return nil, err
	}
	return []mainPage{{"overview", "/"}, {"users", "/users"}, {"a user", user}, {"a user's access", user + "/access"},
		{"groups", "/groups"}, {"accounts", "/accounts"}, {"an account", "/accounts/" + account},
		{"permission sets", "/permission-sets"}, {"a permission set", set}, {"assignments", "/assignments"},
		{"new assignments", "/assignments/new"}, {"portal", "/portal"}, {"simulate", "/simulate"},
		{"a verdict", "/simulate?" + question.Encode()}, {"scenarios", "/simulate/scenarios"},
		{"credential report", "/reports/credentials"}, {"audit", "/audit"}, {"own security", "/me"}}, nil
}

// first returns the first group of a pattern on a page.
func (v *visitor) first(ctx context.Context, path, pattern string) (string, error) {
	text, err := v.page(ctx, path)
	if err != nil {
		return "", err
	}
	found := regexp.MustCompile(pattern).FindSubmatch(text)
	if found == nil {
		return "", errors.New(path + " has no link like " + pattern)
	}
	return string(found[1]), nil
}

// weight is how many bytes a page is, as sent, compressed, and what it brings along compressed.
type weight struct{ html, zipped, assets int }

var asset = regexp.MustCompile(`(?:href|src)="(/static/[^"#?]+)`)

// weigh weighs a page with each file that it brings along, once.
func (v *visitor) weigh(ctx context.Context, path string) (weight, error) {
	text, err := v.page(ctx, path)
	if err != nil {
		return weight{}, err
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write(text); err != nil {
		return weight{}, err
	}
	if err := w.Close(); err != nil {
		return weight{}, err
	}
	total := weight{html: len(text), zipped: zipped.Len()}
	seen := map[string]bool{}
	for _, found := range asset.FindAllSubmatch(text, -1) {
		file := string(found[1])
		if seen[file] {
			continue
		}
		seen[file] = true
		body, err := v.page(ctx, file)
		if err != nil {
			return weight{}, err
		}
		total.assets += len(body)
	}
	return total, nil
}
