package match

import (
	"slices"
	"strings"
	"time"
)

// Overlap warns that two activities may do the same for the same State at the
// same time.
type Overlap struct {
	With    string   // the other activity
	Parties []string // States that both are for, sorted
	Topics  []string // the narrower topic of each pair in common, sorted
	// From and To bound the time in common; zero where neither says.
	From, To time.Time
	// Sure is false when a date is missing, so that the two may not meet.
	Sure bool
}

// Overlaps compares an activity with others. Counted are those that name whom
// they serve: an offer open to all States duplicates nothing until a State
// takes it up. members gives the States of a group.
func Overlaps(a Offer, others []Offer, topics []Topic, members func(group string) []string) []Overlap {
	parent := map[string]string{}
	for _, t := range topics {
		parent[t.Code] = t.Parent
	}
	mine := beneficiaries(&a, members)
	if len(mine) == 0 || idle(&a) {
		return nil
	}
	var out []Overlap
	for i := range others {
		b := &others[i]
		if b.ID == a.ID || idle(b) {
			continue
		}
		o := Overlap{With: b.ID, Topics: commonTopics(a.Topics, b.Topics, parent)}
		if len(o.Topics) == 0 || !o.period(&a, b) {
			continue
		}
		for p := range beneficiaries(b, members) {
			if mine[p] {
				o.Parties = append(o.Parties, p)
			}
		}
		if len(o.Parties) == 0 {
			continue
		}
		slices.Sort(o.Parties)
		out = append(out, o)
	}
	slices.SortFunc(out, func(x, y Overlap) int { return strings.Compare(x.With, y.With) })
	return out
}

func idle(o *Offer) bool { return o.Status == StatusClosed || o.Status == StatusCompleted }

// beneficiaries returns the States that an activity names, itself or by group.
func beneficiaries(o *Offer, members func(string) []string) map[string]bool {
	states := map[string]bool{}
	for _, c := range slices.Concat(o.Eligible, o.Named) {
		if c == All {
			continue
		}
		var in map[string]int
		parts := strings.Split(c, "+")
		for _, part := range parts {
			ms := []string{part}
			if isGroup(part) {
				ms = members(part)
			}
			if in == nil {
				in = map[string]int{}
			}
			for _, m := range ms {
				in[m]++
			}
		}
		for m, n := range in {
			if n == len(parts) {
				states[m] = true
			}
		}
	}
	return states
}

// commonTopics returns what two activities both work on: the same topic, or a
// topic of one in an area that the other states as a whole.
func commonTopics(as, bs []string, parent map[string]string) []string {
	var out []string
	for _, x := range as {
		for _, y := range bs {
			t := ""
			switch {
			case x == y, parent[x] == y && y != "":
				t = x
			case parent[y] == x && x != "":
				t = y
			}
			if t != "" && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	slices.Sort(out)
	return out
}

// period sets the time in common and reports whether there may be any.
func (o *Overlap) period(a, b *Offer) bool {
	o.From, o.To = a.ValidFrom, a.ValidTo
	if b.ValidFrom.After(o.From) {
		o.From = b.ValidFrom
	}
	if o.To.IsZero() || !b.ValidTo.IsZero() && b.ValidTo.Before(o.To) {
		o.To = b.ValidTo
	}
	o.Sure = !a.ValidFrom.IsZero() && !a.ValidTo.IsZero() && !b.ValidFrom.IsZero() && !b.ValidTo.IsZero()
	return o.To.IsZero() || o.From.IsZero() || !o.To.Before(o.From)
}
