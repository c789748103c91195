package syslog_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/syslog"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 5000, time.UTC)

func message(n int) syslog.Message {
	return syslog.Message{Severity: syslog.Notice, At: noon, ID: "trail", Text: fmt.Sprintf(`{"seq":%d}`, n),
		Data: []syslog.Param{{Name: "seq", Value: fmt.Sprint(n)}}}
}

func messages(from, to int) (list []syslog.Message) {
	for n := from; n <= to; n++ {
		list = append(list, message(n))
	}
	return list
}

func sender(t *testing.T, destination string) *syslog.Sender {
	t.Helper()
	s, err := syslog.NewSender(destination)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// form is what RFC 5424 §6 prescribes, as far as it is used.
var form = regexp.MustCompile(`^<(\d{1,3})>1 2026-11-20T12:00:00\.000005Z [!-~]{1,255} gatehouse \d+ trail \[gatehouse@32473( [a-z]+="(?:[^"\\\]]|\\["\\\]])*")*\] (.*)$`)

func TestAMessageHasTheFormOfRFC5424(t *testing.T) {
	s := sender(t, "udp://127.0.0.1:514")
	m := message(1)
	m.Data = append(m.Data, syslog.Param{Name: "action", Value: `a "quoted" \ ] value`})
	text := s.Form(m)
	parts := form.FindStringSubmatch(text)
	if parts == nil || parts[1] != "109" || parts[3] != `{"seq":1}` {
		t.Errorf("Form() = %s", text)
	}
	if m.Severity, m.ID = syslog.Warning, "with space\nand a very long name that goes on"; !strings.HasPrefix(s.Form(m), "<108>1 ") ||
		!strings.Contains(s.Form(m), " withspaceandaverylongnamethatgoe [") {
		t.Errorf("Form() = %s", s.Form(m))
	}
}

func TestADestinationThatCannotBeReadIsRefused(t *testing.T) {
	for _, destination := range []string{"", "localhost:514", "udp://localhost", "tcp://:514", "http://localhost:514",
		"unix://dev/log", "unix:relative", "tcp://u:p@host:1", "tcp://host:1/path", "tls://host", "tls://host:1/path"} {
		if _, err := syslog.NewSender(destination); err == nil {
			t.Errorf("%q was taken", destination)
		}
	}
}

func TestDatagramsCarryAMessageEach(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	for destination, listen := range map[string]func() (net.PacketConn, error){
		"udp":            func() (net.PacketConn, error) { return net.ListenPacket("udp", "127.0.0.1:0") },
		"unix://" + path: func() (net.PacketConn, error) { return net.ListenPacket("unixgram", path) },
	} {
		listener, err := listen()
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		if destination == "udp" {
			destination += "://" + listener.LocalAddr().String()
		}
		long := message(4)
		long.Text, long.Short = strings.Repeat("x", 70_000), "short"
		if err := sender(t, destination).Send(t.Context(), append(messages(1, 3), long)); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`{"seq":1}`, `{"seq":2}`, `{"seq":3}`, "short"} {
			buffer := make([]byte, 1<<16)
			if err := listener.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
				t.Fatal(err)
			}
			n, _, err := listener.ReadFrom(buffer)
			if err != nil {
				t.Fatal(err)
			}
			if parts := form.FindStringSubmatch(string(buffer[:n])); parts == nil || parts[3] != want {
				t.Errorf("%s: got %s, want %s", destination, buffer[:n], want)
			}
		}
	}
}

// collect reads messages of a stream, led by their lengths, until it ends.
func collect(r io.Reader) (texts []string, err error) {
	stream := bufio.NewReader(r)
	for {
		var length int
		if _, err := fmt.Fscanf(stream, "%d", &length); err != nil {
			return texts, err
		}
		if _, err := stream.ReadByte(); err != nil {
			return texts, err
		}
		text := make([]byte, length)
		if _, err := io.ReadFull(stream, text); err != nil {
			return texts, err
		}
		parts := form.FindStringSubmatch(string(text))
		if parts == nil {
			return texts, fmt.Errorf("%s is no message", text)
		}
		texts = append(texts, parts[3])
	}
}

func TestAStreamThatIsCutIsNoticedAndGoneOnWith(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	s := sender(t, "tcp://"+listener.Addr().String())
	got := make(chan []string)
	serve := func(most int) {
		conn, err := listener.Accept()
		if err != nil {
			t.Error(err)
			return
		}
		if most == 0 { // a collector that goes away before it reads anything
			conn.Close()
			got <- nil
			return
		}
		texts, _ := collect(conn)
		got <- texts
	}
	go serve(0)
	if err := s.Send(t.Context(), messages(1, 3)); err == nil {
		t.Error("the collector was gone, and nothing was said")
	}
	<-got
	go serve(1)
	for _, batch := range [][]syslog.Message{messages(1, 3), messages(4, 4)} {
		if err := s.Send(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if texts := <-got; len(texts) != 4 || texts[3] != `{"seq":4}` {
		t.Errorf("the collector got %q", texts)
	}
}

func TestACollectorThatIsNotThereIsAnError(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	for _, destination := range []string{"tcp://" + address, "unix://" + filepath.Join(t.TempDir(), "none")} {
		if err := sender(t, destination).Send(context.WithoutCancel(t.Context()), messages(1, 1)); err == nil {
			t.Errorf("%s: nothing was said", destination)
		}
	}
}
