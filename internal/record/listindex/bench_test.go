package listindex

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"
)

// The data profile of the trial in docs: 8 kinds of which the first is half of
// all, 12 values a record over 362 values in 6 fields, 62 % public, 18 % States,
// 12 % in one or two of 200 groups, 8 % own; 2,200 owners, of which 200 State
// accounts own 70 %; 2 % out of time order.
var benchFields = []struct {
	name      string
	codes, of int // how many codes there are, how many a record gets
}{{"country", 120, 2}, {"topic", 200, 3}, {"stage", 4, 1}, {"region", 6, 2}, {"form", 12, 2}, {"sector", 20, 2}}

func benchEntries(n int) []Entry {
	w := rand.New(rand.NewPCG(1, 2))
	es := make([]Entry, n)
	for i := range es {
		e := &es[i]
		e.N = int64(i + 1)
		e.Kind = fmt.Sprintf("kind%d", max(0, w.IntN(14)-6))
		e.Owner = fmt.Sprintf("S%03d", w.IntN(200))
		if w.IntN(10) < 3 {
			e.Owner = fmt.Sprintf("P%04d", w.IntN(2000))
		}
		switch roll := w.IntN(100); {
		case roll < 62:
		case roll < 80:
			e.Cell = States
		case roll < 92:
			e.Cell = Named
			for range 1 + w.IntN(2) {
				e.Readers = append(e.Readers, fmt.Sprintf("@g%03d", w.IntN(200)))
			}
		default:
			e.Cell = Named
		}
		at := int64(i) * 1e6
		if w.IntN(50) == 0 {
			at = w.Int64N(at + 1)
		}
		e.Order = [3]int64{at + 1, at + 1 - w.Int64N(1e9), w.Int64N(int64(n)*1e6) * int64(w.IntN(2))}
		for _, f := range benchFields {
			for range f.of {
				e.Values = append(e.Values, Value{f.name, fmt.Sprintf("c%03d", min(w.IntN(f.codes), w.IntN(f.codes)))})
			}
		}
	}
	return es
}

// benchQueries asks for the kind and some facet values of a random record, so
// common ones come often. Given kinds, it asks for those instead.
func benchQueries(es []Entry, kinds []string, filters int) []Query {
	w := rand.New(rand.NewPCG(3, 4))
	var qs []Query
	for len(qs) < 500 {
		e := es[w.IntN(len(es))]
		kinds := kinds
		if kinds == nil {
			kinds = []string{e.Kind}
		} else if !slices.Contains(kinds, e.Kind) {
			continue
		}
		q := Query{Kinds: kinds, Filter: map[string][]string{}, Desc: true, Limit: 20}
		for len(q.Filter) < filters {
			v := e.Values[w.IntN(len(e.Values))]
			q.Filter[v.Field] = []string{v.Code}
		}
		for _, f := range benchFields {
			q.Facets = append(q.Facets, f.name)
		}
		qs = append(qs, q)
	}
	return qs
}

var benchScopes = []struct {
	name  string
	scope Scope
}{
	{"public", Scope{}},
	{"State", Scope{Party: "S017", States: true, Codes: []string{"S017", "@g003", "@g050", "@g120", "@g121", "@g199"}}},
}

func BenchmarkQuery(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		es := benchEntries(n)
		x := New()
		x.Apply(1, es)
		for _, s := range benchScopes {
			for _, filters := range []int{0, 1, 3} {
				qs := benchQueries(es, nil, filters)
				b.Run(fmt.Sprintf("n=%d/%s/filters=%d", n, s.name, filters), func(b *testing.B) {
					benchRun(b, x, s.scope, qs)
				})
			}
		}
	}
}

// BenchmarkOther has the shapes the trial did not have, at 100,000 records.
func BenchmarkOther(b *testing.B) {
	es := benchEntries(100_000)
	x := New()
	x.Apply(1, es)
	all := []string{"kind0", "kind1", "kind2", "kind3", "kind4", "kind5", "kind6", "kind7"}
	hits := make([]int64, 1000)
	for i := range hits {
		hits[i] = int64(1 + i*97)
	}
	for _, shape := range []struct {
		name    string
		kinds   []string
		filters int
		change  func(q *Query)
	}{
		{"largest kind, filters=1", all[:1], 1, func(q *Query) {}},
		{"largest kind, filters=3", all[:1], 3, func(q *Query) {}},
		{"8 kinds, filters=0", all, 0, func(q *Query) { q.Facets = append(q.Facets, KindField) }},
		{"8 kinds, filters=1", all, 1, func(q *Query) { q.Facets = append(q.Facets, KindField) }},
		{"owner facet, filters=1", nil, 1, func(q *Query) { q.Facets = append(q.Facets, OwnerField) }},
		{"deep page, filters=1", nil, 1, func(q *Query) { q.After = Cursor{40_000e6, 40_000} }},
		{"by date ascending, filters=1", nil, 1, func(q *Query) { q.Order, q.Desc = Dated, false }},
		{"two codes, filters=1", nil, 1, func(q *Query) {
			for f := range q.Filter {
				q.Filter[f] = append(q.Filter[f], "c000")
			}
		}},
		{"within 1000 hits", all, 0, func(q *Query) { q.Within = &hits }},
		{"export 5000, filters=1", nil, 1, func(q *Query) { q.Limit, q.Facets = 5000, nil }},
	} {
		qs := benchQueries(es, shape.kinds, shape.filters)
		for i := range qs {
			shape.change(&qs[i])
		}
		b.Run(shape.name, func(b *testing.B) { benchRun(b, x, benchScopes[1].scope, qs) })
	}
}

func benchRun(b *testing.B, x *Index, s Scope, qs []Query) {
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		x.Query(s, qs[i%len(qs)])
		i++
	}
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			es := benchEntries(n)
			x := New()
			heap := heapInUse()
			for b.Loop() {
				x = New()
				x.Apply(1, es)
			}
			b.ReportMetric((heapInUse()-heap)/float64(n), "bytes/record")
			runtime.KeepAlive(x)
			runtime.KeepAlive(es)
		})
	}
}

func heapInUse() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// BenchmarkApply rewrites one record at a time, as a save does.
func BenchmarkApply(b *testing.B) {
	es := benchEntries(100_000)
	x := New()
	x.Apply(1, es)
	w := rand.New(rand.NewPCG(5, 6))
	other := benchEntries(100_000)
	w.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
	now, i := time.Duration(100_000*time.Second).Microseconds(), 0
	for b.Loop() {
		e := other[i%len(other)]
		e.Values = other[(i+1)%len(other)].Values // other values, another time
		e.Order[Updated] = now + int64(i)
		x.Apply(int64(i+2), []Entry{e})
		i++
	}
}
