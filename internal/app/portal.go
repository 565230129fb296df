package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"concord/internal/api"
	"concord/internal/db"
	"concord/internal/door"
	"concord/internal/feeds"
	"concord/internal/i18n"
	"concord/internal/modules/assistance"
	"concord/internal/party"
	"concord/internal/party/reference"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/search"
	"concord/internal/vocab"
	"concord/internal/web"
)

// Modules are what the portal consists of: one line each.
func Modules() ([]web.Module, error) {
	help, err := assistance.Module()
	if err != nil {
		return nil, err
	}
	return []web.Module{help}, nil
}

// Portal is a running portal: a database, and the doors to it.
type Portal struct {
	DB      *db.DB
	Parties *party.Store
	Store   *record.Store
	Site    *web.Site
	Door    *door.Door
	Places  *reference.Data
}

// Options are the choices an operator has.
type Options struct {
	Database string // path of an SQLite file or a postgres:// address
	Secure   bool   // served over TLS
	Demo     bool   // demonstration content: said on every page
	Base     string // address under which readers know the portal; "" = as asked
	Log      *slog.Logger
	Now      func() time.Time
}

// Open opens and migrates the database, brings the reference data up to date
// and builds the portal on it from the modules.
func Open(ctx context.Context, o Options, modules ...web.Module) (p *Portal, err error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d, err := db.Open(ctx, o.Database)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			d.Close()
		}
	}()
	if _, err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	p = &Portal{DB: d, Parties: party.New(d, o.Now)}
	if p.Places, err = reference.Load(); err != nil {
		return nil, err
	}
	if err := p.Parties.Seed(ctx, p.Places); err != nil {
		return nil, err
	}
	kinds, catalog, err := assemble(modules)
	if err != nil {
		return nil, err
	}
	directory := func(ctx context.Context) (record.Directory, error) { return p.Parties.Directory(ctx) }
	ix := search.New(d.Engine)
	p.Store = record.NewStore(d, kinds, directory, ix, o.Now)
	p.Door = &door.Door{Parties: p.Parties, Catalog: catalog, Log: o.Log, Now: o.Now, Secure: o.Secure}
	p.Site = &web.Site{Store: p.Store, Parties: p.Parties, Door: p.Door, Modules: modules, Demo: o.Demo}
	return p, p.wire(o)
}

// wire fills the route table.
func (p *Portal) wire(o Options) error {
	machine := &api.API{Store: p.Store, Parties: p.Parties, Base: o.Base}
	atom := &feeds.Feeds{Store: p.Store, Catalog: p.Door.Catalog, Base: o.Base}
	p.Door.Fail, p.Door.FailAPI = p.Site.Fail, machine.Fail
	pages := p.Site.Routes()
	machine.Also(pages)
	for _, routes := range [][]door.Route{pages, machine.Routes(), atom.Routes(), health(p)} {
		if err := p.Door.Add(routes...); err != nil {
			return err
		}
	}
	return nil
}

// Close ends the portal.
func (p *Portal) Close() error { return p.DB.Close() }

// assemble puts the kinds and messages of the modules together with those of
// the kernel.
func assemble(modules []web.Module) (*record.Kinds, *i18n.Catalog, error) {
	words, err := web.Messages()
	if err != nil {
		return nil, nil, err
	}
	machine, err := api.Messages()
	if err != nil {
		return nil, nil, err
	}
	sources := append(words, machine)
	var all []*record.Kind
	for _, m := range modules {
		all = append(all, m.Kinds...)
		if m.Messages != nil {
			sources = append(sources, m.Messages)
		}
	}
	vocabularies, err := vocab.Load()
	if err != nil {
		return nil, nil, err
	}
	kinds, err := record.NewKinds(vocabularies, all)
	if err != nil {
		return nil, nil, err
	}
	catalog, err := i18n.LoadCatalog(sources...)
	if err != nil {
		return nil, nil, fmt.Errorf("read messages: %w", err)
	}
	return kinds, catalog, nil
}

// explain words a problem for the shell, in English.
func (p *Portal) explain(err error) error {
	known, ok := errors.AsType[*problem.Error](err)
	if !ok {
		return err
	}
	say := func(code string, args []any) string { return p.Door.Catalog.T(i18n.English, "error."+code, args...) }
	text := p.Door.Catalog.T(i18n.English, "problem."+string(known.Kind))
	if known.Code != "" {
		text += ": " + say(known.Code, known.Args)
	}
	for _, f := range known.Fields {
		text += "; " + f.Name + ": " + say(f.Code, f.Args)
	}
	return errors.New(text)
}
