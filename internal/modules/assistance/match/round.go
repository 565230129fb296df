package match

// round is a ranking under way. What has less than floor for content and the
// most that may come on top need not be looked at.
type round struct {
	e           *Engine
	q           *query
	s           *scratch
	visible     func(string) bool
	most, floor int
	words       int // most points for shared words of any offer
	top, out    best
	// Floors of top and out when last settled: they only rise.
	topFloor, outFloor int
}

// candidate is an offer with a bound on its score.
type candidate struct {
	slot          uint32
	points, bound int32
}

// poolPoints is a pool with the points for topics of its offers.
type poolPoints struct{ pool, common, points int }

// special looks at the offers that have a topic of the second level in common
// with the need, and at those whose text names an area as such, as the need
// does, or one that they do not state.
func (r *round) special() {
	e, q := r.e, r.q
	q.below.each(func(t int) { r.each(e.byBelow[t], true) })
	q.worded.each(func(a int) { r.each(e.byDirect[a], false) })
	for i := range q.areas {
		r.each(e.byExtra[q.areas[i].area], false)
	}
}

// each looks at offers not seen before; same tells that they have a topic of
// the second level in common with the need.
func (r *round) each(slots []uint32, same bool) {
	for _, slot := range slots {
		if !r.s.seen[slot] {
			r.s.seen[slot] = true
			area, specific, focus := r.e.topicPoints(r.q, &r.e.subjects[slot], same)
			r.look(slot, area+specific+focus)
		}
	}
}

// covering looks at the pools that state an area of the need, those first that
// state most of them.
func (r *round) covering() {
	e, q, s := r.e, r.q, r.s
	s.known, s.pools = cleared(s.known, len(e.pools)), s.pools[:0]
	q.all.each(func(a int) {
		for _, i := range e.byState[a] {
			if !s.known[i] {
				s.known[i] = true
				stated := e.pools[i].stated
				s.pools = append(s.pools, poolPoints{i, (stated & q.all).len(), e.poolPoints(q, stated)})
			}
		}
	})
	for n := q.all.len(); n > 0; n-- {
		for _, p := range s.pools {
			if p.common == n {
				r.pool(p.pool, p.points)
			}
		}
		r.settle()
	}
}

// distant looks at the pools that state no area of the need, if any offer there
// can reach the floor.
func (r *round) distant() {
	most := 0
	for i := range r.q.areas {
		a := &r.q.areas[i]
		if r.q.all.has(a.area) {
			most += a.near
		} else {
			most += max(a.points, a.near)
		}
	}
	if !r.reach(most) {
		return
	}
	for i := range r.e.pools {
		if p := &r.e.pools[i]; p.stated&r.q.all == 0 {
			r.pool(i, r.e.poolPoints(r.q, p.stated))
		}
	}
}

// poolPoints returns the points for topics of the offers in a pool, but for
// those looked at as special.
func (e *Engine) poolPoints(q *query, stated areas) int {
	area, _, focus := e.topicPoints(q, &subject{stated: stated}, false)
	return area + focus
}

// reach reports whether an offer with these points for topics might reach the
// floor.
func (r *round) reach(points int) bool { return points+r.words+r.most >= r.floor }

// pool looks at the offers of a pool, which have these points for topics.
func (r *round) pool(i, points int) {
	if !r.reach(points) {
		return
	}
	for _, slot := range r.e.pools[i].slots {
		if !r.s.seen[slot] {
			r.look(slot, points)
		}
	}
}

// look makes an offer with these points for topics a candidate if it may be
// among the best.
func (r *round) look(slot uint32, points int) {
	f := &r.e.faces[slot]
	points += textScale(int(r.s.text[slot]), int(f.lengthF))
	if points == 0 {
		return
	}
	b := r.q.bound(f, points)
	if b < r.topFloor && points < r.outFloor {
		return
	}
	r.s.cands = append(r.s.cands, candidate{slot, int32(points), int32(b)})
	r.s.hist[min(max(b, 0), maxBound)]++
}

// maxBound is where counting by bound ends; the greatest score is 1000.
const maxBound = 1023

// settle weighs the candidates, those with the highest bounds first: then few
// others are worth it.
func (r *round) settle() {
	s := r.s
	if len(s.cands) == 0 {
		return
	}
	enough, n, cut := int32(r.top.n+r.top.n/2), int32(0), int32(maxBound)
	for ; cut > 0; cut-- {
		if n += s.hist[cut]; n >= enough {
			break
		}
	}
	clear(s.hist)
	for _, c := range s.cands {
		if c.bound >= cut {
			r.weigh(c)
		}
	}
	r.raise()
	for _, c := range s.cands {
		if c.bound < cut && (int(c.bound) >= r.topFloor || int(c.points) >= r.outFloor) {
			r.weigh(c)
		}
	}
	s.cands = s.cands[:0]
	r.raise()
}

// raise sets the floors by what is kept.
func (r *round) raise() {
	r.topFloor, r.outFloor = r.top.floor(), r.out.floor()
	r.floor = min(r.topFloor, r.outFloor+r.most)
}

// weigh takes the offer in if it is among the best so far.
func (r *round) weigh(c candidate) {
	if int(c.bound) < r.top.floor() && int(c.points) < r.out.floor() {
		return
	}
	it := &r.e.items[c.slot]
	total, x := r.e.finish(r.q, it, &r.e.subjects[c.slot], int(c.points), nil)
	keep, n := &r.top, total
	if x != "" {
		keep, n = &r.out, int(c.points)
	}
	if n < keep.floor() || r.visible != nil && !r.visible(it.id) {
		return
	}
	keep.add(scored{n, c.slot})
}
