package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

type mailRow struct {
	ID, Kind, Recipient, Subject, Body, State, Problem string
	UserID                                             sql.NullString
	Attempts                                           int
	CreatedAt, NextAt, ExpiresAt                       time.Time
	SettledAt                                          sql.NullTime
}

const selectMail = `
	SELECT m.id, m.kind, u.id AS user_id, m.recipient, m.subject, m.body, m.state, m.attempts, m.problem, m.created_at, m.next_at,
		m.expires_at, m.settled_at
	FROM outbox m LEFT JOIN users u ON u.pk = m.user_pk`

func (r mailRow) mail() (model.Mail, error) {
	body, err := base64.StdEncoding.DecodeString(r.Body)
	if err != nil {
		return model.Mail{}, fmt.Errorf("decode the sealed text of e-mail %s: %w", r.ID, err)
	}
	return model.Mail{ID: model.MailID(r.ID), Kind: model.MailKind(r.Kind), User: model.UserID(r.UserID.String), Recipient: r.Recipient,
		Subject: r.Subject, Body: body, State: model.MailState(r.State), Attempts: r.Attempts, Problem: r.Problem,
		CreatedAt: r.CreatedAt.UTC(), NextAt: r.NextAt.UTC(), ExpiresAt: r.ExpiresAt.UTC(), SettledAt: utcTime(r.SettledAt)}, nil
}

// Outbox returns the newest e-mails, newest first. Wishes that were not worked on yet are not among them.
func (r Reader) Outbox(ctx context.Context, most int) ([]model.Mail, error) {
	return r.mails(ctx, selectMail+` WHERE m.kind <> ? ORDER BY m.created_at DESC, m.pk DESC LIMIT ?`, model.MailForgotten, most)
}

func (r Reader) mails(ctx context.Context, query string, args ...any) ([]model.Mail, error) {
	var rows []mailRow
	if err := r.list(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	list := make([]model.Mail, len(rows))
	for i, row := range rows {
		var err error
		if list[i], err = row.mail(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// CountMail returns how many e-mails are in each state.
func (r Reader) CountMail(ctx context.Context) (map[model.MailState]int, error) {
	var rows []struct {
		State model.MailState
		Times int
	}
	err := r.list(ctx, &rows, `SELECT state, count(*) AS times FROM outbox WHERE kind <> ? GROUP BY state`, model.MailForgotten)
	if err != nil {
		return nil, fmt.Errorf("count e-mails: %w", err)
	}
	counts := map[model.MailState]int{}
	for _, row := range rows {
		counts[row.State] = row.Times
	}
	return counts, nil
}

// InsertMail puts an e-mail into the outbox. Body must be sealed.
func (t *Tx) InsertMail(ctx context.Context, m model.Mail) error {
	err := t.exec(ctx, `
		INSERT INTO outbox (pk, id, kind, user_pk, recipient, subject, body, state, attempts, problem, created_at, next_at, expires_at)
		VALUES (?, ?, ?, (SELECT pk FROM users WHERE id = ? AND to_seq IS NULL), ?, ?, ?, ?, 0, '', ?, ?, ?)`,
		t.newPK(), m.ID, m.Kind, m.User, m.Recipient, m.Subject, base64.StdEncoding.EncodeToString(m.Body), model.MailQueued, t.now,
		t.now, m.ExpiresAt.UTC())
	if err != nil {
		return fmt.Errorf("put an e-mail into the outbox: %w", err)
	}
	return nil
}

// MailDue reports whether an e-mail waits to be sent at a moment.
func (r Reader) MailDue(ctx context.Context, now time.Time) (bool, error) {
	var n int
	err := r.one(ctx, &n, `SELECT count(*) FROM outbox WHERE state = ? AND next_at <= ?`, model.MailQueued, now.UTC())
	if err != nil {
		return false, fmt.Errorf("look into the outbox: %w", err)
	}
	return n > 0, nil
}

// TakeMail returns the e-mails that are due, oldest first, and keeps them from others for so long: whoever takes them
// settles or postpones each within that time. Each counts as an attempt before it is made.
func (t *Tx) TakeMail(ctx context.Context, most int, hold time.Duration) ([]model.Mail, error) {
	due, err := t.mails(ctx, selectMail+` WHERE m.state = ? AND m.next_at <= ? ORDER BY m.next_at, m.pk LIMIT ?`,
		model.MailQueued, t.now, most)
	if err != nil {
		return nil, err
	}
	for i := range due {
		due[i].Attempts++
		err := t.exec(ctx, `UPDATE outbox SET next_at = ?, attempts = ? WHERE id = ?`, t.now.Add(hold), due[i].Attempts, due[i].ID)
		if err != nil {
			return nil, fmt.Errorf("take an e-mail: %w", err)
		}
	}
	return due, nil
}

// SettleMail notes that an e-mail was sent or given up, and forgets its text. One that was settled before stays as it is.
func (t *Tx) SettleMail(ctx context.Context, id model.MailID, state model.MailState, problem string) error {
	return t.exec(ctx, `
		UPDATE outbox SET state = ?, body = '', problem = ?, settled_at = ? WHERE id = ? AND state = ?`,
		state, problem, t.now, id, model.MailQueued)
}

// PostponeMail notes why an e-mail could not be handed over and when to try again.
func (t *Tx) PostponeMail(ctx context.Context, id model.MailID, until time.Time, problem string) error {
	return t.exec(ctx, `UPDATE outbox SET next_at = ?, problem = ? WHERE id = ? AND state = ?`,
		until.UTC(), problem, id, model.MailQueued)
}

// DropMail takes a wish out of the outbox; false when somebody else did before.
func (t *Tx) DropMail(ctx context.Context, id model.MailID) (bool, error) {
	n, err := t.affected(ctx, `DELETE FROM outbox WHERE id = ? AND state = ?`, id, model.MailQueued)
	return n == 1, err
}
