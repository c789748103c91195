package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"gatehouse/internal/catalog"
	"gatehouse/internal/center"
	"gatehouse/internal/handlers"
	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/syslog"
	"gatehouse/internal/vault"
	"gatehouse/web/static"
)

// open opens the database and returns the verbs over it.
func (p process) open(ctx context.Context, c config) (*center.Center, *slog.Logger, error) {
	log := p.log(c)
	db, err := store.Open(ctx, c.DB, time.Now)
	if err != nil {
		return nil, nil, err
	}
	keys, err := p.unlock(ctx, c, db, log)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	hasher, err := vault.NewHasher(vault.DefaultCost())
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	published, err := catalog.Load()
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return center.New(center.Config{
		Store: db, Vault: keys, Hasher: hasher, Limits: signin.DefaultLimits(), Catalog: published,
		Mail: c.Mail, BaseURL: c.BaseURL, Now: time.Now, Random: rand.Reader, Log: log,
	}), log, nil
}

// log is where the program says what it does.
func (p process) log(c config) *slog.Logger {
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(p.err, &slog.HandlerOptions{Level: level}))
}

// serve serves the console until the context ends, then lets running requests finish.
func (p process) serve(ctx context.Context, c config, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("serve takes no arguments, only flags: %q", args)
	}
	center, log, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer center.Store.Close()
	held, err := attend(ctx, c, center.Store)
	if err != nil {
		return err
	}
	defer held.Close()
	if exposure := store.Exposure(c.DB); exposure != "" {
		log.Warn(exposure, "instead", "sslmode=verify-full")
	}
	if !static.Built() {
		log.Warn("assets not built: run make assets")
	}
	if err := checkTrail(ctx, center, log); err != nil {
		return err
	}
	if err := center.AdoptCatalogue(ctx, model.Actor{Host: true}); err != nil {
		return fmt.Errorf("adopt the catalogue: %w", err)
	}
	var collector *syslog.Sender
	if c.Syslog != "" {
		if collector, err = syslog.NewSender(c.Syslog); err != nil {
			return err
		}
	}
	server := &http.Server{
		Handler:           handlers.New(handlers.Config{Center: center, Log: log, Now: time.Now, BaseURL: c.BaseURL, Proxies: c.Proxies}),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 60 * time.Second, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Gatehouse listens on %s\n", c.BaseURL)
	if err := p.invite(ctx, c, center); err != nil {
		return errors.Join(fmt.Errorf("make the set-up link: %w", err), listener.Close())
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var background sync.WaitGroup
	background.Go(func() { purgeDaily(ctx, center, log) })
	background.Go(func() { deliver(ctx, center, log) })
	background.Go(func() { endApprovals(ctx, center, log) })
	background.Go(func() { signHourly(ctx, center, log) })
	if collector != nil {
		background.Go(func() { ship(ctx, center, log, c.Syslog, collector) })
	}
	served := serveUntil(ctx, server, listener)
	stop()
	background.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	signTrail(last, center, log)
	return served
}

// purgeDaily forgets old rows at the start and once a day after, until the context ends.
func purgeDaily(ctx context.Context, center *center.Center, log *slog.Logger) {
	day := time.NewTicker(24 * time.Hour)
	defer day.Stop()
	for {
		if err := center.Purge(ctx); err != nil && ctx.Err() == nil {
			log.Warn("housekeeping failed, the next try is tomorrow", "error", err)
		}
		select {
		case <-day.C:
		case <-ctx.Done():
			return
		}
	}
}

// mailPause is how often the outbox is looked into.
const mailPause = 2 * time.Second

// deliver hands over e-mails as they become due, until the context ends.
func deliver(ctx context.Context, center *center.Center, log *slog.Logger) {
	if !center.SendsMail() {
		return
	}
	tick := time.NewTicker(mailPause)
	defer tick.Stop()
	for {
		if _, err := center.Deliver(ctx); err != nil && ctx.Err() == nil {
			log.Warn("e-mails not dealt with, the next try is soon", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

const grace = 20 * time.Second

func serveUntil(ctx context.Context, server *http.Server, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// version prints what was built from what.
func (p process) version(context.Context, config, []string) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("this binary carries no build information")
	}
	revision := "unknown revision"
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value
		}
	}
	_, err := fmt.Fprintf(p.out, "gatehouse %s (%s, %s)\n", info.Main.Version, revision, info.GoVersion)
	return err
}
