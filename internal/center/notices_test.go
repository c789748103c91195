package center_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/signin"
)

// addApp adds an app to those of somebody who is signed in.
func (o *office) addApp(t *testing.T, actor model.Actor, name string) model.DeviceID {
	t.Helper()
	e, err := o.c.StartDevice(t.Context(), actor)
	must(t, err)
	must(t, o.c.ConfirmDevice(t.Context(), actor, name, o.code(t, e.Secret.Reveal(), 0)))
	return e.Device
}

func TestPeopleLearnOnceOfEachChangeOfTheirSecondFactor(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	ana := m.member(t, "ana")
	session := m.signIn(t, ana)
	actor := acting(session)
	wrong := func(token string) {
		t.Helper()
		for range signin.MaxCodeFailures + 2 { // the last two are not looked at
			_, err := m.c.VerifyCode(t.Context(), visit, token, m.code(t, ana.secret, 999))
			kind(t, err, model.Invalid)
		}
	}
	var phone model.DeviceID
	var texts []string
	for _, one := range []struct {
		what, says string
		act        func()
	}{
		{"new recovery codes", "New recovery codes were made from 203.0.113.7; the earlier ones are worthless.", func() {
			_, err := m.c.RenewRecoveryCodes(t.Context(), actor)
			must(t, err)
		}},
		{"another device", "The second factor Phone was added from 203.0.113.7.", func() { phone = m.addApp(t, actor, "Phone") }},
		{"a device less", "The second factor Phone was removed, by a request from 203.0.113.7.", func() {
			must(t, m.c.RemoveDevice(t.Context(), actor, phone))
		}},
		{"wrong codes at sign-in", "Codes are off after 5 wrong ones in a row, the last of them from 203.0.113.7. Whoever typed them " +
			"knew your password.", func() { wrong(m.password(t, "ana").Token.Reveal()) }},
		{"codes that are taken again", "The second factor Tablet was added from 203.0.113.7.", func() { m.addApp(t, actor, "Tablet") }},
		{"wrong codes at a step-up", "Codes are off after 5 wrong ones in a row, the last of them from 203.0.113.7. Whoever typed them " +
			"was signed in as you.", func() { wrong(session.Token.Reveal()) }},
		{"a link of the host", "A new password was chosen with a one-time link of the host from 203.0.113.7, and your second factor " +
			"was reset.", func() {
			link, err := m.c.Recover(t.Context(), host, "ana", false)
			must(t, err)
			_, err = m.c.AcceptLink(t.Context(), visit, link.Reveal(), "another four words here")
			must(t, err)
		}},
	} {
		one.act()
		if letters := m.deliver(t); len(letters) != 1 || letters[0].To != ana.Email || !strings.Contains(letters[0].Text, one.says) {
			t.Errorf("of %s the e-mails are %+v, want one that says %q", one.what, letters, one.says)
		}
		texts = append(texts, one.says)
	}
	m.now = m.now.Add(time.Minute)
	if told, err := m.c.TellNotices(t.Context(), model.Session{User: ana.ID, CreatedAt: m.now}); err != nil || !slices.Equal(told, texts) {
		t.Errorf("after the next sign-in they are told %q, %v; want %q", told, err, texts)
	}
}
