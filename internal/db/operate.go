package db

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrUseTools says that PostgreSQL brings its own tools for this.
var ErrUseTools = errors.New("for PostgreSQL use pg_dump and pg_restore")

// Durable reports whether a commit is on disk before it returns, and the
// settings that say so.
func (d *DB) Durable(ctx context.Context) (bool, string, error) {
	if d.Engine == Postgres {
		var fsync, commit string
		err := d.write.QueryRowContext(ctx, `SELECT current_setting('fsync'), current_setting('synchronous_commit')`).Scan(&fsync, &commit)
		return fsync == "on" && commit != "off", "fsync=" + fsync + " synchronous_commit=" + commit, err
	}
	var mode string
	var sync int
	if err := d.write.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&mode); err != nil {
		return false, "", err
	}
	err := d.write.QueryRowContext(ctx, `PRAGMA synchronous`).Scan(&sync)
	const full = 2
	return mode == "wal" && sync >= full, fmt.Sprintf("journal_mode=%s synchronous=%d", mode, sync), err
}

// Backup writes a consistent copy of an SQLite database to a new file, while
// others read and write.
func (d *DB) Backup(ctx context.Context, file string) error {
	if d.Engine == Postgres {
		return ErrUseTools
	}
	if _, err := os.Stat(file); err == nil {
		return fmt.Errorf("%s exists", file)
	}
	_, err := d.write.ExecContext(ctx, `VACUUM INTO $1`, file)
	return err
}

// Restore copies a backup to a new file and checks it. It gets a new epoch:
// what other processes remember of the database it was taken from is void.
func Restore(ctx context.Context, backup, file string) (err error) {
	in, err := os.Open(backup)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file))
		}
	}()
	if _, err := io.Copy(out, in); err != nil {
		return errors.Join(err, out.Close())
	}
	if err := errors.Join(out.Sync(), out.Close()); err != nil {
		return err
	}
	d, err := Open(ctx, file)
	if err != nil {
		return err
	}
	defer d.Close()
	var verdict string
	if err := d.read.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("the backup is damaged: %s", verdict)
	}
	_, err = d.write.ExecContext(ctx, `UPDATE head SET epoch = $1 WHERE k = 1`, rand.Text())
	return err
}
