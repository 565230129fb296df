package listindex

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// model is the specification: the same answers by brute force over all entries.
type model map[int64]Entry

func (m model) apply(entries []Entry) {
	for _, e := range entries {
		if e.Deleted {
			delete(m, e.N)
		} else {
			m[e.N] = e
		}
	}
}

func sees(s Scope, e Entry) bool {
	return e.Cell == Public ||
		e.Cell == States && s.States ||
		s.Party != "" && e.Owner == s.Party ||
		slices.ContainsFunc(e.Readers, func(c string) bool { return c != "" && slices.Contains(s.Codes, c) })
}

func codesOf(e Entry, field string) []string {
	switch field {
	case KindField:
		return []string{e.Kind}
	case OwnerField:
		if e.Owner == "" {
			return nil
		}
		return []string{e.Owner}
	}
	var codes []string
	for _, v := range e.Values {
		if v.Field == field && !slices.Contains(codes, v.Code) {
			codes = append(codes, v.Code)
		}
	}
	return codes
}

func hasCode(e Entry, field string, want []string) bool {
	switch field {
	case KindField:
		return slices.Contains(want, e.Kind)
	case OwnerField:
		return e.Owner != "" && slices.Contains(want, e.Owner)
	}
	return slices.ContainsFunc(e.Values, func(v Value) bool { return v.Field == field && slices.Contains(want, v.Code) })
}

// meets tells whether an entry meets a query without the filter on one field.
func meets(q Query, e Entry, without string) bool {
	if !slices.Contains(q.Kinds, e.Kind) || e.Shelved && !q.Shelved ||
		q.Owner != "" && e.Owner != q.Owner ||
		q.Within != nil && !slices.Contains(*q.Within, e.N) {
		return false
	}
	for field, want := range q.Filter {
		if field != without && len(want) > 0 && !hasCode(e, field, want) {
			return false
		}
	}
	return true
}

// inList orders two places of a list; those without a key are last.
func inList(desc bool, a, b Cursor) int {
	if (a.Key == 0) != (b.Key == 0) {
		return btoi(a.Key == 0) - btoi(b.Key == 0)
	}
	c := cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.N, b.N))
	if desc {
		return -c
	}
	return c
}

func (m model) query(seq int64, s Scope, q Query) Result {
	r := Result{Seq: seq}
	var places []Cursor
	counts := make(map[string]map[string]int)
	for _, e := range m {
		if !sees(s, e) {
			continue
		}
		if meets(q, e, "") {
			r.Total++
			places = append(places, Cursor{e.Order[q.Order], e.N})
		}
		for _, f := range q.Facets {
			if counts[f] == nil {
				counts[f] = make(map[string]int)
			}
			if meets(q, e, f) {
				for _, c := range codesOf(e, f) {
					counts[f][c]++
				}
			}
		}
	}
	// A facet named twice was counted twice.
	for _, f := range q.Facets {
		if r.Counts == nil {
			r.Counts = make(map[string][]Count)
		}
		times := 0
		for _, g := range q.Facets {
			times += btoi(f == g)
		}
		r.Counts[f] = nil
		for _, c := range slices.Sorted(maps.Keys(counts[f])) {
			r.Counts[f] = append(r.Counts[f], Count{c, counts[f][c] / times})
		}
	}
	m.page(&r, q, places)
	return r
}

func (m model) page(r *Result, q Query, places []Cursor) {
	slices.SortFunc(places, func(a, b Cursor) int { return inList(q.Desc, a, b) })
	if q.Before.N != 0 {
		places = slices.DeleteFunc(places, func(c Cursor) bool { return inList(q.Desc, c, q.Before) >= 0 })
		r.More = q.Limit > 0 && len(places) > q.Limit
		places = places[max(0, len(places)-q.Limit):]
	} else {
		if q.After.N != 0 {
			places = slices.DeleteFunc(places, func(c Cursor) bool { return inList(q.Desc, c, q.After) <= 0 })
		}
		r.More = q.Limit > 0 && len(places) > q.Limit
		places = places[:min(len(places), q.Limit)]
	}
	for _, c := range places {
		r.Ns = append(r.Ns, c.N)
	}
	if len(places) > 0 {
		r.Prev, r.Next = places[0], places[len(places)-1]
	}
}

// TestModel compares with brute force between random writes, several pages deep
// and back, while the index grows, shrinks and grows again.
func TestModel(t *testing.T) {
	seeds, rounds := uint64(4), 60
	if testing.Short() {
		seeds = 1
	}
	queries := 0
	for seed := range seeds {
		w := &world{Rand: rand.New(rand.NewPCG(seed, 7))}
		m, x := model{}, New()
		for round := range rounds {
			growth := []float64{0.9, 0.1, -0.7, 0.3}[round*8/rounds%4]
			batch := w.batch(m, 1+w.IntN(250*(1+int(seed%3))), growth)
			if w.IntN(4) == 0 {
				batch = w.purge(m)
			}
			m.apply(batch)
			seq := int64(round + 1)
			if !x.Apply(seq, batch) {
				t.Fatalf("seed %d: batch %d left out", seed, seq)
			}
			for range 8 {
				queries += checkPages(t, w, m, x, seq)
			}
		}
	}
	t.Logf("%d queries", queries)
}

// checkPages follows one random query over up to four pages, then back.
func checkPages(t *testing.T, w *world, m model, x *Index, seq int64) (queries int) {
	t.Helper()
	s, q := w.scope(), w.query()
	for page := range 6 {
		got, want := x.Query(s, q), m.query(seq, s, q)
		queries++
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%d records, page %d\nscope %+v\nquery %+v\ngot  %+v\nwant %+v", len(m), page, s, q, got, want)
		}
		if page < 3 && q.Before.N == 0 && got.More {
			q.After = got.Next
		} else if got.Prev.N != 0 {
			q.Before = got.Prev
		} else {
			return queries
		}
	}
	return queries
}
