package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"gatehouse/internal/mail"
	"gatehouse/internal/store"
	"gatehouse/internal/syslog"
)

// config is everything that can be set, by flag or by variable. Flags win.
type config struct {
	Addr    string         // address to listen on
	DB      string         // database: a file path or a postgres:// URL
	BaseURL string         // scheme and host under which people reach the console
	Key     string         // path of the master key file; empty: beside the database
	Proxies []netip.Prefix // networks whose X-Forwarded-For is believed
	Syslog  string         // where the trail is sent as it grows; empty: nowhere
	Mail    *mail.Server   // where e-mails are handed to; nil: none are sent
	Verbose bool           // log every request, static files included
}

// setting is one value of the configuration: its flag, its variable and what --help says.
type setting struct {
	flag, variable, standard, help string
}

const standardDB = "data/gatehouse.db"

func settings() []setting {
	return []setting{
		{"addr", "GATEHOUSE_ADDR", "localhost:8080", "address to listen on"},
		{"db", "GATEHOUSE_DB", standardDB, "database: a file, or a postgres:// URL; a server elsewhere takes verified TLS, if its URL says no sslmode"},
		{"base-url", "GATEHOUSE_BASE_URL", "", "where people reach the console, such as https://id.example.com\n(default http:// and the address)"},
		{"key", "GATEHOUSE_KEY", "", "file of the master key, made at the first start\n(default master.key beside the database; data/master.key for PostgreSQL,\nwhere all machines need the same)"},
		{"smtp", "GATEHOUSE_SMTP", "", "server that e-mails are handed to: smtps://user@mail.example.com for TLS,\nsmtp://user@mail.example.com:587 for STARTTLS, smtp+plain://localhost on this machine\n(default none: one-time links are passed on by hand)"},
		{"smtp-from", "GATEHOUSE_SMTP_FROM", "", "sender of e-mails, such as Gatehouse <id@example.com>"},
		{"smtp-password-file", "GATEHOUSE_SMTP_PASSWORD_FILE", "", "file that holds the password of the server's user"},
		{"proxies", "GATEHOUSE_PROXIES", "", "networks of reverse proxies whose X-Forwarded-For is believed,\nsuch as 10.0.0.0/8,192.168.1.7/32"},
		{"syslog", "GATEHOUSE_SYSLOG", "", "collector that the audit trail is sent to as it grows (RFC 5424):\ntls://host:6514, tcp://host:601, udp://host:514 or unix:///dev/log"},
	}
}

// load reads the configuration and reports every problem at once. The words after the flags are returned; flags may
// stand before and after them.
func load(getenv func(string) string, args []string, help io.Writer) (config, []string, error) {
	values := map[string]*string{}
	flags := flag.NewFlagSet("console", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() { usage(help) }
	for _, s := range settings() {
		standard := s.standard
		if v := getenv(s.variable); v != "" {
			standard = v
		}
		values[s.flag] = flags.String(s.flag, standard, s.help)
	}
	wordy, verboseErr := onOrOff(getenv, "GATEHOUSE_VERBOSE")
	verbose := flags.Bool("verbose", wordy, "")
	if err := flags.Parse(args); err != nil {
		return config{}, nil, err
	}
	c := config{Addr: *values["addr"], DB: *values["db"], BaseURL: strings.TrimSuffix(*values["base-url"], "/"),
		Key: *values["key"], Syslog: *values["syslog"], Verbose: *verbose}
	c.placeKey()
	return c, flags.Args(), errors.Join(verboseErr, c.checkDB(), c.checkAddr(), c.checkBaseURL(),
		c.readProxies(*values["proxies"]), c.checkSyslog(),
		c.readMail(*values["smtp"], *values["smtp-from"], mailPassword{getenv(mailPasswordVariable), *values["smtp-password-file"]}))
}

// onOrOff reads a variable that is true or false; nothing is false.
func onOrOff(getenv func(string) string, variable string) (bool, error) {
	text := getenv(variable)
	if text == "" {
		return false, nil
	}
	on, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("%s=%s: write true or false", variable, text)
	}
	return on, nil
}

func (c *config) checkDB() error {
	if err := store.CheckLocation(c.DB); err != nil {
		return fmt.Errorf("--db: %w", err)
	}
	return nil
}

func (c *config) checkSyslog() error {
	if c.Syslog == "" {
		return nil
	}
	if _, err := syslog.NewSender(c.Syslog); err != nil {
		return fmt.Errorf("--syslog %w", err)
	}
	return nil
}

func (c *config) checkAddr() error {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return fmt.Errorf("--addr %s: %w", c.Addr, err)
	}
	if c.BaseURL != "" {
		return nil
	}
	if host == "" || host == "0.0.0.0" || host == "::" || host == "127.0.0.1" {
		host = "localhost"
	}
	c.BaseURL = "http://" + net.JoinHostPort(host, port)
	return nil
}

// checkBaseURL refuses plain HTTP beyond this machine: cookies and codes would cross the network in the clear.
func (c *config) checkBaseURL() error {
	u, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return fmt.Errorf("--base-url %s: give scheme and host, such as https://id.example.com", c.BaseURL)
	case u.Path != "" || u.User != nil || strings.ContainsAny(c.BaseURL, "?#"):
		return fmt.Errorf("--base-url %s: leave out everything after the host", c.BaseURL)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return fmt.Errorf("--base-url %s: beyond this machine the console needs TLS in front of it; give its https:// address", c.BaseURL)
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// placeKey says where the master key stands when nobody does: beside the database, or where that is no file, in the folder
// that it would be in.
func (c *config) placeKey() {
	if c.Key != "" {
		return
	}
	database := strings.TrimPrefix(c.DB, "sqlite://")
	if store.IsPostgres(c.DB) {
		database = standardDB
	}
	c.Key = filepath.Join(filepath.Dir(database), "master.key")
}

func (c *config) readProxies(list string) error {
	var problems []error
	for text := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			problems = append(problems, fmt.Errorf("--proxies %s: write a network such as 10.0.0.0/8", text))
			continue
		}
		c.Proxies = append(c.Proxies, prefix)
	}
	return errors.Join(problems...)
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Gatehouse: an identity center for many AWS accounts.\n\nUsage: console [flags] [command]\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\nFlags, and the variables that set them:\n")
	for _, s := range settings() {
		fmt.Fprintf(w, "  --%s, %s\n", s.flag, s.variable)
		for line := range strings.Lines(s.help) {
			fmt.Fprintf(w, "        %s", line)
		}
		if s.standard != "" {
			fmt.Fprintf(w, " (default %s)", s.standard)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "  %s\n        the master key itself, instead of a file\n", masterKeyVariable)
	fmt.Fprintf(w, "  %s\n        the password of the SMTP server's user, instead of a file\n", mailPasswordVariable)
	fmt.Fprint(w, "  --verbose, GATEHOUSE_VERBOSE\n        log static files and health checks too; the variable is true or false\n")
}
