package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"gatehouse/internal/model"
)

// insert runs an INSERT into a guarded table and makes the MACs of the new rows.
func (t *Tx) insert(ctx context.Context, g guarded, query string, args ...any) error {
	_, err := t.inserted(ctx, g, query, args...)
	return err
}

// inserted is insert for a query that may choose nothing; it returns how many rows there are more.
func (t *Tx) inserted(ctx context.Context, g guarded, query string, args ...any) (int, error) {
	rows, err := t.rows(ctx, g, query+` RETURNING `+t.plain(g), args...)
	if err != nil {
		return 0, err
	}
	return len(rows), t.sign(ctx, g, rows)
}

// amend changes the rows of a guarded table that where chooses, and their MACs; args are those of set, then those of where.
// It returns how many rows there were. A row that does not match its MAC is not changed: its new MAC would hide that.
func (t *Tx) amend(ctx context.Context, g guarded, set, where string, args ...any) (int64, error) {
	before, err := t.chosen(ctx, g, set, where, args)
	if err != nil {
		return 0, err
	}
	for _, row := range before {
		if d := t.judge(t.ledger.macs, g, row); d != nil {
			return 0, stopped(d)
		}
	}
	return t.change(ctx, g, before, set, where, args)
}

// end is amend for what takes a right away. A row that does not match its MAC gives none: it stays as it is, so that whoever
// wrote it is not kept in by it, and counts as lost, so that it is found even if it is put right again. So does one that names
// a key that is not at hand, because whoever writes a row chooses the name. The table's key is pk. It returns how many rows give
// no right any more, those among them.
func (t *Tx) end(ctx context.Context, g guarded, set, where string, args ...any) (int64, error) {
	before, err := t.chosen(ctx, g, set, where, args)
	if err != nil {
		return 0, err
	}
	for part := range slices.Chunk(before, mostMarks) {
		sound := t.lose(g, part)
		values := slices.Clone(args[:strings.Count(set, "?")])
		for _, row := range sound {
			values = append(values, row.value("pk"))
		}
		if _, err := t.change(ctx, g, sound, set, `pk IN (`+marks(len(sound))+`)`, values); err != nil {
			return 0, err
		}
	}
	return int64(len(before)), nil
}

// chosen are the rows that where chooses.
func (t *Tx) chosen(ctx context.Context, g guarded, set, where string, args []any) ([]guardedRow, error) {
	return t.rows(ctx, g, `SELECT `+t.plain(g)+` FROM `+g.name+` WHERE `+where, args[strings.Count(set, "?"):]...)
}

// change changes rows as they were before, and makes their MACs anew.
func (t *Tx) change(ctx context.Context, g guarded, before []guardedRow, set, where string, args []any) (int64, error) {
	if len(before) == 0 {
		return 0, nil
	}
	after, err := t.rows(ctx, g, `UPDATE `+g.name+` SET `+set+` WHERE `+where+` RETURNING `+t.plain(g), args...)
	if err != nil {
		return 0, err
	}
	t.count(g, before, -1)
	return int64(len(after)), t.sign(ctx, g, after)
}

// remove deletes the rows of a guarded table that where chooses, whatever they say, and returns how many. One that does not
// match its MAC counts as lost: it may have been made to be chosen.
func (t *Tx) remove(ctx context.Context, g guarded, where string, args ...any) (int64, error) {
	gone, err := t.rows(ctx, g, `DELETE FROM `+g.name+` WHERE `+where+` RETURNING `+t.plain(g), args...)
	if err != nil {
		return 0, err
	}
	t.count(g, t.lose(g, gone), -1)
	return int64(len(gone)), nil
}

// sign makes the MACs of rows that were written in this transaction.
func (t *Tx) sign(ctx context.Context, g guarded, rows []guardedRow) error {
	keys := strings.Split(g.key, ", ")
	update := `UPDATE ` + g.name + ` SET mac = ? WHERE ` + strings.Join(keys, " = ? AND ") + ` = ?`
	for i, row := range rows {
		mac := t.ledger.macs.Of(g.canonical(nil, row))
		args := []any{mac}
		for _, key := range keys {
			args = append(args, row.value(key))
		}
		if err := t.exec(ctx, update, args...); err != nil {
			return fmt.Errorf("keep a MAC in %s: %w", g.name, err)
		}
		rows[i].mac = mac
	}
	t.count(g, rows, 1)
	return nil
}

// count adds rows to the tallies of their table, or with -1 takes them out.
func (t *Tx) count(g guarded, rows []guardedRow, by int64) {
	for _, row := range rows {
		mac, _ := row.mac.(string)
		t.ledger.of(g.tallyName(g.past(row))).add(g.mark(t.ledger.macs, mac), by)
	}
}

// lose takes the rows that do not match their MACs out of the count of their table, and returns the others. The sum stays: that
// of a row as it was written is missing until damage is accepted, whatever becomes of the one that stands in its place.
func (t *Tx) lose(g guarded, rows []guardedRow) (sound []guardedRow) {
	for _, row := range rows {
		if t.judge(t.ledger.macs, g, row) == nil {
			sound = append(sound, row)
			continue
		}
		t.ledger.of(g.tallyName(g.past(row))).add([sha256.Size]byte{}, -1)
	}
	return sound
}

// neverGuarded starts the tallies of a database that has none. One that has checkpoints, or an event that says that it
// was guarded, had them: they were taken away.
func (t *Tx) neverGuarded(ctx context.Context) error {
	var traces int
	err := t.one(ctx, &traces, `
		SELECT (SELECT count(*) FROM checkpoints) + (SELECT count(*) FROM events WHERE action = ?)`, model.ActGuardRows)
	if err != nil {
		return fmt.Errorf("look for traces of earlier MACs: %w", err)
	}
	if traces > 0 {
		return stopped(&Damage{Table: "head", What: "its MAC and its tallies were taken away"})
	}
	t.ledger, err = readLedger(t.guard.keys, "")
	return err
}

// mostAdopted is how many rows are held in memory while MACs are made for all rows of a table.
const mostAdopted = 5000

// adopt makes the MACs of tables that have none yet, and records how many rows that were. A head with a MAC says which
// tables are guarded; rows under a head without one never were.
func (t *Tx) adopt(ctx context.Context) (adopted int, err error) {
	if adopted, err = t.signAll(ctx); err != nil || adopted == 0 {
		return 0, err
	}
	return adopted, t.Record(ctx, model.Event{ActorName: "host", Action: model.ActGuardRows, Outcome: model.Done,
		Objects: []model.Ref{{Kind: model.RefInstallation, Name: "Database"}},
		Summary: fmt.Sprintf("Made the first MACs of %d rows; what they were until then was taken as it was", adopted)})
}

// signAll makes the MACs and the tally of every table that has no tally, and returns of how many rows.
func (t *Tx) signAll(ctx context.Context) (signed int, err error) {
	for _, g := range guardedTables() {
		if t.ledger.tallies[g.tallyName(false)] != nil {
			continue
		}
		t.ledger.of(g.tallyName(false))
		for n := mostAdopted; n == mostAdopted; signed += n {
			rows, err := t.rows(ctx, g, `SELECT `+t.plain(g)+` FROM `+g.name+` WHERE mac = '' LIMIT ?`, mostAdopted)
			if err != nil {
				return 0, err
			}
			if err := t.sign(ctx, g, rows); err != nil {
				return 0, err
			}
			n = len(rows)
		}
	}
	return signed, nil
}
