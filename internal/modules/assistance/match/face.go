package match

import (
	"math"
	"slices"
	"strings"
)

// subject is what the points for topics depend on.
type subject struct {
	stated areas // of the topics it states
	worded areas // of the topics its text names
	direct areas // that its text names as such
}

// face is what a bound on everything but topics depends on: small, so that
// many are looked at quickly. The masks hold a bit for each code, by its hash:
// two sets without a bit in common have no code in common.
type face struct {
	codes    uint64 // parties and groups it is for
	ends     int64  // last second; completed: long ago, no end: never
	langs    uint32
	traits   uint32 // forms of help in the lower half, capabilities in the upper
	capacity int32
	lengthF  int16 // 0..1000: how much its words count
	flags    uint16
}

// Flags of a face. The first ones, and two more that depend on the need, are
// an index in bounds.keep.
const (
	proposed uint16 = 1 << iota
	meeting
	own
	ready // helps within hours
	dated // of a kind in which one takes part at its date
	shut  // may no longer be applied for

	forOthers // named for others than the State of the need
	past      // over before the help is wanted
	keepFlags = 1<<iota - 1
)

// Who the offer is for, in the bits of flags above those.
const (
	whoShift        = 8
	forAll   uint16 = iota << whoShift // open to all States
	ruled                              // Eligible is set, and not open
	served                             // Named is set, and not open
)

const (
	longAgo = math.MinInt64
	never   = math.MaxInt64
)

func hashBit(code string) uint {
	h := uint32(2166136261)
	for i := range len(code) {
		h = (h ^ uint32(code[i])) * 16777619
	}
	return uint(h ^ h>>15)
}

// mask holds a bit for each code, among bits.
func mask(codes []string, bits uint) (m uint64) {
	for _, c := range codes {
		m |= 1 << (hashBit(c) % bits)
	}
	return m
}

// traits are forms of help and capabilities as a face has them.
func traits(forms, capability []string) uint32 {
	return uint32(mask(forms, 16) | mask(capability, 16)<<16)
}

func newFace(o *Offer) face {
	f := face{ends: never, langs: uint32(mask(o.Languages, 32)), traits: traits(forms(o), o.Capability),
		capacity: math.MaxInt32, lengthF: 1000}
	named := o.Eligible
	if len(named) == 0 {
		named = o.Named
	}
	for _, c := range named { // of several joined, the first must hold in any case
		c, _, _ = strings.Cut(c, "+")
		f.codes |= 1 << (hashBit(c) % 64)
	}
	switch {
	case o.Status == StatusCompleted:
		f.ends = longAgo
	case !o.ValidTo.IsZero():
		f.ends = o.ValidTo.Unix()
	}
	if o.Capacity > 0 {
		f.capacity = int32(min(o.Capacity, math.MaxInt32))
	}
	switch {
	case o.Open || slices.Contains(named, All):
		f.flags = forAll
	case len(o.Eligible) > 0:
		f.flags = ruled
	case len(o.Named) > 0:
		f.flags = served
	}
	set := func(on bool, flag uint16) {
		if on {
			f.flags |= flag
		}
	}
	set(o.Status == StatusProposed, proposed)
	set(o.Kind == KindEvent, meeting)
	set(o.Own, own)
	set(o.EmergencyHours > 0, ready)
	set(takesPart(o.Kind), dated)
	set(o.Status == StatusClosed, shut)
	return f
}

// bounds are tables of what finish may at most make of points, by what a face
// tells. They follow from the weights.
type bounds struct {
	// Points for being open to the State, by whether the need has a State or
	// groups, by who the offer is for, whether it may name the State, and
	// whether it may name a group.
	who [2][16]int32
	// Points for form, capability and language, by whether the need says
	// languages, and by which of these may be the same and whether the offer
	// says languages.
	same [2][16]int32
	// What is left after the caveats, by whether the need is urgent.
	keep [2][keepFlags + 1]left
}

// left turns points into (points+plus)*mul+add, in 1/65536.
type left struct{ plus, mul, add int32 }

// barred is worse than all the points there are.
const barred = -1 << 14

func newBounds(w *weights) *bounds {
	b := &bounds{}
	for i := range b.who[0] {
		party, group, who := i&2 != 0, i&1 != 0, uint16(i>>2)<<whoShift
		for known := range b.who {
			p := &b.who[known][i]
			switch {
			case party:
				*p = int32(max(w.Party, w.Group, w.All))
			case group:
				*p = int32(max(w.Group, w.All))
			case who == forAll:
				*p = int32(w.All)
			case who == ruled && known == 1:
				*p = barred
			}
		}
	}
	for i := range b.same[0] {
		for says := range b.same {
			p := &b.same[says][i]
			if i&8 != 0 {
				*p += int32(w.Modality)
			}
			if i&4 != 0 {
				*p += int32(w.Capable)
			}
			if i&2 != 0 {
				*p += int32(w.Language)
			} else if i&1 != 0 && says == 1 {
				*p = barred
			}
		}
	}
	for i := range b.keep[0] {
		for urgent := range b.keep {
			b.keep[urgent][i] = w.left(uint16(i), urgent == 1)
		}
	}
	return b
}

// left bounds what the caveats leave. Each takes a share rounded down, so that
// up to one point more is left than by the shares alone.
func (w *weights) left(flags uint16, urgent bool) left {
	if flags&shut != 0 || flags&past != 0 && flags&dated != 0 {
		return left{}
	}
	l, share, n := left{}, 1.0, int32(0)
	take := func(on bool, percent int) {
		if on {
			share *= float64(100-percent) / 100
			n++
		}
	}
	take(flags&forOthers != 0, w.Others)
	take(flags&proposed != 0, w.Proposed)
	take(flags&past != 0, w.Over)
	take(flags&meeting != 0, w.Meeting)
	take(flags&own != 0, w.Own)
	if urgent && flags&ready != 0 {
		l.plus = int32(w.Ready)
	}
	take(urgent && flags&ready == 0, w.NotReady)
	l.mul = int32(math.Ceil(share * (1 << 16)))
	l.add = n << 16
	return l
}

func bit(on bool) uint {
	if on {
		return 1
	}
	return 0
}

// bound is a bound on what finish makes of points: it gives at least as much
// and takes at most as much. It has no branches, for it runs for most offers.
func (q *query) bound(f *face, points int) int {
	m := &q.masks
	hit := bit(f.codes&m.party != 0)<<1 | bit(f.codes&m.groups != 0)
	who := uint(f.flags) >> whoShift & 3
	common := f.traits & m.traits
	alike := bit(common&0xffff != 0)<<3 | bit(common>>16 != 0)<<2 | bit(f.langs&m.langs != 0)<<1 | bit(f.langs != 0)
	flags := uint(f.flags) & keepFlags
	flags |= bit(f.ends < m.at) * uint(past)
	flags |= m.known & bit(who == uint(served>>whoShift)) & bit(hit == 0) * uint(forOthers)
	l := &m.keep[flags&keepFlags]
	points += int(m.who[who<<2|hit]) + int(m.same[alike]) + int(l.plus) + int(bit(m.people > f.capacity))*barred
	return (points*int(l.mul) + int(l.add)) >> 16
}
