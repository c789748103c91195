package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// console is the binary under measurement, and while it runs, its process.
type console struct {
	binary, db, key string
	base            string // http://localhost:port
	process         *exec.Cmd
}

// person is somebody of the sample who can sign in.
type person struct {
	UserName   string `json:"username"`
	Password   string `json:"password"`
	TOTPSecret string `json:"totpSecret"`
	Role       string `json:"role"`
}

// seed plants the sample organization and returns its people, the administrator first.
func (c *console) seed(ctx context.Context) ([]person, error) {
	// #nosec G204 -- the binary that is measured
	cmd := exec.CommandContext(ctx, c.binary, "--db", c.db, "--key", c.key, "seed", "securecart", "--json")
	cmd.Stderr = os.Stderr
	printed, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	var sample struct{ Users []person }
	if err := json.Unmarshal(printed, &sample); err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	if len(sample.Users) == 0 || sample.Users[0].Role != "administrator" {
		return nil, errors.New("seed: no administrator stands first")
	}
	return sample.Users, nil
}

// start starts the process on a free port and returns as soon as it is ready.
func (c *console) start(ctx context.Context) error {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(l.Addr().String()) // of a listener it always is host and port
	if err := l.Close(); err != nil {
		return err
	}
	address := "localhost:" + port
	c.base = "http://" + address
	// #nosec G204 -- the binary that is measured
	c.process = exec.CommandContext(ctx, c.binary, "--addr", address, "--db", c.db, "--key", c.key, "serve")
	c.process.Stderr = nil
	if err := c.process.Start(); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if res, err := http.Get(c.base + "/readyz"); err == nil {
			_ = res.Body.Close() // nothing of it is used
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	return errors.Join(ctx.Err(), c.stop())
}

// stop ends the process and waits for it.
func (c *console) stop() error {
	if err := c.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return c.process.Wait()
}
