package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

// recover prints a one-time link with which a person chooses a new password and enrols a new second factor.
func (p process) recover(ctx context.Context, c config, args []string) error {
	flags := flag.NewFlagSet("recover", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	administrator := flags.Bool("administrator", false, "")
	name, err := oneArgument(flags, args)
	if err != nil {
		return fmt.Errorf("%w; use: console recover [--administrator] <user name>", err)
	}
	center, _, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer center.Store.Close()
	token, err := center.Recover(ctx, model.Actor{Host: true}, name, *administrator)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "%s/invite/%s\n\nOpen this link within 15 minutes. It works once: %s chooses a new password and "+
		"sets up a new authenticator app.\n", c.BaseURL, token.Reveal(), name)
	return err
}

// oneArgument reads flags that may stand before or after the only argument.
func oneArgument(flags *flag.FlagSet, args []string) (string, error) {
	var words []string
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return "", err
		}
		args = flags.Args()
		if len(args) > 0 {
			words, args = append(words, args[0]), args[1:]
		}
	}
	if len(words) != 1 {
		return "", errors.New("name one person")
	}
	return words[0], nil
}

// invite prints the one-time set-up link as long as there is no organization.
func (p process) invite(ctx context.Context, c config, center *center.Center) error {
	token, needed, err := center.SetUpLink(ctx, model.Actor{Host: true})
	if err != nil || !needed {
		return err
	}
	_, err = fmt.Fprintf(p.out, "\nSet up Gatehouse here, within 15 minutes:\n\n  %s/setup/%s\n\n", c.BaseURL, token.Reveal())
	return err
}
