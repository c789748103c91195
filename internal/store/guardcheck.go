package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"gatehouse/internal/vault"
)

// check reports whether the rows of a guarded table that where chooses are as they were written here. Whoever decides on
// such rows calls it, in the same Snapshot or transaction.
func (r Reader) check(ctx context.Context, g guarded, where string, args ...any) error {
	if r.guard.keys.Zero() {
		return ErrUnguarded
	}
	macs := r.guard.keys.MACs()
	return r.eachRow(ctx, g, `SELECT `+r.plain(g)+` FROM `+g.name+` WHERE `+where, args, func(row guardedRow) error {
		if d := r.judge(macs, g, row); d != nil {
			return stopped(d)
		}
		return nil
	})
}

// whole reports whether the current rows of a guarded table are all there, and as they were written here.
func (r Reader) whole(ctx context.Context, g guarded) error {
	book, err := r.tallied(ctx)
	if d, ok := errors.AsType[*Damage](err); ok {
		return stopped(d)
	}
	if err != nil {
		return err
	}
	query := `SELECT ` + r.plain(g) + ` FROM ` + g.name
	if g.history {
		query += ` WHERE to_seq IS NULL`
	}
	var found tally
	err = r.eachRow(ctx, g, query, nil, func(row guardedRow) error {
		if d := r.judge(book.macs, g, row); d != nil {
			return stopped(d)
		}
		mac, _ := row.mac.(string)
		found.add(g.mark(book.macs, mac), 1)
		return nil
	})
	if err != nil {
		return err
	}
	if want := book.of(g.tallyName(false)); want.count != found.count || want.sum != found.sum {
		return stopped(&Damage{Table: g.name, What: wrongTally})
	}
	return nil
}

// FactorsComplete reports whether all authenticator apps, security keys and links, by which factors are reset, that were written
// are there, and as they were written. It reads all of them.
func (r Reader) FactorsComplete(ctx context.Context) error {
	for _, g := range []guarded{totpDevices, securityKeys, links} {
		if err := r.whole(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

// judge returns what is wrong with a row; nil when nothing is.
func (r Reader) judge(macs *vault.MACs, g guarded, row guardedRow) *Damage {
	mac, _ := row.mac.(string)
	switch err := macs.Check(g.canonical(nil, row), mac); {
	case errors.Is(err, vault.ErrUnknownKey):
		return &Damage{Table: g.name, Row: g.keyOf(row), What: missingKey}
	case err != nil:
		return &Damage{Table: g.name, Row: g.keyOf(row), What: wrongMAC}
	}
	return nil
}

// Inspect checks every row of every guarded table, closed ones included, every policy document and the head, and calls
// found for each damage. Call it inside Snapshot, so that all is of one moment.
func (r Reader) Inspect(ctx context.Context, found func(Damage)) error {
	book, err := r.tallied(ctx)
	if d, ok := errors.AsType[*Damage](err); ok {
		found(*d)
		book = &ledger{macs: r.guard.keys.MACs(), tallies: nil} // rows can be looked at one by one all the same
	} else if err != nil {
		return err
	}
	for _, g := range guardedTables() {
		if err := r.inspectTable(ctx, g, book, found); err != nil {
			return err
		}
	}
	return r.inspectDocuments(ctx, found)
}

func (r Reader) inspectTable(ctx context.Context, g guarded, book *ledger, found func(Damage)) error {
	seen := map[bool]*tally{false: {}, true: {}}
	err := r.eachRow(ctx, g, `SELECT `+r.plain(g)+` FROM `+g.name, nil, func(row guardedRow) error {
		if d := r.judge(book.macs, g, row); d != nil {
			found(*d)
		}
		mac, _ := row.mac.(string)
		seen[g.past(row)].add(g.mark(book.macs, mac), 1)
		return nil
	})
	if err != nil || book.tallies == nil {
		return err
	}
	for _, past := range []bool{false, true} {
		have := seen[past]
		if want := book.of(g.tallyName(past)); want.count != have.count || want.sum != have.sum {
			found(Damage{Table: g.name, What: fmt.Sprintf("%s (%d %s rows are there, %d were written)", wrongTally, have.count,
				map[bool]string{false: "current", true: "closed"}[past], want.count)})
		}
	}
	return nil
}

// inspectDocuments checks each policy document against the hash that guarded rows name it by.
func (r Reader) inspectDocuments(ctx context.Context, found func(Damage)) error {
	rows, err := r.q.QueryxContext(ctx, `SELECT hash, body FROM documents`)
	if err != nil {
		return fmt.Errorf("read the policy documents: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var hash, body string
		if err := rows.Scan(&hash, &body); err != nil {
			return fmt.Errorf("read a policy document: %w", err)
		}
		if d := judgeDocument(hash, body); d != nil {
			found(*d)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the policy documents: %w", err)
	}
	var missing []string
	err = r.list(ctx, &missing, `
		SELECT p.document_hash FROM permission_set_policies p LEFT JOIN documents d ON d.hash = p.document_hash
		WHERE p.document_hash IS NOT NULL AND d.hash IS NULL
		UNION
		SELECT v.document_hash FROM policy_versions v LEFT JOIN documents d ON d.hash = v.document_hash WHERE d.hash IS NULL`)
	for _, hash := range missing {
		found(Damage{Table: "documents", Row: "hash=" + hash, What: missingBody})
	}
	return err
}

func judgeDocument(hash, body string) *Damage {
	sum := sha256.Sum256([]byte(body))
	if hex.EncodeToString(sum[:]) == hash {
		return nil
	}
	return &Damage{Table: "documents", Row: "hash=" + hash, What: wrongBody}
}

// rows returns the guarded rows of a query whose columns are those of plain.
func (r Reader) rows(ctx context.Context, g guarded, query string, args ...any) ([]guardedRow, error) {
	var list []guardedRow
	err := r.eachRow(ctx, g, query, args, func(row guardedRow) error {
		row.values = append([]any(nil), row.values...)
		list = append(list, row)
		return nil
	})
	return list, err
}

// eachRow calls fn for each guarded row of a query; the row is valid until fn returns.
func (r Reader) eachRow(ctx context.Context, g guarded, query string, args []any, fn func(guardedRow) error) error {
	rows, err := r.q.QueryxContext(ctx, r.rebind(query), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	row := guardedRow{names: strings.Split(g.columns, ", ")}
	row.values = make([]any, len(row.names))
	targets := make([]any, len(row.values)+1)
	for i := range row.values {
		targets[i] = &row.values[i]
	}
	targets[len(row.values)] = &row.mac
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return fmt.Errorf("read a row of %s: %w", g.name, err)
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	return rows.Err()
}
