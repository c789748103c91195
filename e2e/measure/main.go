// Command measure owns the figures of the console as people meet it: how fast the real binary starts, how heavy its main
// pages are and how long they take, signed in, on the sample organization. It prints a table for docs/performance.md and
// leaves figures of single parts to the benchmarks beside them.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

func main() {
	binary := flag.String("console", "bin/console", "the binary to measure")
	db := flag.String("db", "", "an empty database to use instead of a new SQLite file, such as postgres://…")
	rounds := flag.Int("rounds", 100, "how often each page is asked for")
	flag.Parse()
	// Whatever ends the program, a reader who goes away included, ends the console under measurement too.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGPIPE)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	if err := measure(ctx, os.Stdout, *binary, *db, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

// starts is how often the start is measured; the median is told.
const starts = 5

func measure(ctx context.Context, out io.Writer, binary, db string, rounds int) error {
	folder, err := os.MkdirTemp("", "gatehouse-measure-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	c := &console{binary: binary, db: db, key: filepath.Join(folder, "master.key")}
	if db == "" {
		c.db = filepath.Join(folder, "gatehouse.db")
	}
	info, err := os.Stat(binary)
	if err != nil {
		return fmt.Errorf("%w: run make build", err)
	}
	fmt.Fprintf(out, "binary: %.1f MB\n", float64(info.Size())/1e6)
	if err := measureStart(ctx, out, c, "first start, which makes the tables", 1); err != nil {
		return err
	}
	if err := measureStart(ctx, out, c, "start, empty", starts); err != nil {
		return err
	}
	people, err := c.seed(ctx)
	if err != nil {
		return err
	}
	if err := measureStart(ctx, out, c, "start, sample organization", starts); err != nil {
		return err
	}
	if err := c.start(ctx); err != nil {
		return err
	}
	defer c.stop()
	v, err := signIn(ctx, c.base, people[0])
	if err != nil {
		return err
	}
	return measurePages(ctx, out, v, rounds)
}

// measureStart tells the median time from starting the process to its being ready.
func measureStart(ctx context.Context, out io.Writer, c *console, what string, times int) error {
	var took []time.Duration
	for range times {
		begun := time.Now()
		if err := c.start(ctx); err != nil {
			return err
		}
		took = append(took, time.Since(begun))
		if err := c.stop(); err != nil {
			return err
		}
	}
	slices.Sort(took)
	fmt.Fprintf(out, "%s: %d ms\n", what, took[len(took)/2].Milliseconds())
	return nil
}

// measurePages asks for every page in turn, rounds times, and tells its weight, p50 and p99.
func measurePages(ctx context.Context, out io.Writer, v *visitor, rounds int) error {
	pages, err := mainPages(ctx, v)
	if err != nil {
		return err
	}
	took := make([][]time.Duration, len(pages))
	for range rounds {
		for i, p := range pages {
			begun := time.Now()
			if _, err := v.page(ctx, p.path); err != nil {
				return err
			}
			took[i] = append(took[i], time.Since(begun))
		}
	}
	fmt.Fprintf(out, "\n| page | p50 ms | p99 ms | HTML KB | gzip KB | scripts, styles, icons, font, KB as sent |\n|---|---|---|---|---|---|\n")
	for i, p := range pages {
		slices.Sort(took[i])
		weight, err := v.weigh(ctx, p.path)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "| %s | %.1f | %.1f | %.1f | %.1f | %.1f |\n", p.name, ms(quantile(took[i], 50)), ms(quantile(took[i], 99)),
			kb(weight.html), kb(weight.zipped), kb(weight.assets))
	}
	return nil
}

// quantile is the time that so many per cent of sorted times do not exceed.
func quantile(sorted []time.Duration, percent int) time.Duration {
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func kb(bytes int) float64 { return float64(bytes) / 1000 }
