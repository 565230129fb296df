package match

import (
	"cmp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Ask says what a ranking is to return.
type Ask struct {
	Limit    int // most matches; 0: all
	Excluded int // most exclusions; 0: none, -1: all
	// Visible tells which offers the reader may see; nil: all.
	Visible func(offer string) bool
}

// Rank returns the best offers for a need, and as many that touch it but are
// not open to it. limit 0 means all.
func (e *Engine) Rank(n Need, limit int) Result {
	p := e.Prepare(n)
	ask := Ask{Limit: limit, Excluded: limit}
	if limit == 0 {
		ask.Excluded = -1
	}
	return e.RankPrepared(&p, ask)
}

// RankPrepared is Rank for a need analysed before.
func (e *Engine) RankPrepared(p *Prepared, ask Ask) Result {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.rank(p, ask)
}

// RankAll ranks many needs on all processors, against one state of the pool.
// The results come in the order of the needs.
func (e *Engine) RankAll(ps []Prepared, ask Ask) []Result {
	e.mu.RLock()
	defer e.mu.RUnlock()
	out := make([]Result, len(ps))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(ps)) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(ps) {
					return
				}
				out[i] = e.rank(&ps[i], ask)
			}
		})
	}
	wg.Wait()
	return out
}

// scored is an offer with its points.
type scored struct {
	points int
	slot   uint32
}

// best keeps the n highest, all if n < 0.
type best struct {
	e    *Engine
	n    int
	heap []scored // the least of the best first
}

// less orders by points, then by identifier: b before a.
func (b *best) less(x, y scored) bool {
	if x.points != y.points {
		return x.points < y.points
	}
	return b.e.items[x.slot].id > b.e.items[y.slot].id
}

// floor returns the points that a newcomer must at least have.
func (b *best) floor() int {
	if b.n < 0 || len(b.heap) < b.n {
		return 1
	}
	if b.n == 0 {
		return 1 << 30 // nothing is kept
	}
	return b.heap[0].points
}

func (b *best) add(s scored) {
	switch {
	case b.n < 0 || len(b.heap) < b.n:
		b.heap = append(b.heap, s)
		for i := len(b.heap) - 1; b.n > 0 && i > 0; {
			p := (i - 1) / 2
			if !b.less(b.heap[i], b.heap[p]) {
				break
			}
			b.heap[i], b.heap[p] = b.heap[p], b.heap[i]
			i = p
		}
	case b.n > 0 && b.less(b.heap[0], s):
		b.heap[0] = s
		for i := 0; ; {
			c := 2*i + 1
			if c >= len(b.heap) {
				break
			}
			if c+1 < len(b.heap) && b.less(b.heap[c+1], b.heap[c]) {
				c++
			}
			if !b.less(b.heap[c], b.heap[i]) {
				break
			}
			b.heap[i], b.heap[c] = b.heap[c], b.heap[i]
			i = c
		}
	}
}

// sorted returns the kept ones, best first.
func (b *best) sorted() []scored {
	slices.SortFunc(b.heap, func(x, y scored) int {
		if x.points != y.points {
			return y.points - x.points
		}
		return strings.Compare(b.e.items[x.slot].id, b.e.items[y.slot].id)
	})
	return b.heap
}

// scratch is the working memory of one ranking.
type scratch struct {
	text  []int32 // by slot: shared words, << textShift
	tmp   []int32
	seen  []bool // by slot: looked at
	cands []candidate
	same  []bool // by slot: a topic of the second level in common
}

func cleared[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	s = s[:n]
	clear(s)
	return s
}

