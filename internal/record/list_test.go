package record

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/problem"
	"concord/internal/record/listindex"
	"concord/internal/search"
)

func cursorText(t *testing.T, cursor string) string {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Every page of a list follows the one before, in each order, and nothing is
// twice or missing.
func TestPages(t *testing.T) {
	each(t, func(r *rig) {
		var all []string
		for i := range 23 {
			body := named(fmt.Sprintf("n%02d", i))
			body.Summary, body.Day = en(strings.Repeat("camel ", i%5+1)), Date(fmt.Sprintf("20%02d", i/3))
			r.public(samoa(), body)
			all = append(all, fmt.Sprintf("n%02d", i))
		}
		for _, q := range []Query{
			{}, {Asc: true}, {Order: ByCreated}, {Order: ByDate}, {Order: ByDate, Asc: true}, {Text: "camel"}, {Text: "camel", Order: ByCreated},
		} {
			var got []string
			for q.Limit = 5; ; {
				page, err := r.List(t.Context(), nobody(), Query{Kinds: []string{"thing"}, Text: q.Text, Order: q.Order, Asc: q.Asc, Limit: q.Limit, After: q.After})
				r.must(err)
				same(r, "total", page.Total, len(all))
				for _, rec := range page.Records {
					got = append(got, rec.Body.(*thing).Title.Get("en"))
				}
				if q.After = page.Next; q.After == "" {
					break
				}
			}
			if slices.Sort(got); !slices.Equal(got, all) {
				t.Errorf("order %q, text %q: %v", q.Order, q.Text, got)
			}
		}
	})
}

// A search shows all that it counts, also beyond its best hits and when a
// filter leaves few of them.
func TestSearchShowsAllItCounts(t *testing.T) {
	each(t, func(r *rig) {
		r.must(r.Do(t.Context(), samoa(), func(w *Writer) error {
			for i := range ranked + 50 {
				body := named(fmt.Sprintf("camel %d", i))
				if i%10 == 0 { // the worst hits
					body.Host, body.Summary = "KEN", en(strings.Repeat("ballast ", 20))
				}
				rec, err := w.Create(Draft{Kind: "thing", Audience: access.Public, Body: body})
				if err == nil {
					_, err = w.Move("thing", rec.ID, 1, access.Publish, "")
				}
				if err != nil {
					return err
				}
			}
			return nil
		}))
		for _, q := range []Query{{}, {Filter: map[string][]string{"host": {"KEN"}}}} {
			q.Kinds, q.Text, q.Limit = []string{"thing"}, "camel", 7
			seen := map[string]bool{}
			for {
				page, err := r.List(t.Context(), nobody(), q)
				r.must(err)
				for _, rec := range page.Records {
					if seen[rec.ID] {
						t.Errorf("%s is listed twice", rec.ID)
					}
					seen[rec.ID] = true
				}
				if q.After = page.Next; q.After == "" {
					same(r, "shown", len(seen), page.Total)
					break
				}
			}
		}
	})
}

// A cursor tells nothing of a record that its reader cannot see: made up for a
// hidden record or for none, it leads to the same page.
func TestCursorsTellNothing(t *testing.T) {
	each(t, func(r *rig) {
		var shown []*Record
		for _, name := range []string{"a", "b"} {
			shown = append(shown, r.public(samoa(), named(name)))
		}
		hidden := r.make(samoa(), Draft{Audience: access.Own, Body: named("Hidden")}, access.Publish)
		shown = append(shown, r.public(samoa(), named("c")))
		keys := []int64{0, -1, 1 << 60, db.Micro(hidden.Updated)}
		for _, rec := range shown {
			keys = append(keys, db.Micro(rec.Updated), db.Micro(rec.Created))
		}
		for _, key := range keys {
			for _, order := range []string{ByUpdated, ByCreated, ByDate} {
				for _, asc := range []bool{false, true} {
					page := func(id string) string {
						return r.titles(kenya(), Query{Order: order, Asc: asc, After: cursor{key, id}.String()})
					}
					same(r, fmt.Sprintf("order %s %v from %d", order, asc, key), page(hidden.ID), page(strings.Repeat("0", 26)))
				}
			}
		}
		for _, bad := range []string{"x", "!", "AAAA", strings.Repeat("A", 10000)} {
			_, err := r.List(t.Context(), kenya(), Query{Kinds: []string{"thing"}, After: bad})
			r.want(problem.BadRequest, err)
		}
	})
}

// A cursor keeps its place when the record it names is no longer visible.
func TestCursorOutlivesItsRecord(t *testing.T) {
	each(t, func(r *rig) {
		var ids []string
		for _, name := range []string{"a", "b", "c", "d"} {
			ids = append(ids, r.public(samoa(), named(name)).ID)
		}
		page, err := r.List(t.Context(), nobody(), Query{Kinds: []string{"thing"}, Limit: 2, Order: ByCreated})
		r.must(err)
		_, err = r.Move(t.Context(), samoa(), "thing", ids[2], 0, access.Withdraw, "")
		r.must(err)
		same(r, "the next page", r.titles(nobody(), Query{After: page.Next, Order: ByCreated}), "b a")
	})
}

// Two copies of the portal serve one database: whoever was told that a write is
// done sees it from either, and what a list counts is what it shows.
func TestTwoStores(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		one, two := newRig(t, d), newRig(t, d)
		two.Store = NewStore(d, testKinds(t), one.parties, search.New(d.Engine), one.now)
		const writers, each = 4, 12
		var wg sync.WaitGroup
		var done atomic.Bool
		var acknowledged atomic.Int64
		for range 2 { // readers
			wg.Go(func() {
				for !done.Load() {
					atLeast := acknowledged.Load()
					for _, s := range []*rig{one, two} {
						if n := s.consistent(); int64(n) < atLeast {
							t.Errorf("%d records are listed after %d were acknowledged", n, atLeast)
						}
					}
				}
			})
		}
		var writing sync.WaitGroup
		for w := range writers {
			writing.Go(func() {
				s := []*rig{one, two}[w%2]
				for i := range each {
					rec := s.public(samoa(), named(fmt.Sprintf("w%d-%d", w, i)))
					acknowledged.Add(1)
					if _, err := []*rig{two, one}[w%2].Get(t.Context(), nobody(), "thing", rec.ID); err != nil {
						t.Errorf("the other copy does not have it: %v", err)
					}
				}
			})
		}
		writing.Wait()
		done.Store(true)
		wg.Wait()
		same(one, "in the end", two.consistent(), writers*each)
		unshared := one.public(samoa(), named("Unshared"))
		same(two, "shared", two.consistent(), writers*each+1)
		own := access.Own
		_, err := one.Update(t.Context(), samoa(), "thing", unshared.ID, 0, Change{Audience: &own})
		one.must(err)
		same(two, "no longer shared", two.consistent(), writers*each)
	})
}

