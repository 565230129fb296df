package match

import (
	"math"
	"slices"
	"strings"
	"sync"
)

// Engine ranks offers for needs. Any number of goroutines may use it; Put and
// Remove wait for rankings under way.
type Engine struct {
	w      weights
	opt    Options
	topics *topics
	text   *analyser

	mu       sync.RWMutex
	items    []item // by slot; a slot with id "" is free
	slots    map[string]uint32
	free     []uint32
	counted  int // offers that count for rarity
	areaDF   map[int]int
	terms    map[string]int // language + NUL + term: index in postings
	postings []posting
	inArea   [][]uint32 // by area: the slots of the offers that state it

	scratch sync.Pool
}

// item is an offer as the engine keeps it.
type item struct {
	id      string
	offer   Offer
	an      analysed
	terms   []uint32 // sorted
	stated  set
	areas   areas // of the topics it states
	worded  areas // of the topics its text names
	direct  areas // that its text names as such
	below   set   // topics of the second level, stated or named
	forms   []string
	lengthF int // 0..1000: how much its words count
}

type posting struct {
	slots []uint32
	df    int // among the offers that count
}

// New returns an engine over offers. Of two with one identifier the later
// one stands.
func New(offers []Offer, o Options) *Engine {
	e := &Engine{w: table, opt: o, topics: newTopics(o.Topics), slots: map[string]uint32{},
		areaDF: map[int]int{}, terms: map[string]int{}}
	e.inArea = make([][]uint32, len(e.topics.related))
	e.text = newAnalyser(o, e.topics)
	e.topics.learn(o.Topics, e.text.termsOf)
	for _, of := range offers {
		e.put(of)
	}
	return e
}

// Put adds an offer, or replaces the one with the same identifier.
func (e *Engine) Put(o Offer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.put(o)
}

// Remove takes an offer out and reports whether it was there.
func (e *Engine) Remove(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.remove(id)
}

// Len returns the number of offers.
func (e *Engine) Len() int {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return len(e.slots)
}

func (e *Engine) put(o Offer) {
	if o.ID == "" {
		return
	}
	e.remove(o.ID)
	it := item{id: o.ID, offer: o, an: e.text.analyse(o.Text), stated: e.topics.codes(o.Topics), lengthF: 1000}
	most := 0
	for lang, ts := range it.an.terms {
		most = max(most, len(ts))
		for t := range ts {
			it.terms = append(it.terms, uint32(e.term(lang, t)))
		}
	}
	slices.Sort(it.terms)
	if most > plainLen {
		it.lengthF = 1000 * plainLen / most
	}
	it.areas, it.worded = e.topics.areasOf(it.stated), e.topics.areasOf(it.an.named)
	it.direct = e.topics.direct(it.an.named)
	it.below = e.topics.below(it.stated.or(it.an.named))
	it.forms = forms(&o)

	var slot uint32
	if k := len(e.free); k > 0 {
		slot, e.free = e.free[k-1], e.free[:k-1]
		e.items[slot] = it
	} else {
		slot = uint32(len(e.items))
		e.items = append(e.items, it)
	}
	e.slots[o.ID] = slot
	for _, t := range it.terms {
		e.postings[t].slots = append(e.postings[t].slots, slot)
	}
	it.areas.each(func(a int) { e.inArea[a] = append(e.inArea[a], slot) })
	e.count(&it, 1)
}

func (e *Engine) remove(id string) bool {
	slot, ok := e.slots[id]
	if !ok {
		return false
	}
	it := &e.items[slot]
	for _, t := range it.terms {
		e.postings[t].slots = without(e.postings[t].slots, slot)
	}
	it.areas.each(func(a int) { e.inArea[a] = without(e.inArea[a], slot) })
	e.count(it, -1)
	delete(e.slots, id)
	e.items[slot] = item{}
	e.free = append(e.free, slot)
	return true
}

// without takes slot out of slots, whose order does not matter.
func without(slots []uint32, slot uint32) []uint32 {
	if i := slices.Index(slots, slot); i >= 0 {
		slots[i] = slots[len(slots)-1]
		slots = slots[:len(slots)-1]
	}
	return slots
}

