package search_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/i18n"
	"concord/internal/search"
)

// public and states are the predicates of two readers.
func public() search.Visible { return search.Visible{SQL: "r.cell = 0"} }

func party(code string) search.Visible {
	return search.Visible{
		SQL:  "(r.cell = 0 OR r.owner = $1 OR r.cell = 1 OR EXISTS (SELECT 1 FROM record_reader x WHERE x.n = r.n AND x.code IN ($2)))",
		Args: []any{code, code},
	}
}

// rec is a record as the tests need it.
type rec struct {
	n      int64
	kind   string
	owner  string
	cell   int
	fields []search.Field
}

func en(text string) []search.Field { return []search.Field{{Lang: "en", Text: text}} }

// store writes records and their index entries, one transaction for all.
func store(t testing.TB, d *db.DB, x *search.Index, recs ...rec) {
	t.Helper()
	ctx := t.Context()
	err := d.Tx(ctx, func(tx *db.Tx) error {
		for _, r := range recs {
			_, err := tx.Exec(ctx, `INSERT INTO record (n, id, kind, owner, audience, named, partners, narrowed, state, cell,
					created, updated, verified, review_due, date, revision, author, origin, body, seq)
				VALUES ($1, $2, $3, $4, '', '', '', '', 'published', $5, 0, 0, 0, 0, 0, 1, '', '', '', 0)
				ON CONFLICT (n) DO UPDATE SET cell = excluded.cell, owner = excluded.owner`,
				r.n, fmt.Sprint("r", r.n), r.kind, r.owner, r.cell)
			if err != nil {
				return err
			}
			if err := x.Put(ctx, tx, search.Doc{N: r.n, Fields: r.fields}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func find(t testing.TB, d *db.DB, x *search.Index, v search.Visible, q search.Query) []search.Hit {
	t.Helper()
	hits, err := x.Find(t.Context(), d, v, q)
	if err != nil {
		t.Fatalf("Find(%q) = %v", q.Text, err)
	}
	return hits
}

func matches(t testing.TB, d *db.DB, x *search.Index, v search.Visible, q search.Query) []int64 {
	t.Helper()
	ns, err := x.Matches(t.Context(), d, v, q)
	if err != nil {
		t.Fatalf("Matches(%q) = %v", q.Text, err)
	}
	return ns
}

func suggest(t testing.TB, d *db.DB, x *search.Index, v search.Visible, prefix string, l i18n.Lang) []string {
	t.Helper()
	words, err := x.Suggest(t.Context(), d, v, prefix, l, 8)
	if err != nil {
		t.Fatalf("Suggest(%q) = %v", prefix, err)
	}
	return words
}

func numbers(hits []search.Hit) []int64 {
	var ns []int64
	for _, h := range hits {
		ns = append(ns, h.N)
	}
	return ns
}

func want(t testing.TB, what string, got []int64, want ...int64) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// article is a text of the Universal Declaration of Human Rights.
type article struct {
	ID, Title, Text string
	Lang            i18n.Lang
}

type question struct {
	ID, Query, Expected string
	Lang                i18n.Lang
}

func articles(t testing.TB) []article {
	t.Helper()
	data, err := os.ReadFile("testdata/udhr-6lang.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var all []article
	for line := range strings.Lines(string(data)) {
		var a article
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

func questions(t testing.TB) []question {
	t.Helper()
	data, err := os.ReadFile("testdata/search-queries.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Queries []question }
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all.Queries
}

// TestQuality asks 48 questions in other word forms than the texts have, three
// ways: with the language's own records, with all, and in the one record that
// has each article in six languages.
func TestQuality(t *testing.T) {
	type answer struct {
		hits []search.Hit
		ns   []int64
	}
	answers := map[string]map[string]answer{}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		got := map[string]answer{}
		answers[t.Name()] = got
		x := search.New(d.Engine)
		ids := map[int64]string{}
		var recs []rec
		for i, a := range articles(t) {
			ids[int64(i+1)] = a.ID
			recs = append(recs, rec{n: int64(i + 1), kind: "document", fields: []search.Field{{Lang: a.Lang, Text: a.Text}}})
		}
		store(t, d, x, recs...)
		for _, way := range []string{"language", "any"} {
			first, third := 0, 0
			for _, q := range questions(t) {
				query := search.Query{Text: q.Query, Lang: q.Lang}
				if way == "any" {
					query.Lang = ""
				}
				hits := find(t, d, x, public(), query)
				got[way+q.ID] = answer{hits, matches(t, d, x, public(), query)}
				at := slices.IndexFunc(hits, func(h search.Hit) bool { return ids[h.N] == q.Expected })
				if at == 0 {
					first++
				}
				if at >= 0 && at < 3 {
					third++
				} else {
					t.Errorf("%s: %s %q: %s is at %d of %d", way, q.ID, q.Query, q.Expected, at, len(hits))
				}
			}
			t.Logf("%s: hit@1 %d, hit@3 %d of %d", way, first, third, len(questions(t)))
		}
	})
	one, other := answers["TestQuality/sqlite"], answers["TestQuality/postgres"]
	for id, a := range one {
		if !slices.Equal(a.hits, other[id].hits) || !slices.Equal(a.ns, other[id].ns) {
			t.Errorf("%s: SQLite found %v, PostgreSQL %v", id, a, other[id])
		}
	}
}

func TestTranslatedRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := search.New(d.Engine)
		fields := map[string][]search.Field{}
		var order []string
		for _, a := range articles(t) {
			if fields[a.ID] == nil {
				order = append(order, a.ID)
			}
			fields[a.ID] = append(fields[a.ID], search.Field{Lang: a.Lang, Text: a.Text})
		}
		for i, id := range order {
			store(t, d, x, rec{n: int64(i + 1), kind: "document", fields: fields[id]})
		}
		hit := 0
		for _, q := range questions(t) {
			hits := find(t, d, x, public(), search.Query{Text: q.Query})
			if slices.ContainsFunc(hits[:min(3, len(hits))], func(h search.Hit) bool { return order[h.N-1] == q.Expected }) {
				hit++
			} else {
				t.Errorf("%s %q found %v", q.ID, q.Query, hits)
			}
		}
		t.Logf("hit@3 %d of %d", hit, len(questions(t)))
	})
}
