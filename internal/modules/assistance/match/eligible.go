package match

import (
	"slices"
	"strings"
	"time"
)

// This file says whether an offer is open to the State of a need.

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
	case e.over(q, o) && takesPart(o.Kind):
		return "exclude.period"
	case o.Capacity > 0 && n.People > o.Capacity:
		return "exclude.capacity"
	}
	return ""
}

// takesPart reports whether one takes part in offers of this kind at their date.
func takesPart(kind string) bool {
	return kind == KindEvent || kind == KindTraining || kind == KindCourse
}

// over reports whether the offer ended before the help is wanted.
func (e *Engine) over(q *query, o *Offer) bool {
	at := e.wanted(q)
	return o.Status == StatusCompleted || !o.ValidTo.IsZero() && !at.IsZero() && o.ValidTo.Before(at)
}

// wanted returns when the help is wanted; zero: not known.
func (e *Engine) wanted(q *query) time.Time {
	if q.need.Start.IsZero() {
		return e.opt.Today
	}
	return q.need.Start
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
