// Package db opens the portal's database, SQLite or PostgreSQL, and hides the
// few things in which they differ. All SQL elsewhere is one text for both:
// $1 placeholders, RETURNING, ON CONFLICT.
//
// Invariant: writes go through Tx, one at a time and durable before they
// return; reads go through Read or View and never wait for a write.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Engine names the database in use.
type Engine string

// The two engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// ErrConflict is a violated UNIQUE or PRIMARY KEY constraint.
var ErrConflict = errors.New("already exists")

// readers is how many connections serve reads beside the one writer of SQLite.
const readers = 8

// DB is an open database.
type DB struct {
	Engine Engine
	write  *sql.DB
	read   *sql.DB

	mu    sync.RWMutex
	stmts map[string]*sql.Stmt // prepared reads, by their text
}

// Querier is what Tx, and the read side of a DB, have in common.
type Querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
}

// Open opens a database: a postgres:// address, or the path of an SQLite file,
// which is made when absent. It does not migrate.
func Open(ctx context.Context, dsn string) (*DB, error) {
	d := &DB{Engine: SQLite, stmts: map[string]*sql.Stmt{}}
	var err error
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		d.Engine = Postgres
		if d.write, err = sql.Open("pgx", dsn); err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
		d.write.SetMaxOpenConns(16)
		d.write.SetMaxIdleConns(8)
		d.read = d.write
	} else {
		if d.write, err = sql.Open("sqlite", sqliteDSN(dsn, "_txlock=immediate")); err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
		d.write.SetMaxOpenConns(1)
		if d.read, err = sql.Open("sqlite", sqliteDSN(dsn, "_pragma=query_only(1)")); err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
		d.read.SetMaxOpenConns(readers)
		d.read.SetMaxIdleConns(readers)
	}
	// The writer first: it makes the file and sets WAL, which readers need.
	for _, pool := range []*sql.DB{d.write, d.read} {
		if err := pool.PingContext(ctx); err != nil {
			d.Close()
			return nil, fmt.Errorf("reach database: %w", err)
		}
	}
	return d, nil
}

// sqliteDSN builds the address of an SQLite file. synchronous=FULL with WAL
// makes a commit durable before it returns: with NORMAL a power cut loses
// acknowledged writes.
func sqliteDSN(path, extra string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	return u.String() + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=cache_size(-4000)&_pragma=temp_store(MEMORY)&" + extra
}

// Close closes all connections.
func (d *DB) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	for _, s := range d.stmts {
		errs = append(errs, s.Close())
	}
	d.stmts = map[string]*sql.Stmt{}
	if d.read != nil && d.read != d.write {
		errs = append(errs, d.read.Close())
	}
	if d.write != nil {
		errs = append(errs, d.write.Close())
	}
	return errors.Join(errs...)
}

// maxStmts bounds the cache of prepared reads; texts with lists of various
// lengths would fill it for ever otherwise.
const maxStmts = 512

// stmt returns the prepared form of query for the read side.
func (d *DB) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	d.mu.RLock()
	s := d.stmts[query]
	d.mu.RUnlock()
	if s != nil {
		return s, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.stmts[query]; s != nil {
		return s, nil
	}
	if len(d.stmts) >= maxStmts {
		return nil, nil
	}
	s, err := d.read.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	d.stmts[query] = s
	return s, nil
}

// Query runs a read outside any transaction, on the newest commit.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := d.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return d.read.QueryContext(ctx, query, args...)
	}
	return s.QueryContext(ctx, args...)
}

// QueryRow is Query for one row.
func (d *DB) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := d.stmt(ctx, query)
	if err != nil || s == nil {
		return d.read.QueryRowContext(ctx, query, args...)
	}
	return s.QueryRowContext(ctx, args...)
}

// Tx is a transaction.
type Tx struct {
	Engine Engine
	tx     *sql.Tx
}

// Exec runs a statement; a violated uniqueness is ErrConflict.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	r, err := t.tx.ExecContext(ctx, query, args...)
	return r, translate(err)
}

// Query runs a query inside the transaction.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.tx.QueryContext(ctx, query, args...)
}

// QueryRow is Query for one row.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return t.tx.QueryRowContext(ctx, query, args...)
}

// Tx runs f in a write transaction: committed and durable if f returns nil,
// rolled back otherwise.
func (d *DB) Tx(ctx context.Context, f func(*Tx) error) error {
	return d.run(ctx, d.write, nil, f)
}

// View runs f on one consistent snapshot of the database.
func (d *DB) View(ctx context.Context, f func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.Engine == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return d.run(ctx, d.read, opts, f)
}

func (d *DB) run(ctx context.Context, pool *sql.DB, opts *sql.TxOptions, f func(*Tx) error) (err error) {
	tx, err := pool.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	done := false
	defer func() {
		if !done { // f failed or panicked
			_ = tx.Rollback() // the error of f says more
		}
	}()
	if err := f(&Tx{d.Engine, tx}); err != nil {
		return err
	}
	done = true
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", translate(err))
	}
	return nil
}

// translate turns the engines' own words for a violated uniqueness into
// ErrConflict.
func translate(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == "23505" {
		return fmt.Errorf("%w (%s)", ErrConflict, pg.ConstraintName)
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		switch lite.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
			return fmt.Errorf("%w (%s)", ErrConflict, lite.Error())
		}
	}
	return err
}

// Micro is a moment as the database keeps it: microseconds since 1970 in UTC,
// 0 for no time. Zoned timestamps read back differently on the two engines.
func Micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is the inverse of Micro.
func Time(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// In returns "($n,$n+1,…)" for count values from placeholder n on. An empty
// list yields a list that matches nothing.
func In(n, count int) string {
	if count == 0 {
		return "(NULL)"
	}
	var b strings.Builder
	b.WriteByte('(')
	for i := range count {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", n+i)
	}
	b.WriteByte(')')
	return b.String()
}
