package app

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"concord/internal/i18n"
	"concord/internal/record"
	"concord/internal/vocab"
)

// runReference writes docs/reference.md: what the portal's kinds, vocabularies
// and commands are, from the program itself.
func runReference(_ context.Context, e env, fs *flag.FlagSet, args []string) error {
	if err := parse(fs, args); err != nil {
		return err
	}
	return Reference(e.out)
}

// Reference writes the reference documentation as Markdown.
func Reference(w io.Writer) error {
	modules, err := Modules()
	if err != nil {
		return err
	}
	kinds, catalog, err := assemble(modules)
	if err != nil {
		return err
	}
	d := &docs{w: w, catalog: catalog}
	d.printf("# Reference\n\nMade by `concord reference` from the program itself; a test keeps it current.\n\n## Commands\n\n")
	d.printf("| command | does |\n|---|---|\n")
	for _, c := range commands() {
		d.printf("| `%s` | %s |\n", strings.ReplaceAll(strings.TrimSpace("concord "+c.name+" "+c.usage), "|", "\\|"), c.does)
	}
	d.printf("\nExit status: 0 done, 1 failed, 2 wrong use. `concord COMMAND -h` explains a command.\n\n## Kinds\n")
	for _, k := range kinds.All() {
		d.kind(k)
	}
	d.vocabularies(kinds.Vocab)
	return d.err
}

type docs struct {
	w       io.Writer
	catalog *i18n.Catalog
	err     error
}

func (d *docs) printf(format string, args ...any) {
	if d.err == nil {
		_, d.err = fmt.Fprintf(d.w, format, args...)
	}
}

func (d *docs) kind(k *record.Kind) {
	d.printf("\n### %s\n\n%s\n\n", k.Name, d.catalog.T(i18n.English, "kind."+k.Name))
	if k.Internal {
		d.printf("Written by its module's own pages only.\n\n")
	} else {
		d.printf("Pages `/{lang}/%s`, API `/api/v1/%s`, feed `/feeds/%s.atom`.\n\n", k.Plural, k.Plural, k.Name)
	}
	var authors, audiences []string
	for _, a := range k.Authors {
		authors = append(authors, string(a))
	}
	for _, a := range k.Audiences {
		audiences = append(audiences, string(a))
	}
	d.printf("Owned by: %s. Audiences, the default first: %s.", strings.Join(authors, ", "), strings.Join(audiences, ", "))
	if k.Review > 0 {
		d.printf(" To be confirmed every %d days.", int(k.Review.Hours()/24))
	}
	if k.Joint {
		d.printf(" Partners write in it too.")
	}
	d.printf("\n\n| field | meaning | type | remarks |\n|---|---|---|---|\n")
	d.fields(k, "", k.Fields)
}

func (d *docs) fields(k *record.Kind, prefix string, fields []*record.Field) {
	for _, f := range fields {
		name := prefix + f.Name
		key := "field." + k.Name + "." + name
		if !d.catalog.Has(key) {
			key = "field." + name
		}
		meaning := d.catalog.T(i18n.English, key)
		if meaning == key {
			meaning = ""
		}
		var remarks []string
		add := func(is bool, text string) {
			if is {
				remarks = append(remarks, text)
			}
		}
		add(f.Required, "required to publish")
		add(f.Facet, "facet")
		add(f.Search || f.Title, "searched")
		add(f.Audience != "", "shown to "+string(f.Audience)+" at most")
		add(f.Choice, "owner may narrow its audience")
		add(f.Open, "groups too")
		add(f.Max > 0 && (f.Type == record.Text || f.Type == record.Line), fmt.Sprintf("at most %d characters", f.Max))
		typ := string(f.Type)
		if f.Vocab != "" {
			typ += " of `" + f.Vocab + "`"
		}
		if f.Kind != "" {
			typ += " to " + f.Kind
		}
		d.printf("| `%s` | %s | %s | %s |\n", name, meaning, typ, strings.Join(remarks, ", "))
		d.fields(k, name+".", f.Rows)
	}
}

func (d *docs) vocabularies(set vocab.Set) {
	d.printf("\n## Vocabularies\n\nCodes are the same in Go, JSON, CSV, addresses and forms; labels are in six languages.\n")
	for _, name := range slices.Sorted(maps.Keys(set)) {
		v := set[name]
		title, _ := v.Title.In(i18n.English)
		d.printf("\n### %s\n\n%s.\n\n", name, title)
		for _, t := range v.Terms {
			indent := ""
			if t.Parent != "" {
				indent = "  "
			}
			label, _ := t.Label.In(i18n.English)
			d.printf("%s- `%s` %s\n", indent, t.Code, label)
		}
	}
}
