package match

import (
	"cmp"
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

	bounds *bounds

	mu       sync.RWMutex
	items    []item    // by slot; free ones have no id
	faces    []face    // by slot
	subjects []subject // by slot
	below    []set     // by slot: topics of the second level, stated or named
	slots    map[string]uint32
	free     []uint32
	counted  int            // offers that count for rarity
	areaDF   []int          // by area: of them, those that state it
	terms    map[string]int // language + NUL + term: index in postings
	postings []posting

	// Every offer is in one pool: with those that state the same areas.
	pools   []pool
	poolOf  map[areas]int
	byState [][]int // by area: pools that state it
	// Slots by area that the text names and the offer does not state, by area
	// that the text names as such, by topic of the second level.
	byExtra, byDirect, byBelow [][]uint32

	scratch sync.Pool
}

// pool holds the offers that state the same areas: nearly all of their points
// for topics are the same.
type pool struct {
	stated areas
	slots  []uint32
}

// item is an offer as the engine keeps it.
type item struct {
	id    string
	offer Offer
	terms []uint32 // sorted
	forms []string
}

type posting struct {
	slots []uint32
	df    int // among the offers that count
}

// New returns an engine over offers. Of two with one identifier the later
// one stands.
func New(offers []Offer, o Options) *Engine {
	e := &Engine{opt: o, topics: newTopics(o.Topics), slots: map[string]uint32{}, terms: map[string]int{}, poolOf: map[areas]int{}}
	e.weigh(table)
	n := len(e.topics.related)
	e.areaDF, e.byState = make([]int, n), make([][]int, n)
	e.byExtra, e.byDirect, e.byBelow = make([][]uint32, n), make([][]uint32, n), make([][]uint32, len(e.topics.code))
	e.text = newAnalyser(o, e.topics)
	e.topics.learn(o.Topics, e.text.termsOf)
	// One pool after the other, so that what is looked at together lies together.
	stated := func(i int) areas { return e.topics.areasOf(e.topics.codes(offers[i].Topics)) }
	last, order := map[string]int{}, make([]int, 0, len(offers))
	for i := range offers {
		last[offers[i].ID] = i
	}
	for _, i := range last {
		order = append(order, i)
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Or(cmp.Compare(stated(i), stated(j)), cmp.Compare(i, j)) })
	for _, i := range order {
		e.put(offers[i])
	}
	return e
}

// weigh sets the weights.
func (e *Engine) weigh(w weights) { e.w, e.bounds = w, newBounds(&w) }

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
	sub := subject{e.topics.areasOf(stated), e.topics.areasOf(an.named), e.topics.direct(an.named)}
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
		e.items[slot], e.faces[slot], e.subjects[slot], e.below[slot] = it, f, sub, below
	} else {
		slot = uint32(len(e.items))
		e.items, e.faces = append(e.items, it), append(e.faces, f)
		e.subjects, e.below = append(e.subjects, sub), append(e.below, below)
	}
	e.slots[o.ID] = slot
	e.lists(slot, func(list []uint32) []uint32 { return append(list, slot) })
	e.count(slot, 1)
}

func (e *Engine) remove(id string) bool {
	slot, ok := e.slots[id]
	if !ok {
		return false
	}
	e.lists(slot, func(list []uint32) []uint32 { return without(list, slot) })
	e.count(slot, -1)
	delete(e.slots, id)
	e.items[slot], e.faces[slot], e.subjects[slot], e.below[slot] = item{}, face{}, subject{}, set{}
	e.free = append(e.free, slot)
	return true
}

// lists changes every list that the offer in slot belongs to.
func (e *Engine) lists(slot uint32, change func([]uint32) []uint32) {
	for _, t := range e.items[slot].terms {
		e.postings[t].slots = change(e.postings[t].slots)
	}
	s := &e.subjects[slot]
	p := e.pool(s.stated)
	p.slots = change(p.slots)
	(s.worded &^ s.stated).each(func(a int) { e.byExtra[a] = change(e.byExtra[a]) })
	s.direct.each(func(a int) { e.byDirect[a] = change(e.byDirect[a]) })
	e.below[slot].each(func(t int) { e.byBelow[t] = change(e.byBelow[t]) })
}

// pool returns the pool of the offers that state these areas.
func (e *Engine) pool(stated areas) *pool {
	i, ok := e.poolOf[stated]
	if !ok {
		i = len(e.pools)
		e.poolOf[stated] = i
		e.pools = append(e.pools, pool{stated: stated})
		stated.each(func(a int) { e.byState[a] = append(e.byState[a], i) })
	}
	return &e.pools[i]
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
	e.subjects[slot].stated.each(func(a int) { e.areaDF[a] += by })
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

// wordRarity is rarity, but 0 for a common word. It keeps what it has worked
// out in s.
func (e *Engine) wordRarity(df int, s *scratch) int {
	n := max(e.counted, leastPool)
	if df*commonIn >= n {
		return 0
	}
	if s.rareOf != n {
		s.rare, s.rareOf = cleared(s.rare, n/commonIn+1), n
	}
	if s.rare[df] == 0 {
		s.rare[df] = int16(e.rarity(df))
	}
	return int(s.rare[df])
}
