package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"

	"gatehouse/internal/eval"
)

// eval decides scenarios from standard input.
func (p process) eval(_ context.Context, _ config, args []string) error {
	flags := flag.NewFlagSet("eval", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	explain := flags.Bool("explain", false, "")
	if err := flags.Parse(args); err != nil {
		return p.helped(err, evalHelp)
	}
	if *explain {
		return runExplain(p.in, p.out)
	}
	return runEval(p.in, p.out)
}

// runEval reads scenarios, one JSON object a line, and writes one decision a line in
// the same order. A line that cannot be decided gets an "error" and stops nothing.
func runEval(in io.Reader, out io.Writer) error {
	return eachLine(in, out, func(line []byte) any {
		s, err := eval.ParseScenario(line)
		if err != nil {
			return evalLine{ID: s.ID, Error: err.Error()}
		}
		result, err := eval.Decide(&s.Input)
		if err != nil {
			return evalLine{ID: s.ID, Error: err.Error()}
		}
		return evalLine{ID: s.ID, Result: &result}
	})
}

// runExplain is runEval with the whole explanation on each line.
func runExplain(in io.Reader, out io.Writer) error {
	return eachLine(in, out, func(line []byte) any { return eval.ExplainScenario(line) })
}

// evalLine is an answer of console eval: a decision or an error.
type evalLine struct {
	ID string `json:"id,omitempty"`
	*eval.Result
	Error string `json:"error,omitempty"`
}

// eachLine writes answer(line) as JSON for every line that is not blank. Lines may be
// of any length.
func eachLine(in io.Reader, out io.Writer, answer func(line []byte) any) error {
	lines, written := bufio.NewReader(in), bufio.NewWriter(out)
	encoder := json.NewEncoder(written)
	encoder.SetEscapeHTML(false)
	for {
		line, err := lines.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if err := encoder.Encode(answer(line)); err != nil {
				return fmt.Errorf("write answer: %w", err)
			}
		}
		if errors.Is(err, io.EOF) {
			return written.Flush()
		}
		if err != nil {
			return errors.Join(fmt.Errorf("read line: %w", err), written.Flush())
		}
	}
}
