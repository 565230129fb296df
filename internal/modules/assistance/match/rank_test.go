package match

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

func TestRankEqualsBruteForce(t *testing.T) {
	for seed := range uint64(12) {
		g := newGenerator(seed, 40+int(seed)*60)
		e := New(g.offers(50+g.r.IntN(700)), g.opt)
		hidden := func(id string) bool { return id[len(id)-1] != '7' }
		for i := range 60 {
			p := e.Prepare(g.need(i))
			for _, ask := range []Ask{{Limit: 10, Excluded: 10}, {Limit: 3}, {Limit: 1, Excluded: 2, Visible: hidden}, {Excluded: -1}} {
				same(t, fmt.Sprint(seed, i, ask.Limit), e.RankPrepared(&p, ask), e.bruteForce(&p, ask))
			}
		}
	}
}

// TestRankEqualsBruteForceByAnyWeights: the bounds hold for other weights, too.
func TestRankEqualsBruteForceByAnyWeights(t *testing.T) {
	for seed := range uint64(12) {
		g := newGenerator(100+seed, 200)
		e := New(g.offers(400), g.opt)
		w := table
		for v, i := reflect.ValueOf(&w).Elem(), 0; i < v.NumField(); i++ {
			if f := v.Field(i); g.r.IntN(2) == 0 {
				f.SetInt(min(f.Int()*int64(g.r.IntN(4))/2, max(f.Int(), 100)))
			}
		}
		e.weigh(w)
		for i := range 40 {
			p := e.Prepare(g.need(i))
			for _, ask := range []Ask{{Limit: 10, Excluded: 10}, {Limit: 3}, {Excluded: -1}} {
				same(t, fmt.Sprintf("%+v: %d %d", w, i, ask.Limit), e.RankPrepared(&p, ask), e.bruteForce(&p, ask))
			}
		}
	}
}

// TestPreparedElsewhere: a need may be kept while offers come that have words
// which none had, and be ranked by another engine.
func TestPreparedElsewhere(t *testing.T) {
	g := newGenerator(19, 400)
	offers := g.offers(300)
	e, other := New(nil, g.opt), New(offers, g.opt)
	var ps []Prepared
	for i := range 40 {
		ps = append(ps, e.Prepare(g.need(i)))
	}
	for _, o := range offers {
		e.Put(o)
	}
	for i := range ps {
		fresh := other.Prepare(ps[i].need)
		want := other.RankPrepared(&fresh, Ask{Limit: 10})
		same(t, "kept", e.RankPrepared(&ps[i], Ask{Limit: 10}), want)
		same(t, "elsewhere", other.RankPrepared(&ps[i], Ask{Limit: 10}), want)
	}
}

func TestChangesEqualRebuild(t *testing.T) {
	g := newGenerator(9, 200)
	offers := g.offers(300)
	e := New(offers[:100], g.opt)
	have := map[string]Offer{}
	for _, o := range offers[:100] {
		have[o.ID] = o
	}
	for range 1000 {
		switch o := g.offer(g.r.IntN(300)); g.r.IntN(3) {
		case 0:
			_, had := have[o.ID]
			if e.Remove(o.ID) != had {
				t.Fatalf("Remove(%s) = %v", o.ID, !had)
			}
			delete(have, o.ID)
		default:
			e.Put(o)
			have[o.ID] = o
		}
	}
	var left []Offer
	for _, o := range have {
		left = append(left, o) // in random order: order must not matter
	}
	fresh := New(left, g.opt)
	if e.Len() != len(left) {
		t.Fatalf("Len = %d, want %d", e.Len(), len(left))
	}
	for i := range 100 {
		n := g.need(i)
		same(t, n.ID, e.Rank(n, 10), fresh.Rank(n, 10))
	}
}

// TestRestrictedCannotBeFelt: what not everybody may read changes nothing in
// what others see.
func TestRestrictedCannotBeFelt(t *testing.T) {
	g := newGenerator(11, 150)
	var public, all []Offer
	for _, o := range g.offers(400) {
		o.Restricted = g.r.IntN(3) == 0
		all = append(all, o)
		if !o.Restricted {
			public = append(public, o)
		}
	}
	some, every := New(public, g.opt), New(all, g.opt)
	visible := func(id string) bool { return slices.ContainsFunc(public, func(o Offer) bool { return o.ID == id }) }
	for i := range 60 {
		p := every.Prepare(g.need(i))
		ask := Ask{Limit: 20, Excluded: 20, Visible: visible}
		same(t, p.need.ID, every.RankPrepared(&p, ask), some.RankPrepared(&p, ask))
	}
}

func TestRankAll(t *testing.T) {
	g := newGenerator(13, 200)
	e := New(g.offers(300), g.opt)
	var ps []Prepared
	for i := range 50 {
		ps = append(ps, e.Prepare(g.need(i)))
	}
	for i, r := range e.RankAll(ps, Ask{Limit: 10}) {
		same(t, r.Need, r, e.RankPrepared(&ps[i], Ask{Limit: 10}))
	}
	if got := e.RankAll(nil, Ask{}); len(got) != 0 {
		t.Errorf("RankAll(nil) = %v", got)
	}
}

// TestMonotone: an offer that takes up a topic of the need does not fall.
func TestMonotone(t *testing.T) {
	g := newGenerator(17, 200)
	offers := g.offers(200)
	score := func(o Offer, n Need) float64 {
		e := New(offers, g.opt)
		o.Restricted = true // so that the rarities stay as they are
		e.Put(o)
		for _, m := range e.Rank(n, 0).Matches {
			if m.Offer == o.ID {
				return m.Score
			}
		}
		return 0
	}
	for i := range 40 {
		n := g.need(i)
		o := g.offer(0)
		more := o
		more.Topics = append(slices.Clone(o.Topics), n.Topics...)
		if a, b := score(o, n), score(more, n); b < a {
			t.Errorf("%s: %v with topics %v, %v with %v", n.ID, a, o.Topics, b, more.Topics)
		}
	}
}
