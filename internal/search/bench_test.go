package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/search"
)

// The benchmarks want -benchtime of 20x or so: the larger database takes a
// minute or two to fill. -short leaves it out.
//
//	go test -run - -bench . -benchtime 30x ./internal/search

// cpu is the time this process has computed.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// perOp reports the CPU time of one operation.
func perOp(b *testing.B, start time.Duration) {
	b.ReportMetric(float64((cpu()-start).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

// synthetic makes texts of a Zipf vocabulary: word i of it is in about one in
// i/3 records of the mean length, which is a hundred words.
func synthetic() func() string {
	r := rand.New(rand.NewPCG(1, 2))
	z := rand.NewZipf(r, 1.07, 8, 300_000)
	return func() string {
		var b strings.Builder
		length := int(30 + r.ExpFloat64()*70)
		topic := z.Uint64()
		for range min(length, 1500) {
			w := z.Uint64()
			if r.IntN(20) == 0 {
				w = topic // a text repeats its own words
			}
			b.WriteString(word(w))
			b.WriteByte(' ')
		}
		return b.String()
	}
}

// word is the name of word i: letters only, and no suffix that a stem loses.
func word(i uint64) string {
	const consonants, vowels = "bdfgkmnprtvz", "aou"
	s := []byte{}
	for i += 40; i > 0; i /= 36 {
		s = append(s, consonants[i%12], vowels[i/12%3])
	}
	return string(append(s, 'k'))
}

func BenchmarkPut(b *testing.B) {
	d := dbtest.SQLite(b)
	x := search.New(d.Engine)
	text := synthetic()
	var n int64
	start := cpu()
	for b.Loop() {
		var recs []rec
		for range 100 {
			n++
			recs = append(recs, rec{n: n, kind: "need", fields: en(text())})
		}
		store(b, d, x, recs...)
	}
	perOp(b, start)
	b.ReportMetric(float64(100*b.N)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkHighlight(b *testing.B) {
	a := search.NewAnalyser()
	all := articles(b)
	start := cpu()
	for b.Loop() {
		for _, t := range all[:20] {
			a.Highlight(t.Text, t.Lang, "rights of everyone, حقوق 人人", 200)
		}
	}
	perOp(b, start)
}

// BenchmarkFind compares, at two sizes and nine of ten records visible, the
// index with FTS5's own bm25 over the same words, counting every reader's CPU.
func BenchmarkFind(b *testing.B) {
	sizes := []int{10_000, 100_000}
	if testing.Short() {
		sizes = sizes[:1]
	}
	for _, size := range sizes {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			d := dbtest.SQLite(b)
			benchmarkFind(b, d, size)
		})
	}
}

func BenchmarkFindPostgres(b *testing.B) {
	benchmarkFind(b, dbtest.Postgres(b), 10_000)
}

func benchmarkFind(b *testing.B, d *db.DB, size int) {
	x := search.New(d.Engine)
	ctx := b.Context()
	raw := d.Engine == db.SQLite
	if raw {
		if err := d.Tx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `CREATE VIRTUAL TABLE raw USING fts5(t, content='')`)
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
	text := synthetic()
	var took time.Duration
	for n := 0; n < size; {
		var recs []rec
		for range 500 {
			n++
			r := rec{n: int64(n), kind: "need", fields: en(text())}
			if n%10 == 0 {
				r.cell = 2
			}
			recs = append(recs, r)
		}
		start := cpu()
		store(b, d, x, recs...)
		took += cpu() - start
		if raw {
			if err := d.Tx(ctx, func(tx *db.Tx) error {
				for _, r := range recs {
					if _, err := tx.Exec(ctx, `INSERT INTO raw (rowid, t) VALUES ($1, $2)`, r.n, r.fields[0].Text); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Logf("filled %d records: %v CPU each", size, took/time.Duration(size))
	x = search.New(d.Engine)
	for _, c := range []struct {
		name  string
		words []uint64
	}{
		{"common1", []uint64{6}}, {"common2", []uint64{3, 9}}, {"common3", []uint64{4, 7, 12}},
		{"mid2", []uint64{300, 400}}, {"mid+common", []uint64{200, 5}}, {"rare", []uint64{20_000}},
	} {
		var words []string
		for _, w := range c.words {
			words = append(words, word(w))
		}
		query := search.Query{Text: strings.Join(words, " "), Lang: "en"}
		cold := cpu()
		find(b, d, x, public(), query)
		cold = cpu() - cold
		b.Run(c.name+"/tiers", func(b *testing.B) {
			start := cpu()
			for b.Loop() {
				find(b, d, x, public(), query)
			}
			perOp(b, start)
			b.ReportMetric(float64(cold.Microseconds())/1000, "cold-ms")
			all := len(matches(b, d, x, public(), query))
			b.ReportMetric(float64(all), "matches")
			var sum float64
			for k := range uint64(8) { // the query and seven like it
				var like []string
				for i, w := range c.words {
					like = append(like, word(w+k*uint64(i+1)))
				}
				query := search.Query{Text: strings.Join(like, " "), Lang: "en"}
				found := find(b, d, x, public(), query)
				query.Limit = size
				sum += recall(found, find(b, d, x, public(), query))
			}
			b.ReportMetric(sum/8, "recall")
		})
		b.Run(c.name+"/tiers1000", func(b *testing.B) {
			query := query
			query.Limit = 1000
			start := cpu()
			for b.Loop() {
				find(b, d, x, public(), query)
			}
			perOp(b, start)
		})
		b.Run(c.name+"/matches", func(b *testing.B) {
			start := cpu()
			for b.Loop() {
				matches(b, d, x, public(), query)
			}
			perOp(b, start)
		})
		if raw {
			b.Run(c.name+"/bm25", func(b *testing.B) {
				start := cpu()
				for b.Loop() {
					rows, err := d.Query(ctx, `SELECT f.rowid, bm25(raw) FROM raw f CROSS JOIN record r
						WHERE f.raw MATCH $1 AND r.n = f.rowid AND r.cell = 0 ORDER BY bm25(raw) LIMIT 20`, strings.Join(words, " AND "))
					if err != nil {
						b.Fatal(err)
					}
					for rows.Next() {
						var n int64
						var score float64
						if err := rows.Scan(&n, &score); err != nil {
							b.Fatal(err)
						}
					}
					if err := rows.Err(); err != nil {
						b.Fatal(err)
					}
				}
				perOp(b, start)
			})
		}
	}
	for _, prefix := range []string{"ba", "baf", "bafa"} {
		b.Run("suggest/"+prefix, func(b *testing.B) {
			start := cpu()
			for b.Loop() {
				suggest(b, d, x, public(), prefix, "en")
			}
			perOp(b, start)
		})
	}
}

// recall is the part of the exact best hits that were found. Equal scores may
// stand for each other.
func recall(found, exact []search.Hit) float64 {
	n := min(len(found), len(exact))
	if n == 0 {
		return 1
	}
	least := exact[n-1].Score
	return float64(len(slices.DeleteFunc(slices.Clone(found), func(h search.Hit) bool { return h.Score < least-1e-9 }))) / float64(n)
}
