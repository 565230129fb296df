package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer is a database that a later release has already migrated.
var ErrNewer = errors.New("the database is of a newer release than this program")

// Migrate brings the database to this release's schema and returns the
// versions it applied. Files are named NNNNN_what.sql; one that only concerns
// an engine is named NNNNN_what.sqlite.sql or NNNNN_what.postgres.sql.
func (d *DB) Migrate(ctx context.Context) ([]int64, error) {
	p, newest, err := d.provider()
	if err != nil {
		return nil, err
	}
	switch have, err := p.GetDBVersion(ctx); {
	case err != nil:
		return nil, fmt.Errorf("read schema version: %w", err)
	case have > newest:
		return nil, fmt.Errorf("%w: it has schema %d, this program knows %d", ErrNewer, have, newest)
	}
	results, err := p.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	var applied []int64
	for _, r := range results {
		applied = append(applied, r.Source.Version)
	}
	return applied, nil
}

// Version returns the schema version of the database and the newest this
// program knows.
func (d *DB) Version(ctx context.Context) (have, newest int64, err error) {
	p, newest, err := d.provider()
	if err != nil {
		return 0, 0, err
	}
	have, err = p.GetDBVersion(ctx)
	return have, newest, err
}

func (d *DB) provider() (*goose.Provider, int64, error) {
	steps, err := d.steps()
	if err != nil {
		return nil, 0, err
	}
	dialect := goose.DialectSQLite3
	opts := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(steps...)}
	if d.Engine == Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker() // several copies may start at once
		if err != nil {
			return nil, 0, err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, d.write, nil, opts...)
	if err != nil {
		return nil, 0, fmt.Errorf("read migrations: %w", err)
	}
	return p, steps[len(steps)-1].Version, nil
}

// steps reads the embedded files that concern this engine, in order.
func (d *DB) steps() ([]*goose.Migration, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var steps []*goose.Migration
	for _, name := range names {
		base := strings.TrimSuffix(strings.TrimPrefix(name, "migrations/"), ".sql")
		if _, engine, ok := strings.Cut(base, "."); ok && Engine(engine) != d.Engine {
			continue
		}
		number, _, _ := strings.Cut(base, "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		steps = append(steps, goose.NewGoMigration(version, &goose.GoFunc{
			RunTx: func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, string(text))
				return err
			},
		}, nil))
	}
	return steps, nil
}
