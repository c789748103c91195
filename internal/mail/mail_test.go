package mail_test

import (
	"errors"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/mail"
	"gatehouse/internal/mail/mailtest"
	"gatehouse/internal/vault"
)

const sender = "Gatehouse <id@securecart.example>"

var ana = mail.Message{ID: "0d9a2d3e-7f10-4e4e-9d6a-0d1b5f5e0f10", To: netmail.Address{Name: "Ana Beltrán", Address: "ana@securecart.example"},
	Subject: "Grüße – a link", Text: "Hello Ana Beltrán,\n\nhttps://id.example.com/invite/abc=def\n.\nThe end.\n",
	At: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}

// to is a server at an address, reached in a mode.
func to(t *testing.T, s *mailtest.Server, mode mail.Mode, user string, password vault.Secret) mail.Server {
	t.Helper()
	address := string(mode) + "://"
	if user != "" {
		address += user + "@"
	}
	server, err := mail.Parse(address+s.Address, sender, password)
	if err != nil {
		t.Fatal(err)
	}
	server.Roots = s.Roots
	return server
}

func TestAnEMailArrivesAsItWasWritten(t *testing.T) {
	for name, tt := range map[string]struct {
		kind mailtest.Kind
		mode mail.Mode
		user string
	}{
		"TLS":                     {mailtest.Kind{TLS: true}, mail.TLS, ""},
		"TLS with a user":         {mailtest.Kind{TLS: true, Auth: true}, mail.TLS, mailtest.User},
		"STARTTLS with a user":    {mailtest.Kind{StartTLS: true, Auth: true}, mail.StartTLS, mailtest.User},
		"on this machine":         {mailtest.Kind{}, mail.Plain, ""},
		"on this machine, a user": {mailtest.Kind{Auth: true}, mail.Plain, mailtest.User},
	} {
		t.Run(name, func(t *testing.T) {
			s := mailtest.Start(t, tt.kind)
			password := vault.Secret("")
			if tt.user != "" {
				password = mailtest.Password
			}
			if err := to(t, s, tt.mode, tt.user, password).Send(t.Context(), ana); err != nil {
				t.Fatal(err)
			}
			letters := s.Letters()
			if len(letters) != 1 {
				t.Fatalf("%d e-mails arrived", len(letters))
			}
			got := letters[0]
			if got.To != "ana@securecart.example" || got.From != "id@securecart.example" || strings.TrimSpace(got.Text) != strings.TrimSpace(ana.Text) {
				t.Errorf("arrived: %+v", got)
			}
			if got.TLS != (tt.mode != mail.Plain) || got.User != tt.user {
				t.Errorf("TLS %t, user %q", got.TLS, got.User)
			}
			if id := got.Header.Get("Message-Id"); id != "<"+ana.ID+"@securecart.example>" {
				t.Errorf("the message id is %q", id)
			}
		})
	}
}

func TestFailuresSayWhetherAnotherTryHelps(t *testing.T) {
	s := mailtest.Start(t, mailtest.Kind{StartTLS: true, Auth: true})
	plain := mailtest.Start(t, mailtest.Kind{})
	good := to(t, s, mail.StartTLS, mailtest.User, mailtest.Password)
	stranger := good
	stranger.Roots = nil
	nobody := good
	nobody.Port = 1
	for name, tt := range map[string]struct {
		server    mail.Server
		code      int
		permanent bool
		says      string
	}{
		"a mailbox that is not there":      {good, 550, true, "no such mailbox"},
		"a mailbox that is full":           {good, 452, false, "no such mailbox"},
		"a wrong password":                 {to(t, s, mail.StartTLS, mailtest.User, "wrong"), 0, false, "uthentication failed"},
		"a certificate that nobody trusts": {stranger, 0, false, "certificate"},
		"a server without STARTTLS":        {to(t, plain, mail.StartTLS, "", ""), 0, false, "STARTTLS"},
		"no server":                        {nobody, 0, false, "refused"},
	} {
		s.Refuse(tt.code, "no such mailbox")
		err := tt.server.Send(t.Context(), ana)
		failure, ok := errors.AsType[*mail.Failure](err)
		if !ok || failure.Permanent != tt.permanent || !strings.Contains(failure.Problem, tt.says) {
			t.Errorf("%s: %+v", name, err)
			continue
		}
		if strings.Contains(failure.Problem, mailtest.Password) || strings.Contains(failure.Problem, "wrong") && name == "a wrong password" {
			t.Errorf("%s: the password stands in %q", name, failure.Problem)
		}
	}
	if len(s.Letters())+len(plain.Letters()) != 0 {
		t.Error("an e-mail went out that was said to have failed")
	}
}

func TestAddressesThatCannotBeMeantAreRefused(t *testing.T) {
	for _, tt := range []struct{ address, from, password, says string }{
		{"mail.example.com", sender, "", "give an address"},
		{"https://mail.example.com", sender, "", "give an address"},
		{"smtps://ana:secret@mail.example.com", sender, "", "leave the password out"},
		{"smtps://mail.example.com/inbox", sender, "", "after the port"},
		{"smtps://mail.example.com:99999", sender, "", "no port"},
		{"smtp+plain://mail.example.com", sender, "", "need TLS"},
		{"smtps://ana@mail.example.com", sender, "", "go together"},
		{"smtps://mail.example.com", sender, "secret", "go together"},
		{"smtps://mail.example.com", "nobody", "", "give the sender"},
	} {
		if _, err := mail.Parse(tt.address, tt.from, vault.Secret(tt.password)); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s from %s: %v", tt.address, tt.from, err)
		}
	}
	s, err := mail.Parse("smtp://ana@mail.example.com", sender, "secret")
	if err != nil || s.Port != 587 || s.String() != "smtp://mail.example.com:587" {
		t.Errorf("%+v, %v", s, err)
	}
}
