// Package app puts the portal together, modules and all, and is its command
// line.
//
// Invariant: this is the only package that knows which modules there are.
package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// Exit statuses of the program.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// env is where a command runs: its streams and settings are arguments, so that
// tests can run it.
type env struct {
	out, err io.Writer
	getenv   func(string) string
}

// command is one subcommand.
type command struct {
	name    string // "account add"
	usage   string // what follows the name
	does    string // one line
	example string
	run     func(ctx context.Context, e env, fs *flag.FlagSet, args []string) error
}

// errUsage is a wrong use of a command, already explained.
var errUsage = errors.New("wrong use")

// wrongUse is errUsage with what is wrong.
func wrongUse(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errUsage}, args...)...)
}

func commands() []command {
	return []command{
		{"demo", "[-addr A] [-data DIR] [-empty] [-json]", "a portal to try, with demonstration content", "concord demo", runDemo},
		{"serve", "-addr A [-data DIR | -database URL]", "the portal", "concord serve -addr 127.0.0.1:8080 -data /var/lib/concord", runServe},
		{"migrate", "[-data DIR | -database URL] [-dry-run]", "bring the database to this release", "concord migrate -data /var/lib/concord", runMigrate},
		{"doctor", "[-data DIR | -database URL] [-json]", "look for what is wrong with an installation", "concord doctor -data /var/lib/concord", runDoctor},
		{"backup", "[-data DIR] FILE", "a consistent copy while the portal runs", "concord backup -data /var/lib/concord /backup/concord.db", runBackup},
		{"restore", "[-data DIR] FILE", "put a backup in place of an empty data folder", "concord restore -data /var/lib/concord /backup/concord.db", runRestore},
		{"account add", "-party CODE -name NAME -email ADDRESS -role ROLE[,ROLE] [-lang L]", "make an account and print its one-time link", "concord account add -party KEN -name 'A. Mwangi' -email a@example.org -role focal-point", runAccountAdd},
		{"account list", "[-party CODE]", "list accounts", "concord account list -party KEN", runAccountList},
		{"account disable", "EMAIL", "close an account at once", "concord account disable a@example.org", runAccountDisable},
		{"token add", "-account EMAIL [-name N] [-scopes read,write] [-days 90]", "make an API token and print it", "concord token add -account a@example.org -scopes read", runTokenAdd},
		{"token revoke", "ID", "take a token back", "concord token revoke 01kq…", runTokenRevoke},
		{"import", "[-format F] [-as PARTY] [-kind K] [-visibility A] [-dry-run] [-json] FILE…", "take records in", "concord import -data /var/lib/concord seed-statements.json", runImport},
		{"export", "[-format csv|json] [-kind K] [-as EMAIL]", "write what an account may see, and nothing else", "concord export -kind need -format csv -as a@example.org", runExport},
		{"match", "-needs FILE… -offers FILE… [-json]", "rank offers for needs, without a portal", "concord match -needs needs.json -offers offers.json -json", runMatch},
		{"generate", "-records N [-seed S]", "add synthetic records for load tests", "concord generate -data /tmp/load -records 10000", runGenerate},
		{"audit verify", "[-data DIR | -database URL]", "check that the audit trail has no gap", "concord audit verify -data /var/lib/concord", runAuditVerify},
		{"reference", "", "the reference documentation as Markdown", "concord reference > docs/reference.md", runReference},
		{"version", "", "which release this is", "concord version", runVersion},
	}
}

// Run runs the program and returns its exit status: 0 done, 1 failed, 2 wrong
// use.
func Run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	e := env{stdout, stderr, getenv}
	c, rest := find(args)
	if c == nil {
		help(e)
		if len(args) > 0 && (args[0] == "-h" || args[0] == "help" || args[0] == "--help") {
			return exitDone
		}
		return exitUsage
	}
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() {
		fmt.Fprintf(stderr, "concord %s %s\n\n%s.\n\nExample:\n  %s\n\nOptions:\n", c.name, c.usage, c.does, c.example)
		fs.PrintDefaults()
	}
	switch err := c.run(ctx, e, fs, rest); {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitDone
	case errors.Is(err, errUsage):
		fmt.Fprintln(stderr, "concord "+c.name+":", err)
		return exitUsage
	default:
		fmt.Fprintln(stderr, "concord "+c.name+":", err)
		return exitFailed
	}
}

func find(args []string) (*command, []string) {
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(args) >= len(words) && strings.Join(args[:len(words)], " ") == c.name {
			return &c, args[len(words):]
		}
	}
	return nil, nil
}

func help(e env) {
	fmt.Fprint(e.err, "concord: the Global ICT Security Cooperation and Capacity-Building Portal\n\n")
	for _, c := range commands() {
		fmt.Fprintf(e.err, "  %-16s %s\n", c.name, c.does)
	}
	fmt.Fprint(e.err, "\nconcord COMMAND -h explains a command.\n")
}

// parse reads the flags and gives wrong ones the exit status of wrong use.
func parse(fs *flag.FlagSet, args []string) error {
	err := fs.Parse(args)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	return err
}

// source are the flags that say which database a command works on.
type source struct{ data, database string }

func (s *source) flags(fs *flag.FlagSet, e env) {
	fs.StringVar(&s.data, "data", e.getenv("CONCORD_DATA"), "folder of the embedded database")
	fs.StringVar(&s.database, "database", e.getenv("CONCORD_DATABASE"), "postgres:// address, instead of -data")
}

// dsn is the address of the database.
func (s *source) dsn() (string, error) {
	switch {
	case s.database != "" && s.data != "":
		return "", wrongUse("give -data or -database, not both")
	case s.database != "":
		return s.database, nil
	case s.data != "":
		return dataFile(s.data)
	}
	return "", wrongUse("give -data DIR or -database URL")
}