// rank first looks at the offers that state an area of the need: they get most
// points, so the floor rises at once. Then at those whose text names an area or
// topic of it, and last at those whose shared words could still lift them over
// the floor, which are few. What is passed over cannot reach the floor, so the
// answer is exact.
func (e *Engine) rank(p *Prepared, ask Ask) Result {
	q := e.query(p)
	s, _ := e.scratch.Get().(*scratch)
	if s == nil {
		s = &scratch{}
	}
	defer e.scratch.Put(s)
	e.gather(q, s)

	limit := ask.Limit
	if limit <= 0 {
		limit = -1
	}
	r := round{e: e, q: q, s: s, visible: ask.Visible, most: e.mostRest(q), floor: 1,
		top: best{e: e, n: limit}, out: best{e: e, n: ask.Excluded}}
	some := func(slots []uint32) {
		for _, slot := range slots {
			if !s.seen[slot] {
				s.seen[slot] = true
				r.look(slot, s.text[slot])
			}
		}
	}
	if r.out.n == 0 && r.top.n > 0 {
		r.promising()
	} else {
		q.all.each(func(a int) { some(e.byStated[a]) })
	}
	rest := 0 // the most for topics that those get who are in none of the lists
	for _, a := range q.areas {
		rest += a.near
	}
	for _, a := range q.areas {
		some(e.byWorded[a.area])
		if !q.all.has(a.area) {
			some(e.byStated[a.area])
		}
	}
	q.below.each(func(t int) { some(e.byBelow[t]) })
	for i, text := range s.text {
		if rest+int(text>>textShift)+r.most >= r.floor && !s.seen[i] {
			r.look(uint32(i), text)
		}
	}
	return e.result(q, &r.top, &r.out)
}

// mostRest bounds what finish can add.
func (e *Engine) mostRest(q *query) int {
	most := e.w.Party
	if len(q.form) > 0 {
		most += e.w.Modality
	}
	if len(q.need.Capability) > 0 {
		most += e.w.Capable
	}
	if len(q.need.Languages) > 0 {
		most += e.w.Language
	}
	if q.need.Timeframe == Emergency {
		most += e.w.Ready
	}
	return most
}

// bound is a bound on what finish makes of points: it gives at least as much
// and takes at most as much, in the same order.
func (e *Engine) bound(q *query, f *face, points int) int {
	m := &q.masks
	others := false
	switch {
	case f.codes&m.party != 0:
		points += e.w.Party
	case f.codes&m.groups != 0:
		points += e.w.Group
	case f.flags&openAll != 0:
		points += e.w.All
	case len(q.codes) == 0:
	case f.flags&ruled != 0:
		return 0
	default:
		others = f.flags&served != 0
	}
	if f.forms&m.forms != 0 {
		points += e.w.Modality
	}
	if f.caps&m.caps != 0 {
		points += e.w.Capable
	}
	if f.langs&m.lang != 0 {
		points += e.w.Language
	}
	if m.urgent && f.flags&ready != 0 {
		points += e.w.Ready
	}
	if others {
		points -= points * e.w.Others / 100
	}
	if f.flags&proposed != 0 {
		points -= points * e.w.Proposed / 100
	}
	if f.flags&meeting != 0 {
		points -= points * e.w.Meeting / 100
	}
	if f.flags&own != 0 {
		points -= points * e.w.Own / 100
	}
	return points
}

// round is a ranking under way. What has less than floor for content and the
// most that may come on top need not be looked at.
type round struct {
	e           *Engine
	q           *query
	s           *scratch
	visible     func(string) bool
	most, floor int
	top, out    best
}

// candidate is an offer with a bound on its score.
type candidate struct {
	slot          uint32
	points, bound int32
}

// promising looks at the offers that state an area of the need, those with the
// highest bounds first: then few others are worth it.
func (r *round) promising() {
	e, s := r.e, r.s
	s.cands = s.cands[:0]
	var hist [1001]int32
	r.q.all.each(func(a int) {
		for _, slot := range e.byStated[a] {
			if s.seen[slot] {
				continue
			}
			s.seen[slot] = true
			f := &e.faces[slot]
			area, specific, focus := e.topicPoints(r.q, f, s.same[slot])
			points := area + specific + focus + textScale(int(s.text[slot]), int(f.lengthF))
			if b := e.bound(r.q, f, points); b > 0 {
				s.cands = append(s.cands, candidate{slot, int32(points), int32(b)})
				hist[min(b, 1000)]++
			}
		}
	})
	cut, n := int32(1000), 0
	for ; cut > 1; cut-- {
		if n += int(hist[cut]); n >= 2*r.top.n {
			break
		}
	}
	for _, first := range [...]bool{true, false} {
		for _, c := range s.cands {
			if (c.bound >= cut) == first && int(c.bound) >= r.top.floor() {
				r.weigh(c.slot, int(c.points))
			}
		}
	}
}

