package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
)

// slowedDown is the shop where wrong codes have just turned off those of so many new people.
func (s *shop) slowedDown(t *testing.T, people int) *shop {
	t.Helper()
	for i := range people {
		name := fmt.Sprintf("guessed.%d", i)
		u, err := s.center.CreateUser(t.Context(), host, model.User{UserName: name, GivenName: "Gus", FamilyName: "Est",
			Email: name + "@securecart.example"}, nil)
		must(t, err)
		must(t, s.center.Store.Housekeep(t.Context(), func(tx *store.Tx) error {
			_, err := tx.CountCodeFailure(t.Context(), u.ID, 1) // as the last of many
			return err
		}))
	}
	return s
}

func TestTheSlowDownIsToldToWhomItConcerns(t *testing.T) {
	s := openShop(t).slowedDown(t, signin.ManyOff)
	body := s.serve(http.MethodGet, "/", nil).Body.String()
	for _, want := range []string{"within an hour, and the codes of 20 people turned off", "only every 30 seconds",
		`href="/audit?q=a+wrong+code"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the overview does not say %q", want)
		}
	}

	administrator := s.cookies
	s.withPassword(t)
	wrong := func() string { return main(s.serve(http.MethodPost, "/signin/mfa", url.Values{"code": {"000000"}})) }
	if first := wrong(); !strings.Contains(first, "This code is not right.") {
		t.Errorf("the first wrong code: %s", first)
	}
	if second := wrong(); !strings.Contains(second, "Wait 30 seconds and try again, or use a security key, a passkey or a recovery code.") {
		t.Errorf("the second wrong code: %s", second)
	}
	s.now = s.now.Add(signin.TurnPause)
	if third := wrong(); !strings.Contains(third, "This code is not right.") {
		t.Errorf("after the pause: %s", third)
	}

	s.cookies, s.now = administrator, s.now.Add(signin.OffWindow)
	s.openAgain(t)
	if strings.Contains(s.serve(http.MethodGet, "/", nil).Body.String(), "people turned off") {
		t.Error("the overview still warns after an hour")
	}
}
