package match

import (
	"math/bits"
	"slices"
)

const (
	maxTopics = 256
	maxAreas  = 63
)

// areas is a set of topics of the first level by index.
type areas uint64

func (a areas) has(i int) bool { return a>>i&1 == 1 }
func (a areas) len() int       { return bits.OnesCount64(uint64(a)) }

// each calls f with every element in order.
func (a areas) each(f func(i int)) {
	for ; a != 0; a &= a - 1 {
		f(bits.TrailingZeros64(uint64(a)))
	}
}

// set is a set of topics by index.
type set [maxTopics / 64]uint64

func (s *set) add(i int)  { s[i/64] |= 1 << (i % 64) }
func (s *set) drop(i int) { s[i/64] &^= 1 << (i % 64) }
func (s set) and(t set) set {
	for i := range s {
		s[i] &= t[i]
	}
	return s
}
func (s set) or(t set) set {
	for i := range s {
		s[i] |= t[i]
	}
	return s
}
func (s *set) meets(t *set) bool {
	return s[0]&t[0]|s[1]&t[1]|s[2]&t[2]|s[3]&t[3] != 0
}
func (s set) empty() bool { return s == set{} }

// each calls f with every element in order.
func (s set) each(f func(i int)) {
	for w := range s {
		for b := s[w]; b != 0; b &= b - 1 {
			f(w*64 + bits.TrailingZeros64(b))
		}
	}
}

// topics is the vocabulary by index, areas before the rest.
type topics struct {
	code    []string
	index   map[string]int
	area    []int   // index of the area of a topic, itself for an area
	related []areas // by area
	phrases map[string]map[string][]phrase
	coord   areas // the coordination area, if there is one
}

// phrase is a run of terms that names a topic.
type phrase struct {
	terms []string
	topic int
}

// newTopics orders the vocabulary: areas first. What goes beyond maxAreas and
// maxTopics is left out; a topic without a known parent is an area.
func newTopics(ts []Topic) *topics {
	v := &topics{index: map[string]int{}, phrases: map[string]map[string][]phrase{}}
	known := map[string]bool{}
	for _, t := range ts {
		known[t.Code] = true
	}
	for _, t := range ts {
		if _, dup := v.index[t.Code]; !dup && !known[t.Parent] && len(v.code) < maxAreas {
			v.index[t.Code] = len(v.code)
			v.code = append(v.code, t.Code)
			v.area = append(v.area, v.index[t.Code])
		}
	}
	v.related = make([]areas, len(v.code))
	for _, t := range ts {
		p, ok := v.index[t.Parent]
		if _, dup := v.index[t.Code]; !dup && ok && p < len(v.related) && len(v.code) < maxTopics {
			v.index[t.Code] = len(v.code)
			v.code = append(v.code, t.Code)
			v.area = append(v.area, p)
		}
	}
	for _, r := range related {
		i, ok := v.index[r[0]]
		j, ok2 := v.index[r[1]]
		if ok && ok2 && i < len(v.related) && j < len(v.related) {
			v.related[i] |= 1 << j
			v.related[j] |= 1 << i
		}
	}
	if i, ok := v.index[coordination]; ok && i < len(v.related) {
		v.coord = 1 << i
	}
	return v
}

// learn takes the words of the topics, cut like the texts.
func (v *topics) learn(ts []Topic, terms func(text, lang string) []string) {
	for _, t := range ts {
		i, ok := v.index[t.Code]
		if !ok {
			continue
		}
		for lang, ws := range t.Words {
			m := v.phrases[lang]
			if m == nil {
				m = map[string][]phrase{}
				v.phrases[lang] = m
			}
			for _, w := range ws {
				var seq []string
				for _, x := range cut(w) {
					seq = append(seq, terms(x, lang)...)
				}
				if len(seq) > 0 && !slices.ContainsFunc(m[seq[0]], func(p phrase) bool { return p.topic == i && slices.Equal(p.terms, seq) }) {
					m[seq[0]] = append(m[seq[0]], phrase{seq, i})
				}
			}
		}
	}
}

// find adds to s the topics that the sequence of terms names.
func (v *topics) find(s *set, seq []string, lang string) {
	m := v.phrases[lang]
	if m == nil {
		return
	}
	for i, t := range seq {
		for _, p := range m[t] {
			if len(p.terms) <= len(seq)-i && slices.Equal(p.terms, seq[i:i+len(p.terms)]) {
				s.add(p.topic)
			}
		}
	}
}

// codes returns the set of codes; unknown codes are passed over.
func (v *topics) codes(cs []string) (s set) {
	for _, c := range cs {
		if i, ok := v.index[c]; ok {
			s.add(i)
		}
	}
	return s
}

// areasOf returns the areas of the topics in s.
func (v *topics) areasOf(s set) (a areas) {
	s.each(func(i int) { a |= 1 << v.area[i] })
	return a
}

// below returns the topics of the second level in s.
func (v *topics) below(s set) set {
	s[0] &^= 1<<len(v.related) - 1
	return s
}

// direct returns the areas in s themselves.
func (v *topics) direct(s set) areas { return areas(s[0]) & (1<<len(v.related) - 1) }
