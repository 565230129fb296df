package listindex

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
)

// TestNonInterference is the proof that nothing hidden leaks: an index that holds
// only what the reader may see gives the identical answer, in every part. It is
// built afresh, so the history of the full one must not show either.
func TestNonInterference(t *testing.T) {
	worlds := uint64(40)
	if testing.Short() {
		worlds = 5
	}
	compared := 0
	for seed := range worlds {
		w := &world{Rand: rand.New(rand.NewPCG(seed, 11))}
		m, full := model{}, New()
		for seq := int64(1); seq <= 12; seq++ {
			batch := w.batch(m, 10+w.IntN(200), []float64{0.8, 0, -0.5}[seq/2%3])
			m.apply(batch)
			full.Apply(seq, batch)
		}
		for range 10 {
			s := w.scope()
			var visible []Entry
			for _, e := range m {
				if sees(s, e) {
					visible = append(visible, e)
				}
			}
			only := New()
			only.Apply(full.Seq(), visible)
			for range 25 {
				q := w.query()
				got, want := full.Query(s, q), only.Query(s, q)
				compared++
				if !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d: hidden records show\nscope %+v\nquery %+v\nfull %+v\nonly %+v", seed, s, q, got, want)
				}
			}
		}
	}
	t.Logf("%d pairs", compared)
}

// TestReadersAreNoFacet tries to reach the readers of a record through a query.
func TestReadersAreNoFacet(t *testing.T) {
	x := New()
	x.Apply(1, []Entry{{N: 1, Kind: "need", Cell: States, Owner: "FJI", Readers: []string{"@pif"}}})
	s := Scope{Party: "EST", States: true}
	for _, name := range []string{"", "reader", "readers", "Readers", "\x00"} {
		r := x.Query(s, Query{Kinds: []string{"need"}, Facets: []string{name}, Limit: 5})
		if r.Total != 1 || r.Counts[name] != nil {
			t.Errorf("facet %q: got %+v, want no counts", name, r)
		}
		r = x.Query(s, Query{Kinds: []string{"need"}, Filter: map[string][]string{name: {"@pif"}}, Limit: 5})
		if r.Total != 0 {
			t.Errorf("filter on %q finds a record by its reader", name)
		}
	}
}

func TestScopes(t *testing.T) {
	x := New()
	x.Apply(1, []Entry{
		{N: 1, Kind: "need", Cell: Public, Owner: "FJI"},
		{N: 2, Kind: "need", Cell: States, Owner: "FJI"},
		{N: 3, Kind: "need", Cell: States, Owner: "FJI", Readers: []string{"ACME"}},
		{N: 4, Kind: "need", Cell: Named, Owner: "FJI", Readers: []string{"@pif"}},
		{N: 5, Kind: "need", Cell: Named, Owner: "FJI"},
		{N: 6, Kind: "need", Cell: Named, Readers: []string{""}},
		{N: 7, Kind: "need", Cell: Cell(9), Owner: "FJI"},
	})
	for name, tc := range map[string]struct {
		scope Scope
		want  []int64
	}{
		"public":            {Scope{}, []int64{1}},
		"public, odd codes": {Scope{Codes: []string{""}}, []int64{1}},
		"stakeholder":       {Scope{Party: "ACME", Codes: []string{"ACME"}}, []int64{1, 3}},
		"State":             {Scope{Party: "EST", States: true, Codes: []string{"EST"}}, []int64{1, 2, 3}},
		"State in group":    {Scope{Party: "TON", States: true, Codes: []string{"TON", "@pif"}}, []int64{1, 2, 3, 4}},
		"owner":             {Scope{Party: "FJI", States: true, Codes: []string{"FJI"}}, []int64{1, 2, 3, 4, 5, 7}},
		"owner, no State":   {Scope{Party: "FJI"}, []int64{1, 2, 3, 4, 5, 7}},
	} {
		t.Run(name, func(t *testing.T) {
			r := x.Query(tc.scope, Query{Kinds: []string{"need"}, Limit: 10})
			if !slices.Equal(r.Ns, tc.want) || r.Total != len(tc.want) {
				t.Errorf("got %v (total %d), want %v", r.Ns, r.Total, tc.want)
			}
		})
	}
}

