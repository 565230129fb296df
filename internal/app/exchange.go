package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"concord/internal/access"
	"concord/internal/exchange"
	"concord/internal/i18n"
	"concord/internal/modules/assistance"
	"concord/internal/party"
	"concord/internal/record"
)

func runImport(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	format := fs.String("format", "", "statements or csv; found by content if not given")
	as := fs.String("as", "", "code of the party that answers for what names no other")
	kind := fs.String("kind", "", "kind of the records of a CSV file")
	visibility := fs.String("visibility", "", "audience: public, states, own; the kind's own if not given")
	dry := fs.Bool("dry-run", false, "only say what would be done")
	asJSON := fs.Bool("json", false, "the report as JSON")
	if err := parse(fs, args); err != nil {
		return err
	}
	if fs.NArg() == 0 {
		return wrongUse("name the files to take in")
	}
	p, err := from.portal(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	dir, err := p.Parties.Directory(ctx)
	if err != nil {
		return err
	}
	if *as != "" && dir.Kind(*as) == "" {
		return wrongUse("there is no party %s", *as)
	}
	if *visibility != "" && !access.Audience(*visibility).Valid() {
		return wrongUse("there is no audience %s", *visibility)
	}
	o := exchange.Options{
		Directory: dir, Resolve: p.Places.Resolve, As: *as, Audience: access.Audience(*visibility), DryRun: *dry, Progress: e.progress("rows"),
	}
	failed := false
	for _, file := range fs.Args() {
		rep, err := p.importFile(ctx, file, exchange.Format(*format), *kind, o)
		if err != nil {
			return fmt.Errorf("%s: %w", file, p.explain(err))
		}
		failed = failed || rep.Failed()
		if err := p.tell(e, file, rep, *asJSON); err != nil {
			return err
		}
	}
	if failed {
		return errors.New("nothing was taken from a file that could not be used")
	}
	return nil
}

// importFile takes one file in, as the operator.
func (p *Portal) importFile(ctx context.Context, file string, format exchange.Format, kind string, o exchange.Options) (exchange.Report, error) {
	f, err := os.Open(file)
	if err != nil {
		return exchange.Report{}, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, exchange.HeadSize)
	if format == exchange.Unknown {
		head, err := r.Peek(exchange.HeadSize)
		if err != nil && !errors.Is(err, io.EOF) {
			return exchange.Report{}, err
		}
		format = exchange.Detect(head)
	}
	operator := exchange.Operator(party.Operator())
	switch format {
	case exchange.Statements:
		return assistance.ImportStatements(ctx, p.Store, operator, p.Places, r, o)
	case exchange.CSV:
		if p.Store.Kinds().Kind(kind) == nil {
			return exchange.Report{}, wrongUse("name the kind of the CSV file's records with -kind")
		}
		return exchange.ImportCSV(ctx, p.Store, operator, kind, r, o)
	}
	return exchange.Report{}, format.Readable()
}

// tell prints what became of a file.
func (p *Portal) tell(e env, file string, rep exchange.Report, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(e.out).Encode(struct {
			File string `json:"file"`
			exchange.Report
		}{file, rep})
	}
	fmt.Fprintf(e.out, "%s: %d rows, %d created, %d updated, %d unchanged, %d refused\n", file, rep.Rows, rep.Created, rep.Updated, rep.Unchanged, rep.Refused)
	for _, x := range rep.Problems {
		fmt.Fprintf(e.out, "  %s row %d %s %s: %s\n", x.Tier, x.Row, x.Key, x.Field, p.Door.Catalog.T(i18n.English, "error."+x.Code, x.Args...))
	}
	return nil
}

// progress prints how far long work has got, on a terminal only.
func (e env) progress(what string) func(int) {
	f, ok := e.err.(*os.File)
	if !ok {
		return nil
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return func(done int) { fmt.Fprintf(e.err, "\r%d %s", done, what) }
}

func runExport(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	format := fs.String("format", "json", "json (one record a line) or csv")
	kind := fs.String("kind", "", "only records of this kind; needed for csv")
	as := fs.String("as", "", "e-mail address of the account whose view is written; the public's if not given")
	if err := parse(fs, args); err != nil {
		return err
	}
	p, err := from.portal(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	actor := access.Actor{Via: "cli"}
	if *as != "" {
		if actor, err = p.actorOf(ctx, *as); err != nil {
			return p.explain(err)
		}
	}
	query := record.Query{Kinds: []string{*kind}, All: true}
	if *kind == "" {
		query.Kinds = p.Store.Kinds().Generic()
	} else if p.Store.Kinds().Kind(*kind) == nil {
		return wrongUse("there is no kind %s", *kind)
	}
	_, err = exchange.Export(ctx, p.Store, actor, query, exchange.Format(*format), e.out)
	return err
}

// actorOf is the account with the address, as it may read.
func (p *Portal) actorOf(ctx context.Context, email string) (access.Actor, error) {
	account, err := p.Parties.Find(ctx, party.Operator(), email)
	if err != nil {
		return access.Actor{}, err
	}
	dir, err := p.Parties.Directory(ctx)
	if err != nil {
		return access.Actor{}, err
	}
	return access.Actor{
		Account: account.ID, Party: account.Party, Kind: dir.Kind(account.Party), Groups: dir.GroupsOf(account.Party),
		Roles: account.Roles, Via: "cli", Reads: true,
	}, nil
}

func runGenerate(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	n := fs.Int("records", 1000, "how many records to add")
	seed := fs.Uint64("seed", 1, "the same seed makes the same records")
	if err := parse(fs, args); err != nil {
		return err
	}
	if *n < 1 || *n > 10_000_000 {
		return wrongUse("-records must be from 1 to 10000000")
	}
	p, err := from.portal(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	begun := time.Now()
	if err := exchange.Generate(ctx, p.Store, party.Operator(), *n, *seed, e.progress("records")); err != nil {
		return p.explain(err)
	}
	fmt.Fprintf(e.out, "%d records in %s\n", *n, time.Since(begun).Round(time.Millisecond))
	return nil
}
