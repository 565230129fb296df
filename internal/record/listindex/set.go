package listindex

import (
	"iter"
	"math/bits"
	"slices"
)

// set is a set of ordinals: a bitset where it pays, else a sorted list. The two
// limits lie apart so that a set on the edge does not change its form at every
// write. A bitset may therefore have fewer members than a list: never conclude
// the form from the size.
type set struct {
	n     int
	words []uint64 // dense form; may be shorter than the segment
	list  []uint32 // sparse form, used while words is nil
}

// A list of n ordinals takes 32n bits, a bitset one bit for every ordinal of the
// segment. Bitsets begin earlier than that saves memory, because counting a word
// costs about half of looking up a member of a list.
func densifyAt(size int) int { return 16 + size/128 }
func thinAt(size int) int    { return size / 512 }

// newSet makes a set of ordinals given in any order, repeats allowed.
func newSet(ords []uint32, size int) *set {
	s := &set{}
	if len(ords) > densifyAt(size) {
		s.words = make([]uint64, (size+63)/64)
		for _, ord := range ords {
			s.words[ord/64] |= 1 << (ord % 64)
		}
		s.n = popcount(s.words)
		return s
	}
	s.list = slices.Clone(ords)
	slices.Sort(s.list)
	s.list = slices.Compact(s.list)
	s.n = len(s.list)
	return s
}

func (s *set) dense() bool { return s.words != nil }

func (s *set) has(ord uint32) bool {
	if s.dense() {
		w := int(ord / 64)
		return w < len(s.words) && s.words[w]>>(ord%64)&1 == 1
	}
	_, ok := slices.BinarySearch(s.list, ord)
	return ok
}

// add puts in an ordinal that is not a member. size is the number of ordinals
// of the segment.
func (s *set) add(ord uint32, size int) {
	s.n++
	if s.dense() {
		s.setBit(ord)
		s.thin(size) // the segment may have outgrown a set that was wide once
		return
	}
	if last := len(s.list) - 1; last < 0 || s.list[last] < ord {
		s.list = append(s.list, ord)
	} else {
		at, _ := slices.BinarySearch(s.list, ord)
		s.list = slices.Insert(s.list, at, ord)
	}
	if s.n > densifyAt(size) {
		s.words = make([]uint64, (size+63)/64)
		for _, ord := range s.list {
			s.setBit(ord)
		}
		s.list = nil
	}
}

func (s *set) setBit(ord uint32) {
	w := int(ord / 64)
	if w >= len(s.words) {
		s.words = append(s.words, make([]uint64, w+1-len(s.words))...)
	}
	s.words[w] |= 1 << (ord % 64)
}

// remove takes out a member.
func (s *set) remove(ord uint32, size int) {
	s.n--
	if !s.dense() {
		at, _ := slices.BinarySearch(s.list, ord)
		s.list = slices.Delete(s.list, at, at+1)
		return
	}
	s.words[ord/64] &^= 1 << (ord % 64)
	s.thin(size)
}

// thin turns a bitset with few members into a list.
func (s *set) thin(size int) {
	if s.n < thinAt(size) {
		s.list = slices.AppendSeq(make([]uint32, 0, s.n), s.all())
		s.words = nil
	}
}

// all yields the members in ascending order.
func (s *set) all() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for _, ord := range s.list {
			if !yield(ord) {
				return
			}
		}
		for i, w := range s.words {
			for ; w != 0; w &= w - 1 {
				if !yield(uint32(i*64 + bits.TrailingZeros64(w))) {
					return
				}
			}
		}
	}
}

// backward yields the members in descending order.
func (s *set) backward() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for _, ord := range slices.Backward(s.list) {
			if !yield(ord) {
				return
			}
		}
		for i, w := range slices.Backward(s.words) {
			for w != 0 {
				bit := bits.Len64(w) - 1
				w &^= 1 << bit
				if !yield(uint32(i*64 + bit)) {
					return
				}
			}
		}
	}
}

// union returns what is in any of the sets. It may be one of them: read only.
func union(sets []*set, size int) *set {
	if len(sets) == 1 {
		return sets[0]
	}
	sum, dense := 0, false
	for _, s := range sets {
		sum += s.n
		dense = dense || s.dense()
	}
	if !dense && sum <= densifyAt(size) {
		var ords []uint32
		for _, s := range sets {
			ords = append(ords, s.list...)
		}
		return newSet(ords, size)
	}
	words := make([]uint64, (size+63)/64)
	for _, s := range sets {
		for i, w := range s.words {
			words[i] |= w
		}
		for _, ord := range s.list {
			words[ord/64] |= 1 << (ord % 64)
		}
	}
	return &set{n: popcount(words), words: words}
}

// intersect returns what is in all of the sets, of which there is at least one.
// It may be one of them: read only. It reorders the slice, and may use the room
// of *buf for the answer.
//
// Lists come first, whatever their size: only if the first set is dense are all.
func intersect(sets []*set, buf *[]uint64) *set {
	slices.SortFunc(sets, func(a, b *set) int {
		if a.dense() != b.dense() {
			if b.dense() {
				return -1
			}
			return 1
		}
		return a.n - b.n
	})
	switch first, rest := sets[0], sets[1:]; {
	case len(rest) == 0:
		return first
	case first.dense():
		*buf = append((*buf)[:0], first.words...)
		return intersectDense(*buf, rest)
	default:
		list := make([]uint32, 0, first.n)
	next:
		for _, ord := range first.list {
			for _, s := range rest {
				if !s.has(ord) {
					continue next
				}
			}
			list = append(list, ord)
		}
		return &set{n: len(list), list: list}
	}
}

// intersectDense narrows words to what is in all of the bitsets too.
func intersectDense(words []uint64, rest []*set) *set {
	for _, s := range rest {
		words = words[:min(len(words), len(s.words))]
		for i, w := range s.words[:len(words)] {
			words[i] &= w
		}
	}
	return &set{n: popcount(words), words: words}
}

func popcount(words []uint64) int {
	n := 0
	for _, w := range words {
		n += bits.OnesCount64(w)
	}
	return n
}

// common counts the members that two bitsets share. Wide lists spend most of
// their time here; the plain loop measured faster than unrolled ones.
func common(a, b []uint64) int {
	k := min(len(a), len(b))
	a, b = a[:k], b[:k]
	n := 0
	for i, w := range a {
		n += bits.OnesCount64(w & b[i])
	}
	return n
}
