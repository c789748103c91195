package center_test

import (
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

func TestABrowserIsTrustedOnItsNetworkUntilTheTrustIsTakenBack(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana")
	s.save(t, func(p *model.SignInPolicy) { p.Factor = model.FactorByContext })
	from := visit
	at := func(cookie vault.Secret, ip string) model.SessionStage {
		t.Helper()
		from.SourceIP, from.Browser = ip, model.BrowserClaim{Digest: vault.TokenDigest(cookie.Reveal())}
		a, err := s.c.SignIn(t.Context(), from, center.Credentials{UserName: "ana", Password: goodPassword})
		if err != nil {
			t.Fatal(err)
		}
		if a.Browser != "" {
			cookie = a.Browser
		}
		from.Browser.Digest = vault.TokenDigest(cookie.Reveal())
		return a.Session.Stage
	}
	prove := func(trust bool) center.Admission {
		t.Helper()
		s.now = s.now.Add(mfa.Period)
		from.Browser.Trust = trust
		a, err := s.c.VerifyCode(t.Context(), from, s.passwordFrom(t, from, "ana").Token.Reveal(), s.code(t, m.secret, 0))
		if err != nil {
			t.Fatal(err)
		}
		return a
	}

	plain := prove(false)
	if stage := at(plain.Browser, "203.0.113.7"); stage != model.StagePassword {
		t.Errorf("a browser that nobody trusts: %q", stage)
	}
	from.Browser.Digest = ""
	trusted := prove(true)
	if stage := at(trusted.Browser, "203.0.113.200"); stage != model.StageSignedIn {
		t.Errorf("a trusted browser in the same network: %q", stage)
	}
	if stage := at(trusted.Browser, "203.0.113.200"); stage != model.StagePassword {
		t.Errorf("a copy of the old cookie after another sign-in: %q", stage)
	}

	from.SourceIP, from.Browser = "203.0.113.7", model.BrowserClaim{}
	trusted = prove(true)
	if stage := at(trusted.Browser, "198.51.100.1"); stage != model.StagePassword {
		t.Errorf("a trusted browser in a new network: %q", stage)
	}
	if stage := at(trusted.Browser, "no address"); stage != model.StagePassword {
		t.Errorf("a trusted browser without an address: %q", stage)
	}
	someone := s.member(t, "ben")
	from.SourceIP, from.Browser = "203.0.113.7", model.BrowserClaim{Digest: vault.TokenDigest(trusted.Browser.Reveal())}
	if a := s.passwordFrom(t, from, someone.UserName); a.Session.Stage != model.StagePassword {
		t.Errorf("somebody else in the browser: %q", a.Session.Stage)
	}

	from.Browser.Trust = false
	a := s.passwordFrom(t, from, "ana")
	if a.Session.Stage != model.StageSignedIn {
		t.Fatalf("trusted: %q", a.Session.Stage)
	}
	me := model.Actor{User: m.ID, UserName: "ana", Session: a.Session.ID}
	security, err := s.c.OwnSecurity(t.Context(), me)
	if err != nil || len(security.Browsers) < 1 {
		t.Fatalf("known browsers: %v, %v", security.Browsers, err)
	}
	if err := s.c.ForgetOwnBrowser(t.Context(), me, a.Session.Browser); err != nil {
		t.Fatal(err)
	}
	if stage := s.alive(t, a.Token); stage != "" {
		t.Errorf("the session that the browser vouched for goes on: %q", stage)
	}
	kind(t, s.c.ForgetOwnBrowser(t.Context(), me, a.Session.Browser), model.NotFound)
	kind(t, s.c.ForgetBrowser(t.Context(), s.nobody, m.ID, security.Browsers[0].ID), model.Forbidden)
}

func TestEndingAllSessionsAndTheMonthEndTheTrust(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana")
	s.save(t, func(p *model.SignInPolicy) { p.Factor = model.FactorByContext })
	trust := func() model.Actor {
		from := visit
		from.Browser.Trust = true
		s.now = s.now.Add(mfa.Period)
		a, err := s.c.VerifyCode(t.Context(), from, s.password(t, "ana").Token.Reveal(), s.code(t, m.secret, 0))
		if err != nil {
			t.Fatal(err)
		}
		from.Browser = model.BrowserClaim{Digest: vault.TokenDigest(a.Browser.Reveal())}
		return from
	}
	from := trust()
	if err := s.c.EndSessions(t.Context(), s.administrator, m.ID); err != nil {
		t.Fatal(err)
	}
	a := s.passwordFrom(t, from, "ana")
	if a.Session.Stage != model.StagePassword {
		t.Errorf("after all sessions were ended: %q", a.Session.Stage)
	}
	s.now = s.now.Add(mfa.Period)
	if _, err := s.c.VerifyCode(t.Context(), from, a.Token.Reveal(), s.code(t, m.secret, 0)); err != nil {
		t.Errorf("signing in again with the cookie from before: %v", err)
	}
	from = trust()
	s.now = s.now.Add(model.BrowserLife)
	if a := s.passwordFrom(t, from, "ana"); a.Session.Stage != model.StagePassword {
		t.Errorf("after thirty days: %q", a.Session.Stage)
	}
}
