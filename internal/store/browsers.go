package store

import (
	"context"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

const browserColumns = `b.id, u.id AS user, b.trusted, b.user_agent, b.source_ip, b.created_at, b.last_used_at, b.expires_at`

// liveBrowsers are known browsers that still count: not expired, and no older than the last time that all sessions ended.
const liveBrowsers = `
	FROM known_browsers b JOIN users u ON u.pk = b.user_pk AND u.to_seq IS NULL AND u.session_epoch = b.epoch
	WHERE b.expires_at > ?`

func utcBrowser(b model.KnownBrowser) model.KnownBrowser {
	b.CreatedAt, b.LastUsedAt, b.ExpiresAt = b.CreatedAt.UTC(), b.LastUsedAt.UTC(), b.ExpiresAt.UTC()
	return b
}

// KnownBrowser returns the browser of a person whose cookie has a digest; a NotFound error when they do not know it.
func (r Reader) KnownBrowser(ctx context.Context, user model.UserID, digest string, now time.Time) (model.KnownBrowser, error) {
	var b model.KnownBrowser
	if err := r.check(ctx, knownBrowsers, ofUser+` AND digest = ?`, user, digest); err != nil {
		return b, err
	}
	err := r.found(ctx, &b, "browser", "with this cookie", `SELECT `+browserColumns+liveBrowsers+` AND u.id = ? AND b.digest = ?`,
		now.UTC(), user, digest)
	return utcBrowser(b), err
}

// KnownBrowsers returns the browsers that a person is known in, last used first.
func (r Reader) KnownBrowsers(ctx context.Context, user model.UserID, now time.Time) ([]model.KnownBrowser, error) {
	var list []model.KnownBrowser
	err := r.list(ctx, &list, `SELECT `+browserColumns+liveBrowsers+` AND u.id = ? ORDER BY b.last_used_at DESC, b.pk DESC`,
		now.UTC(), user)
	if err != nil {
		return nil, fmt.Errorf("list known browsers: %w", err)
	}
	for i, b := range list {
		list[i] = utcBrowser(b)
	}
	return list, nil
}

// Vouches reports whether a person may do without a second factor in a browser: it is trusted and counts, and a network
// was used with it before. An empty network asks for the browser alone.
func (r Reader) Vouches(ctx context.Context, user model.UserID, id model.BrowserID, network string, now time.Time) (bool, error) {
	if err := r.check(ctx, knownBrowsers, ofUser+` AND id = ?`, user, id); err != nil {
		return false, err
	}
	if err := r.check(ctx, knownNetworks, ofBrowser, id); err != nil {
		return false, err
	}
	var n int
	err := r.one(ctx, &n, `SELECT count(*)`+liveBrowsers+` AND u.id = ? AND b.id = ? AND b.trusted
		AND (? = '' OR EXISTS (SELECT 1 FROM known_networks k WHERE k.browser_pk = b.pk AND k.network = ?))`,
		now.UTC(), user, id, network, network)
	if err != nil {
		return false, fmt.Errorf("look for a trusted browser: %w", err)
	}
	return n > 0, nil
}

// ProvedIn returns the browser whose cookie has a digest if a person proved a second factor in it before, wherever it was;
// empty when they did not.
func (r Reader) ProvedIn(ctx context.Context, user model.UserID, digest string, now time.Time) (model.BrowserID, error) {
	known, err := r.KnownBrowser(ctx, user, digest, now)
	if model.KindOf(err) == model.NotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if err := r.check(ctx, knownNetworks, ofBrowser, known.ID); err != nil {
		return "", err
	}
	var n int
	if err := r.one(ctx, &n, `SELECT count(*) FROM known_networks WHERE `+ofBrowser, known.ID); err != nil {
		return "", fmt.Errorf("look for proofs in a browser: %w", err)
	}
	if n == 0 {
		return "", nil
	}
	return known.ID, nil
}

// ofBrowser chooses the networks of a browser.
const ofBrowser = `browser_pk = (SELECT pk FROM known_browsers WHERE id = ?)`

// InsertBrowser keeps a browser in which a person has just signed in, under the digest of its cookie.
func (t *Tx) InsertBrowser(ctx context.Context, b model.KnownBrowser, digest string) error {
	err := t.insert(ctx, knownBrowsers, `
		INSERT INTO known_browsers (pk, id, digest, user_pk, trusted, epoch, user_agent, source_ip, created_at, last_used_at, expires_at)
		SELECT ?, ?, ?, pk, ?, session_epoch, ?, ?, ?, ?, ? FROM users WHERE id = ? AND to_seq IS NULL`,
		t.newPK(), b.ID, digest, b.Trusted, b.UserAgent, b.SourceIP, t.now, t.now, b.ExpiresAt.UTC(), b.User)
	if err != nil {
		return fmt.Errorf("keep a browser: %w", err)
	}
	return nil
}

// UseBrowser notes that a person signed in with a browser they are known in.
func (t *Tx) UseBrowser(ctx context.Context, b model.KnownBrowser) error {
	_, err := t.amend(ctx, knownBrowsers, `trusted = ?, user_agent = ?, source_ip = ?, last_used_at = ?, expires_at = ?`, `id = ?`,
		b.Trusted, b.UserAgent, b.SourceIP, t.now, b.ExpiresAt.UTC(), b.ID)
	return err
}

// RenewBrowserCookie gives a browser another cookie, for everybody who is known in it: a copy of the old one is worthless.
func (t *Tx) RenewBrowserCookie(ctx context.Context, old, digest string) error {
	_, err := t.amend(ctx, knownBrowsers, `digest = ?`, `digest = ?`, digest, old)
	return err
}

// AddNetwork notes that a second factor was proved in a browser from a network.
func (t *Tx) AddNetwork(ctx context.Context, id model.BrowserID, network string) error {
	known, err := t.amend(ctx, knownNetworks, `proved_at = ?`, `network = ? AND `+ofBrowser, t.now, network, id)
	if err != nil || known > 0 {
		return err
	}
	return t.insert(ctx, knownNetworks, `
		INSERT INTO known_networks (browser_pk, network, proved_at) SELECT pk, ?, ? FROM known_browsers WHERE id = ?`, network, t.now, id)
}

// ForgetBrowser forgets a browser of a person; false when they are not known in it.
func (t *Tx) ForgetBrowser(ctx context.Context, user model.UserID, id model.BrowserID) (bool, error) {
	n, err := t.forgetBrowsers(ctx, `id = ? AND user_pk = (SELECT pk FROM users WHERE id = ?)`, id, user)
	return n == 1, err
}

// ForgetBrowserOf forgets the browser of a person whose cookie has a digest, if there is one.
func (t *Tx) ForgetBrowserOf(ctx context.Context, user model.UserID, digest string) error {
	_, err := t.forgetBrowsers(ctx, `digest = ? AND `+ofUser, digest, user)
	return err
}

// ForgetOtherBrowsers forgets every browser of a person but one.
func (t *Tx) ForgetOtherBrowsers(ctx context.Context, user model.UserID, but model.BrowserID) error {
	_, err := t.forgetBrowsers(ctx, `id <> ? AND user_pk = (SELECT pk FROM users WHERE id = ?)`, but, user)
	return err
}

func (t *Tx) forgetBrowsers(ctx context.Context, which string, args ...any) (int64, error) {
	_, err := t.remove(ctx, knownNetworks, `browser_pk IN (SELECT pk FROM known_browsers WHERE `+which+`)`, args...)
	if err != nil {
		return 0, fmt.Errorf("forget the networks of a browser: %w", err)
	}
	n, err := t.remove(ctx, knownBrowsers, which, args...)
	if err != nil {
		return 0, fmt.Errorf("forget a browser: %w", err)
	}
	return n, nil
}
