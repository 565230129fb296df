package listindex

// term is a condition of a query in one segment: the records that meet it.
type term struct {
	field int
	set   *set
}

// matched is what is left of a segment under a query.
type matched struct {
	n   int
	set *set // nil: all records of the segment
}

// terms evaluates the conditions of a query in a segment. The reader's mask is
// one of them and belongs to no field, so no facet can leave it out.
func (p *plan) terms(pt part) []term {
	terms := make([]term, 0, len(p.clauses)+2)
	if pt.masked {
		terms = append(terms, term{noField, pt.seg.anyOf(pt.mask)})
	}
	if pt.within != nil {
		terms = append(terms, term{noField, pt.within})
	}
	for _, c := range p.clauses {
		terms = append(terms, term{c.field, pt.seg.anyOf(c.values)})
	}
	return terms
}

// match returns the records that meet all terms except those of the field skip.
// The answer may lie in *buf, hence only until that is used again.
func match(g *segment, terms []term, skip int, buf *[]uint64) matched {
	sets := make([]*set, 0, 8)
	for _, t := range terms {
		if t.field == noField || t.field != skip {
			sets = append(sets, t.set)
		}
	}
	if len(sets) == 0 {
		return matched{n: g.live}
	}
	s := intersect(sets, buf)
	return matched{s.n, s}
}

// tally adds up the counts of some fields over segments.
type tally struct {
	skip   int // the field whose filter is left out, or noField
	fields []*field
	counts []int32 // by value number; meaningful for fields only
}

// add counts the matched records of a segment, by the cheapest of three ways:
// nothing filtered, the sizes of the sets; few records, their values one by one;
// many, each value's set against the match.
func (t *tally) add(g *segment, m matched) {
	switch {
	case m.n == 0:
	case m.set == nil:
		for _, f := range t.fields {
			for _, v := range f.sorted {
				if s := g.set(v); s != nil {
					t.counts[v] += int32(s.n)
				}
			}
		}
	case !m.set.dense() || t.walkIsCheaper(g, m):
		for ord := range m.set.all() {
			for _, v := range g.values(ord) {
				t.counts[v]++
			}
		}
	default:
		for _, f := range t.fields {
			for _, v := range f.sorted {
				if s := g.set(v); s != nil {
					t.counts[v] += int32(overlap(s, m.set))
				}
			}
		}
	}
}

// walkIsCheaper compares the two ways by what they touch. Measured, in units of a
// value counted: getting at a record costs about eight, a word of a bitset a
// third, a member of a list one.
func (t *tally) walkIsCheaper(g *segment, m matched) bool {
	walk := m.n * (8 + (len(g.arena)-g.dead)/g.live)
	sweep := 0
	for _, f := range t.fields {
		for _, v := range f.sorted {
			if s := g.set(v); s == nil {
				continue
			} else if s.dense() {
				sweep += len(s.words) / 3
			} else {
				sweep += s.n
			}
		}
		if sweep > walk {
			return true
		}
	}
	return false
}

// overlap counts what a value's set shares with a dense set.
func overlap(s, dense *set) int {
	if s.dense() {
		return common(s.words, dense.words)
	}
	n := 0
	for _, ord := range s.list {
		if w := int(ord / 64); w < len(dense.words) {
			n += int(dense.words[w] >> (ord % 64) & 1)
		}
	}
	return n
}

// list returns the counts of one field in the order of its codes.
func (t *tally) list(f *field, codes []string) []Count {
	var out []Count
	for _, v := range f.sorted {
		if n := t.counts[v]; n > 0 {
			if out == nil {
				out = make([]Count, 0, len(f.sorted))
			}
			out = append(out, Count{codes[v], int(n)})
		}
	}
	return out
}
