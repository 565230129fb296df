package match

import (
	"runtime"
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

// scratch is the working memory of one ranking.
type scratch struct {
	query query
	round round
	text  []int32 // by slot: shared words, << textShift
	tmp   []int32
	seen  []bool // by slot: looked at
	cands []candidate
	pools []poolPoints
	known []bool  // by pool: in pools
	hist  []int32 // candidates by bound
	// Rarities by number of offers, for a pool of rareOf; 0: not yet known.
	rare   []int16
	rareOf int
}

func cleared[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	s = s[:n]
	clear(s)
	return s
}

// rank first looks at the offers whose text makes them special: they have a
// topic of the second level in common with the need, or name an area. Of the others, all in one pool have the same points for topics, so that
// whole pools can be passed over. Those with most areas of the need come first,
// and the floor rises at once. What is passed over cannot reach the floor, so
// the answer is exact.
func (e *Engine) rank(p *Prepared, ask Ask) Result {
	s, _ := e.scratch.Get().(*scratch)
	if s == nil {
		s = &scratch{hist: make([]int32, maxBound+1)}
	}
	defer e.scratch.Put(s)
	q := e.query(p, s)
	limit := ask.Limit
	if limit <= 0 {
		limit = -1
	}
	r := &s.round
	*r = round{e: e, q: q, s: s, visible: ask.Visible, most: e.mostRest(q), words: e.gather(q, s),
		top: best{e: e, n: limit, heap: r.top.heap[:0]}, out: best{e: e, n: ask.Excluded, heap: r.out.heap[:0]}}
	r.raise()
	r.special()
	r.settle()
	r.covering()
	r.distant()
	r.settle()
	res := e.result(q, &r.top, &r.out)
	*r = round{top: r.top, out: r.out} // the reader's rule is not to be kept
	s.query.need = nil
	return res
}

// mostRest bounds what finish can add.
func (e *Engine) mostRest(q *query) int {
	most := max(e.w.Party, e.w.Group, e.w.All)
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

// gather fills s with the points for shared words, and returns a bound on them.
func (e *Engine) gather(q *query, s *scratch) int {
	s.text = cleared(s.text, len(e.items))
	s.seen = cleared(s.seen, len(e.items))
	most := int32(0)
	for i, lq := range q.langs {
		sums := s.text
		if i > 0 {
			s.tmp = cleared(s.tmp, len(e.items))
			sums = s.tmp
		}
		for _, t := range lq.terms {
			w := int32(t.w)
			for _, slot := range e.postings[t.id].slots {
				sum := sums[slot] + w
				sums[slot] = sum
				most = max(most, sum)
				if i > 0 {
					s.text[slot] = max(s.text[slot], sum)
				}
			}
		}
	}
	return int(most >> textShift)
}
