package search

import (
	"cmp"
	"context"
	"slices"
)

const (
	// few is how many records may be scored without planning.
	few = 400
	// maxRows bounds the records read for scoring, besides those wanted.
	maxRows = 4000
	// maxTiered is how many words of a query, the rarest, are planned by tiers.
	maxTiered = 5
	// topExtra is how many more records than asked for a plan must promise:
	// the promise is a mean, and words do not occur independently.
	topExtra = 100
)

// tierPlan finds the records with the highest scores without reading all that
// match. It knows, for each combination of the words' tiers, the highest score
// that is possible and how many records to expect; it takes the combinations
// from the highest score down, until they promise enough.
type tierPlan struct {
	groups []group
	steps  []int // the tiers told apart
	cells  []planCell
	expect float64 // records with all words
}

// planCell is a combination of tiers: of group i, steps[at[i]] or more, up to
// the next step.
type planCell struct {
	at    []int
	bound float64
	part  float64 // of the records with all words
}

// plan prepares the tiers for the words asked for. It needs no tiers if few
// records have them all, and is nil then; unless many is not 0, which is how
// many records have been seen to.
func (s *search) plan(ctx context.Context, many float64) (*tierPlan, error) {
	expect := float64(s.all) * s.share
	for _, g := range s.need {
		expect *= float64(g.stat.df) / float64(max(s.all, 1))
	}
	if many == 0 && (expect < few || s.need[0].stat.df < few) {
		return nil, nil
	}
	p := &tierPlan{groups: s.need[:min(len(s.need), maxTiered)], expect: max(expect, many)}
	switch len(p.groups) {
	case 1, 2:
		p.steps = []int{0, 1, 2, 3, 4, 5}
	case 3:
		p.steps = []int{0, 1, 3, 5}
	default:
		p.steps = []int{0, 2, 4}
	}
	parts := make([][]float64, len(p.groups))
	for i := range p.groups {
		part, err := s.parts(ctx, &p.groups[i])
		if err != nil {
			return nil, err
		}
		parts[i] = part
	}
	limits := ladder()
	at := make([]int, len(p.groups))
	for {
		c := planCell{at: slices.Clone(at), part: 1}
		for i, g := range p.groups {
			upper, next := limits[tiers+1], 0.0
			if at[i]+1 < len(p.steps) {
				upper, next = limits[p.steps[at[i]+1]], parts[i][p.steps[at[i]+1]]
			}
			c.bound += g.idf * g.weight * upper
			c.part *= max(parts[i][p.steps[at[i]]]-next, 0)
		}
		p.cells = append(p.cells, c)
		i := 0
		for ; i < len(at); i++ {
			if at[i]++; at[i] < len(p.steps) {
				break
			}
			at[i] = 0
		}
		if i == len(at) {
			break
		}
	}
	slices.SortStableFunc(p.cells, func(a, b planCell) int { return cmp.Compare(b.bound, a.bound) })
	return p, nil
}

// parts returns, for each tier, what part of the records with the word have it
// in that tier or above. Where few public records have it, an assumption
// stands in for the count.
func (s *search) parts(ctx context.Context, g *group) ([]float64, error) {
	if g.stat.df < few/4 {
		return []float64{1, 0.8, 0.5, 0.3, 0.15, 0.07}, nil
	}
	var sum stat
	for _, t := range g.terms {
		st, err := s.x.stat(ctx, s.q, t, true)
		if err != nil {
			return nil, err
		}
		for i := range sum.above {
			sum.above[i] += st.above[i]
		}
	}
	parts := make([]float64, tiers+1)
	for i := range parts {
		parts[i] = float64(sum.above[i]) / float64(max(sum.above[0], 1))
	}
	return parts, nil
}

// tiersFor returns the expression for the best combinations that promise want
// records; "" if that is all of them.
func (s *search) tiersFor(p *tierPlan, want float64) expr {
	n, promised := 0, 0.0
	for n < len(p.cells) && promised < want {
		promised += p.expect * p.cells[n].part
		n++
	}
	for n < len(p.cells) && p.cells[n].bound == p.cells[n-1].bound {
		n++
	}
	taken := map[string]bool{}
	for _, c := range p.cells[:n] {
		taken[cellName(c.at)] = true
	}
	var clauses []expr
	for _, c := range p.cells[:n] {
		if !minimal(c.at, taken) {
			continue
		}
		var clause []expr
		for i, at := range c.at {
			if at > 0 {
				clause = append(clause, s.tier(&p.groups[i], p.steps[at]))
			}
		}
		if len(clause) == 0 {
			return ""
		}
		clauses = append(clauses, s.x.and(clause...))
	}
	return s.x.or(clauses...)
}

// minimal reports whether no combination one step lower is taken too: it then
// need not be said, because the lower one includes it.
func minimal(at []int, taken map[string]bool) bool {
	lower := slices.Clone(at)
	for i := range lower {
		if lower[i] > 0 {
			lower[i]--
			if taken[cellName(lower)] {
				return false
			}
			lower[i]++
		}
	}
	return true
}

func cellName(at []int) string {
	name := make([]byte, len(at))
	for i, a := range at {
		name[i] = byte(a)
	}
	return string(name)
}

// tier is the expression for a word in tier t or above.
func (s *search) tier(g *group, t int) expr {
	var es []expr
	for _, term := range g.terms {
		for i := t; i <= tiers; i++ {
			es = append(es, s.x.token(tierToken(term, i)))
		}
	}
	return s.x.or(es...)
}
