package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"gatehouse/internal/mfa/softkey"
	"gatehouse/internal/model"
)

// Whoever proves who they are by a security key may trust the browser like who does by a code.
func TestABrowserMayBeTrustedWithASecurityKey(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	key := &softkey.Key{Origin: "http://gatehouse.example"}
	made, err := key.Create(s.serve(http.MethodPost, "/me/keys/options", url.Values{}).Body.Bytes())
	must(t, err)
	leads(t, s.serve(http.MethodPost, "/me/keys/new", url.Values{"key": {made}, "name": {"Blue key"}}), "/me")
	s.enforce(t, func(p *model.SignInPolicy) { p.Factor = model.FactorByContext })

	password := url.Values{"username": {"elena.novak"}, "password": {elenasPassword}}
	s.signedOut()
	s.take(s.serve(http.MethodPost, "/signin", password))
	answer, err := key.Get(s.serve(http.MethodPost, "/signin/key/options", url.Values{}).Body.Bytes())
	must(t, err)
	w := s.serve(http.MethodPost, "/signin/key", url.Values{"key": {answer}, "next": {""}, "trust": {"on"}})
	leads(t, w, "/")
	s.signedOut().take(w)
	leads(t, s.serve(http.MethodPost, "/signin", password), "/") // not to the second factor
}
