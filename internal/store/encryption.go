package store

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

var (
	errPostgresURL = errors.New("the postgres:// URL cannot be read") // the cause would quote it with its password
	errFallsBack   = errors.New("the postgres:// URL must not ask for sslmode=prefer or allow, which go on without TLS when anybody " +
		"between here and the server wants that: use verify-full, with sslrootcert=FILE for an authority of your own")
)

// encrypted is a postgres:// URL as it is connected to. A server elsewhere is connected to by TLS, its certificate
// verified, unless the URL or PGSSLMODE says something else; what falls back to no TLS is refused.
func encrypted(location string) (string, error) {
	found, err := pgconn.ParseConfig(location)
	if err != nil {
		return "", errPostgresURL
	}
	if !fallsBack(found) {
		return location, nil
	}
	u, err := url.Parse(location)
	if err != nil {
		return "", errPostgresURL
	}
	query := u.Query()
	if query.Has("sslmode") || os.Getenv("PGSSLMODE") != "" {
		return "", errFallsBack
	}
	query.Set("sslmode", "verify-full")
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// Exposure says what somebody on the way to the database could do because of how its location asks to be connected to;
// empty for a file, for a server on this machine, and for TLS with a verified certificate.
func Exposure(location string) string {
	if !IsPostgres(location) {
		return ""
	}
	at, err := encrypted(location)
	if err != nil {
		return ""
	}
	found, err := pgconn.ParseConfig(at)
	if err != nil {
		return ""
	}
	for _, way := range ways(found) {
		switch {
		case onThisMachine(way.Host):
		case way.TLSConfig == nil:
			return fmt.Sprintf("the connection to PostgreSQL at %s is not encrypted", way.Host)
		case unverified(way.TLSConfig):
			return fmt.Sprintf("the certificate of PostgreSQL at %s is not verified", way.Host)
		}
	}
	return ""
}

// ways are how a connection is tried, one after another.
func ways(c *pgconn.Config) []*pgconn.FallbackConfig {
	return append([]*pgconn.FallbackConfig{{Host: c.Host, Port: c.Port, TLSConfig: c.TLSConfig}}, c.Fallbacks...)
}

// fallsBack reports whether a server elsewhere is tried with and without TLS.
func fallsBack(c *pgconn.Config) bool {
	with, without := map[string]bool{}, map[string]bool{}
	for _, way := range ways(c) {
		at := fmt.Sprint(way.Host, " ", way.Port)
		if way.TLSConfig == nil {
			without[at] = !onThisMachine(way.Host)
		} else {
			with[at] = true
		}
	}
	for at := range with {
		if without[at] {
			return true
		}
	}
	return false
}

// unverified reports whether any certificate is taken. For sslmode=verify-ca the driver verifies with a function of its own.
func unverified(c *tls.Config) bool {
	return c.InsecureSkipVerify && c.VerifyPeerCertificate == nil && c.VerifyConnection == nil
}

// onThisMachine reports whether a host is a socket of this machine or its loopback.
func onThisMachine(host string) bool {
	if host == "" || host == "localhost" || strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
