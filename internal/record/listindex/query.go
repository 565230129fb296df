package listindex

import (
	"maps"
	"slices"
)

// Scope is who asks, as the gate derives it from the actor once per request. The
// zero Scope is the public.
type Scope struct {
	Party  string   // "" for the public
	States bool     // may read the cell States
	Codes  []string // the party and its groups, to be met by Entry.Readers
}

// Query is one request for a list.
type Query struct {
	Kinds   []string            // at least one; several make a mixed list
	Shelved bool                // include what is shelved
	Filter  map[string][]string // field to codes: any code of a field, all fields; no codes, no filter
	Owner   string              // if set, only this party's records; unlike a filter it bounds every count
	Within  *[]int64            // if set, only these record numbers, such as the hits of a text search
	Facets  []string            // the fields to count

	Order  Order
	Desc   bool
	After  Cursor // the page after this place
	Before Cursor // the page before it; After is then ignored
	Limit  int    // 0 for counts only
}

// Cursor is a place in a list: that of a record, whether or not it is still
// there. The zero Cursor is none.
type Cursor struct{ Key, N int64 }

// Result is the answer at commit Seq.
type Result struct {
	Seq   int64
	Total int
	// Counts has an item for every facet asked for; codes ascend, and a code
	// without records is absent. The counts of a field leave out the filter on
	// that field itself: they say what another choice would give.
	Counts map[string][]Count
	Ns     []int64 // in the order of the list
	Prev   Cursor  // the place of the first of Ns, for Before
	Next   Cursor  // the place of the last, for After
	More   bool    // there is more in the direction asked: after Ns, or with Before, before
}

// Count is the number of records with a code.
type Count struct {
	Code string
	N    int
}

// Query answers for a reader.
func (x *Index) Query(s Scope, q Query) Result {
	x.mu.RLock()
	defer x.mu.RUnlock()

	p := x.plan(s, q)
	pg := newPager(q)
	r := Result{Seq: x.seq}
	var buf, bufSkip []uint64 // one allocation for all segments
	for _, pt := range p.parts {
		terms := p.terms(pt)
		m := match(pt.seg, terms, noField, &buf)
		p.kinds[pt.kind] += m.n
		if !pt.chosen {
			continue
		}
		r.Total += m.n
		for _, t := range p.tallies {
			if t.skip != noField {
				t.add(pt.seg, match(pt.seg, terms, t.skip, &bufSkip))
			} else {
				t.add(pt.seg, m)
			}
		}
		pg.collect(pt.seg, m)
	}
	r.Counts = x.counts(p, q.Facets)
	pg.finish(&r)
	return r
}

// noField is the field of conditions that belong to no facet.
const noField = -1

// plan is a query with its names resolved to numbers.
type plan struct {
	parts   []part
	clauses []clause
	tallies []*tally
	kinds   map[string]int // totals by kind
}

// part is a segment to ask.
type part struct {
	seg    *segment
	kind   string
	chosen bool     // false if only the facet of kinds wants its total
	masked bool     // only records that have one of mask
	mask   []uint32 // the reader as owner and as named reader
	within *set     // only these, unless nil
}

// clause is one condition: one of the values.
type clause struct {
	field  int
	values []uint32
}

func (x *Index) plan(s Scope, q Query) *plan {
	p := &plan{kinds: make(map[string]int)}
	if q.Owner != "" {
		p.clauses = append(p.clauses, clause{noField, x.words.known(ownerNo, q.Owner)})
	}
	for name, codes := range q.Filter {
		if len(codes) == 0 || name == KindField {
			continue
		}
		if no, ok := x.words.names[name]; ok {
			p.clauses = append(p.clauses, clause{no, x.words.known(no, codes...)})
		} else {
			// No record ever had the field. It needs no number of its own: there
			// is nothing to count in it either.
			p.clauses = append(p.clauses, clause{noField, nil})
		}
	}
	x.planTallies(p, q)
	x.planParts(p, s, q)
	return p
}

// planTallies groups the facets by the filter their counts leave out: one tally
// for all unfiltered fields, one for each filtered field.
func (x *Index) planTallies(p *plan, q Query) {
	filtered := make(map[int]bool)
	for _, c := range p.clauses {
		filtered[c.field] = true
	}
	plain := &tally{skip: noField}
	seen := make(map[int]bool)
	for _, name := range q.Facets {
		no, ok := x.words.names[name]
		if !ok || seen[no] {
			continue
		}
		seen[no] = true
		t := plain
		if filtered[no] {
			t = &tally{skip: no}
		}
		t.fields = append(t.fields, x.words.fields[no])
		if len(t.fields) == 1 {
			t.counts = make([]int32, len(x.words.codes))
			p.tallies = append(p.tallies, t)
		}
	}
}

func (x *Index) planParts(p *plan, s Scope, q Query) {
	mask := x.words.known(readerNo, s.Codes...)
	if s.Party != "" {
		mask = append(mask, x.words.known(ownerNo, s.Party)...)
	}
	within := x.within(q)
	shelves := []bool{false}
	if q.Shelved {
		shelves = append(shelves, true)
	}
	choice := q.Filter[KindField]
	countKinds := slices.Contains(q.Facets, KindField)
	asked := make(map[string]bool, len(q.Kinds))
	for _, kind := range q.Kinds {
		chosen := len(choice) == 0 || slices.Contains(choice, kind)
		if asked[kind] || !chosen && !countKinds {
			continue
		}
		asked[kind] = true
		for cell := Public; cell <= Named; cell++ {
			masked := cell == Named || cell == States && !s.States
			if masked && len(mask) == 0 {
				continue // hidden as a whole: not even looked at
			}
			for _, shelved := range shelves {
				no, ok := x.byKey[segKey{kind, cell, shelved}]
				if ok && (within == nil || within[no] != nil) {
					p.parts = append(p.parts, part{x.segs[no], kind, chosen, masked, mask, within[no]})
				}
			}
		}
	}
}

// within sorts the numbers of Query.Within by segment; nil means no bound.
func (x *Index) within(q Query) map[uint32]*set {
	if q.Within == nil {
		return nil
	}
	ords := make(map[uint32][]uint32)
	for _, n := range *q.Within {
		if at, ok := x.places[n]; ok {
			ords[at.seg] = append(ords[at.seg], at.ord)
		}
	}
	sets := make(map[uint32]*set, len(ords))
	for no, list := range ords {
		sets[no] = newSet(list, x.segs[no].size())
	}
	return sets
}

// counts writes the tallies out under the names of the facets asked for.
func (x *Index) counts(p *plan, facets []string) map[string][]Count {
	if len(facets) == 0 {
		return nil
	}
	out := make(map[string][]Count, len(facets))
	for _, name := range facets {
		out[name] = nil
		if name == KindField {
			for _, kind := range slices.Sorted(maps.Keys(p.kinds)) {
				if n := p.kinds[kind]; n > 0 {
					out[name] = append(out[name], Count{kind, n})
				}
			}
			continue
		}
		no, ok := x.words.names[name]
		if !ok {
			continue
		}
		f := x.words.fields[no]
		for _, t := range p.tallies {
			if slices.Contains(t.fields, f) {
				out[name] = t.list(f, x.words.codes)
			}
		}
	}
	return out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
