package match

import (
	"slices"
	"strings"
)

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

// slab hands out reasons and arguments from few allocations.
type slab struct {
	reasons []Reason
	args    []string
}

func (sl *slab) arg(as ...string) []string {
	n := len(sl.args)
	sl.args = append(sl.args, as...)
	return sl.args[n:len(sl.args):len(sl.args)]
}

// explain makes the match of a pair whose score is known to be positive.
func (e *Engine) explain(q *query, slot uint32, sl *slab) Match {
	it, f := &e.items[slot], &e.subjects[slot]
	area, specific, focus := e.topicPoints(q, f, q.below.meets(&e.below[slot]))
	text, lang := e.textPoints(q, it, e.faces[slot].lengthF)
	var rest parts
	score, _ := e.finish(q, it, f, area+specific+focus+text, &rest)
	m := Match{Offer: it.id, Score: thousandths(score), Strong: e.strong(q, it, f, score, specific, text)}
	start := len(sl.reasons)
	add := func(code string, args []string, points int) {
		sl.reasons = append(sl.reasons, Reason{code, args, thousandths(points)})
	}
	for i := range q.areas {
		s := &q.areas[i]
		if p, code := s.credit(f); p > 0 {
			add(code, sl.arg(e.topics.code[s.area]), p)
		}
	}
	if specific > 0 {
		n := len(sl.args)
		code, both := "topic.specific", q.below.and(e.below[slot])
		both.each(func(i int) { sl.args = append(sl.args, e.topics.code[i]) })
		if both.empty() {
			code = "topic.words"
			(q.worded & f.direct).each(func(i int) { sl.args = append(sl.args, e.topics.code[i]) })
		}
		add(code, sl.args[n:len(sl.args):len(sl.args)], specific)
	}
	if focus > 0 {
		add("topic.focus", nil, focus)
	}
	if text > 0 {
		add("text.shared", q.shared(lang, it, sl), text)
	}
	for _, caveat := range [...]bool{false, true} {
		for _, r := range rest.list[:rest.n] {
			if caveat != (r.points <= 0) {
				continue
			}
			var args []string
			switch {
			case r.code == "named.others":
				args = it.offer.Named
			case r.arg != "":
				args = sl.arg(r.arg)
			}
			add(r.code, args, r.points)
		}
		end := len(sl.reasons)
		if caveat {
			m.Caveats = sl.reasons[start:end:end]
		} else {
			m.Reasons = sl.reasons[start:end:end]
		}
		start = end
	}
	return m
}

// shared returns the words in common, heaviest first.
func (q *query) shared(lang int, it *item, sl *slab) []string {
	var buf [16]termWeight
	ts := buf[:0]
	lq := &q.langs[lang]
	for i := range lq.shared(it) {
		ts = append(ts, lq.terms[i])
	}
	slices.SortFunc(ts, func(a, b termWeight) int {
		if a.w != b.w {
			return b.w - a.w
		}
		return strings.Compare(a.word, b.word)
	})
	n := len(sl.args)
	for _, t := range ts {
		sl.args = append(sl.args, t.word)
	}
	return sl.args[n:len(sl.args):len(sl.args)]
}

// thousandths turns points into a number that prints with three decimals.
func thousandths(points int) float64 { return float64(points) / 1000 }
