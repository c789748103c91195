package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"testing"
	"time"

	"gatehouse/internal/audit"
)

// collector is a collector of logs that keeps the events it gets, in order, and hangs up after some.
type collector struct {
	net.Listener
	patience []int // after how many messages each connection is closed; the last one stays
	seqs     chan int64
}

var collected = regexp.MustCompile(`^<109>1 \S+ \S+ gatehouse \d+ trail \[gatehouse@32473 seq="(\d+)" [^\]]*\] (\{.*\})$`)

func (c *collector) serve(t *testing.T) {
	for _, most := range c.patience {
		conn, err := c.Accept()
		if err != nil {
			return
		}
		if err := c.read(conn, most); err != nil && !errors.Is(err, io.EOF) {
			t.Error(err)
		}
		conn.Close()
	}
}

// read takes messages that are led by their lengths.
func (c *collector) read(conn net.Conn, most int) error {
	stream := bufio.NewReader(conn)
	for range most {
		var length int
		if _, err := fmt.Fscanf(stream, "%d", &length); err != nil {
			return io.EOF
		}
		text := make([]byte, length+1) // with the space before
		if _, err := io.ReadFull(stream, text); err != nil {
			return err
		}
		parts := collected.FindSubmatch(text[1:])
		if parts == nil {
			return fmt.Errorf("%s is no event", text)
		}
		event, err := audit.ParseLine(parts[2])
		if err != nil || audit.Hash(event) != event.Hash {
			return fmt.Errorf("%s does not prove itself: %w", text, err)
		}
		seq, err := strconv.ParseInt(string(parts[1]), 10, 64)
		if err != nil || seq != event.Seq {
			return fmt.Errorf("%s has another number than its event: %w", text, err)
		}
		c.seqs <- seq
	}
	return nil
}

// serveUntilStopped runs the console with some flags and returns how to stop it.
func serveUntilStopped(t *testing.T, db string, flags ...string) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	p := process{args: append([]string{"--db", db, "--addr", "localhost:0"}, flags...), getenv: func(string) string { return "" },
		out: io.Discard, err: io.Discard}
	ended := make(chan error, 1)
	go func() { ended <- p.run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func TestACollectorThatComesAndGoesGetsTheWholeTrailInOrder(t *testing.T) {
	db := seededDatabase(t)
	const events = 114
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	c := &collector{Listener: listener, patience: []int{40, 0, 1 << 30, 1 << 30}, seqs: make(chan int64, 4*events)}
	go c.serve(t)
	stop := serveUntilStopped(t, db, "--syslog", "tcp://"+listener.Addr().String())

	highest := int64(0)
	late := time.After(3 * time.Minute)
	take := func(until int64) {
		t.Helper()
		for highest < until {
			select {
			case seq := <-c.seqs:
				if seq > highest+1 {
					t.Fatalf("event %d came after event %d", seq, highest)
				}
				highest = max(highest, seq)
			case <-late:
				t.Fatalf("only %d events came within three minutes", highest)
			}
		}
	}
	take(events)
	stop()
	if _, err := console(t, db, "recover", "ana.beltran"); err != nil { // while the console is down
		t.Fatal(err)
	}
	for len(c.seqs) > 0 {
		<-c.seqs
	}
	stop = serveUntilStopped(t, db, "--syslog", "tcp://"+listener.Addr().String())
	take(events + 1)
	stop()
	if first := highest; first != events+1 {
		t.Errorf("the last event is %d, want %d", first, events+1)
	}
}
