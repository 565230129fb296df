package listindex

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
)

// world makes random entries, readers and queries, small enough to collide.
type world struct {
	*rand.Rand
	next int64
}

var (
	parties = []string{"ARG", "EST", "FJI", "KEN", "ORG", "VNM"}
	groups  = []string{"@asean", "@au", "@oas", "@pif"}
	kinds   = []string{"need", "offer", "event"}
	fields  = map[string]int{"topic": 10, "region": 3, "tag": 60, "state": 2}
)

func (w *world) pick(list []string) string { return list[w.IntN(len(list))] }

func (w *world) code(field string) string {
	// The smaller of two draws: low codes are common, high ones rare.
	n := fields[field] + 1 // one more than there is
	return fmt.Sprintf("%s%02d", field[:1], min(w.IntN(n), w.IntN(n)))
}

func (w *world) key() int64 {
	if w.IntN(5) == 0 {
		return 0
	}
	return w.Int64N(400) - 40
}

func (w *world) entry(n int64) Entry {
	e := Entry{N: n, Kind: kinds[min(w.IntN(3), w.IntN(3))], Cell: Cell(w.IntN(3)), Shelved: w.IntN(8) == 0,
		Order: [3]int64{w.key(), w.key(), w.key()}}
	if w.IntN(3) == 0 {
		e.Cell = Public
	}
	if w.IntN(20) > 0 {
		e.Owner = w.pick(parties)
	}
	for range w.IntN(3) {
		e.Readers = append(e.Readers, w.pick(slices.Concat(groups, parties, []string{""})))
	}
	for range w.IntN(9) {
		f := w.pick([]string{"topic", "region", "tag", "state"})
		e.Values = append(e.Values, Value{f, w.code(f)})
	}
	return e
}

// batch makes one commit: new entries, changes that may move an entry anywhere,
// deletions. A negative growth shrinks the index.
func (w *world) batch(m model, size int, growth float64) []Entry {
	var batch []Entry
	seen := make(map[int64]bool)
	have := slices.Sorted(maps.Keys(m))
	for range size {
		n := w.next + 1
		if roll := w.Float64()*2 - 1; roll < growth || len(have) == 0 {
			w.next++
			batch = append(batch, w.entry(n))
			continue
		}
		if n = have[w.IntN(len(have))]; seen[n] {
			continue
		}
		seen[n] = true
		switch e := w.entry(n); {
		case w.IntN(2) == 0:
			batch = append(batch, Entry{N: n, Deleted: true})
		case w.IntN(2) == 0: // same record, another audience
			old := m[n]
			old.Cell, old.Readers = e.Cell, e.Readers
			batch = append(batch, old)
		default:
			batch = append(batch, e)
		}
	}
	return batch
}

// purge strips one code from nearly all entries that have it, which leaves sets
// that were wide and still are bitsets with fewer members than some lists.
func (w *world) purge(m model) []Entry {
	f := w.pick([]string{"topic", "region", "tag"})
	code := w.code(f)
	var batch []Entry
	for _, n := range slices.Sorted(maps.Keys(m)) {
		e := m[n]
		if slices.Contains(e.Values, Value{f, code}) && w.IntN(60) > 0 {
			e.Values = slices.DeleteFunc(slices.Clone(e.Values), func(v Value) bool { return v == Value{f, code} })
			batch = append(batch, e)
		}
	}
	return batch
}

func (w *world) scope() Scope {
	if w.IntN(4) == 0 {
		return Scope{}
	}
	s := Scope{Party: w.pick(parties), States: w.IntN(2) == 0}
	s.Codes = []string{s.Party}
	for range w.IntN(3) {
		s.Codes = append(s.Codes, w.pick(groups))
	}
	return s
}

func (w *world) query() Query {
	q := Query{Kinds: []string{kinds[0]}, Shelved: w.IntN(3) == 0, Filter: map[string][]string{},
		Order: Order(w.IntN(3)), Desc: w.IntN(2) == 0, Limit: []int{0, 1, 5, 20, 100}[w.IntN(5)]}
	for range w.IntN(3) {
		q.Kinds = append(q.Kinds, w.pick(append(kinds, "none")))
	}
	all := []string{"topic", "region", "tag", "state", OwnerField, KindField, "unknown", ""}
	for range w.IntN(4) {
		f := w.pick(all[:6])
		for range w.IntN(3) {
			switch f {
			case OwnerField:
				q.Filter[f] = append(q.Filter[f], w.pick(parties))
			case KindField:
				q.Filter[f] = append(q.Filter[f], w.pick(kinds))
			default:
				q.Filter[f] = append(q.Filter[f], w.code(f))
			}
		}
	}
	if w.IntN(40) == 0 {
		q.Filter["unknown"] = []string{"x"}
	}
	if w.IntN(6) == 0 {
		q.Owner = w.pick(parties)
	}
	if w.IntN(6) == 0 {
		var hits []int64
		for range w.IntN(300) {
			hits = append(hits, w.Int64N(w.next+10))
		}
		q.Within = &hits
	}
	for range w.IntN(7) {
		q.Facets = append(q.Facets, w.pick(all))
	}
	if w.IntN(6) == 0 {
		q.After = Cursor{w.key(), w.Int64N(w.next+10) + 1}
	} else if w.IntN(6) == 0 {
		q.Before = Cursor{w.key(), w.Int64N(w.next+10) + 1}
	}
	return q
}
