// Command console is Gatehouse: the server and the tools around it. It owns configuration, wiring and the life of the
// process, and leaves everything worth a unit test to the packages it starts.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // whoever does not wait for the end of what runs asks a second time
	p := process{args: os.Args[1:], getenv: os.Getenv, in: os.Stdin, out: os.Stdout, err: os.Stderr}
	if err := p.run(ctx); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "console: "+err.Error())
		os.Exit(statusOf(err))
	}
}

// exit is an error with an exit status of its own; others have 1.
type exit struct {
	error
	status int
}

func (e exit) Unwrap() error { return e.error }

func statusOf(err error) int {
	if e, ok := errors.AsType[exit](err); ok {
		return e.status
	}
	return 1
}

// process is what a command gets from the operating system, so that a test can stand in for it.
type process struct {
	args   []string
	getenv func(string) string
	in     io.Reader
	out    io.Writer
	err    io.Writer
}

// command is a sub-command.
type command struct {
	name, summary string
	run           func(p process, ctx context.Context, c config, args []string) error
}

func commands() []command {
	return []command{
		{"serve", "serve the console (the default)", process.serve},
		{"eval", "decide scenarios: JSON lines in, one decision a line out; see eval --help", process.eval},
		{"validate", "check policy documents; see validate --help", process.validate},
		{"audit", "verify the trail, export it, or accept damage; see audit --help", process.audit},
		{"keys", "show, rotate or forget master keys; see keys --help", process.keys},
		{"recover", "the way back in: print a one-time link for a person; --administrator lets them administer", process.recover},
		{"approvals", "approvals off: one administrator is enough again, when nobody is left to approve", process.approvals},
		{"routes", "list every address, who may use it, and which action it needs", process.routes},
		{"seed", "make the sample organization: seed securecart [--json]", process.seed},
		{"version", "print the version", process.version},
	}
}

// run reads flags and environment and runs the named command; flags may stand before or after its name.
func (p process) run(ctx context.Context) error {
	config, rest, err := load(p.getenv, p.args, p.err)
	if err != nil {
		return err
	}
	name := "serve"
	if len(rest) > 0 {
		name, rest = rest[0], rest[1:]
	}
	for _, c := range commands() {
		if c.name == name {
			return c.run(p, ctx, config, rest)
		}
	}
	return fmt.Errorf("there is no command %q; see console --help", name)
}
