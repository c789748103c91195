// Package main is the console's command line: configuration, wiring and sub-commands.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 || os.Args[1] != "eval" {
		fmt.Fprintln(os.Stderr, "usage: console eval < scenarios.jsonl")
		os.Exit(2)
	}
	if err := runEval(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "console:", err)
		os.Exit(1)
	}
}
