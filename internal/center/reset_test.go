package center_test

import (
	"fmt"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// resetting is somebody whose second factor is taken away, by the help desk, which leaves the password, or by the host, whose link
// is for another password as well.
type resetting struct {
	*staff
	member
	host     bool
	password vault.Secret
	links    int
}

// forEachReset runs a test with either way of taking a second factor away.
func forEachReset(t *testing.T, test func(*testing.T, *resetting)) {
	for by, host := range map[string]bool{"by the help desk": false, "by the host": true} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			s, _ := adminSignedIn(t)
			config := s.c.Config
			config.BaseURL = "https://id.securecart.example" // keys work
			s.c = center.New(config)
			test(t, &resetting{staff: s, member: s.member(t, "ana"), host: host, password: goodPassword})
		})
	}
}

// link takes the second factor away and returns the link for another one.
func (r *resetting) link(t *testing.T) vault.Secret {
	t.Helper()
	var link vault.Secret
	var err error
	if r.host {
		link, err = r.c.Recover(t.Context(), host, r.UserName, false)
	} else {
		r.helpDesk.FactorAt = r.now
		link, err = r.c.ResetMFA(t.Context(), r.helpDesk, r.ID, center.ByHand)
	}
	must(t, err)
	return link
}

// use uses a link up and returns the browser, which stands before enrolling.
func (r *resetting) use(t *testing.T, link vault.Secret) center.Admission {
	t.Helper()
	if r.links++; r.host {
		r.password = vault.Secret(fmt.Sprintf("four other words and %d", r.links))
	}
	a, err := r.c.AcceptLink(t.Context(), visit, link.Reveal(), r.password)
	if err != nil || a.Session.Stage != model.StageEnrolment || r.alive(t, a.Token) != model.StageEnrolment {
		t.Fatalf("the link leads to %q, %v", a.Session.Stage, err)
	}
	return a
}

// signIn gives the password alone.
func (r *resetting) signIn(t *testing.T) center.Admission {
	t.Helper()
	a, err := r.c.SignIn(t.Context(), visit, center.Credentials{UserName: r.UserName, Password: r.password})
	must(t, err)
	return a
}

// cannotEnrol fails the test unless whoever knows the password alone is asked for the second factor that is gone.
func (r *resetting) cannotEnrol(t *testing.T, when string) {
	t.Helper()
	a := r.signIn(t)
	if a.Session.Stage != model.StagePassword || r.alive(t, a.Token) != model.StagePassword {
		t.Errorf("%s the password alone leads to %q", when, a.Session.Stage)
	}
	if f, err := r.c.Factors(t.Context(), a.Token.Reveal()); err != nil || !f.Reset {
		t.Errorf("%s nothing says that there was a reset: %+v, %v", when, f, err)
	}
	if _, err := r.c.Enrolment(t.Context(), a.Token.Reveal()); err == nil {
		t.Errorf("%s the password alone is shown the secret of an app", when)
	}
	if _, err := r.c.AskNewKey(t.Context(), visit, a.Token.Reveal()); model.KindOf(err) != model.Unauthenticated {
		t.Errorf("%s the password alone makes a key: %v", when, err)
	}
}

func TestALinkThatWasUsedAndGivenUpLeavesNothingToThePasswordAlone(t *testing.T) {
	t.Parallel()
	forEachReset(t, func(t *testing.T, r *resetting) {
		half := r.use(t, r.link(t))
		if _, err := r.c.AskNewKey(t.Context(), visit, half.Token.Reveal()); err != nil {
			t.Errorf("whoever came by the link makes no key: %v", err)
		}
		r.cannotEnrol(t, "while another browser enrols")
		r.now = r.now.Add(6 * time.Minute)
		if stage := r.alive(t, half.Token); stage != "" {
			t.Errorf("the browser that gave up is at %q", stage)
		}
		r.cannotEnrol(t, "after the link was given up")
		r.now = r.now.Add(40 * 24 * time.Hour)
		must(t, r.c.Purge(t.Context()))
		r.cannotEnrol(t, "when old rows are forgotten")

		half = r.use(t, r.link(t))
		if _, err := r.c.ConfirmEnrolment(t.Context(), visit, half.Token.Reveal(), "", r.code(t, r.key(t, half.Token), 0)); err != nil {
			t.Errorf("with a second link nothing is bound: %v", err)
		}
		if a := r.signIn(t); a.Session.Stage != model.StagePassword {
			t.Errorf("afterwards the password leads to %q", a.Session.Stage)
		}
	})
}

func TestALinkForAnotherSecondFactorThatIsTooOldHasToBeMadeAnew(t *testing.T) {
	t.Parallel()
	forEachReset(t, func(t *testing.T, r *resetting) {
		r.use(t, r.link(t)) // nothing is bound
		old := r.link(t)
		r.now = r.now.Add(center.LinkLife)
		_, err := r.c.AcceptLink(t.Context(), visit, old.Reveal(), r.password)
		kind(t, err, model.NotFound)
		r.cannotEnrol(t, "with a link that is too old")
		r.use(t, r.link(t))
	})
}

func TestAfterAResetTheLinkLeadsToEnrollingWhateverThePolicyForgoes(t *testing.T) {
	t.Parallel()
	forEachReset(t, func(t *testing.T, r *resetting) {
		g := r.group(t, "Kiosk", r.ID)
		for what, change := range map[string]func(*model.SignInPolicy){
			"exempt": func(p *model.SignInPolicy) { p.Exempt = []model.GroupID{g.ID} },
			"let in until a day": func(p *model.SignInPolicy) {
				p.NoDevice, p.AllowedUntil = model.NoDeviceAllow, r.now.AddDate(0, 0, 7).Truncate(time.Hour)
			},
			"kept out": func(p *model.SignInPolicy) { p.NoDevice = model.NoDeviceBlock },
		} {
			r.save(t, func(p *model.SignInPolicy) {
				p.NoDevice, p.AllowedUntil, p.Exempt = model.NoDeviceEnrol, time.Time{}, nil
				change(p)
			})
			r.use(t, r.link(t))
			if what != "exempt" {
				r.cannotEnrol(t, what+":")
				continue
			}
			a := r.signIn(t)
			me := model.Actor{User: r.ID, UserName: r.UserName, Name: r.DisplayName, Session: a.Session.ID}
			if _, err := r.c.StartDevice(t.Context(), me); a.Session.Stage != model.StageSignedIn || model.KindOf(err) != model.Unconfirmed {
				t.Errorf("somebody exempt, at %q, adds a device with the password alone: %v", a.Session.Stage, err)
			}
		}
	})
}

func TestAnInvitationThatWasGivenUpIsGoneOnWithByThePasswordThatWasChosen(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	_, a := o.invited(t, "ana")
	o.now = o.now.Add(6 * time.Minute)
	if stage := o.alive(t, a.Token); stage != "" {
		t.Errorf("the browser that gave up is at %q", stage)
	}
	a = o.password(t, "ana")
	if a.Session.Stage != model.StageEnrolment {
		t.Fatalf("whoever never had a second factor is led to %q", a.Session.Stage)
	}
	if _, err := o.c.ConfirmEnrolment(t.Context(), visit, a.Token.Reveal(), "", o.code(t, o.key(t, a.Token), 0)); err != nil {
		t.Error(err)
	}
}
