package app

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"concord/internal/audit"
	"concord/internal/db"
	"concord/internal/record"
)

// connect opens the database that the flags name.
func connect(ctx context.Context, from source) (*db.DB, error) {
	dsn, err := from.dsn()
	if err != nil {
		return nil, err
	}
	return db.Open(ctx, dsn)
}

// portal opens the portal that the flags name, for a command beside a server.
func (s *source) portal(ctx context.Context) (*Portal, error) {
	dsn, err := s.dsn()
	if err != nil {
		return nil, err
	}
	modules, err := Modules()
	if err != nil {
		return nil, err
	}
	return Open(ctx, Options{Database: dsn}, modules...)
}

func runMigrate(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	dry := fs.Bool("dry-run", false, "only say what would be done")
	if err := parse(fs, args); err != nil {
		return err
	}
	d, err := connect(ctx, from)
	if err != nil {
		return err
	}
	defer d.Close()
	have, newest, err := d.Version(ctx)
	if err != nil {
		return err
	}
	if *dry {
		fmt.Fprintf(e.out, "schema %d, this release has %d\n", have, newest)
		return nil
	}
	applied, err := d.Migrate(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "schema %d, %d steps applied\n", newest, len(applied))
	return nil
}

// finding is one thing that doctor looked at.
type finding struct {
	Check string `json:"check"`
	OK    bool   `json:"ok"`
	Found string `json:"found"`
}

func runDoctor(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	asJSON := fs.Bool("json", false, "findings as JSON")
	if err := parse(fs, args); err != nil {
		return err
	}
	d, err := connect(ctx, from)
	if err != nil {
		return err
	}
	defer d.Close()
	findings, err := examine(ctx, d)
	if err != nil {
		return err
	}
	bad := 0
	for _, f := range findings {
		if !f.OK {
			bad++
		}
	}
	if *asJSON {
		if err := json.NewEncoder(e.out).Encode(findings); err != nil {
			return err
		}
	} else {
		for _, f := range findings {
			word := "ok  "
			if !f.OK {
				word = "BAD "
			}
			fmt.Fprintf(e.out, "%s %-28s %s\n", word, f.Check, f.Found)
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d findings need attention", bad)
	}
	return nil
}

func examine(ctx context.Context, d *db.DB) ([]finding, error) {
	have, newest, err := d.Version(ctx)
	if err != nil {
		return nil, err
	}
	findings := []finding{{"schema", have == newest, fmt.Sprintf("%d of %d", have, newest)}}
	durable, found, err := d.Durable(ctx)
	if err != nil {
		return nil, err
	}
	findings = append(findings, finding{"commits are durable", durable, found})
	if have != newest {
		return findings, nil
	}
	entries, err := auditGap(ctx, d)
	if err != nil {
		findings = append(findings, finding{"audit trail", false, err.Error()})
	} else {
		findings = append(findings, finding{"audit trail", true, fmt.Sprintf("%d entries, no gap", entries)})
	}
	records, listed, err := record.Count(ctx, d)
	if err != nil {
		return nil, err
	}
	return append(findings, finding{"list entries", records == listed, fmt.Sprintf("%d for %d records", listed, records)}), nil
}

func runAuditVerify(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	if err := parse(fs, args); err != nil {
		return err
	}
	d, err := connect(ctx, from)
	if err != nil {
		return err
	}
	defer d.Close()
	n, err := auditGap(ctx, d)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%d entries, no gap\n", n)
	return nil
}

// auditGap counts the trail and says where an entry is missing.
func auditGap(ctx context.Context, d *db.DB) (int64, error) {
	n, err := audit.Verify(ctx, d)
	if err != nil {
		return n, fmt.Errorf("audit trail: %w", err)
	}
	return n, nil
}

func runBackup(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	if err := parse(fs, args); err != nil {
		return err
	}
	if fs.NArg() != 1 {
		return wrongUse("name the file to write")
	}
	d, err := connect(ctx, from)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Backup(ctx, fs.Arg(0)); err != nil {
		return err
	}
	fmt.Fprintln(e.out, "written", fs.Arg(0))
	return nil
}

// runRestore puts a backup into an empty data folder under a new epoch, so
// that nothing kept in memory of the old database is taken for current.
func runRestore(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	if err := parse(fs, args); err != nil {
		return err
	}
	if fs.NArg() != 1 || from.data == "" {
		return wrongUse("name the backup, and the data folder with -data")
	}
	file, err := dataFile(from.data)
	if err != nil {
		return err
	}
	if _, err := os.Stat(file); err == nil {
		return fmt.Errorf("%s exists: restore into an empty folder", file)
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := db.Restore(ctx, fs.Arg(0), file); err != nil {
		return err
	}
	fmt.Fprintln(e.out, "restored to", filepath.Dir(file))
	return nil
}

func runVersion(_ context.Context, e env, fs *flag.FlagSet, args []string) error {
	if err := parse(fs, args); err != nil {
		return err
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("built without version information")
	}
	fmt.Fprintln(e.out, "concord", info.Main.Version, info.GoVersion)
	return nil
}
