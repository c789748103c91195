package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"gatehouse/internal/handlers"
)

// routes prints the route table, a line each, for people and for tests.
func (p process) routes(context.Context, config, []string) error {
	table := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	for _, r := range handlers.Routes() {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.Method, r.Path, r.Who, r.Action)
	}
	return table.Flush()
}
