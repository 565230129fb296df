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
	items    []item // by slot
	faces    []face // by slot; unused ones are free
	below    []set  // by slot: topics of the second level, stated or named
	slots    map[string]uint32
	free     []uint32
	counted  int // offers that count for rarity
	areaDF   map[int]int
	terms    map[string]int // language + NUL + term: index in postings
	postings []posting
	// Slots of the offers by area stated, by area named, by topic of the second
	// level.
	byStated, byWorded, byBelow [][]uint32

	scratch sync.Pool
}

// item is an offer as the engine keeps it.
type item struct {
	id    string
	offer Offer
	terms []uint32 // sorted
	forms []string
}

// face is what the points for topics and words, and a bound on the rest,
// depend on: small, so that many are looked at quickly. The masks hold a bit
// for each code, by its hash: two sets without a bit in common have no code in
// common.
type face struct {
	stated  areas // of the topics it states
	worded  areas // of the topics its text names
	direct  areas // that its text names as such
	codes   uint64
	forms   uint32
	caps    uint32
	langs   uint32
	lengthF int16 // 0..1000: how much its words count
	flags   uint8
}

// Flags of a face.
const (
	used    uint8 = 1 << iota
	openAll       // open to all States
	ruled         // Eligible is set, and not open
	served        // Named is set, and not open
	ready         // helps within hours
	proposed
	meeting
	own
)

func hashBit(code string) uint {
	h := uint32(2166136261)
	for i := range len(code) {
		h = (h ^ uint32(code[i])) * 16777619
	}
	return uint(h ^ h>>15)
}

func mask32(codes []string) (m uint32) {
	for _, c := range codes {
		m |= 1 << (hashBit(c) % 32)
	}
	return m
}

func mask64(codes []string) (m uint64) {
	for _, c := range codes {
		m |= 1 << (hashBit(c) % 64)
	}
	return m
}

func newFace(o *Offer) face {
	f := face{flags: used, lengthF: 1000, forms: mask32(forms(o)), caps: mask32(o.Capability), langs: mask32(o.Languages)}
	named := o.Eligible
	if len(named) == 0 {
		named = o.Named
	}
	for _, c := range named { // of several joined, the first must hold in any case
		c, _, _ = strings.Cut(c, "+")
		f.codes |= 1 << (hashBit(c) % 64)
	}
	set := func(on bool, flag uint8) {
		if on {
			f.flags |= flag
		}
	}
	open := o.Open || slices.Contains(named, All)
	set(open, openAll)
	set(!open && len(o.Eligible) > 0, ruled)
	set(!open && len(o.Eligible) == 0 && len(o.Named) > 0, served)
	set(o.EmergencyHours > 0, ready)
	set(o.Status == StatusProposed, proposed)
	set(o.Kind == KindEvent, meeting)
	set(o.Own, own)
	return f
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
	e.byStated = make([][]uint32, len(e.topics.related))
	e.byWorded = make([][]uint32, len(e.topics.related))
	e.byBelow = make([][]uint32, len(e.topics.code))
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
	it, an := item{id: o.ID, offer: o, forms: forms(&o)}, e.text.analyse(o.Text)
	stated := e.topics.codes(o.Topics)
	f := newFace(&o)
	f.stated, f.worded, f.direct = e.topics.areasOf(stated), e.topics.areasOf(an.named), e.topics.direct(an.named)
	below := e.topics.below(stated.or(an.named))
	most := 0
	for lang, ts := range an.terms {
		most = max(most, len(ts))
		for t := range ts {
			it.terms = append(it.terms, uint32(e.term(lang, t)))
		}
	}
	slices.Sort(it.terms)
	if most > plainLen {
		f.lengthF = int16(1000 * plainLen / most)
	}

	var slot uint32
	if k := len(e.free); k > 0 {
		slot, e.free = e.free[k-1], e.free[:k-1]
		e.items[slot], e.faces[slot], e.below[slot] = it, f, below
	} else {
		slot = uint32(len(e.items))
		e.items, e.faces, e.below = append(e.items, it), append(e.faces, f), append(e.below, below)
	}
	e.slots[o.ID] = slot
	for _, t := range it.terms {
		e.postings[t].slots = append(e.postings[t].slots, slot)
	}
	f.stated.each(func(a int) { e.byStated[a] = append(e.byStated[a], slot) })
	f.worded.each(func(a int) { e.byWorded[a] = append(e.byWorded[a], slot) })
	below.each(func(t int) { e.byBelow[t] = append(e.byBelow[t], slot) })
	e.count(slot, 1)
}

func (e *Engine) remove(id string) bool {
	slot, ok := e.slots[id]
	if !ok {
		return false
	}
	for _, t := range e.items[slot].terms {
		e.postings[t].slots = without(e.postings[t].slots, slot)
	}
	f := &e.faces[slot]
	f.stated.each(func(a int) { e.byStated[a] = without(e.byStated[a], slot) })
	f.worded.each(func(a int) { e.byWorded[a] = without(e.byWorded[a], slot) })
	e.below[slot].each(func(t int) { e.byBelow[t] = without(e.byBelow[t], slot) })
	e.count(slot, -1)
	delete(e.slots, id)
	e.items[slot], e.faces[slot], e.below[slot] = item{}, face{}, set{}
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
func (e *Engine) count(slot uint32, by int) {
	it := &e.items[slot]
	if it.offer.Restricted {
		return
	}
	e.counted += by
	for _, t := range it.terms {
		e.postings[t].df += by
	}
	e.faces[slot].stated.each(func(a int) { e.areaDF[a] += by })
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
	masks needMasks
	// Areas asked for, with their share of the topic points.
	areas   []areaShare
	all     areas // areas the State states, or else names
	below   set   // topics of the second level
	general bool  // it names no topic of the second level
	worded  areas // areas in q.all that the text names
	langs   []langQuery
}

// needMasks are the codes of a need as in a face.
type needMasks struct {
	party, groups     uint64
	forms, caps, lang uint32
	urgent            bool
}

type areaShare struct {
	area    int
	related areas
	// Points of an offer that states it, names it, or works in a related one.
	points, worded, near int
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
	q.masks = needMasks{groups: mask64(p.need.Groups), forms: mask32(p.form), caps: mask32(p.need.Capability),
		lang: mask32(p.need.Languages), urgent: p.need.Timeframe == Emergency}
	if p.need.Party != "" {
		q.masks.party = mask64(q.codes[:1])
	}
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
		points := e.w.Topic * weight(a) / sum
		q.areas = append(q.areas, areaShare{a, e.topics.related[a], points, points * e.w.Worded / 100, points * e.w.Related / 100})
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
