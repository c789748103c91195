package e2e

import (
	"bytes"
	"context"
	"encoding/json"
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
	t    *testing.T
	base string // http://localhost:port; passkeys need the name, not the number
	db   string
	out  *output
	used map[string]int64 // last time step used, by secret: a code is taken once
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

// binaryDir is where the console is built; it goes when the tests end.
var binaryDir string

// binary builds the console once for the package.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gatehouse-e2e-")
	if err != nil {
		return "", err
	}
	binaryDir = dir
	path := filepath.Join(dir, "console")
	if out, err := exec.Command("go", "build", "-o", path, "../cmd/console").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the console: %w\n%s", err, out)
	}
	return path, nil
})

func removeBinary() {
	if binaryDir != "" {
		_ = os.RemoveAll(binaryDir)
	}
}

// startConsole runs the console on a free port until the test ends.
func startConsole(t *testing.T) *console {
	t.Helper()
	c := &console{t: t, db: filepath.Join(t.TempDir(), "gatehouse.db"), out: new(output), used: map[string]int64{}}
	c.Restart()
	return c
}

// Restart starts the console over the same database; what runs already ends with the test.
func (c *console) Restart() {
	c.t.Helper()
	address := freeAddress(c.t)
	c.base = "http://" + address
	cmd := c.command(context.Background(), "--addr", address, "serve")
	cmd.Stdout, cmd.Stderr = c.out, c.out
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	c.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-done:
			if err != nil {
				c.t.Errorf("the console ended with %v:\n%s", err, c.out)
			}
		case <-time.After(25 * time.Second):
			_ = cmd.Process.Kill()
			c.t.Error("the console did not end within 25 seconds")
		}
	})
	c.waitReady(done)
}

func (c *console) waitReady(done chan error) {
	c.t.Helper()
	again, late := time.NewTicker(20*time.Millisecond), time.After(30*time.Second)
	defer again.Stop()
	for {
		if res, err := http.Get(c.base + "/readyz"); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case err := <-done:
			done <- err
			c.t.Fatalf("the console ended with %v:\n%s", err, c.out)
		case <-late:
			c.t.Fatalf("the console is not ready after 30 seconds:\n%s", c.out)
		case <-again.C:
		}
	}
}

// command is the console's binary with these arguments over its database.
func (c *console) command(ctx context.Context, args ...string) *exec.Cmd {
	c.t.Helper()
	path, err := binary()
	if err != nil {
		c.t.Fatal(err)
	}
	return exec.CommandContext(ctx, path, append([]string{"--db", c.db}, args...)...)
}

// SeededUser is one of the people that the sample organization begins with.
type SeededUser struct {
	UserName   string `json:"username"`
	Password   string `json:"password"`
	TOTPSecret string `json:"totpSecret"`
	Role       string `json:"role"`
}

// Seed fills the database with the sample organization and returns its people.
func (c *console) Seed() []SeededUser {
	c.t.Helper()
	out, err := c.command(c.t.Context(), "seed", "securecart", "--json").Output()
	if err != nil {
		c.t.Fatalf("seed: %v", err)
	}
	var seeded struct {
		Users []SeededUser `json:"users"`
	}
	if err := json.Unmarshal(out, &seeded); err != nil {
		c.t.Fatalf("seed: %v\n%s", err, out)
	}
	return seeded.Users
}

var setupLink = regexp.MustCompile(`https?://\S+/setup\S*`)

// SetupPath is the path of the one-time link that the console printed at its first start.
func (c *console) SetupPath() string {
	c.t.Helper()
	link := setupLink.FindString(c.out.String())
	if link == "" {
		c.t.Fatalf("no set-up link was printed:\n%s", c.out)
	}
	return link[len(c.base):]
}

// Code is a one-time code that was not used before: the next one when this one was.
func (c *console) Code(secret string) string {
	c.t.Helper()
	step := max(time.Now().Unix()/30, c.used[secret]+1)
	c.used[secret] = step
	code, err := totp.GenerateCode(secret, time.Unix(step*30, 0))
	if err != nil {
		c.t.Fatal(err)
	}
	return code
}

// freeAddress is a port that nobody listens on now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return "localhost:" + port
}
