package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/jmoiron/sqlx"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"gatehouse/internal/model"
)

// dialect is all that differs between the engines outside the migrations.
type dialect struct {
	name     string             // part of migration file names
	snapshot sql.IsolationLevel // isolation of a read that must see one moment
	turn     string             // begins a transaction of the migrations, so that processes that start together take turns
	settle   string             // ends it: tells the engine what it would understand otherwise
}

var (
	sqliteDialect = dialect{name: "sqlite", snapshot: sql.LevelDefault, turn: "", settle: ""}

	postgresDialect = dialect{name: "postgres", snapshot: sql.LevelRepeatableRead,
		turn: `SELECT pg_advisory_xact_lock(hashtext('gatehouse ' || current_schema()))`, settle: widen}
)

// widen makes numbers as wide and texts ordered as SQLite has them: 64 bits for INTEGER, which PostgreSQL gives 32, and
// the order of bytes whatever the locale of the server. It passes over columns that are so already.
const widen = `DO $$
DECLARE change text;
BEGIN
	FOR change IN
		SELECT format('ALTER TABLE %s %s', r.oid::regclass, string_agg(format('ALTER COLUMN %I TYPE %s', a.attname,
			CASE WHEN a.atttypid = 'integer'::regtype THEN 'bigint' ELSE 'text COLLATE "C"' END), ', '))
		FROM pg_class r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE r.relkind = 'r' AND r.relnamespace = current_schema()::regnamespace AND (a.atttypid = 'integer'::regtype
			OR a.atttypid = 'text'::regtype AND a.attcollation <> '"C"'::regcollation)
		GROUP BY r.oid
	LOOP
		EXECUTE change;
	END LOOP;
END $$`

// Pragmas belong to a connection, so they stand in the data source name and nowhere else. synchronous(FULL) is what
// makes an acknowledged commit survive a power cut.
const sqlitePragmas = "_time_format=sqlite&_timezone=UTC&_dqs=0&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)" +
	"&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)"

const mostReaders = 8

func connect(ctx context.Context, location string, now func() time.Time) (*Store, error) {
	if err := CheckLocation(location); err != nil {
		return nil, err
	}
	if IsPostgres(location) {
		return connectPostgres(ctx, location, now)
	}
	return connectSQLite(ctx, strings.TrimPrefix(location, "sqlite://"), now)
}

func connectSQLite(ctx context.Context, path string, now func() time.Time) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w", err)
	}
	if err := createPrivate(path); err != nil {
		return nil, err
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + sqlitePragmas
	writer, err := openSQLite(ctx, dsn+"&_txlock=immediate", 1)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	readers, err := openSQLite(ctx, dsn+"&_pragma=query_only(1)", mostReaders)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), writer.Close())
	}
	return newStore(writer, readers, sqliteDialect, now), nil
}

// connectToRead connects to a database that is there, for reading alone.
func connectToRead(ctx context.Context, location string) (*Store, error) {
	if err := CheckLocation(location); err != nil {
		return nil, err
	}
	if IsPostgres(location) {
		u, err := url.Parse(location)
		if err != nil {
			return nil, errPostgresURL
		}
		query := u.Query()
		query.Set("default_transaction_read_only", "on")
		u.RawQuery = query.Encode()
		return connectPostgres(ctx, u.String(), time.Now)
	}
	path := strings.TrimPrefix(location, "sqlite://")
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=ro&_pragma=query_only(1)&_dqs=0&_pragma=busy_timeout(5000)"
	if _, err := os.Stat(path + "-wal"); errors.Is(err, os.ErrNotExist) {
		dsn += "&immutable=1" // nobody has it open: then it may lie in a folder that nothing can be written to
	}
	readers, err := openSQLite(ctx, dsn, 1)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if _, err := readers.ExecContext(ctx, `SELECT count(*) FROM sqlite_schema`); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), readers.Close())
	}
	return newStore(readers, readers, sqliteDialect, time.Now), nil
}

// IsPostgres reports whether a location is a postgres:// URL; another one is a file.
func IsPostgres(location string) bool {
	return strings.HasPrefix(location, "postgres://") || strings.HasPrefix(location, "postgresql://")
}

var schemed = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)

// CheckLocation refuses the URL of something else, which would become a file of that name. The error has its scheme alone: a
// password may follow.
func CheckLocation(location string) error {
	if scheme := schemed.FindString(location); scheme != "" && scheme != "sqlite://" && !IsPostgres(location) {
		return fmt.Errorf("a database is a file or a postgres:// URL, not a %s URL", scheme)
	}
	return nil
}

// createPrivate makes sure that the file exists with mode 0600 before SQLite would create it with a wider one.
func createPrivate(path string) error {
	// #nosec G304 -- the database file, which the operator names
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	return f.Close()
}

func connectPostgres(ctx context.Context, dsn string, now func() time.Time) (*Store, error) {
	dsn, err := encrypted(dsn)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	shared := pool(db, "pgx", 2*mostReaders)
	if err := shared.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("connect to PostgreSQL: %w", err), shared.Close())
	}
	return newStore(shared, shared, postgresDialect, now), nil
}

// openSQLite opens a pool of connections to SQLite, and tries again for a while where another process is in its way.
func openSQLite(ctx context.Context, dsn string, most int) (*sqlx.DB, error) {
	connector, err := newPreparing(dsn)
	if err != nil {
		return nil, err
	}
	db := pool(sql.OpenDB(connector), "sqlite", most)
	err = db.PingContext(ctx)
	for tries := 0; isBusy(err) && tries < 100; tries++ {
		time.Sleep(50 * time.Millisecond)
		err = db.PingContext(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func pool(db *sql.DB, driver string, most int) *sqlx.DB {
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	named := sqlx.NewDb(db, driver)
	named.MapperFunc(columnName)
	return named
}

func newStore(writer, readers *sqlx.DB, d dialect, now func() time.Time) *Store {
	return &Store{Reader: Reader{q: readers, guard: new(guard)}, readers: readers, writer: writer, dialect: d,
		gate: make(chan struct{}, 1), now: now}
}

// isBusy reports whether SQLite refused because of another process, as it does without waiting while that one turns a new
// file into one with a write-ahead log.
func isBusy(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

// isUnique reports whether a write broke a uniqueness rule.
func isUnique(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "23505"
}

// brokenRule reports whether err says that a uniqueness rule was broken by a column (as SQLite names it) or an index (as
// PostgreSQL does).
func brokenRule(err error, column, index string) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.ConstraintName == index
	}
	return err != nil && strings.Contains(err.Error(), column)
}

// unavailable turns "the disk is full" and its like into an error that people may see; other errors pass through.
func unavailable(err error) error {
	full := false
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY:
			full = true
		}
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		full = strings.HasPrefix(e.Code, "53") // insufficient resources
	}
	if !full {
		return err
	}
	return fmt.Errorf("%w (%w)", &model.Error{Kind: model.Unavailable,
		Message: "The database cannot be written to at the moment; its disk may be full. Nothing was changed."}, err)
}
