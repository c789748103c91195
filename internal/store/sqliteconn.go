package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"modernc.org/sqlite"
)

// preparing opens connections to SQLite that prepare a query once and keep it, as pgx does for PostgreSQL: to read a query
// takes SQLite longer than to answer most of ours.
type preparing struct{ driver.Connector }

func newPreparing(dsn string) (preparing, error) {
	base, err := sqlite.NewConnector(dsn)
	return preparing{base}, err
}

// Connect opens a connection.
func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	base, ok := opened.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("store: a connection of the type %T", opened), opened.Close())
	}
	return &preparedConn{sqliteConn: base, idle: map[string]sqliteStmt{}}, nil
}

// sqliteConn is what the driver's connections can do and database/sql makes use of.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// What a connection keeps: statements of a few KB each, of which the product has some 300. Those with a list of values have a
// text for each length of it; the long ones take much memory, seldom come again, and are not kept.
const (
	mostPrepared    = 512
	longestPrepared = 4096 // bytes of the text
)

// preparedConn is one connection. Like every driver.Conn it is used by one goroutine at a time.
type preparedConn struct {
	sqliteConn
	idle map[string]sqliteStmt // by text; one that is in use is not here
}

// ExecContext implements driver.ExecerContext.
func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	stmt, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := stmt.ExecContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, stmt.Close())
	}
	return result, c.put(query, stmt)
}

// QueryContext implements driver.QueryerContext.
func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, stmt.Close())
	}
	return &preparedRows{Rows: rows, of: c, query: query, stmt: stmt}, nil
}

// take gives a statement away until it is put back.
func (c *preparedConn) take(ctx context.Context, query string) (sqliteStmt, error) {
	if stmt, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return stmt, nil
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	stmt, ok := prepared.(sqliteStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("store: a statement of the type %T", prepared), prepared.Close())
	}
	return stmt, nil
}

// put keeps a statement for the next time, in the place of any other where there are too many.
func (c *preparedConn) put(query string, stmt sqliteStmt) error {
	if _, ok := c.idle[query]; ok || len(query) > longestPrepared {
		return stmt.Close() // in the first case it was asked for again while it was in use
	}
	var err error
	if len(c.idle) >= mostPrepared {
		for other, stmt := range c.idle {
			delete(c.idle, other)
			err = stmt.Close()
			break
		}
	}
	c.idle[query] = stmt
	return err
}

// Close closes the statements and the connection.
func (c *preparedConn) Close() error {
	errs := make([]error, 0, len(c.idle)+1)
	for _, stmt := range c.idle {
		errs = append(errs, stmt.Close())
	}
	clear(c.idle)
	return errors.Join(append(errs, c.sqliteConn.Close())...)
}

// preparedRows are rows of a statement that is put back when they have been read.
type preparedRows struct {
	driver.Rows
	of    *preparedConn
	query string
	stmt  sqliteStmt
}

// Close implements driver.Rows.
func (r *preparedRows) Close() error {
	if err := r.Rows.Close(); err != nil {
		return errors.Join(err, r.stmt.Close())
	}
	return r.of.put(r.query, r.stmt)
}
