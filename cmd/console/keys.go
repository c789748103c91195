package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

const keysHelp = `NAME
    console keys - show, rotate or forget master keys

SYNOPSIS
    console keys show
    console keys rotate
    console keys forget ID

DESCRIPTION
    The master key is not in the database: it is in the file that --key names, made with mode 0600 at the first start, or
    in the variable GATEHOUSE_MASTER_KEY. Secrets of authenticator apps are sealed under it; MACs of rows, signatures of
    checkpoints and secrets of role credentials come from it. A key has an id of eight hex digits, which reveals nothing
    about it. With several keys the first one seals, and all of them open.

    show     lists the ids, and what rests under each. It never prints a key.

    rotate   draws a new key, puts it first in the file, and brings everything that rests under earlier keys under it, in
             one transaction. Stop every console first; this is refused while one runs. When it is interrupted, at
             whatever moment, the database can be read with the file as it is: run it again and it goes on. With the
             variable, put a new key of 32 random bytes in hex in front, a comma, and the earlier one, and run it: it only
             brings things over.

    forget   takes a key out of the file, when nothing rests under it any more. Keep a copy of it as long as you keep
             backups from before: they need it.

    Role credentials that were issued before a rotation come from the earlier key until they end, twelve hours at most:
    "show" says until when. So a rotation leaves the earlier key in the file.

EXIT STATUS
    0, or 1 when it could not be done

EXAMPLES
    console keys rotate && console keys show
    console keys forget 3fa96c01
`

// keys runs one of the commands about the master keys.
func (p process) keys(ctx context.Context, c config, args []string) error {
	switch {
	case len(args) == 1 && args[0] == "show":
		return p.keysShow(ctx, c)
	case len(args) == 1 && args[0] == "rotate":
		return p.keysRotate(ctx, c)
	case len(args) == 2 && args[0] == "forget":
		return p.keysForget(ctx, c, args[1])
	case len(args) == 1 && slices.Contains([]string{"--help", "-help", "-h", "help"}, args[0]):
		fmt.Fprint(p.out, keysHelp)
		return nil
	}
	return errors.New("use: console keys show, console keys rotate, or console keys forget ID; see console keys --help")
}

// keysShow lists the ids of the keys and what rests under each.
func (p process) keysShow(ctx context.Context, c config) error {
	uses, err := p.keyUses(ctx, c)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tUSE\tMACS\tSECRETS\tCHECKPOINTS\tROLE CREDENTIALS")
	for _, k := range uses {
		use := "opens"
		switch {
		case k.Seals:
			use = "seals"
		case !k.AtHand:
			use = "NOT AT HAND"
		case k.Unused():
			use = "opens; nothing needs it"
		}
		until := ""
		if !k.NeededUntil.IsZero() {
			until = k.NeededUntil.Format(" until 2006-01-02 15:04 MST")
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%d%s\n", k.ID, use, k.MACs, k.Secrets, k.Checkpoints, k.RoleSecrets, until)
	}
	return table.Flush()
}

func (p process) keyUses(ctx context.Context, c config) ([]center.KeyUse, error) {
	keys, err := p.keysAtHand(c)
	if err != nil {
		return nil, err
	}
	rows := keys.RowKeys()
	db, err := store.OpenToRead(ctx, c.DB, rows)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return center.KeyUses(ctx, db.Reader, keys, time.Now())
}

// keysRotate brings everything under a new key. The key file comes first: at every moment it has the keys of whatever the
// database has.
func (p process) keysRotate(ctx context.Context, c config) error {
	before, log, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer before.Store.Close()
	held, err := claim(ctx, c, before.Store)
	if err != nil {
		return fmt.Errorf("%w: stop every console first", err)
	}
	defer held.Close()
	uses, err := center.KeyUses(ctx, before.Store.Reader, before.Vault, time.Now())
	if err != nil {
		return err
	}
	pending := slices.ContainsFunc(uses, func(k center.KeyUse) bool { return !k.Seals && k.MACs+k.Secrets+k.Checkpoints > 0 })
	switch {
	case pending:
		fmt.Fprintln(p.out, "A rotation was begun before: going on with it.")
	case p.getenv(masterKeyVariable) != "":
		return fmt.Errorf("everything rests under the first key in %s already: put a new one in front of it, 32 random bytes in hex "+
			"and a comma, and run this again", masterKeyVariable)
	default:
		if err := vault.PrependKey(c.Key, rand.Reader); err != nil {
			return err
		}
	}
	keys, err := p.unlock(ctx, c, before.Store, log)
	if err != nil {
		return err
	}
	config := before.Config
	config.Vault = keys
	done, err := center.New(config).RotateKeys(ctx, model.Actor{Host: true})
	if err != nil {
		return fmt.Errorf("%w\nThe database can be read as before; run console keys rotate again to go on", err)
	}
	fmt.Fprintf(p.out, "Everything rests under master key %s now: %d secrets, %d MACs, %d checkpoints.\n"+
		"The earlier key stays in the key file: role credentials that were issued before come from it, and backups from before\n"+
		"need it. console keys show says until when; console keys forget ID takes it out.\n",
		keys.KeyID(), done.Secrets, done.MACs, done.Checkpoints)
	return nil
}

// keysForget takes a key that nothing needs out of the file.
func (p process) keysForget(ctx context.Context, c config, id string) error {
	if p.getenv(masterKeyVariable) != "" {
		return fmt.Errorf("the keys are in %s: take it out there", masterKeyVariable)
	}
	uses, err := p.keyUses(ctx, c)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(uses, func(k center.KeyUse) bool { return k.ID == id && k.AtHand })
	switch {
	case at < 0:
		return fmt.Errorf("there is no master key %s in %s; console keys show lists them", id, c.Key)
	case !uses[at].Unused():
		return fmt.Errorf("master key %s is needed: console keys show says what for", id)
	}
	if err := vault.RemoveKey(c.Key, id); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "Master key %s is out of %s. A running console forgets it when it starts again.\n", id, c.Key)
	return err
}
