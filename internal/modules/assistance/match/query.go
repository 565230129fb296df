package match

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Prepared is a need with its texts analysed: the slow part, which does not
// depend on the offers and may be kept.
type Prepared struct {
	need  Need
	named set // topics that the text names
	form  []string
	langs []preparedLang // by language
	// The engine that knows the terms by number, and how many it knew then.
	of   *Engine
	knew int
}

// preparedLang are the terms of a need in a language, those known first.
type preparedLang struct {
	lang  string
	terms []preparedTerm
}

type preparedTerm struct {
	id         int // in postings; -1: no offer had it
	term, word string
}

// Prepare analyses a need.
func (e *Engine) Prepare(n Need) Prepared {
	an := e.text.analyse(n.Text)
	p := Prepared{need: n, named: an.named, form: n.Modalities, of: e}
	if len(p.form) == 0 {
		for _, t := range n.Topics {
			if f := formOf[t]; f != "" && !slices.Contains(p.form, f) {
				p.form = append(p.form, f)
			}
		}
	}
	for lang, ts := range an.terms {
		l := preparedLang{lang: lang, terms: make([]preparedTerm, 0, len(ts))}
		for t, word := range ts {
			l.terms = append(l.terms, preparedTerm{-1, t, word})
		}
		p.langs = append(p.langs, l)
	}
	slices.SortFunc(p.langs, func(a, b preparedLang) int { return strings.Compare(a.lang, b.lang) })
	e.mu.RLock()
	defer e.mu.RUnlock()
	p.langs, p.knew = e.number(p.langs), len(e.postings)
	return p
}

// number returns langs with the numbers that the terms have here.
func (e *Engine) number(langs []preparedLang) []preparedLang {
	out := make([]preparedLang, len(langs))
	for i, l := range langs {
		ts := slices.Clone(l.terms)
		for j := range ts {
			ts[j].id = -1
			if id, ok := e.terms[l.lang+"\x00"+ts[j].term]; ok {
				ts[j].id = id
			}
		}
		slices.SortFunc(ts, func(a, b preparedTerm) int { return cmp.Compare(a.id, b.id) })
		out[i] = preparedLang{l.lang, ts}
	}
	return out
}

// query is a prepared need against the present pool.
type query struct {
	need  *Need
	form  []string
	codes []string // party and groups
	masks needMasks
	// Areas asked for, with their share of the topic points.
	areas   []areaShare
	all     areas // areas the State states, or else names
	below   set   // topics of the second level
	general bool  // it names no topic of the second level
	worded  areas // areas in q.all that the text names
	langs   []langQuery
	terms   []termWeight // of all langs
}

// needMasks are the codes of a need as in a face, and the tables of bounds for
// a need like it.
type needMasks struct {
	party, groups uint64
	at            int64 // seconds: when the help is wanted
	langs, traits uint32
	people        int32
	known         uint // 1: its State or groups are known
	who, same     *[16]int32
	keep          *[keepFlags + 1]left
}

type areaShare struct {
	area    int
	related areas
	// Points of an offer that states it, names it, or works in a related one.
	points, worded, near int
}

type langQuery struct {
	terms []termWeight // sorted by id
}

type termWeight struct {
	id   uint32
	w    int // points << textShift
	word string
}

const textShift = 12

// query fills s.query.
func (e *Engine) query(p *Prepared, s *scratch) *query {
	q := &s.query
	*q = query{need: &p.need, form: p.form, codes: q.codes[:0], areas: q.areas[:0], langs: q.langs[:0], terms: q.terms[:0]}
	if p.need.Party != "" {
		q.codes = append(q.codes, p.need.Party)
	}
	q.codes = append(q.codes, p.need.Groups...)
	q.masks = e.masks(q)
	e.queryTopics(q, p)
	e.queryTexts(q, p, s)
	return q
}

func (e *Engine) masks(q *query) needMasks {
	n := q.need
	m := needMasks{groups: mask(n.Groups, 64), langs: uint32(mask(n.Languages, 32)), traits: traits(q.form, n.Capability),
		people: int32(min(n.People, math.MaxInt32)), known: bit(len(q.codes) > 0), at: longAgo + 1}
	if n.Party != "" {
		m.party = mask(q.codes[:1], 64)
	}
	if at := e.wanted(q); !at.IsZero() {
		m.at = at.Unix()
	}
	m.who, m.same = &e.bounds.who[m.known], &e.bounds.same[bit(m.langs != 0)]
	m.keep = &e.bounds.keep[bit(n.Timeframe == Emergency)]
	return m
}

// queryTopics shares the topic points among the areas of the need, rare areas
// getting more. An area that only the text names gets a part of what it would
// get if the State had stated it; if the State stated none, those are all.
func (e *Engine) queryTopics(q *query, p *Prepared) {
	stated := e.topics.codes(p.need.Topics)
	q.all = e.topics.areasOf(stated)
	named := e.topics.areasOf(p.named)
	share := 100
	if q.all == 0 {
		q.all = named
	} else {
		share = e.w.Inferred
	}
	within := q.all
	if share > 0 {
		within |= named
	}
	q.worded = q.all & e.topics.direct(p.named)
	q.below = e.topics.below(stated.or(p.named))
	q.general = q.below.empty()
	q.below.each(func(i int) {
		if !q.all.has(e.topics.area[i]) {
			q.below.drop(i)
		}
	})
	weight := func(a int) int {
		w := 1000 + e.rarity(e.areaDF[a])
		if !q.all.has(a) {
			w = w * share / 100
		}
		return w
	}
	sum := 0
	within.each(func(a int) { sum += weight(a) })
	within.each(func(a int) {
		points := e.w.Topic * weight(a) / sum
		q.areas = append(q.areas, areaShare{a, e.topics.related[a], points, points * e.w.Worded / 100, points * e.w.Related / 100})
	})
}

// queryTexts shares the points for words among the terms of each language, rare
// terms getting more. Terms that no offer has count in the sum.
func (e *Engine) queryTexts(q *query, p *Prepared, s *scratch) {
	langs := p.langs
	if p.of != e || p.knew != len(e.postings) {
		langs = e.number(langs)
	}
	most := 0
	for _, l := range langs {
		most += len(l.terms)
	}
	q.terms = slices.Grow(q.terms, most) // so that it does not move
	for _, l := range langs {
		start, sum := len(q.terms), 0
		for _, t := range l.terms {
			if t.id < 0 {
				sum += e.wordRarity(0, s)
				continue
			}
			if r := e.wordRarity(e.postings[t.id].df, s); r > 0 {
				sum += r
				q.terms = append(q.terms, termWeight{uint32(t.id), r, t.word})
			}
		}
		ts := q.terms[start:]
		sum = max(sum, leastRare)
		for i := range ts {
			ts[i].w = (e.w.Text << textShift) * ts[i].w / sum
		}
		if len(ts) > 0 {
			q.langs = append(q.langs, langQuery{ts})
		}
	}
}
