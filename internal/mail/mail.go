// Package mail owns how an e-mail leaves the house: the SMTP server it is handed to, how the way there is protected, and
// whether a failure is worth another try. It is a package of its own because it is the only one that reaches out to the
// network.
//
// It keeps nothing, and leaves to internal/center what is written to whom and when another try is made.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"gatehouse/internal/vault"
)

// Mode is how the way to the server is protected.
type Mode string

// The modes, which are the schemes of a server's address.
const (
	TLS      Mode = "smtps"      // TLS from the first byte, port 465
	StartTLS Mode = "smtp"       // TLS before anything else is said, port 587; without it nothing is sent
	Plain    Mode = "smtp+plain" // no TLS, port 25; for a server on this machine alone
)

var ports = map[Mode]int{TLS: 465, StartTLS: 587, Plain: 25}

// Server is the SMTP server that e-mails are handed to.
type Server struct {
	Mode     Mode
	Host     string
	Port     int
	User     string // empty: without signing in
	Password vault.Secret
	From     netmail.Address
	Roots    *x509.CertPool // of certificates that are trusted; nil: the system's
}

// Parse reads the address of a server, such as smtps://user@mail.example.com:465, and the sender of its e-mails, such as
// Gatehouse <id@example.com>. The password stands in neither.
func Parse(address, from string, password vault.Secret) (Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || ports[Mode(u.Scheme)] == 0 {
		return Server{}, errors.New("give an address such as smtps://user@mail.example.com (TLS) or smtp://mail.example.com:587 (STARTTLS)")
	}
	if _, has := u.User.Password(); has {
		return Server{}, errors.New("leave the password out of the address: give it in its variable or file")
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return Server{}, errors.New("leave out everything after the port")
	}
	s := Server{Mode: Mode(u.Scheme), Host: u.Hostname(), Port: ports[Mode(u.Scheme)], User: u.User.Username(), Password: password}
	if u.Port() != "" {
		if s.Port, err = strconv.Atoi(u.Port()); err != nil || s.Port < 1 || s.Port > 65535 {
			return Server{}, fmt.Errorf("there is no port %s", u.Port())
		}
	}
	if s.Mode == Plain && !loopback(s.Host) {
		return Server{}, errors.New("beyond this machine e-mails need TLS: use smtps:// or smtp://")
	}
	if (s.User == "") != (password == "") {
		return Server{}, errors.New("a user and a password go together")
	}
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return Server{}, errors.New("give the sender, such as Gatehouse <id@example.com>")
	}
	s.From = *sender
	return s, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// String is the server for people: without its password.
func (s Server) String() string {
	return string(s.Mode) + "://" + net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
}

// Message is an e-mail of plain text.
type Message struct {
	ID      string // unique; a server that sees it twice can tell
	To      netmail.Address
	Subject string
	Text    string
	At      time.Time
}

// Failure is why an e-mail was not taken over, in words without secrets.
type Failure struct {
	Permanent bool // another try would be refused as well
	Problem   string
}

func (f *Failure) Error() string { return f.Problem }

// patience is how long the whole way to the server may take.
const patience = 30 * time.Second

// Send hands an e-mail to the server. The error is a *Failure; nil means that the server has taken it over.
func (s Server) Send(ctx context.Context, m Message) error {
	letter, err := s.compose(m)
	if err != nil {
		return &Failure{Permanent: true, Problem: words(err)}
	}
	client, err := mail.NewClient(s.Host, s.options()...)
	if err != nil {
		return &Failure{Problem: words(err)}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = client.DialAndSendWithContext(ctx, letter)
	if err == nil {
		return nil
	}
	refused, ok := errors.AsType[*mail.SendError](err)
	return &Failure{Permanent: ok && !refused.IsTemp() && refused.ErrorCode() >= 500, Problem: words(err)}
}

func (s Server) compose(m Message) (*mail.Msg, error) {
	letter := mail.NewMsg(mail.WithNoDefaultUserAgent()) // it would tell versions
	if err := letter.FromFormat(s.From.Name, s.From.Address); err != nil {
		return nil, fmt.Errorf("the sender: %w", err)
	}
	if err := letter.AddToFormat(m.To.Name, m.To.Address); err != nil {
		return nil, fmt.Errorf("the recipient: %w", err)
	}
	_, domain, _ := strings.Cut(s.From.Address, "@")
	letter.SetMessageIDWithValue(m.ID + "@" + domain)
	letter.SetDateWithValue(m.At)
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // so that out-of-office programs keep quiet
	letter.Subject(m.Subject)
	letter.SetBodyString(mail.TypeTextPlain, m.Text)
	return letter, nil
}

func (s Server) options() []mail.Option {
	options := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(patience / 2),
		mail.WithTLSConfig(&tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12})}
	switch s.Mode {
	case TLS:
		options = append(options, mail.WithSSL())
	case StartTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case Plain:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if s.User == "" {
		return options
	}
	how := mail.SMTPAuthAutoDiscover
	if s.Mode == Plain {
		how = mail.SMTPAuthPlainNoEnc
	}
	return append(options, mail.WithSMTPAuth(how), mail.WithUsername(s.User), mail.WithPassword(s.Password.Reveal()))
}

// mostWords is how much of a server's answer is kept.
const mostWords = 300

// words is an error on one line, cut short.
func words(err error) string {
	text := strings.Join(strings.Fields(strings.ToValidUTF8(err.Error(), "")), " ")
	text, _, _ = strings.Cut(text, ", affected ") // what the library adds: whom it is for is known
	if runes := []rune(text); len(runes) > mostWords {
		text = string(runes[:mostWords]) + "…"
	}
	return text
}
