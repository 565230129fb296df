package search

import (
	"context"
	"fmt"
	"math"
	"time"

	"concord/internal/db"
)

// stat says in how many public records a token is: in all, and in tier t or
// above. It is counted when a query first asks and kept for a while, because
// keeping exact counts in the transactions that write would make every writer
// wait for the rows of the common words.
//
// Only public records are counted, for readers of every standing: a score or a
// plan that knew of hidden records would tell of them. (Their token publicToken
// makes this one look-up in the index.)
type stat struct {
	df     int
	above  [tiers + 1]int // above[0] is df; all 0 until tiered
	tiered bool
	at     time.Time
}

const (
	// maxStats bounds the statistics kept; when full, all are forgotten.
	maxStats = 20_000
	// A count costs time in proportion to the number of records, so it is kept
	// in proportion to it as well: keepPerRecord each, but at most maxKeep.
	keepPerRecord = 10 * time.Millisecond
	maxKeep       = 10 * time.Minute
)

// public returns the number of public records.
func (x *Index) public(ctx context.Context, q db.Querier) (int, error) {
	x.mu.Lock()
	s, ok := x.stats[publicToken]
	x.mu.Unlock()
	if ok && x.now().Sub(s.at) < keep(s.df) {
		return s.df, nil
	}
	s = stat{at: x.now()}
	if err := q.QueryRow(ctx, x.counts(1), string(x.token(publicToken))).Scan(&s.df); err != nil {
		return 0, fmt.Errorf("count public records: %w", err)
	}
	x.remember(publicToken, s)
	return s.df, nil
}

func keep(records int) time.Duration {
	return min(time.Duration(records)*keepPerRecord, maxKeep)
}

// stat returns the counts of a token; with tiered, those of its tiers too.
func (x *Index) stat(ctx context.Context, q db.Querier, token string, tiered bool) (stat, error) {
	all, err := x.public(ctx, q)
	if err != nil {
		return stat{}, err
	}
	x.mu.Lock()
	s, ok := x.stats[token]
	x.mu.Unlock()
	fresh := ok && x.now().Sub(s.at) < keep(all)
	if fresh && (s.tiered || !tiered) {
		return s, nil
	}
	s = stat{at: x.now(), tiered: tiered}
	public := x.token(publicToken)
	args := []any{string(x.and(x.token(token), public))}
	into := []any{&s.df}
	if tiered {
		for t := 1; t <= tiers; t++ {
			args = append(args, string(x.and(x.token(tierToken(token, t)), public)))
			into = append(into, &s.above[t])
		}
	}
	if err := q.QueryRow(ctx, x.counts(len(args)), args...).Scan(into...); err != nil {
		return stat{}, fmt.Errorf("count a word: %w", err)
	}
	s.above[0] = s.df
	for t := tiers - 1; t > 0; t-- {
		s.above[t] += s.above[t+1]
	}
	x.remember(token, s)
	return s, nil
}

func (x *Index) remember(token string, s stat) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.stats) >= maxStats {
		clear(x.stats)
	}
	x.stats[token] = s
}

// idf is how much a word in df of all public records is worth.
func idf(df, all int) float64 {
	df = min(df, all)
	return math.Log(1 + (float64(all-df)+0.5)/(float64(df)+0.5))
}
