package listindex

import (
	"cmp"
	"math"
	"slices"
)

// pager collects one page over all segments. It travels through every list in
// one direction and keeps the best items it is offered.
type pager struct {
	order Order
	desc  bool // direction of travel over the keys
	back  bool // the page before a cursor: travel is against the list's order
	late  int64
	from  item // where travel begins; n = 0 for the beginning
	limit int
	keep  int    // the page and one more, which tells whether there is more
	items []item // unsorted, fewer than 2*keep
	worst item   // once full: what is behind it cannot be in the page
	full  bool
}

// item is a record's place in the order. A record without a key has the key
// late, the far end of the list, so that plain comparison puts it last.
type item struct{ key, n int64 }

func newPager(q Query) *pager {
	if q.Order >= orders {
		q.Order = Updated
	}
	p := &pager{order: q.Order, desc: q.Desc, late: math.MaxInt64, limit: max(q.Limit, 0)}
	if q.Desc {
		p.late = math.MinInt64
	}
	at := q.After
	if q.Before.N != 0 {
		p.back, p.desc, at = true, !q.Desc, q.Before
	}
	if at.N != 0 {
		p.from = item{p.keyOf(clampKey(at.Key)), at.N}
	}
	p.keep = min(p.limit, math.MaxInt/4) + 1
	return p
}

func (p *pager) keyOf(key int64) int64 {
	if key == 0 {
		return p.late
	}
	return key
}

// compare orders items in the direction of travel.
func (p *pager) compare(a, b item) int {
	c := cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.n, b.n))
	if p.desc {
		return -c
	}
	return c
}

// collect takes from a segment what may belong on the page. Both ways find the
// same: walking the list costs steps until enough match, picking costs all that
// match. The walk may be unlucky, with all matches at the far end; then it stops
// after as many steps as picking would take, and picking does the rest.
func (p *pager) collect(g *segment, m matched) {
	if p.limit == 0 || m.n == 0 {
		return
	}
	from := p.from
	if m.set == nil || m.set.dense() && p.keep < m.n && g.live/m.n < m.n/p.keep {
		var done bool
		if from, done = p.walk(g, m); done {
			return
		}
	}
	// Ordinals mostly grow with time: begin where the page is likely to be, and
	// nearly all the rest is turned away by one comparison.
	seq := m.set.all
	if p.desc {
		seq = m.set.backward
	}
	for ord := range seq() {
		it := p.item(g, ord)
		if from.n == 0 || p.compare(it, from) > 0 {
			p.offer(it)
		}
	}
}

func (p *pager) item(g *segment, ord uint32) item {
	return item{p.keyOf(g.keys[p.order][ord]), g.ns[ord]}
}

// walk offers matching records in order until the page cannot get better. If it
// gives up before, it returns the last place it has dealt with.
func (p *pager) walk(g *segment, m matched) (last item, done bool) {
	steps, taken := 0, 0
	last = p.from
	for i := range 2 {
		which := i // first the records with a key, then those without
		if p.back {
			which = 1 - i
		}
		list := &g.lists[p.order][which]
		from, ok := p.start(g, list, which)
		if !ok {
			continue
		}
		seq := list.ascend
		if p.desc {
			seq = list.descend
		}
		for ord := range seq(from) {
			if m.set != nil {
				if steps++; steps > m.n {
					return last, false
				}
			}
			last = p.item(g, ord)
			if m.set != nil && !m.set.has(ord) {
				continue
			}
			if taken++; !p.offer(last) || taken == p.keep {
				return last, true
			}
		}
	}
	return last, true
}

// start returns the spot of a list where travel begins; not ok if the cursor lies
// beyond this list. Which is 0 for the list of records with a key.
func (p *pager) start(g *segment, list *ordered, which int) (spot, bool) {
	begin := spot{}
	if p.desc {
		begin = list.end()
	}
	if p.from.n == 0 {
		return begin, true
	}
	cursorIn := btoi(p.from.key == p.late)
	if which != cursorIn {
		return begin, (which > cursorIn) != p.back
	}
	key, n := p.from.key, p.from.n
	if which == 1 {
		key = 0 // as it is stored
	}
	if !p.desc && n < math.MaxInt64 {
		n++ // strictly after: numbers are whole
	}
	return list.seek(g.sortKey(p.order), key, n), true
}

// offer takes an item in; false means that it, and all behind it, come too late.
func (p *pager) offer(it item) bool {
	if p.full && p.compare(it, p.worst) >= 0 {
		return false
	}
	p.items = append(p.items, it)
	if len(p.items) == 2*p.keep {
		p.prune()
	}
	return true
}

// prune keeps the best items. Doing it once per keep items makes it cheap.
func (p *pager) prune() {
	slices.SortFunc(p.items, p.compare)
	if len(p.items) >= p.keep {
		p.items = p.items[:p.keep]
		p.worst, p.full = p.items[p.keep-1], true
	}
}

// finish writes the page into the result.
func (p *pager) finish(r *Result) {
	p.prune()
	if r.More = len(p.items) > p.limit; r.More {
		p.items = p.items[:p.limit]
	}
	if len(p.items) == 0 {
		return
	}
	if p.back {
		slices.Reverse(p.items)
	}
	r.Ns = make([]int64, len(p.items))
	for i, it := range p.items {
		r.Ns[i] = it.n
	}
	r.Prev, r.Next = p.cursor(p.items[0]), p.cursor(p.items[len(p.items)-1])
}

func (p *pager) cursor(it item) Cursor {
	if it.key == p.late {
		return Cursor{0, it.n}
	}
	return Cursor{it.key, it.n}
}
