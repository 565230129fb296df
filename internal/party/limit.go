package party

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"concord/internal/db"
)

// slots is into how many parts the time of a limit is cut. The counts of the
// newest slot and the four before it are added, so that no stretch of time as
// long as the limit's ever holds more than the limit; what was counted is
// forgotten after at most 1¼ of that time.
const slots = 4

// Allow counts one use of key and reports whether there were fewer than limit
// within per. What is refused is not counted, so that trying on does not
// prolong the wait. The key names what is to be protected, never where a
// request comes from: all parties have the same limits.
func (s *Store) Allow(ctx context.Context, key string, limit int, per time.Duration) (bool, error) {
	return s.allow(ctx, quota{key, limit, per})
}

// quota is a limit on the uses of a key.
type quota struct {
	key   string
	limit int
	per   time.Duration
}

// allow counts one use of each key, in a transaction of its own and before
// anything is tried: a hundred guesses at once count as a hundred. If one key
// is exhausted none is counted.
func (s *Store) allow(ctx context.Context, quotas ...quota) (bool, error) {
	now := s.now()
	ok := true
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		list := make([]*attempts, 0, len(quotas))
		slices.SortFunc(quotas, func(a, b quota) int { return strings.Compare(a.key, b.key) })
		for _, q := range quotas {
			a, err := lockAttempts(ctx, tx, q.key)
			if err != nil {
				return err
			}
			a.advance(now, q.per)
			ok = ok && a.sum() < q.limit
			list = append(list, a)
		}
		if !ok {
			return nil
		}
		for i, a := range list {
			a.counts[0]++
			if err := a.store(ctx, tx, quotas[i].per); err != nil {
				return err
			}
		}
		return nil
	})
	return ok && err == nil, err
}

// forgive takes back one use of key: it was no guess, the secret was right.
func forgive(ctx context.Context, tx *db.Tx, q quota) error {
	a, err := lockAttempts(ctx, tx, q.key)
	if err != nil {
		return err
	}
	for i := range a.counts {
		if a.counts[i] > 0 {
			a.counts[i]--
			break
		}
	}
	return a.store(ctx, tx, q.per)
}

// attempts is a row of the table: how often a key was used in a slot of time
// and in those before it.
type attempts struct {
	key    string
	slot   int64
	counts [slots + 1]int
}

// lockAttempts reads the row of key, made when there is none, and holds it
// until the transaction ends.
func lockAttempts(ctx context.Context, tx *db.Tx, key string) (*attempts, error) {
	a := &attempts{key: key}
	var counts string
	err := tx.QueryRow(ctx, `
		INSERT INTO attempt (key, slot, counts, until) VALUES ($1, 0, '', 0)
		ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING slot, counts`, key).Scan(&a.slot, &counts)
	if err != nil {
		return nil, err
	}
	for i, f := range strings.Fields(counts) {
		if i < len(a.counts) {
			a.counts[i], _ = strconv.Atoi(f) // what this program wrote
		}
	}
	return a, nil
}

func (a *attempts) sum() int {
	n := 0
	for _, c := range a.counts {
		n += c
	}
	return n
}

// advance moves to the slot of now. A clock that is behind, of another
// process, never moves it back.
func (a *attempts) advance(now time.Time, per time.Duration) {
	slot := now.UnixMicro() / (per / slots).Microseconds()
	for moved := min(slot-a.slot, slots+1); moved > 0; moved-- {
		copy(a.counts[1:], a.counts[:slots])
		a.counts[0] = 0
	}
	a.slot = max(a.slot, slot)
}

func (a *attempts) store(ctx context.Context, tx *db.Tx, per time.Duration) error {
	var b strings.Builder
	for _, c := range a.counts {
		b.WriteString(strconv.Itoa(c))
		b.WriteByte(' ')
	}
	until := (a.slot + slots + 1) * (per / slots).Microseconds()
	_, err := tx.Exec(ctx, `UPDATE attempt SET slot = $1, counts = $2, until = $3 WHERE key = $4`,
		a.slot, strings.TrimSpace(b.String()), until, a.key)
	return err
}