func TestApply(t *testing.T) {
	x := New()
	need := Entry{N: 1, Kind: "need", Owner: "FJI", Values: []Value{{"owner", "EST"}, {"kind", "offer"}, {"topic", "law"}}}
	all := Query{Kinds: []string{"need", "offer"}, Facets: []string{"owner", "kind", "topic"}, Limit: 5}

	x.Apply(5, []Entry{need, {N: 0, Kind: "need"}})
	want := Result{Seq: 5, Total: 1, Ns: []int64{1}, Prev: Cursor{0, 1}, Next: Cursor{0, 1}, Counts: map[string][]Count{
		"owner": {{"FJI", 1}}, "kind": {{"need", 1}}, "topic": {{"law", 1}}}}
	if got := x.Query(Scope{}, all); !reflect.DeepEqual(got, want) {
		t.Errorf("values named owner and kind, record 0:\ngot  %+v\nwant %+v", got, want)
	}
	if x.Apply(4, []Entry{{N: 1, Deleted: true}}) || x.Seq() != 5 {
		t.Error("a batch older than the index was applied")
	}
	x.Apply(5, []Entry{need})
	if got := x.Query(Scope{}, all); !reflect.DeepEqual(got, want) {
		t.Errorf("same batch again: got %+v, want %+v", got, want)
	}
	x.Apply(6, []Entry{{N: 1, Deleted: true}, {N: 2, Deleted: true}})
	if got := x.Query(Scope{}, all); got.Total != 0 || got.Ns != nil || got.Counts["topic"] != nil {
		t.Errorf("after deletion: got %+v, want nothing", got)
	}
	if len(x.places) != 0 {
		t.Errorf("%d places kept after deletion", len(x.places))
	}
}

// TestPagingWhileChanging turns pages while others write. Entries that did not
// change come exactly once.
func TestPagingWhileChanging(t *testing.T) {
	for seed := range uint64(60) {
		w := &world{Rand: rand.New(rand.NewPCG(seed, 13))}
		m, x := model{}, New()
		batch := w.batch(m, 600, 1)
		m.apply(batch)
		x.Apply(1, batch)
		s := Scope{Party: "EST", States: true, Codes: []string{"EST", "@au"}}
		q := Query{Kinds: kinds, Order: Order(seed % 3), Desc: seed%2 == 0, Limit: 17}

		before := maps.Clone(m)
		changed, times := map[int64]bool{}, map[int64]int{}
		for seq := int64(2); ; seq++ {
			r := x.Query(s, q)
			for _, n := range r.Ns {
				times[n]++
			}
			if !r.More {
				break
			}
			q.After = r.Next
			batch := w.batch(m, 15, -0.2)
			m.apply(batch)
			x.Apply(seq, batch)
			for _, e := range batch {
				changed[e.N] = true
			}
		}
		for n, e := range before {
			want := btoi(sees(s, e) && meets(q, e, ""))
			if !changed[n] && times[n] != want {
				t.Fatalf("seed %d: record %d came %d times, want %d", seed, n, times[n], want)
			}
		}
	}
}

// TestConcurrent queries while batches come in. Every batch moves entries about
// but keeps their number, so a torn answer would show.
func TestConcurrent(t *testing.T) {
	const records, batches = 500, 300
	w := &world{Rand: rand.New(rand.NewPCG(1, 17))}
	batch := func(seq int64) []Entry {
		var es []Entry
		for n := int64(1); n <= records; n++ {
			if seq > 1 && w.IntN(10) > 0 {
				continue
			}
			e := w.entry(n)
			e.Shelved, e.Cell = false, Cell(w.IntN(2))
			e.Values = []Value{{"topic", w.code("topic")}}
			es = append(es, e)
		}
		return es
	}
	x := New()
	x.Apply(1, batch(1))
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			q := Query{Kinds: kinds, Facets: []string{"topic", "kind"}, Limit: records}
			for last := int64(0); last < batches; {
				r := x.Query(Scope{Party: "EST", States: true}, q)
				sum := 0
				for _, c := range r.Counts["topic"] {
					sum += c.N
				}
				if r.Total != records || sum != records || len(r.Ns) != records || r.Seq < last {
					t.Errorf("torn: total %d, counts %d, listed %d, want %d", r.Total, sum, len(r.Ns), records)
					return
				}
				last = r.Seq
			}
		})
	}
	for seq := int64(2); seq <= batches; seq++ {
		x.Apply(seq, batch(seq))
	}
	readers.Wait()
}
