package syslog_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// TestOverTLSOnlyACollectorWithATrustedCertificateGetsAnything sends to a collector whose certificate is good for example.com
// and 127.0.0.1.
func TestOverTLSOnlyACollectorWithATrustedCertificateGetsAnything(t *testing.T) {
	certified := httptest.NewTLSServer(nil)
	defer certified.Close()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certified.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	got := make(chan []string, 3)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			texts, _ := collect(conn)
			conn.Close()
			got <- texts
		}
	}()
	trusting := x509.NewCertPool()
	trusting.AddCert(certified.Certificate())

	s := sender(t, "tls://"+listener.Addr().String())
	if err := s.Send(t.Context(), messages(1, 1)); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("whoever the system does not trust: %v", err)
	}
	if texts := <-got; len(texts) > 0 {
		t.Errorf("a collector that is not trusted got %q", texts)
	}

	s.Roots = trusting
	for _, batch := range [][2]int{{1, 3}, {4, 4}} {
		if err := s.Send(t.Context(), messages(batch[0], batch[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Check(); err != nil {
		t.Errorf("the collector is there: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if texts := <-got; !slices.Equal(texts, []string{`{"seq":1}`, `{"seq":2}`, `{"seq":3}`, `{"seq":4}`}) {
		t.Errorf("the collector got %q", texts)
	}

	_, port, _ := strings.Cut(listener.Addr().String(), ":")
	elsewhere := sender(t, "tls://localhost:"+port)
	elsewhere.Roots = trusting
	if err := elsewhere.Send(t.Context(), messages(1, 1)); err == nil || !strings.Contains(err.Error(), "localhost") {
		t.Errorf("under a name that the certificate is not for: %v", err)
	}
}
