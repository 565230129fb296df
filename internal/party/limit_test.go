package party

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"concord/internal/db"
	"concord/internal/db/dbtest"
)

func TestAllow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, c := open(t, d)
		var passed atomic.Int64
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				ok, err := s.Allow(ctx, "k", 15, time.Hour)
				if err != nil {
					t.Error(err)
				}
				if ok {
					passed.Add(1)
				}
			})
		}
		wg.Wait()
		if passed.Load() != 15 {
			t.Errorf("%d at once passed, want 15", passed.Load())
		}
		if ok, _ := s.Allow(ctx, "other", 15, time.Hour); !ok {
			t.Error("another key is limited too")
		}
		behind := New(d, func() time.Time { return c.now().Add(-2 * time.Hour) }, cheap())
		if ok, _ := behind.Allow(ctx, "k", 15, time.Hour); ok {
			t.Error("a clock behind forgets")
		}
		for range 10 {
			if ok, _ := s.Allow(ctx, "two clocks", 15, time.Hour); !ok {
				t.Error("limited too soon")
			}
		}
		n := 10
		for i := range 20 {
			if ok, _ := []*Store{behind, s}[i%2].Allow(ctx, "two clocks", 15, time.Hour); ok {
				n++
			}
		}
		if n != 15 {
			t.Errorf("%d passed by two clocks, want 15", n)
		}
		if err := s.Purge(ctx); err != nil {
			t.Fatal(err)
		}
		if ok, _ := s.Allow(ctx, "k", 15, time.Hour); ok {
			t.Error("Purge forgot what still counts")
		}
		c.add(3 * time.Hour)
		if err := s.Purge(ctx); err != nil {
			t.Fatal(err)
		}
		if n := count(t, d, `SELECT COUNT(*) FROM attempt`); n != 0 {
			t.Errorf("%d rows left after Purge", n)
		}
	})
}

// However uses are spread, no stretch of time has more than the limit.
func TestAllowSlides(t *testing.T) {
	s, c := open(t, dbtest.SQLite(t))
	const limit, per = 5, time.Hour
	var times []time.Time
	for i := range 400 {
		ok, err := s.Allow(t.Context(), "k", limit, per)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			times = append(times, c.now())
		}
		c.add(time.Duration(i*i%7) * 31 * time.Second)
	}
	for i := limit; i < len(times); i++ {
		if d := times[i].Sub(times[i-limit]); d < per {
			t.Errorf("%d uses within %v", limit+1, d)
		}
	}
	if hours := int(c.now().Sub(times[0]).Hours()); len(times) < hours*limit*3/5 {
		t.Errorf("only %d uses in %d hours", len(times), hours)
	}
}