// count enters an offer in the figures from which rarity comes, or takes it
// out of them.
func (e *Engine) count(it *item, by int) {
	if it.offer.Restricted {
		return
	}
	e.counted += by
	for _, t := range it.terms {
		e.postings[t].df += by
	}
	it.areas.each(func(a int) { e.areaDF[a] += by })
}

func (e *Engine) term(lang, t string) int {
	key := lang + "\x00" + t
	i, ok := e.terms[key]
	if !ok {
		i = len(e.postings)
		e.terms[strings.Clone(key)] = i
		e.postings = append(e.postings, posting{})
	}
	return i
}

// rarity of something found in df of the offers that count: 1000 when in one
// or none, less the more there are, in thousandths.
func (e *Engine) rarity(df int) int {
	n := max(e.counted, leastPool)
	df = min(max(df, 1), n)
	return int(math.Round(1000 * math.Log(float64(n)/float64(df)) / math.Log(float64(n))))
}

// wordRarity is rarity, but 0 for a common word.
func (e *Engine) wordRarity(df int) int {
	if df*commonIn >= max(e.counted, leastPool) {
		return 0
	}
	return e.rarity(df)
}

// Prepared is a need with its texts analysed: the slow part, which does not
// depend on the offers and may be kept.
type Prepared struct {
	need Need
	an   analysed
	form []string
}

// Prepare analyses a need.
func (e *Engine) Prepare(n Need) Prepared {
	p := Prepared{need: n, an: e.text.analyse(n.Text), form: n.Modalities}
	if len(p.form) == 0 {
		for _, t := range n.Topics {
			if f := formOf[t]; f != "" && !slices.Contains(p.form, f) {
				p.form = append(p.form, f)
			}
		}
	}
	return p
}

// query is a prepared need against the present pool.
type query struct {
	need  *Need
	form  []string
	codes []string // party and groups
	// Areas asked for, with their share of the topic points.
	areas   []areaShare
	all     areas // areas the State states, or else names
	below   set   // topics of the second level
	general bool  // it names no topic of the second level
	worded  areas // areas in q.all that the text names
	langs   []langQuery
	today   int64
}

type areaShare struct {
	area, points int
	related      areas
}

type langQuery struct {
	lang  string
	terms []termWeight // sorted by id
}

type termWeight struct {
	id   uint32
	w    int // points << textShift
	word string
}

const textShift = 12

func (e *Engine) query(p *Prepared) *query {
	q := &query{need: &p.need, form: p.form}
	if p.need.Party != "" {
		q.codes = append(q.codes, p.need.Party)
	}
	q.codes = append(q.codes, p.need.Groups...)
	e.queryTopics(q, p)
	e.queryTexts(q, p)
	return q
}

// queryTopics shares the topic points among the areas of the need, rare areas
// getting more. An area that only the text names gets a part of what it would
// get if the State had stated it; if the State stated none, those are all.
func (e *Engine) queryTopics(q *query, p *Prepared) {
	stated := e.topics.codes(p.need.Topics)
	q.all = e.topics.areasOf(stated)
	named := e.topics.areasOf(p.an.named)
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
	q.worded = q.all & e.topics.direct(p.an.named)
	q.below = e.topics.below(stated.or(p.an.named))
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
		q.areas = append(q.areas, areaShare{a, e.w.Topic * weight(a) / sum, e.topics.related[a]})
	})
}

func (e *Engine) queryTexts(q *query, p *Prepared) {
	for lang, ts := range p.an.terms {
		lq := langQuery{lang: lang}
		sum := 0
		for t, as := range ts {
			id, known := e.terms[lang+"\x00"+t]
			df := 0
			if known {
				df = e.postings[id].df
			}
			r := e.wordRarity(df)
			sum += r
			if known && r > 0 {
				lq.terms = append(lq.terms, termWeight{uint32(id), r, as})
			}
		}
		sum = max(sum, leastRare)
		for i := range lq.terms {
			lq.terms[i].w = (e.w.Text << textShift) * lq.terms[i].w / sum
		}
		slices.SortFunc(lq.terms, func(a, b termWeight) int { return int(a.id) - int(b.id) })
		if len(lq.terms) > 0 {
			q.langs = append(q.langs, lq)
		}
	}
	slices.SortFunc(q.langs, func(a, b langQuery) int { return strings.Compare(a.lang, b.lang) })
}
