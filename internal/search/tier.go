package search

import (
	"encoding/binary"
	"math"
	"slices"
)

// avgLen stands for the average length of a record in words. It is a constant,
// not a statistic, so that the tiers stored with a record stay true and so that
// hidden records cannot move the scores of others. Changing it, or ladder,
// means indexing everything anew.
const avgLen = 100

// BM25 with its usual constants.
const (
	k1 = 1.2
	kb = 0.75
)

// impact is what a term that occurs tf times in a record of length words adds
// to its score, before the term's rarity: from near 0 to k1+1.
func impact(tf, length int) float64 {
	t := float64(tf)
	return t * (k1 + 1) / (t + k1*(1-kb+kb*float64(length)/avgLen))
}

// tiers is how many tiers there are, besides tier 0, which needs no token.
const tiers = 5

// ladder returns the least impact of each tier, and last the bound of all.
func ladder() [tiers + 2]float64 {
	return [...]float64{0, 1.2, 1.4, 1.55, 1.7, 1.85, k1 + 1}
}

// tierOf returns the tier of an impact.
func tierOf(impact float64) int {
	l := ladder()
	t := 0
	for t < tiers && impact >= l[t+1] {
		t++
	}
	return t
}

// tierToken is the token of a term in tier t of a record.
func tierToken(term string, t int) string { return term + "^" + string(rune('0'+t)) }

// hash24 names a term in a packed vector. 24 bits: with 16, one absent word in
// 500 would seem present, and put a record on top that does not have it.
func hash24(term string) uint32 {
	h := uint32(2166136261) // FNV-1a
	for i := range len(term) {
		h = (h ^ uint32(term[i])) * 16777619
	}
	return (h ^ h>>24) & 0xffffff
}

// A vector is a record's packed term counts: the record's length and the number
// of terms that occur more than once, each in two bytes; those terms, four
// bytes each, hash and count; then the hashes of the other terms. Both parts
// are sorted, so that a look-up is a binary search.
type vector []byte

// pack makes the vector of a record; both its length and a count are cut to
// what fits.
func pack(length int, counts map[string]int) vector {
	var many, once []uint32
	for term, tf := range counts {
		if tf > 1 {
			many = append(many, hash24(term)<<8|uint32(min(tf, math.MaxUint8)))
		} else {
			once = append(once, hash24(term))
		}
	}
	slices.Sort(many)
	slices.Sort(once)
	if len(many) > math.MaxUint16 {
		many = many[:math.MaxUint16]
	}
	v := make(vector, 0, 4+4*len(many)+3*len(once))
	v = binary.BigEndian.AppendUint16(v, uint16(min(length, math.MaxUint16)))
	v = binary.BigEndian.AppendUint16(v, uint16(len(many)))
	for _, m := range many {
		v = binary.BigEndian.AppendUint32(v, m)
	}
	for _, h := range once {
		v = append(v, byte(h>>16), byte(h>>8), byte(h))
	}
	return v
}

// length is the record's length in words; 0 for a vector that is none.
func (v vector) length() int {
	if len(v) < 4 {
		return 0
	}
	return int(binary.BigEndian.Uint16(v))
}

// count returns how often the term with hash h occurs.
func (v vector) count(h uint32) int {
	if len(v) < 4 {
		return 0
	}
	many := int(binary.BigEndian.Uint16(v[2:]))
	rest := v[4:]
	if len(rest) < 4*many {
		return 0
	}
	if i := find(rest[:4*many], 4, h); i >= 0 {
		return int(rest[4*i+3])
	}
	if find(rest[4*many:], 3, h) >= 0 {
		return 1
	}
	return 0
}

// find searches the sorted entries of size bytes in v, each of which begins
// with a hash; -1 if there is none with h.
func find(v []byte, size int, h uint32) int {
	lo, hi := 0, len(v)/size
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		e := v[size*mid:]
		if uint32(e[0])<<16|uint32(e[1])<<8|uint32(e[2]) < h {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(v)/size {
		e := v[size*lo:]
		if uint32(e[0])<<16|uint32(e[1])<<8|uint32(e[2]) == h {
			return lo
		}
	}
	return -1
}
