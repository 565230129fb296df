package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"concord/internal/db"
	"concord/internal/i18n"
)

// Field is one text of a record in one language; Lang "" if that is not known.
type Field struct {
	Lang  i18n.Lang
	Text  string
	Title bool
}

// Doc is what is searchable of a record.
type Doc struct {
	N      int64
	Fields []Field
}

// Index is the search index of one database, as one process sees it: the
// tables, the analyser's memory, and statistics counted some time ago.
type Index struct {
	*Analyser
	engine db.Engine
	now    func() time.Time

	mu    sync.Mutex
	stats map[string]stat
}

// New returns the index of a database of the given engine.
func New(engine db.Engine) *Index {
	return &Index{Analyser: NewAnalyser(), engine: engine, now: time.Now, stats: map[string]stat{}}
}

const (
	// titleWeight is how many more times a word of the title counts.
	titleWeight = 3
	// maxTerms bounds the different terms of one record. A tsvector takes 1 MB.
	maxTerms = 20_000
)

// Put indexes a record, for the first time or again. It belongs into the
// transaction that wrote the record, after its row: the row says of what kind
// the record is and whether it is public. So every change of either needs a
// Put, even where no text changed.
func (x *Index) Put(ctx context.Context, tx *db.Tx, d Doc) error {
	var kind string
	var public int
	err := tx.QueryRow(ctx, `SELECT r.kind, CASE WHEN `+isPublic+` THEN 1 ELSE 0 END FROM record r WHERE r.n = $1`, d.N).Scan(&kind, &public)
	if err != nil {
		return fmt.Errorf("index record %d: %w", d.N, err)
	}
	if err := x.Delete(ctx, tx, d.N); err != nil {
		return err
	}
	t := x.count(d.Fields)
	tokens := t.tokens()
	tokens = append(tokens, kindToken(kind))
	if public == 1 {
		tokens = append(tokens, publicToken)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO search_doc (n, langs, tv) VALUES ($1, $2, $3)`, d.N, t.bits(), []byte(pack(t.length, t.counts))); err != nil {
		return fmt.Errorf("index record %d: %w", d.N, err)
	}
	insert, value := x.insertTokens(tokens)
	if _, err := tx.Exec(ctx, insert, d.N, value); err != nil {
		return fmt.Errorf("index record %d: %w", d.N, err)
	}
	if public == 1 {
		return x.putWords(ctx, tx, d)
	}
	return nil
}

// Delete takes a record out of the index; one that is not there is no error.
func (x *Index) Delete(ctx context.Context, tx *db.Tx, n int64) error {
	for _, statement := range [...]string{
		`DELETE FROM search_ft WHERE ` + x.key() + ` = $1`,
		`DELETE FROM search_doc WHERE n = $1`,
		`DELETE FROM search_word WHERE n = $1`,
	} {
		if _, err := tx.Exec(ctx, statement, n); err != nil {
			return fmt.Errorf("take record %d out of the index: %w", n, err)
		}
	}
	return nil
}

// isPublic is the condition for a record to take part in what every reader's
// answers are computed from. It is the visibility of the public, no wider.
const isPublic = `r.cell = 0`

// Tokens beside the terms. No term has a #.
const publicToken = "#p"

func kindToken(kind string) string { return "#k" + kind }
func langToken(l i18n.Lang) string { return "#l" + string(l) }
func validKind(kind string) bool   { return kind != "" && strings.Trim(kind, kindLetters) == "" }

const kindLetters = "abcdefghijklmnopqrstuvwxyz0123456789-"

// counted is a record's terms.
type counted struct {
	length int
	counts map[string]int
	langs  []i18n.Lang
}

// count analyses each text in its own language. A term's count and the record's
// length are the greatest of any one language, not the sums: a record must not
// score otherwise for being translated.
func (x *Index) count(fields []Field) counted {
	all := counted{counts: map[string]int{}}
	for i, f := range fields {
		if strings.TrimSpace(f.Text) == "" || slices.Contains(all.langs, f.Lang) {
			continue
		}
		all.langs = append(all.langs, f.Lang)
		counts, length := map[string]int{}, 0
		for _, g := range fields[i:] {
			if g.Lang != f.Lang {
				continue
			}
			weight := 1
			if g.Title {
				weight += titleWeight - 1
			}
			x.each(g.Text, g.Lang, func(w word) bool {
				length++
				for _, t := range w.terms {
					if _, ok := counts[t]; ok || len(counts) < maxTerms {
						counts[t] += weight
					}
				}
				return true
			})
		}
		all.length = max(all.length, length)
		for t, tf := range counts {
			if old, ok := all.counts[t]; ok || len(all.counts) < maxTerms {
				all.counts[t] = max(old, tf)
			}
		}
	}
	return all
}

// bits is the languages as the table has them.
func (t counted) bits() int {
	bits := 0
	for _, l := range t.langs {
		if i := l.Index(); i >= 0 {
			bits |= 1 << i
		}
	}
	return bits
}

// tokens lists what the full-text index keeps of a record: each term, again
// with its tier if that is above 0, and the languages.
func (t counted) tokens() []string {
	tokens := make([]string, 0, 2*len(t.counts)+8)
	for term, tf := range t.counts {
		tokens = append(tokens, term)
		if tier := tierOf(impact(tf, t.length)); tier > 0 {
			tokens = append(tokens, tierToken(term, tier))
		}
	}
	slices.Sort(tokens) // neighbours in the index are written together
	for _, l := range t.langs {
		if l != "" {
			tokens = append(tokens, langToken(l))
		}
	}
	return tokens
}

// Optimize merges the parts that a full-text index grows by writing, which
// makes queries up to a third cheaper. Worth doing after an import and now and
// then at night; it takes about a second for 100,000 records.
func (x *Index) Optimize(ctx context.Context, tx *db.Tx) error {
	if x.engine != db.SQLite {
		return nil // PostgreSQL's autovacuum does what there is to do
	}
	_, err := tx.Exec(ctx, `INSERT INTO search_ft (search_ft) VALUES ('optimize')`)
	return err
}
