package listindex

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// mixedSets returns sets in both forms with the sizes that mislead: bitsets with
// few members, left by removal, beside lists with more.
func mixedSets(w *rand.Rand, size int) []*set {
	sets := make([]*set, 1+w.IntN(4))
	for i := range sets {
		s := &set{}
		grown := w.Perm(size)[:w.IntN(densifyAt(size)*4)]
		for _, ord := range grown {
			s.add(uint32(ord), size)
		}
		for _, ord := range grown[w.IntN(len(grown)+1):] {
			s.remove(uint32(ord), size)
		}
		sets[i] = s
	}
	return sets
}

func TestIntersectAndUnion(t *testing.T) {
	const size = 3000
	w := rand.New(rand.NewPCG(1, 19))
	misleading := 0
	for range 3_000 {
		sets := mixedSets(w, size)
		var all, any []uint32
		for ord := range uint32(size) {
			in := 0
			for _, s := range sets {
				in += btoi(s.has(ord))
			}
			if in > 0 {
				any = append(any, ord)
			}
			if in == len(sets) {
				all = append(all, ord)
			}
		}
		for _, a := range sets {
			for _, b := range sets {
				misleading += btoi(a.dense() && !b.dense() && a.n < b.n)
			}
		}
		checkMembers(t, "union", union(sets, size), any)
		var buf []uint64
		checkMembers(t, "intersection", intersect(slices.Clone(sets), &buf), all)
	}
	if misleading < 100 {
		t.Errorf("only %d pairs of a bitset smaller than a list: the test has lost its point", misleading)
	}
}

func checkMembers(t *testing.T, name string, s *set, want []uint32) {
	t.Helper()
	got := slices.Collect(s.all())
	if !slices.Equal(got, want) || s.n != len(want) {
		t.Fatalf("%s: got %v (n %d), want %v", name, got, s.n, want)
	}
	down := slices.Collect(s.backward())
	slices.Reverse(down)
	if !slices.Equal(down, want) {
		t.Fatalf("%s backward: got %v, want %v", name, down, want)
	}
}

// TestSetForm holds a set to its two limits while it and its segment grow.
func TestSetForm(t *testing.T) {
	s, size := &set{}, 20_000
	for ord := range uint32(densifyAt(size)) {
		s.add(ord, size)
	}
	if s.dense() {
		t.Fatalf("bitset at %d members of %d", s.n, size)
	}
	s.add(19_999, size)
	s.add(19_998, size)
	if !s.dense() || !s.has(19_998) {
		t.Fatalf("still a list at %d members of %d", s.n, size)
	}
	for s.n > thinAt(size) {
		s.remove(slices.Collect(s.all())[0], size)
		if !s.dense() {
			t.Fatalf("list already at %d members", s.n)
		}
	}
	s.remove(19_998, size)
	if s.dense() || !slices.IsSorted(s.list) {
		t.Fatalf("still a bitset at %d members", s.n)
	}
	// A set once wide, in a segment that has grown past it.
	s = newSet([]uint32{1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}, 64)
	if !s.dense() || s.n != 17 {
		t.Fatalf("got %+v, want a bitset of 17", s)
	}
	if s.add(1_000_000, 1_000_001); s.dense() || s.n != 18 {
		t.Fatalf("got a bitset of %d words for %d members", len(s.words), s.n)
	}
}

// TestOrdered compares with a sorted slice, through enough removals that chunks
// split, empty and merge.
func TestOrdered(t *testing.T) {
	w := rand.New(rand.NewPCG(1, 23))
	const n = 20_000
	k := sortKey{make([]int64, n), make([]int64, n)}
	for i := range n {
		k.keys[i], k.ns[i] = w.Int64N(n/4), int64(i)
	}
	compare := func(a, b uint32) int {
		if k.less(a, k.keys[b], k.ns[b]) {
			return -1
		}
		return btoi(a != b)
	}
	o := &ordered{}
	var have []uint32
	for _, ord := range w.Perm(n) {
		o.insert(k, uint32(ord))
		have = append(have, uint32(ord))
	}
	for len(have) > 0 {
		slices.SortFunc(have, compare)
		if got := slices.Collect(o.ascend(spot{})); !slices.Equal(got, have) {
			t.Fatalf("at %d: ascending list is wrong", len(have))
		}
		down := slices.Collect(o.descend(o.end()))
		slices.Reverse(down)
		if !slices.Equal(down, have) {
			t.Fatalf("at %d: descending list is wrong", len(have))
		}
		for i, c := range o.chunks {
			if len(c) == 0 || len(c) > chunkMax {
				t.Fatalf("at %d: chunk %d has %d", len(have), i, len(c))
			}
		}
		if most := 4*len(have)/chunkMax + 2; len(o.chunks) > most {
			t.Fatalf("at %d: %d chunks, want at most %d", len(have), len(o.chunks), most)
		}
		w.Shuffle(len(have), func(i, j int) { have[i], have[j] = have[j], have[i] })
		cut := len(have) / 3 * 2
		for _, ord := range have[cut:] {
			o.remove(k, ord)
		}
		have = have[:cut]
		if cut == 0 {
			break
		}
	}
}

// TestOrdinalsAreReused rewrites every record many times: neither columns nor
// arena may grow beyond what the records need.
func TestOrdinalsAreReused(t *testing.T) {
	w := &world{Rand: rand.New(rand.NewPCG(1, 29))}
	x, m := New(), model{}
	for seq := range int64(60) {
		var batch []Entry
		for n := int64(1); n <= 400; n++ {
			e := w.entry(n)
			e.Kind, e.Cell, e.Shelved = "need", Public, false
			batch = append(batch, e)
		}
		m.apply(batch)
		x.Apply(seq, batch)
	}
	g := x.segs[0]
	if g.size() != 400 || len(g.arena) > 2*(len(g.arena)-g.dead)+1024+16 {
		t.Errorf("400 records take %d ordinals and %d places of which %d dead", g.size(), len(g.arena), g.dead)
	}
	checkPages(t, w, m, x, 59)
}
