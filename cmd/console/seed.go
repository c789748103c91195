package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"text/tabwriter"

	"gatehouse/internal/model"
	"gatehouse/internal/securecart"
	"gatehouse/internal/vault"
)

// seeded is what a script needs to sign in as somebody of the sample. It is printed once and kept nowhere.
type seeded struct {
	UserName   string `json:"username"`
	Password   string `json:"password"`
	TOTPSecret string `json:"totpSecret"`
	Role       string `json:"role"`
}

// seed makes the sample organization in an empty database and prints its people's credentials, once.
func (p process) seed(ctx context.Context, c config, args []string) error {
	flags := flag.NewFlagSet("seed", flag.ContinueOnError)
	flags.SetOutput(p.err)
	asJSON := flags.Bool("json", false, "print JSON, for scripts")
	if len(args) == 0 || args[0] != "securecart" {
		return errors.New("say which sample: console seed securecart [--json]")
	}
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	center, _, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer center.Store.Close()
	if center.Catalog.Empty() {
		fmt.Fprintln(p.err, "console: AWS's managed policies are not built in, so sets that attach them grant nothing from them yet: run make assets")
	}

	host := model.Actor{Host: true}
	planted, err := securecart.Seed(ctx, center, host)
	if err != nil {
		return err
	}
	var people []seeded
	for _, person := range planted.People {
		password := "cart-" + rand.Text()[:16]
		secret, err := center.ProvisionCredentials(ctx, host, person.ID, vault.Secret(password))
		if err != nil {
			return err
		}
		people = append(people, seeded{person.UserName, password, secret, person.Role})
	}
	if *asJSON {
		return json.NewEncoder(p.out).Encode(map[string][]seeded{"users": people})
	}
	return p.printPeople(c, people)
}

func (p process) printPeople(c config, people []seeded) error {
	fmt.Fprintf(p.out, "SecureCart is planted. Sign in at %s; each password and authenticator secret is shown this once.\n\n", c.BaseURL)
	table := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ROLE\tUSER NAME\tPASSWORD\tAUTHENTICATOR SECRET")
	for _, s := range people {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", s.Role, s.UserName, s.Password, s.TOTPSecret)
	}
	return table.Flush()
}
