package match

import (
	"iter"
	"strconv"
	"time"
)

// This file says what a pair of a need and an offer is worth. It is the
// specification: the index, in round.go and face.go, only decides which pairs
// to look at.

// topicPoints returns the points for the areas of the need that an offer
// covers, for a topic in common, and for doing nothing else. same tells that
// both name the same topic of the second level.
func (e *Engine) topicPoints(q *query, f *subject, same bool) (area, specific, focus int) {
	for i := range q.areas {
		p, _ := q.areas[i].credit(f)
		area += p
	}
	switch {
	case same:
		specific = e.w.Specific
	case q.worded&f.direct != 0:
		specific = e.w.Words
	}
	if n := (q.all & f.stated).len(); n > 0 {
		focus = e.w.Focus * n / f.stated.len()
	}
	return area, specific, focus
}

// credit returns the points of an offer for an area, and the code of the
// reason.
func (s *areaShare) credit(f *subject) (points int, code string) {
	switch {
	case f.stated.has(s.area):
		return s.points, "topic.same"
	case f.worded.has(s.area):
		return s.worded, "topic.worded"
	case s.related&f.stated != 0:
		return s.near, "topic.related"
	}
	return 0, ""
}

// textPoints returns the points for shared words in the language in which the
// two have most in common, and the place of that language in q.langs.
func (e *Engine) textPoints(q *query, it *item, lengthF int16) (points, lang int) {
	lang = -1
	for i, lq := range q.langs {
		sum := 0
		for k := range lq.shared(it) {
			sum += lq.terms[k].w
		}
		if p := textScale(sum, int(lengthF)); p > points {
			points, lang = p, i
		}
	}
	return points, lang
}

// shared yields the places of the terms that an offer has, too.
func (lq *langQuery) shared(it *item) iter.Seq[int] {
	return func(yield func(int) bool) {
		have := it.terms
		for i := range lq.terms {
			id := lq.terms[i].id
			for len(have) > 0 && have[0] < id {
				have = have[1:]
			}
			if len(have) > 0 && have[0] == id && !yield(i) {
				return
			}
		}
	}
}

func textScale(sum, lengthF int) int { return (sum * lengthF / 1000) >> textShift }

// forms returns the forms of help an offer gives.
func forms(o *Offer) []string {
	if len(o.Modalities) > 0 {
		return o.Modalities
	}
	if f := formOf[o.Kind]; f != "" {
		return []string{f}
	}
	return nil
}

// part is a reason in points.
type part struct {
	code, arg string
	points    int
}

// parts is everything but topics and text.
type parts struct {
	list [12]part
	n    int
}

func (p *parts) add(code, arg string, points int) {
	p.list[p.n] = part{code, arg, points}
	p.n++
}

// finish adds to the points for topics and text all the rest. It returns the
// score, or the code of what excludes the offer. rest may be nil.
func (e *Engine) finish(q *query, it *item, f *subject, points int, rest *parts) (int, string) {
	o := &it.offer
	s, code := q.standing(o)
	if x := e.exclusion(q, o, s); x != "" {
		return 0, x
	}
	give := func(code, arg string, w int) {
		points += w
		if rest != nil {
			rest.add(code, arg, w)
		}
	}
	switch s {
	case party:
		give("eligible.party", code, e.w.Party)
	case group:
		give("eligible.group", code, e.w.Group)
	case open:
		give("eligible.all", "", e.w.All)
	case unstated:
		if o.Circle != "" {
			give("eligible.circle", o.Circle, 0)
		} else {
			give("eligible.unstated", "", 0)
		}
	}
	if m := common(q.form, it.forms); m != "" {
		give("modality.same", m, e.w.Modality)
	}
	if c := common(q.need.Capability, o.Capability); c != "" {
		give("capability.same", c, e.w.Capable)
	}
	if l := common(q.need.Languages, o.Languages); l != "" {
		give("language.same", l, e.w.Language)
	}
	urgent := q.need.Timeframe == Emergency
	if urgent && o.EmergencyHours > 0 {
		give("emergency.ready", strconv.Itoa(o.EmergencyHours), e.w.Ready)
	}
	take := func(on bool, code, arg string, percent int) {
		if on {
			give(code, arg, -(points * percent / 100))
		}
	}
	take(s == others, "named.others", "", e.w.Others)
	take(o.Status == StatusProposed, "status.proposed", "", e.w.Proposed)
	over := e.over(q, o)
	take(over, "period.over", year(o.ValidTo), e.w.Over)
	take(o.Kind == KindEvent, "kind.meeting", "", e.w.Meeting)
	take(o.Own, "offer.own", "", e.w.Own)
	take(e.onlyTalk(q, f), "topic.coordination", "", e.w.Coordination)
	take(urgent && o.EmergencyHours <= 0, "emergency.none", "", e.w.NotReady)
	return points, ""
}

func year(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.Itoa(t.Year())
}

// onlyTalk reports whether the offer coordinates help, and the need asks for
// help itself.
func (e *Engine) onlyTalk(q *query, f *subject) bool {
	c := e.topics.coord
	return c != 0 && f.stated == c && q.all&c == 0
}

// strong decides whether the offer truly answers the need: open to the State,
// current, help rather than talk, in at least half the areas of the need, and
// as specific as the need is:
//   - a topic of the second level or rare words in common; or,
//   - where the need names no topic of the second level, all its areas, and the
//     area in the words of both or the State by name.
func (e *Engine) strong(q *query, it *item, f *subject, score, specific, text int) bool {
	o := &it.offer
	s, _ := q.standing(o)
	switch {
	case score < e.w.Strong, s == others, s == closed, s == unstated, o.Own,
		o.Status == StatusProposed, e.over(q, o), o.Kind == KindEvent, e.onlyTalk(q, f):
		return false
	}
	talk := f.stated&e.topics.coord != 0
	if talk && q.all&e.topics.coord == 0 {
		return false
	}
	have := (q.all & f.stated).len()
	switch all := q.all.len(); {
	case all == 0 || have*2 < all:
		return false
	case specific == e.w.Specific || text >= e.w.StrongText:
		return true
	default:
		return have == all && q.general && !talk && (specific > 0 || s == party)
	}
}
