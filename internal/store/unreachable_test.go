package store_test

import (
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
	"gatehouse/internal/vault"
)

// muffled is a way to a server that can be made to swallow everything, as a network does that drops packets.
type muffled struct{ silent atomic.Bool }

// before returns the location of a server behind m.
func (m *muffled) before(t *testing.T, location string) string {
	t.Helper()
	u, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	server := u.Host
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", server)
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { near.Close(); far.Close() })
			go io.Copy(m.to(far), near)
			go io.Copy(m.to(near), far)
		}
	}()
	u.Host = listener.Addr().String()
	return u.String()
}

func (m *muffled) to(w io.Writer) io.Writer {
	return writer(func(p []byte) (int, error) {
		if m.silent.Load() {
			return len(p), nil
		}
		return w.Write(p)
	})
}

type writer func(p []byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

func TestLeavingAServerThatDoesNotAnswerTakesSeconds(t *testing.T) {
	t.Parallel()
	location := storetest.Location(t)
	if !store.IsPostgres(location) {
		t.Skip("a file answers")
	}
	var network muffled
	s := openAt(t, network.before(t, location))
	held, err := s.Attend(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	network.silent.Store(true)
	left := make(chan error, 1)
	go func() { left <- held.Close() }()
	select {
	case err := <-left:
		if err == nil {
			t.Error("nothing is said of a server that did not answer")
		}
	case <-time.After(20 * time.Second):
		t.Fatal("leaving waits for a server that does not answer")
	}
}

func TestADatabaseWhoseOpeningIsGivenUpIsNotKeptOpen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "gatehouse.db")
	if err := openAt(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	for looks := int64(0); ; looks++ {
		s, err := store.OpenToRead(storetest.GiveUp(t.Context(), looks), path, vault.RowKeys{})
		if err == nil {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			break
		}
		if looks > 1000 {
			t.Fatal(err)
		}
	}
	open, err := filepath.Glob("/proc/self/fd/*")
	if err != nil || len(open) == 0 {
		t.Skip("this system does not list what is open")
	}
	for _, descriptor := range open {
		if name, err := os.Readlink(descriptor); err == nil && name == path {
			t.Error("the file is still open")
		}
	}
}
