package match

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// This file says what a pair of a need and an offer is worth. It is the
// specification: the index in rank.go only decides which pairs to look at.

// topicPoints returns the points for the areas of the need that an offer
// covers, for a topic in common, and for doing nothing else. same tells that
// both name the same topic of the second level.
func (e *Engine) topicPoints(q *query, f *face, same bool) (area, specific, focus int) {
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
func (s *areaShare) credit(f *face) (points int, code string) {
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
func (e *Engine) textPoints(q *query, it *item, f *face) (points, lang int) {
	lang = -1
	for i, lq := range q.langs {
		sum := 0
		for _, t := range lq.terms {
			if _, ok := slices.BinarySearch(it.terms, t.id); ok {
				sum += t.w
			}
		}
		if p := textScale(sum, int(f.lengthF)); p > points {
			points, lang = p, i
		}
	}
	return points, lang
}

func textScale(sum, lengthF int) int { return (sum * lengthF / 1000) >> textShift }

// standing tells how an offer stands to the State of a need.
type standing int

const (
	unstated standing = iota // nothing known of who may have it
	open
	group
	party
	others // named for others
	closed // the provider's rule leaves the State out
)

// standing returns how o stands to the need, and the code that decided it.
func (q *query) standing(o *Offer) (standing, string) {
	named := o.Eligible
	miss := closed
	if len(named) == 0 {
		named, miss = o.Named, others
	}
	switch {
	case o.Open || slices.Contains(named, All):
		if s, c := q.among(named); s == party || s == group && c != All {
			return s, c
		}
		return open, ""
	case len(named) == 0 || len(q.codes) == 0:
		return unstated, ""
	}
	if s, c := q.among(named); s != unstated {
		return s, c
	}
	return miss, ""
}

// among looks for the State, then for its groups, among codes.
func (q *query) among(codes []string) (standing, string) {
	if len(codes) == 0 {
		return unstated, ""
	}
	if p := q.need.Party; p != "" && slices.Contains(codes, p) {
		return party, p
	}
	for _, c := range codes {
		ok := true
		for part := range strings.SplitSeq(c, "+") {
			ok = ok && slices.Contains(q.codes, part)
		}
		if ok {
			return group, c
		}
	}
	return unstated, ""
}

// exclusion returns the code of the first rule that keeps the offer from the
// need, or "".
func (e *Engine) exclusion(q *query, o *Offer, s standing) string {
	n := q.need
	switch {
	case o.Status == StatusClosed:
		return "exclude.closed"
	case s == closed:
		return "exclude.party"
	case len(n.Languages) > 0 && len(o.Languages) > 0 && common(n.Languages, o.Languages) == "":
		return "exclude.language"
	case !n.End.IsZero() && o.ValidFrom.After(n.End):
		return "exclude.period"
	case e.over(q, o) && dated(o.Kind):
		return "exclude.period"
	case o.Capacity > 0 && n.People > o.Capacity:
		return "exclude.capacity"
	}
	return ""
}

// dated reports whether one takes part in offers of this kind at their date.
func dated(kind string) bool {
	return kind == KindEvent || kind == KindTraining || kind == KindCourse
}

// over reports whether the offer ended before the help is wanted.
func (e *Engine) over(q *query, o *Offer) bool {
	at := q.need.Start
	if at.IsZero() {
		at = e.opt.Today
	}
	return o.Status == StatusCompleted || !o.ValidTo.IsZero() && !at.IsZero() && o.ValidTo.Before(at)
}

// common returns the first of as that is also in bs.
func common(as, bs []string) string {
	for _, a := range as {
		if slices.Contains(bs, a) {
			return a
		}
	}
	return ""
}

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
func (e *Engine) finish(q *query, it *item, f *face, points int, rest *parts) (int, string) {
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
func (e *Engine) onlyTalk(q *query, f *face) bool {
	c := e.topics.coord
	return c != 0 && f.stated == c && q.all&c == 0
}

// strong decides whether the offer truly answers the need: open to the State,
// current, help rather than talk, in at least half the areas of the need, and
// as specific as the need is:
//   - a topic of the second level or rare words in common; or,
//   - where the need names no topic of the second level, all its areas, and the
//     area in the words of both or the State by name.
func (e *Engine) strong(q *query, it *item, f *face, score, specific, text int) bool {
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
	it, f := &e.items[slot], &e.faces[slot]
	area, specific, focus := e.topicPoints(q, f, q.below.meets(&e.below[slot]))
	text, lang := e.textPoints(q, it, f)
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
	for _, t := range q.langs[lang].terms {
		if _, ok := slices.BinarySearch(it.terms, t.id); ok {
			ts = append(ts, t)
		}
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
