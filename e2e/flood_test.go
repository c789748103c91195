package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// With few connections other tests may run beside it, and only the middle of the answers to a health check has to be fast; with
// 500 each has to be, on a machine that does nothing else.
var flood = flag.Int("flood", 50, "how many connections somebody opens at once to keep the console from answering")

const (
	wholeFlood = 500
	promptly   = 200 * time.Millisecond // every answer to a health check
	mostMemory = 300 << 20              // bytes that the process ever has in memory
)

// TestAFloodKeepsNobodyOut has a health check answered while somebody sends headers and forms without an end, bodies, headers
// and forms that are too large, and 100 passwords at once.
func TestAFloodKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	c, err := plant(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c.until(t)
	address := strings.TrimPrefix(c.base, "http://")
	megabytes, fields := strings.Repeat("a", 10<<20), manyFields(10_000)
	for _, attack := range []struct {
		name string
		run  func() error
	}{
		{"headers that never end", func() error {
			return trickle(address, *flood, "GET / HTTP/1.1\r\nHost: localhost\r\n", "X-A: b\r\n")
		}},
		{"forms that never end", func() error {
			return trickle(address, *flood, "POST /signin HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"+
				"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nusername=", "a")
		}},
		{"bodies of 10 MB", func() error {
			return each(20, func(int) error { return c.posts(megabytes, http.StatusRequestEntityTooLarge) })
		}},
		{"headers of 1 MB", func() error {
			return each(20, func(int) error { return c.sendsHeader(megabytes[:1<<20]) })
		}},
		{"forms of 10,000 fields", func() error {
			return each(20, func(int) error { return c.posts(fields, http.StatusUnprocessableEntity) })
		}},
		{"100 passwords at once", func() error {
			return each(100, func(n int) error {
				// The first hundred are looked at; then this network waits, and so would further ones.
				return c.posts(fmt.Sprintf("username=user%d&password=wrong", n), http.StatusUnprocessableEntity, http.StatusServiceUnavailable)
			})
		}},
	} {
		began := time.Now()
		health, err := c.healthDuring(attack.run)
		if err != nil {
			t.Errorf("%s: %v", attack.name, err)
		}
		slowest, middle := slices.Max(health), slices.Sorted(slices.Values(health))[len(health)/2]
		t.Logf("%-24s %6v: %4d health checks, the middle %v, the slowest %v; at most %d MB", attack.name,
			time.Since(began).Round(time.Second/10), len(health), middle, slowest, c.peak(t)>>20)
		if *flood >= wholeFlood && slowest >= promptly || middle >= promptly {
			t.Errorf("%s: a health check takes %v, and %v in the middle", attack.name, slowest, middle)
		}
	}
	if peak := c.peak(t); peak >= mostMemory {
		t.Errorf("the console had %d MB in memory", peak>>20)
	}
}

// manyFields is a form with so many fields.
func manyFields(n int) string {
	var form strings.Builder
	for i := range n {
		fmt.Fprintf(&form, "f%d=%d&", i, i)
	}
	return form.String()
}

// each runs something so many times at once.
func each(times int, run func(int) error) error {
	errs := make([]error, times)
	var all sync.WaitGroup
	for n := range times {
		all.Go(func() { errs[n] = run(n) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// trickle opens connections that send a beginning and then a little more every half second, until the server has enough of each.
// None may be held open for longer than the time that a request has to come in, and half as much again.
func trickle(address string, connections int, beginning, more string) error {
	return each(connections, func(int) error {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, beginning); err != nil {
			return err
		}
		ended := make(chan struct{})
		go func() {
			_, _ = io.Copy(io.Discard, conn) // until the server closes it
			close(ended)
		}()
		late, tick := time.After(22*time.Second), time.NewTicker(500*time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ended:
				return nil
			case <-late:
				return errors.New("a connection is held open for 22 seconds")
			case <-tick.C:
				_, _ = io.WriteString(conn, more) // a closed one says so in ended
			}
		}
	})
}

// posts sends a form to the sign-in page and expects one of these answers.
func (c *console) posts(form string, want ...int) error {
	r, err := http.NewRequest(http.MethodPost, c.base+"/signin", strings.NewReader(form))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return answered(r, want...)
}

func (c *console) sendsHeader(value string) error {
	r, err := http.NewRequest(http.MethodGet, c.base+"/signin", nil)
	if err != nil {
		return err
	}
	r.Header.Set("X-Large", value)
	return answered(r, http.StatusRequestHeaderFieldsTooLarge)
}

func answered(r *http.Request, want ...int) error {
	w, err := http.DefaultClient.Do(r)
	if isCut(err) && !slices.Contains(want, http.StatusOK) {
		return nil // closed before all of it was read, and the answer overtaken by that
	}
	if err != nil {
		return err
	}
	defer w.Body.Close()
	if _, err := io.Copy(io.Discard, w.Body); err != nil && !isCut(err) {
		return err
	}
	if !slices.Contains(want, w.StatusCode) {
		return fmt.Errorf("the answer is %s, want one of %v", w.Status, want)
	}
	return nil
}

// isCut reports whether the server closed a connection while a request was still being written to it.
func isCut(err error) bool {
	_, ok := errors.AsType[*net.OpError](err)
	return ok
}

// leastAttack is how long an attack goes on, again and again, so that there are answers enough to judge.
const leastAttack = 2 * time.Second

// healthDuring asks for the console's health while an attack goes on and returns how long each answer took.
func (c *console) healthDuring(run func() error) (times []time.Duration, err error) {
	ended := make(chan error, 1)
	go func() {
		var err error
		for began := time.Now(); err == nil && time.Since(began) < leastAttack; {
			err = run()
		}
		ended <- err
	}()
	client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, c.base+"/healthz", nil)
		if err != nil {
			return times, err
		}
		began := time.Now()
		w, err := client.Do(r)
		if err != nil {
			return times, errors.Join(err, <-ended)
		}
		times = append(times, time.Since(began))
		if w.Body.Close(); w.StatusCode != http.StatusOK {
			return times, errors.Join(fmt.Errorf("the health check answers %s", w.Status), <-ended)
		}
		select {
		case err := <-ended:
			return times, err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

var peakMemory = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak is the most memory that the process ever had, in bytes.
func (c *console) peak(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.pid))
	if err != nil {
		t.Fatal(err)
	}
	found := peakMemory.FindSubmatch(status)
	if found == nil {
		t.Fatalf("no peak in %s", status)
	}
	kilobytes, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}
