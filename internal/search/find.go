package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"concord/internal/db"
)

const (
	defaultLimit = 20
	// enough hits with all words make hits with only some of them superfluous.
	enough = 20
	// orBudget is about how many records may be read for those.
	orBudget = 600
)

// Find returns the best hits among the visible records, best first: those with
// all words of the query, and if they are few, those with some. A word no
// visible record has is replaced by words that begin like it. Of very many
// equally good candidates the newest are preferred.
func (x *Index) Find(ctx context.Context, q db.Querier, v Visible, query Query) ([]Hit, error) {
	s, err := x.begin(ctx, q, v, query)
	if s == nil || err != nil {
		return nil, err
	}
	limit := query.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	var hits []Hit
	if len(s.need) > 0 && !s.missing {
		if hits, err = s.findAll(ctx, limit); err != nil {
			return nil, err
		}
	}
	if len(hits) < min(limit, enough) && (len(s.need) > 1 || s.missing) && len(s.need) > 0 {
		if hits, err = s.findSome(ctx, hits); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.N, a.N))
	})
	return hits[:min(len(hits), limit)], nil
}

// Matches returns the numbers of all visible records that match, in ascending
// order: those with all words of the query, or, if there are none, those with
// any.
func (x *Index) Matches(ctx context.Context, q db.Querier, v Visible, query Query) ([]int64, error) {
	s, err := x.begin(ctx, q, v, query)
	if s == nil || err != nil || len(s.need) == 0 {
		return nil, err
	}
	var ns []int64
	if !s.missing {
		if ns, err = s.numbers(ctx, s.x.and(s.every(), s.filter), s.where, ""); err != nil {
			return nil, err
		}
	}
	if len(ns) == 0 && (len(s.need) > 1 || s.missing) {
		var es []expr
		for i := range s.need {
			es = append(es, s.any(&s.need[i]))
		}
		if ns, err = s.numbers(ctx, s.x.and(s.x.or(es...), s.filter), s.where, ""); err != nil {
			return nil, err
		}
	}
	slices.Sort(ns)
	return ns, nil
}

// every is the expression for all words asked for.
func (s *search) every() expr {
	es := make([]expr, len(s.need))
	for i := range s.need {
		es[i] = s.any(&s.need[i])
	}
	return s.x.and(es...)
}

// findAll returns the best of the records that have all words. It reads the
// heaviest tiers; more of them if the reader may see less than was promised;
// and in the end, every record.
func (s *search) findAll(ctx context.Context, limit int) ([]Hit, error) {
	every := s.x.and(s.every(), s.filter)
	rows := maxRows + limit
	plan, err := s.plan(ctx, 0)
	if err != nil {
		return nil, err
	}
	if plan == nil {
		hits, err := s.scored(ctx, every, rows)
		if err != nil || len(hits) < rows {
			return hits, err
		}
		// More than the public statistics knew of: the reader may see many
		// records that are not public.
		if plan, err = s.plan(ctx, float64(4*rows)); err != nil {
			return nil, err
		}
	}
	want := float64(limit + topExtra)
	for range 2 {
		top := s.tiersFor(plan, want)
		if top == "" {
			break
		}
		hits, err := s.scored(ctx, s.x.and(top, every), rows)
		if err != nil || len(hits) >= limit {
			return hits, err
		}
		want *= 8
	}
	return s.scored(ctx, every, rows)
}

// findSome adds to hits the best of the records that have some of the words:
// all but one, or the rarest ones, or a common one in its upper tiers.
func (s *search) findSome(ctx context.Context, hits []Hit) ([]Hit, error) {
	var es []expr
	each := orBudget / len(s.need)
	for i := range s.need {
		g := &s.need[i]
		if g.stat.df <= each {
			es = append(es, s.any(g))
			continue
		}
		parts, err := s.parts(ctx, g)
		if err != nil {
			return nil, err
		}
		t := 1
		for t < tiers && parts[t]*float64(g.stat.df) > float64(each)/2 {
			t++
		}
		es = append(es, s.tier(g, t))
	}
	if len(s.need) > 2 {
		for i := range s.need {
			var others []expr
			for j := range s.need {
				if j != i {
					others = append(others, s.any(&s.need[j]))
				}
			}
			es = append(es, s.x.and(others...))
		}
	}
	more, err := s.scored(ctx, s.x.and(s.x.or(es...), s.filter), 1500)
	if err != nil {
		return nil, err
	}
	have := make(map[int64]bool, len(hits))
	for _, h := range hits {
		have[h.N] = true
	}
	for _, h := range more {
		if !have[h.N] {
			hits = append(hits, h)
		}
	}
	return hits, nil
}

// scored returns the visible records that match e with their exact scores, the
// newest if there are more than rows.
func (s *search) scored(ctx context.Context, e expr, limit int) ([]Hit, error) {
	rows, err := s.q.Query(ctx, `SELECT d.n, d.tv`+s.x.from(len(s.visible.Args)+1, s.visible.SQL)+s.where+s.x.newest()+
		` LIMIT `+strconv.Itoa(limit), append(slices.Clone(s.visible.Args), string(e))...)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	defer rows.Close()
	var hits []Hit
	for rows.Next() {
		var n int64
		var tv []byte
		if err := rows.Scan(&n, &tv); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		hits = append(hits, Hit{n, s.score(tv)})
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return hits, nil
}

// score is BM25 over all words of the query, times the part of the words asked
// for that the record has: a record with both of two words goes before one that
// has the rarer of them often.
func (s *search) score(v vector) float64 {
	length, sum := v.length(), 0.0
	asked, matched := 0, 0
	for i := range s.groups {
		g := &s.groups[i]
		best := 0.0
		for _, h := range g.hashes {
			if tf := v.count(h); tf > 0 {
				best = max(best, impact(tf, length))
			}
		}
		sum += g.idf * g.weight * best
		asked++
		if best > 0 {
			matched++
		}
	}
	return sum * float64(matched) / float64(asked)
}