func (r *round) look(slot uint32, text int32) {
	e, f := r.e, &r.e.faces[slot]
	if f.flags&used == 0 {
		return
	}
	area, specific, focus := e.topicPoints(r.q, f, r.s.same[slot])
	points := area + specific + focus + textScale(int(text), int(f.lengthF))
	if points == 0 || points+r.most < r.floor || e.bound(r.q, f, points) < r.top.floor() && points < r.out.floor() {
		return
	}
	r.weigh(slot, points)
}

// weigh takes the offer in if it is among the best so far.
func (r *round) weigh(slot uint32, points int) {
	it := &r.e.items[slot]
	total, x := r.e.finish(r.q, it, &r.e.faces[slot], points, nil)
	keep, n := &r.top, total
	if x != "" {
		keep, n = &r.out, points
	}
	if n < keep.floor() || r.visible != nil && !r.visible(it.id) {
		return
	}
	keep.add(scored{n, slot})
	r.floor = min(r.top.floor(), r.out.floor()+r.most)
}

// gather fills s with the points for shared words and the topics in common.
func (e *Engine) gather(q *query, s *scratch) {
	s.text = cleared(s.text, len(e.items))
	s.seen = cleared(s.seen, len(e.items))
	s.same = cleared(s.same, len(e.items))
	q.below.each(func(t int) {
		for _, slot := range e.byBelow[t] {
			s.same[slot] = true
		}
	})
	for i, lq := range q.langs {
		if i == 0 {
			for _, t := range lq.terms {
				for _, slot := range e.postings[t.id].slots {
					s.text[slot] += int32(t.w)
				}
			}
			continue
		}
		s.tmp = cleared(s.tmp, len(e.items))
		for _, t := range lq.terms {
			for _, slot := range e.postings[t.id].slots {
				s.tmp[slot] += int32(t.w)
				s.text[slot] = max(s.text[slot], s.tmp[slot])
			}
		}
	}
}

func (e *Engine) result(q *query, top, out *best) Result {
	r := Result{Need: q.need.ID, Gap: true}
	found := top.sorted()
	r.Matches = make([]Match, len(found))
	sl := slab{reasons: make([]Reason, 0, 8*len(found)), args: make([]string, 0, 8*len(found))}
	for i, s := range found {
		r.Matches[i] = e.explain(q, s.slot, &sl)
		r.Gap = r.Gap && !r.Matches[i].Strong
	}
	for _, s := range out.sorted() {
		r.Excluded = append(r.Excluded, e.excluded(q, &e.items[s.slot]))
	}
	return r
}

func (e *Engine) excluded(q *query, it *item) Exclusion {
	st, _ := q.standing(&it.offer)
	code := e.exclusion(q, &it.offer, st)
	var args []string
	switch code {
	case "exclude.party":
		args = it.offer.Eligible
	case "exclude.language":
		args = it.offer.Languages
	case "exclude.period":
		args = []string{it.offer.ValidFrom.Format("2006-01-02"), it.offer.ValidTo.Format("2006-01-02")}
	}
	return Exclusion{Offer: it.id, Reasons: []Reason{{Code: code, Args: args}}}
}

// bruteForce ranks without the index; tests hold rank against it.
func (e *Engine) bruteForce(p *Prepared, ask Ask) Result {
	q := e.query(p)
	var in, out []scored
	for i := range e.items {
		it, f := &e.items[i], &e.faces[i]
		if f.flags&used == 0 || ask.Visible != nil && !ask.Visible(it.id) {
			continue
		}
		area, specific, focus := e.topicPoints(q, f, q.below.meets(&e.below[i]))
		text, _ := e.textPoints(q, it, f)
		points := area + specific + focus + text
		if points == 0 {
			continue
		}
		if total, x := e.finish(q, it, f, points, nil); x != "" {
			out = append(out, scored{points, uint32(i)})
		} else if total > 0 {
			in = append(in, scored{total, uint32(i)})
		}
	}
	order := func(ss []scored, n int) []scored {
		slices.SortFunc(ss, func(x, y scored) int {
			return cmp.Or(cmp.Compare(y.points, x.points), strings.Compare(e.items[x.slot].id, e.items[y.slot].id))
		})
		if n >= 0 && len(ss) > n {
			ss = ss[:n]
		}
		return ss
	}
	limit := ask.Limit
	if limit <= 0 {
		limit = -1
	}
	return e.result(q, &best{e: e, n: -1, heap: order(in, limit)}, &best{e: e, n: -1, heap: order(out, ask.Excluded)})
}
