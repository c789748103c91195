// Package syslog owns sending messages to a collector of logs: their form (RFC 5424), and how they cross a UDP, TCP or
// unix socket, or TLS (RFC 5426, RFC 6587, RFC 5425). It leaves what to send, and from where to go on after a gap, to its callers.
//
// It is a package of its own because the standard library's log/syslog writes the older form of RFC 3164, which has
// neither years nor structured data, and because nothing else here opens connections of its own accord.
package syslog

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"time"
)

// Severity says how much a message matters (RFC 5424 §6.2.1).
type Severity int

// The severities in use.
const (
	Warning Severity = 4
	Notice  Severity = 5
)

// auditFacility is "log audit".
const auditFacility = 13

// Message is one line for a collector.
type Message struct {
	Severity Severity
	At       time.Time
	ID       string  // what kind of message, up to 32 printable ASCII characters
	Data     []Param // structured data
	Text     string  // ASCII
	Short    string  // instead of Text where that is too long for a datagram
}

// Param is one value of structured data.
type Param struct{ Name, Value string }

// enterprise is the number that RFC 5612 keeps for documentation: there is none of our own.
const enterprise = "gatehouse@32473"

// Sender sends messages to one collector, over a connection that it makes when it needs one. It is for one goroutine.
type Sender struct {
	// Roots are who may vouch for a collector that is reached over TLS; nil: those that the system trusts.
	Roots *x509.CertPool

	network, address string
	host             string
	pid              int
	conn             net.Conn
}

// NewSender returns a sender to tls://host:port, tcp://host:port, udp://host:port or unix:///path.
func NewSender(destination string) (*Sender, error) {
	s := &Sender{pid: os.Getpid(), host: "-"}
	if name, err := os.Hostname(); err == nil {
		s.host = header(name, 255)
	}
	u, err := url.Parse(destination)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", destination, err)
	case u.Scheme == "unix" && u.Host == "" && strings.HasPrefix(u.Path, "/") && u.RawQuery == "":
		s.network, s.address = "unix", u.Path
	case (u.Scheme == "udp" || u.Scheme == "tcp" || u.Scheme == "tls") && u.Hostname() != "" && u.Port() != "" && u.Path == "" && u.User == nil:
		s.network, s.address = u.Scheme, u.Host
	default:
		return nil, fmt.Errorf("%s: write tls://host:6514, tcp://host:601, udp://host:514 or unix:///dev/log", destination)
	}
	return s, nil
}

const (
	patience = 10 * time.Second // for connecting and for writing

	// listening is how long a connection is listened to after messages were written: a collector that went away while they
	// were under way has closed it.
	listening = 50 * time.Millisecond

	// mostInDatagram is how many bytes of a message one datagram carries everywhere.
	mostInDatagram = 60_000
)

// Send sends messages in their order. An error means that some may not have arrived, and all should be sent again.
func (s *Sender) Send(ctx context.Context, messages []Message) error {
	if s.conn == nil {
		if err := s.connect(ctx); err != nil {
			return err
		}
	}
	if err := s.write(messages); err != nil {
		return errors.Join(fmt.Errorf("send to %s %s: %w", s.network, s.address, err), s.Close())
	}
	return nil
}

// Check reports whether the collector has hung up since the last Send, as far as that can be told: of a stream alone.
func (s *Sender) Check() error {
	if s.conn == nil || !s.stream() {
		return nil
	}
	if err := s.open(); err != nil {
		return errors.Join(fmt.Errorf("listen to %s %s: %w", s.network, s.address, err), s.Close())
	}
	return nil
}

func (s *Sender) stream() bool {
	network := s.conn.RemoteAddr().Network()
	return network == "tcp" || network == "unix"
}

// Close closes the connection; the next Send makes another.
func (s *Sender) Close() error {
	if s.conn == nil {
		return nil
	}
	err := s.conn.Close()
	s.conn = nil
	return err
}

func (s *Sender) connect(ctx context.Context) (err error) {
	dialer := net.Dialer{Timeout: patience}
	networks := []string{s.network}
	switch s.network {
	case "tls":
		return s.connectTLS(ctx, &dialer)
	case "unix":
		networks = []string{"unixgram", "unix"} // most collectors listen for datagrams, some for a stream
	}
	for _, network := range networks {
		if s.conn, err = dialer.DialContext(ctx, network, s.address); err == nil {
			return nil
		}
	}
	s.conn = nil
	return fmt.Errorf("connect to the collector: %w", err)
}

// connectTLS connects to a collector that has a certificate for the host's name.
func (s *Sender) connectTLS(ctx context.Context, dialer *net.Dialer) error {
	ctx, stop := context.WithTimeout(ctx, patience) // the handshake included
	defer stop()
	secure := tls.Dialer{NetDialer: dialer, Config: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: s.Roots}}
	conn, err := secure.DialContext(ctx, "tcp", s.address)
	if err != nil {
		return fmt.Errorf("connect to the collector: %w", err)
	}
	s.conn = conn
	return nil
}

func (s *Sender) write(messages []Message) error {
	if err := s.conn.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	stream := s.stream()
	var batch strings.Builder
	for _, m := range messages {
		if stream {
			text := s.Form(m)
			fmt.Fprintf(&batch, "%d %s", len(text), text) // octet counting, RFC 6587 §3.4.1
			continue
		}
		if len(m.Text) > mostInDatagram {
			m.Text = m.Short
		}
		if _, err := io.WriteString(s.conn, s.Form(m)); err != nil {
			return err
		}
	}
	if !stream {
		return nil
	}
	if _, err := io.WriteString(s.conn, batch.String()); err != nil {
		return err
	}
	return s.open()
}

// open reports whether the other side of a stream has not closed it.
func (s *Sender) open() error {
	if err := s.conn.SetReadDeadline(time.Now().Add(listening)); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, s.conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	if err == nil {
		err = io.ErrUnexpectedEOF // it was closed
	}
	return err
}

// Form returns a message as RFC 5424 writes it.
func (s *Sender) Form(m Message) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<%d>1 %s %s gatehouse %d %s [%s", auditFacility*8+int(m.Severity),
		m.At.UTC().Format("2006-01-02T15:04:05.000000Z"), s.host, s.pid, header(m.ID, 32), enterprise)
	for _, p := range m.Data {
		fmt.Fprintf(&b, ` %s="%s"`, p.Name, strings.NewReplacer(`\`, `\\`, `"`, `\"`, `]`, `\]`).Replace(p.Value))
	}
	b.WriteString("] ")
	b.WriteString(m.Text)
	return b.String()
}

// header is a text for the header of a message: printable ASCII without spaces, "-" when nothing is left.
func header(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r
		}
		return -1
	}, text)
	if text == "" {
		return "-"
	}
	return text[:min(len(text), most)]
}
