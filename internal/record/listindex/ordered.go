package listindex

import (
	"iter"
	"slices"
)

// ordered keeps ordinals sorted by (key, record number), in chunks, so that an
// insert moves a few kilobytes at most however long the list is.
type ordered struct {
	chunks [][]uint32 // none empty
}

const chunkMax = 512

// spot is a position in a list: between two ordinals, before chunks[chunk][at].
type spot struct{ chunk, at int }

// sortKey is what a list is sorted by.
type sortKey struct{ keys, ns []int64 }

// less tells whether an ordinal comes before (key, n).
func (k sortKey) less(ord uint32, key, n int64) bool {
	if k.keys[ord] != key {
		return k.keys[ord] < key
	}
	return k.ns[ord] < n
}

// seek returns the spot before the first ordinal not less than (key, n).
func (o *ordered) seek(k sortKey, key, n int64) spot {
	// The last chunk that begins below (key, n) holds the spot.
	lo, hi := 0, len(o.chunks)
	for lo < hi {
		mid := (lo + hi) / 2
		if k.less(o.chunks[mid][0], key, n) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return spot{}
	}
	c := o.chunks[lo-1]
	at, end := 0, len(c)
	for at < end {
		mid := (at + end) / 2
		if k.less(c[mid], key, n) {
			at = mid + 1
		} else {
			end = mid
		}
	}
	return spot{lo - 1, at}
}

// end is the spot after the last ordinal.
func (o *ordered) end() spot { return spot{chunk: len(o.chunks)} }

func (o *ordered) insert(k sortKey, ord uint32) {
	if len(o.chunks) == 0 {
		o.chunks = [][]uint32{{ord}}
		return
	}
	s := o.seek(k, k.keys[ord], k.ns[ord])
	c := o.chunks[s.chunk]
	if len(c) < chunkMax {
		o.chunks[s.chunk] = slices.Insert(c, s.at, ord)
		return
	}
	if s.at == len(c) && s.chunk == len(o.chunks)-1 {
		// Newest at the end, the usual case: leave full chunks behind.
		o.chunks = append(o.chunks, []uint32{ord})
		return
	}
	half := len(c) / 2
	upper := append(make([]uint32, 0, chunkMax), c[half:]...)
	o.chunks = slices.Insert(o.chunks, s.chunk+1, upper)
	o.chunks[s.chunk] = c[:half]
	if s.at > half {
		s = spot{s.chunk + 1, s.at - half}
	}
	o.chunks[s.chunk] = slices.Insert(o.chunks[s.chunk], s.at, ord)
}

// remove takes out an ordinal, whose keys must still be those it went in with.
func (o *ordered) remove(k sortKey, ord uint32) {
	s := o.seek(k, k.keys[ord], k.ns[ord])
	if s.chunk < len(o.chunks) && s.at == len(o.chunks[s.chunk]) {
		s = spot{chunk: s.chunk + 1} // the end of a chunk is the start of the next
	}
	c := slices.Delete(o.chunks[s.chunk], s.at, s.at+1)
	o.chunks[s.chunk] = c
	switch next := s.chunk + 1; {
	case len(c) == 0:
		o.chunks = slices.Delete(o.chunks, s.chunk, next)
	case next < len(o.chunks) && len(c)+len(o.chunks[next]) <= chunkMax/2:
		o.chunks[s.chunk] = append(c, o.chunks[next]...)
		o.chunks = slices.Delete(o.chunks, next, next+1)
	}
}

// ascend yields the ordinals from a spot to the end.
func (o *ordered) ascend(from spot) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i := from.chunk; i < len(o.chunks); i++ {
			for _, ord := range o.chunks[i][from.at:] {
				if !yield(ord) {
					return
				}
			}
			from.at = 0
		}
	}
}

// descend yields the ordinals from a spot back to the beginning.
func (o *ordered) descend(from spot) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i := min(from.chunk, len(o.chunks)-1); i >= 0; i-- {
			c := o.chunks[i]
			if i == from.chunk {
				c = c[:from.at]
			}
			for _, ord := range slices.Backward(c) {
				if !yield(ord) {
					return
				}
			}
		}
	}
}
