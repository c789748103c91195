package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"gatehouse/internal/audit"
	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// auditExport writes the trail as JSON lines.
func (p process) auditExport(ctx context.Context, c config, args []string) error {
	flags := flag.NewFlagSet("audit export", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	format := flags.String("format", "jsonl", "")
	after := flags.Int64("after", 0, "")
	if err := flags.Parse(args); err != nil {
		return p.helped(err, auditHelp)
	}
	location := c.DB
	switch {
	case *format != "jsonl":
		return fmt.Errorf("--format %s: the only format is jsonl", *format)
	case flags.NArg() > 1:
		return errors.New("name one database; see console audit --help")
	case flags.NArg() == 1:
		location = flags.Arg(0)
	}
	db, err := store.OpenToRead(ctx, location, vault.RowKeys{})
	if err != nil {
		return err
	}
	defer db.Close()
	out := bufio.NewWriter(p.out)
	err = db.EachEvent(ctx, *after, func(e model.Event) error {
		line, err := audit.Line(e)
		if err != nil {
			return err
		}
		_, err = out.Write(append(line, '\n'))
		return err
	})
	return errors.Join(err, out.Flush())
}

// verifyLines looks at a trail that was exported as JSON lines.
func verifyLines(path string, exported []audit.Checkpoint) (center.Evidence, error) {
	f, err := os.Open(path) // #nosec G304 -- a file that the operator names
	if err != nil {
		return center.Evidence{}, fmt.Errorf("open the events: %w", err)
	}
	defer f.Close()
	return center.VerifyEvents(func(fn func(model.Event) error) error {
		lines := bufio.NewReader(f)
		for {
			text, err := lines.ReadBytes('\n')
			if len(text) > 1 {
				e, parseErr := audit.ParseLine(text)
				if parseErr != nil {
					return parseErr
				}
				if err := fn(e); err != nil {
					return err
				}
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("read the events: %w", err)
			}
		}
	}, exported)
}
