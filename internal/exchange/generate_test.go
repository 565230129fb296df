package exchange_test

import (
	"testing"
	"time"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/exchange"
	"concord/internal/party"
	"concord/internal/record"
)

func TestGenerate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d)
		start := time.Now()
		const n = 1200
		last := 0
		if err := exchange.Generate(t.Context(), p.Store, party.Operator(), n, 7, func(done int) { last = done }); err != nil {
			t.Fatal(err)
		}
		t.Logf("%.0f records/s", n/time.Since(start).Seconds())
		if last != n {
			t.Errorf("progress ended at %d", last)
		}
		q := record.Query{Facets: []string{"audience", "state"}, Limit: 1}
		for _, k := range p.Kinds().All() {
			if !k.Internal {
				q.Kinds = append(q.Kinds, k.Name)
			}
		}
		page, err := p.List(t.Context(), access.Actor{}, q)
		if err != nil {
			t.Fatal(err)
		}
		if page.Total < n*50/100 || page.Total > n*65/100 {
			t.Errorf("the public sees %d of %d", page.Total, n)
		}
		page, err = p.List(t.Context(), p.person("KEN", access.Viewer), q)
		if err != nil {
			t.Fatal(err)
		}
		if page.Total < n*70/100 || page.Total > n*95/100 {
			t.Errorf("Kenya sees %d of %d", page.Total, n)
		}
	})
}
func BenchmarkGenerate(b *testing.B) {
	p := open(b, dbtest.SQLite(b))
	for b.Loop() {
		if err := exchange.Generate(b.Context(), p.Store, party.Operator(), 2000, 7, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(2000*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
