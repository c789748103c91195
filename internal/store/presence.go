package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jmoiron/sqlx"
)

// ErrOthersPresent says that another process is present at the database.
var ErrOthersPresent = errors.New("another console is at work on this database")

// Attend says to other processes on a PostgreSQL that this one is at work, beside others, until it is closed or the
// process ends. ErrOthersPresent when one has the database to itself.
func (s *Store) Attend(ctx context.Context) (io.Closer, error) {
	return s.present(ctx, `SELECT pg_try_advisory_lock_shared(hashtext('gatehouse console ' || current_schema()))`)
}

// Claim takes a PostgreSQL for this process alone, until it is closed or the process ends. ErrOthersPresent when a process
// attends or claims it.
func (s *Store) Claim(ctx context.Context) (io.Closer, error) {
	return s.present(ctx, `SELECT pg_try_advisory_lock(hashtext('gatehouse console ' || current_schema()))`)
}

func (s *Store) present(ctx context.Context, lock string) (io.Closer, error) {
	if s.dialect.name != postgresDialect.name {
		return nil, errors.New("presence is told on PostgreSQL alone")
	}
	conn, err := s.writer.Connx(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to tell of the presence: %w", err)
	}
	var free bool
	if err := conn.GetContext(ctx, &free, lock); err != nil {
		return nil, errors.Join(fmt.Errorf("tell of the presence: %w", err), conn.Close())
	}
	if !free {
		return nil, errors.Join(ErrOthersPresent, conn.Close())
	}
	return presence{conn}, nil
}

// presence is a connection that holds a lock of the session.
type presence struct{ *sqlx.Conn }

// goodbye is how long giving the lock back may take: a server that does not answer notices by itself that the connection ended.
const goodbye = 3 * time.Second

// Close gives the lock back before the pool may hand the connection to somebody else. Where the server does not answer, the
// connection is given up.
func (p presence) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	_, err := p.ExecContext(ctx, `SELECT pg_advisory_unlock_all()`)
	return errors.Join(err, p.Conn.Close())
}
