// Package listindex answers list pages from memory: the exact total, the facet
// counts and one page of record numbers, for one reader and one query.
//
// The invariant: an Index is a pure function of the entries applied to it up to
// commit Seq. It holds no database, no clock and no goroutine; whoever owns it
// brings it up to date by Apply and checks Seq against the commit at which the
// rows were read.
//
// Records lie in segments, one for each (kind, cell, shelf). A record is in
// exactly one segment, so totals and counts of segments simply add up, and what
// a reader may not see at all is physically elsewhere: a request of the public
// touches public segments only. The rest (own records, records with named
// readers) is reached only through a mask built from the reader's own codes.
// Hence the second invariant, which a test holds: an index that contains only
// what a reader may see gives that reader the identical answer.
//
// The index decides what is counted and listed; it is not the gate. Every row
// fetched for a page passes the visibility rule itself once more.
package listindex

import (
	"slices"
	"strings"
	"sync"
)

// Cell is the part of the visibility rule that is known when a record is written.
type Cell uint8

// The cells. An unknown cell is read as Named, the narrowest.
const (
	Public Cell = iota // everyone
	States             // every State account, the owner and the listed readers
	Named              // the owner and the listed readers only
)

// The fields that need not be listed in Entry.Values: the index knows them.
// Values that carry these names are ignored.
const (
	OwnerField = "owner"
	KindField  = "kind"
)

// Value is one facet value of a record, such as {"topic", "legislation"}.
type Value struct{ Field, Code string }

// Entry is what the index knows of one record.
type Entry struct {
	N       int64 // record number, positive, unique over all kinds
	Deleted bool  // take the record out; the other fields do not matter then

	Kind    string
	Cell    Cell
	Shelved bool // archived, withdrawn: absent from lists that do not ask for it

	Owner   string   // party code
	Readers []string // parties and groups that may read whatever the cell says
	Order   [3]int64 // sort keys by Order, in microseconds; 0 means none
	Values  []Value  // facet values, expanded by the caller; repeats count once
}

// Index is safe for concurrent use. Make one with New.
type Index struct {
	mu      sync.RWMutex
	seq     int64
	words   *vocab
	segs    []*segment
	byKey   map[segKey]uint32
	places  map[int64]place
	scratch []uint32 // value numbers of the entry being applied
}

type segKey struct {
	kind    string
	cell    Cell
	shelved bool
}

// place says where a record lies: numbers, not pointers, so that the collector
// need not walk the map.
type place struct{ seg, ord uint32 }

// New returns an empty index at commit 0.
func New() *Index {
	return &Index{
		words:  newVocab(),
		byKey:  make(map[segKey]uint32),
		places: make(map[int64]place),
	}
}

// Seq returns the commit up to which entries have been applied.
func (x *Index) Seq() int64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.seq
}

// Apply brings the index to commit seq. The entries are the newest form of every
// record written since the index's own Seq (or of all records, on a new index),
// in any order, each record once. A batch older than the index is left out as a
// whole, and Apply reports false: another catch-up was quicker and has brought
// these entries, or newer ones, already.
//
// Readers see all of a batch or nothing of it. A first load may come in several
// calls with the same seq, as long as nobody queries the index meanwhile.
func (x *Index) Apply(seq int64, entries []Entry) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if seq < x.seq {
		return false
	}
	for i := range entries {
		x.put(&entries[i])
	}
	x.seq = seq
	return true
}

// put replaces a record: out of its old segment, into its new one. A change that
// stays in the segment gets the ordinal it has just given back.
func (x *Index) put(e *Entry) {
	if e.N <= 0 { // not a record number; a zero Cursor must stay "no cursor"
		return
	}
	if at, ok := x.places[e.N]; ok {
		x.segs[at.seg].remove(at.ord)
	}
	if e.Deleted {
		delete(x.places, e.N)
		return
	}
	no := x.segmentNo(segKey{e.Kind, min(e.Cell, Named), e.Shelved})
	ord := x.segs[no].insert(e.N, e.Order, x.numbers(e))
	x.places[e.N] = place{no, ord}
}

func (x *Index) segmentNo(key segKey) uint32 {
	no, ok := x.byKey[key]
	if !ok {
		no = uint32(len(x.segs))
		key.kind = strings.Clone(key.kind) // do not pin the caller's buffer
		x.segs = append(x.segs, &segment{})
		x.byKey[key] = no
	}
	return no
}

// numbers returns the value numbers of an entry, each once: its owner, its facet
// values and its readers. Readers of a public record add nothing and are not kept.
func (x *Index) numbers(e *Entry) []uint32 {
	vs := x.scratch[:0]
	if e.Owner != "" {
		vs = append(vs, x.words.intern(ownerNo, e.Owner))
	}
	no, name := ownerNo, OwnerField
	for _, v := range e.Values {
		if v.Field == OwnerField || v.Field == KindField {
			continue
		}
		if v.Field != name { // values of a field mostly stand together
			no, name = x.words.fieldNo(v.Field), v.Field
		}
		vs = append(vs, x.words.intern(no, v.Code))
	}
	if e.Cell != Public {
		for _, code := range e.Readers {
			if code != "" {
				vs = append(vs, x.words.intern(readerNo, code))
			}
		}
	}
	x.scratch = vs
	slices.Sort(vs)
	return slices.Compact(vs)
}
