package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"gatehouse/internal/audit"
	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// audit runs one of the commands about the trail.
func (p process) audit(ctx context.Context, c config, args []string) error {
	if len(args) == 0 {
		return errors.New("say what to do with the trail: verify, export or accept; see console audit --help")
	}
	switch what, rest := args[0], args[1:]; what {
	case "verify":
		return p.auditVerify(ctx, c, rest)
	case "export":
		return p.auditExport(ctx, c, rest)
	case "accept":
		return p.auditAccept(ctx, c, rest)
	case "--help", "-help", "-h", "help":
		fmt.Fprint(p.out, auditHelp)
		return nil
	}
	return fmt.Errorf("console audit %s: there is verify, export and accept; see console audit --help", args[0])
}

// words is a flag that may be given several times.
type words []string

func (w *words) String() string { return "" }

func (w *words) Set(word string) error {
	*w = append(*w, word)
	return nil
}

// The exit statuses of console audit verify beside 0.
const (
	exitBroken   = 1
	exitUnlooked = 2
)

// auditVerify looks at a whole database without changing it and reports.
func (p process) auditVerify(ctx context.Context, c config, args []string) error {
	flags := flag.NewFlagSet("audit verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	withoutKey := flags.Bool("without-key", false, "")
	var files words
	flags.Var(&files, "checkpoint", "")
	if err := flags.Parse(args); err != nil {
		return p.helped(exit{err, exitUnlooked}, auditHelp)
	}
	if flags.NArg() > 1 {
		return exit{errors.New("name one database; see console audit --help"), exitUnlooked}
	}
	location := c.DB
	if flags.NArg() == 1 {
		location = flags.Arg(0)
	}
	exported, err := readCheckpoints(files)
	if err != nil {
		return exit{err, exitUnlooked}
	}
	e, err := p.lookAt(ctx, c, location, keyless(*withoutKey), exported)
	if err != nil {
		return exit{err, exitUnlooked}
	}
	if err := p.report(e); err != nil {
		return exit{err, exitUnlooked}
	}
	if !e.Whole() {
		return exit{errors.New("the database is not as Gatehouse wrote it"), exitBroken}
	}
	return nil
}

// keyless says that nothing is looked at that needs the master key.
type keyless bool

func (p process) lookAt(ctx context.Context, c config, location string, without keyless, exported []audit.Checkpoint,
) (center.Evidence, error) {
	if strings.HasSuffix(location, ".jsonl") {
		return verifyLines(location, exported)
	}
	if without {
		db, err := store.OpenToRead(ctx, location, vault.RowKeys{})
		if err != nil {
			return center.Evidence{}, err
		}
		defer db.Close()
		return center.VerifyTrail(ctx, db, exported)
	}
	keys, err := p.keysAtHand(c)
	if errors.Is(err, fs.ErrNotExist) {
		return center.Evidence{}, fmt.Errorf("%w; name the key file with --key, or look at the chain alone with --without-key", err)
	}
	if err != nil {
		return center.Evidence{}, err
	}
	rows := keys.RowKeys()
	db, err := store.OpenToRead(ctx, location, rows)
	if err != nil {
		return center.Evidence{}, err
	}
	defer db.Close()
	return center.Verify(ctx, db, keys, exported)
}

// readCheckpoints finds the checkpoints in files, which may be logs.
func readCheckpoints(files []string) ([]audit.Checkpoint, error) {
	var list []audit.Checkpoint
	for _, name := range files {
		f, err := os.Open(name) // #nosec G304 -- a file that the operator names
		if err != nil {
			return nil, fmt.Errorf("open the checkpoints: %w", err)
		}
		before := len(list)
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if c, ok := audit.FindCheckpoint(lines.Text()); ok {
				list = append(list, c)
			}
		}
		if err := errors.Join(lines.Err(), f.Close()); err != nil {
			return nil, fmt.Errorf("read the checkpoints in %s: %w", name, err)
		}
		if len(list) == before {
			return nil, fmt.Errorf("%s has no checkpoint in it", name)
		}
	}
	return list, nil
}

// report prints what was found.
func (p process) report(e center.Evidence) error {
	out := bufio.NewWriter(p.out)
	verdict := map[bool]string{true: "whole", false: "BROKEN"}
	fmt.Fprintf(out, "trail         %s: %d events looked at, the newest whole one is %d\n", verdict[len(e.Trail) == 0], e.Events, e.Head.Seq)
	if e.Head.Seq > 0 {
		fmt.Fprintf(out, "newest hash   %s\n", e.Head.Hash)
	}
	if e.Checkpoint.KeyID != "" {
		fmt.Fprintf(out, "checkpoints   %d signed, the newest of event %d at %s\n", e.Signed, e.Checkpoint.Seq,
			e.Checkpoint.At.Format("2006-01-02 15:04:05 MST"))
	}
	if e.Exported > 0 {
		fmt.Fprintf(out, "exported      %d checkpoints compared\n", e.Exported)
	}
	if e.Guarded || len(e.Rows) > 0 {
		fmt.Fprintf(out, "rows          %s\n", verdict[len(e.Rows) == 0])
	}
	for _, list := range []struct {
		word  string
		lines []string
	}{{"trail", e.Trail}, {"rows", e.Rows}, {"note", e.Notes}} {
		for _, line := range list.lines {
			fmt.Fprintf(out, "%s: %s\n", list.word, line)
		}
	}
	return out.Flush()
}

// auditAccept goes on with a damaged database.
func (p process) auditAccept(ctx context.Context, c config, args []string) error {
	flags := flag.NewFlagSet("audit accept", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	reason := flags.String("reason", "", "")
	if err := flags.Parse(args); err != nil {
		return p.helped(err, auditHelp)
	}
	if *reason == "" || flags.NArg() > 0 {
		return errors.New("say why, for the trail: console audit accept --reason TEXT")
	}
	keys, err := p.keysAtHand(c)
	if err != nil {
		return err
	}
	rows := keys.RowKeys()
	log := p.log(c)
	db, err := store.Open(ctx, c.DB, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	held, err := claim(ctx, c, db)
	if err != nil {
		return err
	}
	defer held.Close()
	db.GuardDamaged(rows)
	e, err := center.New(center.Config{Store: db, Vault: keys, Now: time.Now, Log: log}).AcceptDamage(ctx, model.Actor{Host: true}, *reason)
	if err != nil {
		return err
	}
	if err := p.report(e); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, "\nThis was accepted: the trail says so, and goes on. What is wrong with earlier events stays wrong, "+
		"and\nconsole audit verify goes on naming it.")
	return err
}
