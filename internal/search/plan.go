package search

import (
	"cmp"
	"context"
	"math"
	"slices"
)

const (
	// few is how many records may be scored without planning.
	few = 400
	// maxRows bounds the records read for scoring, besides those wanted.
	maxRows = 4000
	// maxTiered is how many words of a query, the rarest, are planned by tiers.
	maxTiered = 4
	// topExtra is how many more records than asked for a plan must promise:
	// the promise is a mean, and words do not occur independently.
	topExtra = 100
	// rowCost is what reading and scoring a record costs, in entries of the
	// full-text index passed over.
	rowCost = 150
	// tokenCost is what a token in an expression costs besides, in the same.
	tokenCost = 500
)

// tierPlan finds the records with the highest scores without reading all that
// match. It knows, for each combination of the words' tiers, the highest score
// that is possible and how many records to expect; it takes the combinations
// from the highest score down, until they promise enough.
//
// Telling all tiers apart promises the best with the fewest records, but makes
// long expressions for several words; so several ways to tell them apart are
// tried, and the cheapest is taken.
type tierPlan struct {
	groups []group
	parts  [][]float64 // of each word, see parts
	expect float64     // records with all words
}

// cell is a combination of tiers: of group i, steps[at[i]] or more, up to the
// next step.
type cell struct {
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
	for i := range p.groups {
		part, err := s.parts(ctx, &p.groups[i])
		if err != nil {
			return nil, err
		}
		p.parts = append(p.parts, part)
	}
	return p, nil
}

// stepSets are the ways to tell tiers apart that are worth trying, the finest
// first.
func stepSets(words int) [][]int {
	switch words {
	case 1:
		return [][]int{{0, 1, 2, 3, 4, 5}}
	case 2:
		return [][]int{{0, 1, 2, 3, 4, 5}, {0, 2, 4}, {0, 2, 3, 4, 5}, {0, 3, 5}}
	case 3:
		return [][]int{{0, 1, 2, 3, 4, 5}, {0, 1, 3, 5}, {0, 2, 4}, {0, 2, 5}, {0, 3, 5}, {0, 3}}
	}
	return [][]int{{0, 1, 3, 5}, {0, 2, 4}, {0, 2, 5}, {0, 2}, {0, 3}, {0, 4}}
}

// cells lists the combinations, those of the highest possible score first.
func (p *tierPlan) cells(steps []int) []cell {
	limits := ladder()
	at := make([]int, len(p.groups))
	var cells []cell
	for i := 0; i < len(at); {
		c := cell{at: slices.Clone(at), part: 1}
		for i, g := range p.groups {
			upper, next := limits[tiers+1], 0.0
			if at[i]+1 < len(steps) {
				upper, next = limits[steps[at[i]+1]], p.parts[i][steps[at[i]+1]]
			}
			c.bound += g.idf * g.weight * upper
			c.part *= max(p.parts[i][steps[at[i]]]-next, 0)
		}
		cells = append(cells, c)
		for i = 0; i < len(at); i++ { // count up
			if at[i]++; at[i] < len(steps) {
				break
			}
			at[i] = 0
		}
	}
	slices.SortStableFunc(cells, func(a, b cell) int { return cmp.Compare(b.bound, a.bound) })
	return cells
}

// tiersFor returns the cheapest expression that misses none of the best records,
// of which there are likely want; "" if that is all of them.
func (s *search) tiersFor(p *tierPlan, want float64) expr {
	var best expr
	least := math.Inf(1)
	if p.expect < maxRows {
		least = p.expect * rowCost
	}
	sets := stepSets(len(p.groups))
	from := p.from(sets[0], want)
	for _, steps := range sets {
		clauses, promised := p.clauses(steps, from)
		cost := promised * rowCost
		for _, at := range clauses {
			for i, a := range at {
				if a > 0 {
					g := &p.groups[i]
					cost += p.parts[i][steps[a]]*float64(g.stat.df) + tokenCost*float64((tiers+1-steps[a])*len(g.terms))
				}
			}
		}
		if cost >= least {
			continue
		}
		least = cost
		es := make([]expr, len(clauses))
		for j, at := range clauses {
			var clause []expr
			for i, a := range at {
				if a > 0 {
					clause = append(clause, s.tier(&p.groups[i], steps[a]))
				}
			}
			es[j] = s.x.and(clause...)
		}
		best = s.x.or(es...)
	}
	return best
}

// from returns the score from which on records are to be read: the highest that
// want records may reach.
func (p *tierPlan) from(steps []int, want float64) float64 {
	promised := 0.0
	for _, c := range p.cells(steps) {
		if promised += p.expect * c.part; promised >= want {
			return c.bound
		}
	}
	return 0
}

// clauses returns the least combinations to ask for, so that no record with a
// score of from or more is missed: every one that may reach it, less those that
// another includes. Nil is all.
func (p *tierPlan) clauses(steps []int, from float64) (clauses [][]int, promised float64) {
	cells := p.cells(steps)
	n := 0
	for n < len(cells) && cells[n].bound >= from-1e-9 {
		promised += p.expect * cells[n].part
		n++
	}
	taken := map[string]bool{}
	for _, c := range cells[:n] {
		taken[cellName(c.at)] = true
	}
	for _, c := range cells[:n] {
		if !minimal(c.at, taken) {
			continue
		}
		if !slices.ContainsFunc(c.at, func(a int) bool { return a > 0 }) {
			return nil, p.expect
		}
		clauses = append(clauses, c.at)
	}
	return clauses, promised
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
