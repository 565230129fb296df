package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"concord/internal/db"
	"concord/internal/db/dbtest"
)

func TestTransactions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		add := func(tx *db.Tx, key string) error {
			_, err := tx.Exec(ctx, `INSERT INTO once (key, result, at) VALUES ($1, $2, $3)`, key, "", 0)
			return err
		}
		if err := d.Tx(ctx, func(tx *db.Tx) error { return add(tx, "a") }); err != nil {
			t.Fatal(err)
		}
		err := d.Tx(ctx, func(tx *db.Tx) error { return add(tx, "a") })
		if !errors.Is(err, db.ErrConflict) {
			t.Errorf("second insert of one key = %v, want ErrConflict", err)
		}
		stop := errors.New("stop")
		err = d.Tx(ctx, func(tx *db.Tx) error {
			if err := add(tx, "b"); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Errorf("failed transaction = %v, want its own error", err)
		}
		var n int
		if err := d.QueryRow(ctx, `SELECT count(*) FROM once`).Scan(&n); err != nil || n != 1 {
			t.Errorf("rows after a rollback = %d, %v, want 1", n, err)
		}
		err = d.View(ctx, func(tx *db.Tx) error { return add(tx, "c") })
		if err == nil {
			t.Error("a write inside View succeeded")
		}
	})
}

func TestMigrateIsRepeatable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		applied, err := d.Migrate(t.Context())
		if err != nil || len(applied) != 0 {
			t.Errorf("second Migrate = %v, %v, want nothing to do", applied, err)
		}
		have, newest, err := d.Version(t.Context())
		if err != nil || have != newest {
			t.Errorf("Version = %d, %d, %v", have, newest, err)
		}
	})
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		err := d.Tx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)`, 99999, true)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Migrate(ctx); !errors.Is(err, db.ErrNewer) {
			t.Errorf("Migrate = %v, want ErrNewer", err)
		}
	})
}

func TestMicro(t *testing.T) {
	at := time.Date(2026, 11, 22, 3, 4, 5, 678901000, time.FixedZone("", 2*3600))
	if got := db.Time(db.Micro(at)); !got.Equal(at) || got.Location() != time.UTC {
		t.Errorf("got %v, want %v in UTC", got, at)
	}
	if !db.Time(db.Micro(time.Time{})).IsZero() {
		t.Error("no time did not survive")
	}
}
