package exchange

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"time"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
)

// Export writes what the actor may see of a query, and nothing else: as CSV,
// for which the query names one kind, or as JSON Lines, each line a record as
// the API shows it. It returns how many records it wrote.
func Export(ctx context.Context, s *record.Store, a access.Actor, q record.Query, f Format, w io.Writer) (n int, err error) {
	for _, name := range q.Kinds {
		if s.Kinds().Kind(name) == nil {
			return 0, problem.New(problem.NotFound, "")
		}
	}
	out := bufio.NewWriterSize(w, 64<<10)
	var write func(*record.Record) error
	switch {
	case f == JSONLines:
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		write = func(r *record.Record) error { return e.Encode(r) }
	case f == CSV && len(q.Kinds) == 1:
		t := NewTable(out, s.Kinds().Kind(q.Kinds[0]))
		if err := t.Head(); err != nil {
			return 0, err
		}
		defer func() { // csv.Writer has a buffer of its own
			if flushErr := t.Flush(out); err == nil {
				err = flushErr
			}
		}()
		write = t.Row
	case f == CSV:
		return 0, problem.New(problem.BadRequest, "export.one-kind")
	default:
		return 0, problem.New(problem.Unsupported, "export.format", string(f))
	}
	for r, err := range s.Export(ctx, a, q) {
		if err != nil {
			return n, err
		}
		if err := write(r); err != nil {
			return n, err
		}
		n++
	}
	return n, out.Flush()
}

// Table writes records of one kind as CSV, in the form that ImportCSV reads.
type Table struct {
	k     *record.Kind
	names []string
	csv   *csv.Writer
}

// NewTable begins a CSV file of the kind.
func NewTable(w io.Writer, k *record.Kind) *Table {
	return &Table{k, k.Names(csvRows), csv.NewWriter(w)}
}

// Head writes the header.
func (t *Table) Head() error {
	return t.csv.Write(append([]string{colID, colOwner, colAudience, colGroups, colState, "updated"}, t.names...))
}

// Row writes a record, as it came out of the store.
func (t *Table) Row(r *record.Record) error {
	flat := t.k.Flatten(r.Body)
	line := make([]string, 0, len(t.names)+6)
	line = append(line, r.ID, r.Owner, string(r.Audience), strings.Join(r.Named, ";"), string(r.Status), r.Updated.Format(time.RFC3339))
	for _, name := range t.names {
		line = append(line, neutral(strings.Join(flat[name], ";")))
	}
	return t.csv.Write(line)
}

// Flush ends the file.
func (t *Table) Flush(out *bufio.Writer) error {
	t.csv.Flush()
	if err := t.csv.Error(); err != nil {
		return err
	}
	return out.Flush()
}

// Template writes a CSV file of the kind with one example row, for people to
// fill in: the columns that a record needs first, then the others, texts in
// the given language. It begins with a byte order mark, by which spreadsheets
// know that it is UTF-8.
func Template(w io.Writer, ks *record.Kinds, k *record.Kind, l i18n.Lang) error {
	header, example := []string{colKey}, []string{"1"}
	add := func(f *record.Field, prefix string) {
		name := prefix + f.Name
		switch f.Type {
		case record.Text:
			name += "." + string(l)
		case record.At:
			header, example = append(header, name+".local", name+".zone"), append(example, "2026-12-07T10:00", "UTC")
			return
		}
		header, example = append(header, name), append(example, sample(ks, f, l))
	}
	for _, required := range [...]bool{true, false} {
		for _, f := range k.Fields {
			switch {
			case f.Required != required:
			case f.Type == record.Rows:
				for _, part := range f.Rows {
					add(part, f.Name+".0.")
				}
			default:
				add(f, "")
			}
		}
	}
	header = append(header, colAudience, colGroups, colState)
	example = append(example, string(k.Audiences[0]), "", string(access.Draft))
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	for _, line := range [][]string{header, example} {
		if err := c.Write(line); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// sample is an example of what a field takes: its first codes, a date. Texts
// and numbers that need nobody's example stay empty unless they are required.
func sample(ks *record.Kinds, f *record.Field, l i18n.Lang) string {
	switch f.Type {
	case record.Code, record.Codes:
		if v := ks.Vocab[f.Vocab]; v != nil {
			code := v.Terms[0].Code
			if f.Type == record.Codes && len(v.Terms) > 1 {
				code += ";" + v.Terms[1].Code
			}
			return code
		}
	case record.Day:
		return "2026-12-07"
	case record.Party:
		return "KEN"
	case record.Parties:
		if f.Open {
			return "KEN;@sids"
		}
		return "KEN;WSM"
	case record.Flag:
		return "no"
	case record.Text, record.Line:
		if f.Title {
			return exampleTitle(l)
		}
	}
	return ""
}

func exampleTitle(l i18n.Lang) string {
	switch l {
	case i18n.Arabic:
		return "مثال: يُستعاض عن هذا السطر"
	case i18n.Chinese:
		return "示例：请替换此行"
	case i18n.French:
		return "Exemple : remplacez cette ligne"
	case i18n.Russian:
		return "Пример: замените эту строку"
	case i18n.Spanish:
		return "Ejemplo: sustituya esta línea"
	}
	return "Example: replace this row"
}
