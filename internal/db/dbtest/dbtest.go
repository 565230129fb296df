// Package dbtest gives tests real databases, SQLite and PostgreSQL, fresh for
// each test. The PostgreSQL server is started by the test binary itself, on a
// socket in a temporary directory, and dies with it.
package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"concord/internal/db"
)

// Each runs f as a subtest on each engine, on an empty migrated database.
func Each(t *testing.T, f func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// SQLite returns a migrated SQLite database in a file of its own.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "concord.db"))
}

// Postgres returns a migrated PostgreSQL database of its own.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	return open(t, PostgresDSN(t))
}

func open(t testing.TB, dsn string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

var (
	once    sync.Once
	server  string // address of the server without a database name
	failed  error
	counter atomic.Int64
)

// PostgresDSN returns the address of a new empty database, dropped at the end
// of the test.
func PostgresDSN(t testing.TB) string {
	t.Helper()
	once.Do(func() { server, failed = start() })
	if failed != nil {
		t.Fatalf("start PostgreSQL: %v\n(the script ./check installs what the tests need)", failed)
	}
	name := fmt.Sprintf("t%d_%d", os.Getpid(), counter.Add(1))
	admin := func(statement string) error {
		c, err := sql.Open("pgx", fmt.Sprintf(server, "postgres"))
		if err != nil {
			return err
		}
		defer c.Close()
		_, err = c.ExecContext(context.Background(), statement)
		return err
	}
	if err := admin("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return fmt.Sprintf(server, name)
}

// start makes a cluster and runs a server on it. The server is bound to this
// process: it is killed when the test binary ends, however that happens.
func start() (string, error) {
	bin, err := binaries()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "concord-pg-")
	if err != nil {
		return "", err
	}
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
	if os.Getuid() == 0 { // PostgreSQL refuses to run as root
		u, err := user.Lookup("postgres")
		if err != nil {
			return "", err
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(dir, uid, gid); err != nil {
			return "", err
		}
	}
	data := filepath.Join(dir, "data")
	command := func(name string, args ...string) *exec.Cmd {
		c := exec.Command(filepath.Join(bin, name), args...)
		c.Dir, c.SysProcAttr = dir, attr
		return c
	}
	if out, err := command("initdb", "-D", data, "-U", "concord", "-A", "trust", "-E", "UTF8", "--locale=C", "-N").CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w\n%s", err, out)
	}
	// A shell in between, so that the directory goes when the server has gone.
	c := exec.Command("/bin/sh", "-c", `"$0" -D "$1/data" -k "$1" -h "" -F -c max_connections=200 -c shared_buffers=64MB >"$1/log" 2>&1 & pid=$!
trap 'kill -INT $pid' INT TERM; wait $pid; wait $pid; rm -rf "$1"`, filepath.Join(bin, "postgres"), dir)
	c.Dir, c.SysProcAttr = dir, attr
	if err := c.Start(); err != nil {
		return "", err
	}
	address := "postgres://concord@/%s?host=" + dir
	for range 200 {
		probe, err := sql.Open("pgx", fmt.Sprintf(address, "postgres"))
		if err != nil {
			return "", err
		}
		err = probe.Ping()
		probe.Close()
		if err == nil {
			return address, nil
		}
		failed = err
		time.Sleep(50 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log"))
	return "", errors.Join(failed, errors.New(string(log)))
}

// binaries finds the newest server that Debian installed.
func binaries() (string, error) {
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(dirs) == 0 {
		return "", errors.New("no PostgreSQL server under /usr/lib/postgresql; install the package postgresql")
	}
	slices.SortFunc(dirs, func(a, b string) int { return strings.Compare(a, b) })
	return filepath.Dir(dirs[len(dirs)-1]), nil
}
