package match

import (
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
)

// benchmark data of workload W10: 10,000 needs and offers over 6,000 words.
func big(b *testing.B, n int) (*generator, []Offer, []Need) {
	b.Helper()
	g := newGenerator(1, 6000)
	needs := make([]Need, n)
	for i := range needs {
		needs[i] = g.need(i)
	}
	return g, g.offers(n), needs
}

// BenchmarkW10 ranks 10,000 prepared needs against 10,000 offers: the exact
// first ten of each, with reasons, under a rule of visibility.
func BenchmarkW10(b *testing.B) {
	g, offers, needs := big(b, 10_000)
	e := New(offers, g.opt)
	ps := make([]Prepared, len(needs))
	for i := range needs {
		ps[i] = e.Prepare(needs[i])
	}
	hidden := map[string]bool{}
	for i := range offers {
		if i%5 == 0 {
			hidden[offers[i].ID] = true
		}
	}
	runtime.GC()
	ask := Ask{Limit: 10, Visible: func(id string) bool { return !hidden[id] }}
	before, ops := cpu(b), 0
	for b.Loop() {
		ops++
		if rs := e.RankAll(ps, ask); len(rs[0].Matches) != 10 {
			b.Fatal(rs[0])
		}
	}
	b.ReportMetric((cpu(b)-before).Seconds()/float64(ops), "cpu-s/op")
}

// cpu is the processor time of this process, which other processes disturb
// less than the time on the clock.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkNeed ranks one new need, its text analysed as well, and reports the
// time that 99 in 100 stay below.
func BenchmarkNeed(b *testing.B) {
	g, offers, needs := big(b, 10_000)
	e := New(offers, g.opt)
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		e.Rank(needs[len(took)%len(needs)], 10)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkPut replaces one offer among 10,000.
func BenchmarkPut(b *testing.B) {
	g, offers, _ := big(b, 10_000)
	e := New(offers, g.opt)
	i := 0
	for b.Loop() {
		e.Put(offers[i%len(offers)])
		i++
	}
}
