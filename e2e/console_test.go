package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// console is the real binary with a database of its own.
type console struct {
	t     *testing.T // whose it is; nil when tests share it
	base  string     // http://localhost:port; passkeys need the name, not the number
	db    string
	out   *output
	flags []string     // beside those for its address and database
	quit  func() error // ends the process
	pid   int          // of the process

	people []SeededUser

	mu   sync.Mutex
	used map[string]int64 // last time step used, by secret: a code is taken once

	signing sync.Mutex
	signed  map[string]*visitor // who is signed in, by user name
}

// output is what the console wrote.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// binary builds the console once for the package.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gatehouse-e2e-")
	if err != nil {
		return "", err
	}
	atEnd(func() error { return os.RemoveAll(dir) })
	path := filepath.Join(dir, "console")
	if out, err := exec.Command("go", "build", "-o", path, "../cmd/console").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the console: %w\n%s", err, out)
	}
	return path, nil
})

// startConsole runs the console over an empty database until the test ends.
func startConsole(t *testing.T) *console {
	t.Helper()
	c := newConsole(t.TempDir())
	c.must(c.start())
	c.until(t)
	return c
}

// until makes the console the test's own: it ends with it.
func (c *console) until(t *testing.T) {
	c.t = t
	t.Cleanup(func() {
		if err := c.quit(); err != nil {
			t.Error(err)
		}
	})
}

// must ends the test, or for a console that tests share the whole run.
func (c *console) must(err error) {
	if err == nil {
		return
	}
	if c.t == nil {
		panic(err)
	}
	c.t.Helper()
	c.t.Fatal(err)
}

func newConsole(dir string) *console {
	return &console{db: filepath.Join(dir, "gatehouse.db"), out: new(output), used: map[string]int64{},
		signed: map[string]*visitor{}}
}

// start runs the console on a free port and waits until it is ready.
func (c *console) start() error {
	address, err := freeAddress()
	if err != nil {
		return err
	}
	c.base = "http://" + address
	cmd, err := c.command(context.Background(), append(c.flags, "--addr", address, "serve")...)
	if err != nil {
		return err
	}
	cmd.Stdout, cmd.Stderr = c.out, c.out
	if err := cmd.Start(); err != nil {
		return err
	}
	c.pid = cmd.Process.Pid
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	c.quit = func() error {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-done:
			if err != nil {
				return fmt.Errorf("the console ended with %w:\n%s", err, c.out)
			}
			return nil
		case <-time.After(25 * time.Second):
			_ = cmd.Process.Kill()
			return errors.New("the console did not end within 25 seconds")
		}
	}
	return c.waitReady(done)
}

func (c *console) waitReady(done chan error) error {
	again, late := time.NewTicker(5*time.Millisecond), time.After(30*time.Second)
	defer again.Stop()
	for {
		if res, err := http.Get(c.base + "/readyz"); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-done:
			done <- err
			return fmt.Errorf("the console ended with %w:\n%s", err, c.out)
		case <-late:
			return fmt.Errorf("the console is not ready after 30 seconds:\n%s", c.out)
		case <-again.C:
		}
	}
}

// command is the console's binary with these arguments over its database.
func (c *console) command(ctx context.Context, args ...string) (*exec.Cmd, error) {
	path, err := binary()
	if err != nil {
		return nil, err
	}
	return exec.CommandContext(ctx, path, append([]string{"--db", c.db}, args...)...), nil
}

// SeededUser is one of the people that the sample organization begins with.
type SeededUser struct {
	UserName   string `json:"username"`
	Password   string `json:"password"`
	TOTPSecret string `json:"totpSecret"`
	Role       string `json:"role"`
}

// seed fills the database with the sample organization and keeps who its people are.
func (c *console) seed() error {
	cmd, err := c.command(context.Background(), "seed", "securecart", "--json")
	if err != nil {
		return err
	}
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	var seeded struct {
		Users []SeededUser `json:"users"`
	}
	if err := json.Unmarshal(out, &seeded); err != nil {
		return fmt.Errorf("seed: %w\n%s", err, out)
	}
	c.people = seeded.Users
	return nil
}

var setupLink = regexp.MustCompile(`https?://\S+/setup\S*`)

// SetupPath is the path of the one-time link that the console printed at its first start. The console answers as soon as
// it printed it; what it printed may be on its way a little longer.
func (c *console) SetupPath() string {
	for late := time.Now().Add(10 * time.Second); time.Now().Before(late); time.Sleep(5 * time.Millisecond) {
		if link := setupLink.FindString(c.out.String()); link != "" {
			return link[len(c.base):]
		}
	}
	c.must(fmt.Errorf("no set-up link was printed:\n%s", c.out))
	return ""
}

// Code is a one-time code that was not used before: the next one when this one was.
func (c *console) Code(secret string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	step := max(time.Now().Unix()/30, c.used[secret]+1)
	c.used[secret] = step
	code, err := totp.GenerateCode(secret, time.Unix(step*30, 0))
	c.must(err)
	return code
}

// freeAddress is a port that nobody listens on now.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return "localhost:" + port, err
}