// consistent lists everything the public sees and fails unless records, total
// and counts are of one commit.
func (r *rig) consistent() int {
	page, err := r.List(r.t.Context(), nobody(), Query{Kinds: []string{"thing"}, Facets: []string{"owner", "topics"}, Limit: MaxLimit})
	if err != nil {
		r.t.Error(err)
		return 0
	}
	for _, name := range []string{"owner", "topics"} {
		sum := 0
		for _, c := range page.Counts[name] {
			sum = max(sum, c.N)
		}
		if sum != page.Total || len(page.Records) != page.Total {
			r.t.Errorf("%d records, total %d, %s counts %d", len(page.Records), page.Total, name, sum)
		}
	}
	return page.Total
}

// A database that was restored from a backup is another: nothing that was kept
// in memory of the old one is shown.
func TestRestoredDatabase(t *testing.T) {
	each(t, func(r *rig) {
		r.public(samoa(), named("Kept"))
		lost := r.public(samoa(), named("Lost"))
		same(r, "before", r.titles(nobody(), Query{}), "Lost Kept")
		r.must(r.db.Tx(t.Context(), func(tx *db.Tx) error {
			for _, q := range []string{
				`DELETE FROM record_idx WHERE n = $1`, `DELETE FROM record_reader WHERE n = $1`, `DELETE FROM revision WHERE n = $1`,
				`DELETE FROM record WHERE n = $1`, `UPDATE head SET epoch = 'second', seq = $1 WHERE k = 1`,
			} {
				if _, err := tx.Exec(t.Context(), q, lost.N); err != nil {
					return err
				}
			}
			return nil
		}))
		same(r, "after", r.titles(nobody(), Query{}), "Kept")
	})
}

// Entries read back as they were written, and what is no entry is an error.
func FuzzUnpack(f *testing.F) {
	ks := testKinds(f)
	r := &Record{Kind: "thing", Owner: "WSM", Status: access.Published, Audience: access.Group, Named: []string{"@sids", "KEN"}, Body: named("x")}
	f.Add(ks.pack(r))
	f.Add("thing\n0\nfalse\nWSM\n\n1\n2\n3")
	f.Add("thing\n9\ntrue\n\n\n-1\nx\n3\nnothing")
	f.Fuzz(func(t *testing.T, env string) {
		e, err := unpack(1, env)
		if err != nil {
			return
		}
		ix := listindex.New()
		ix.Apply(1, []listindex.Entry{e})
		public := ix.Query(listindex.Scope{}, listindex.Query{Kinds: []string{e.Kind}, Shelved: true, Limit: 9})
		if len(public.Ns) > 0 && e.Cell != listindex.Public {
			t.Errorf("%q is listed to the public", env)
		}
	})
}
