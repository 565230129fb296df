package record

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"concord/internal/access"
	"concord/internal/problem"
)

// joint makes a public thing of Samoa's with Kenya as its partner; everything
// it points at is Samoa's own.
func (r *rig) joint() (rec, hidden *Record) {
	r.t.Helper()
	hidden = r.make(samoa(), Draft{Audience: access.Own, Body: named("Hidden")}, access.Publish)
	body := named("Joint")
	body.Phone, body.Mail = "+685 1", "who@example.org"
	body.Before, body.Related = Ref(hidden.ID), []Ref{Ref(hidden.ID)}
	body.Steps = []step{{Name: en("First"), See: Ref(hidden.ID)}, {Name: en("Second")}}
	rec = r.make(samoa(), Draft{
		Audience: access.Public, Partners: []string{"KEN"}, Body: body, Narrowed: map[string]access.Audience{"phone": access.Own},
	}, access.Publish)
	return rec, hidden
}

// A partner who saves what it sees removes nothing of what it does not see.
func TestPartnerKeepsWhatItCannotSee(t *testing.T) {
	each(t, func(r *rig) {
		rec, hidden := r.joint()
		seen := r.get(kenya(), rec.ID)
		if seen.Before != "" || len(seen.Related) > 0 || seen.Steps[0].See != "" {
			t.Fatalf("the partner sees refs to what it cannot read: %+v", seen)
		}
		same(r, "partner's phone", seen.Phone, "+685 1") // partners see every field
		other := r.public(kenya(), named("Kenyan"))
		r.must(r.edit(kenya(), rec.ID, func(x *thing) {
			x.Title = en("Changed")
			x.Related = []Ref{Ref(other.ID)}
		}))
		now := r.get(samoa(), rec.ID)
		same(r, "title", now.Title.Get("en"), "Changed")
		same(r, "ref", string(now.Before), hidden.ID)
		same(r, "ref in a row", string(now.Steps[0].See), hidden.ID)
		if !slices.Equal(now.Related, []Ref{Ref(other.ID), Ref(hidden.ID)}) {
			t.Errorf("refs are %v", now.Related)
		}
		same(r, "partner's view", len(r.get(kenya(), rec.ID).Related), 1)

		r.must(r.edit(samoa(), rec.ID, func(x *thing) { x.Before, x.Related = "", nil }))
		same(r, "the owner removes it", r.get(samoa(), rec.ID).Before, "")
	})
}

// What is stored as JSON is served as it is only to whom the gate takes nothing
// from; the JSON that others get is of what is left.
func TestStoredJSONPassesTheGate(t *testing.T) {
	each(t, func(r *rig) {
		rec, hidden := r.joint()
		for range 2 { // the second time from memory
			for _, a := range []access.Actor{nobody(), kenya(), gfce(), moderator(), samoa(), actor("UNODA", access.Auditor)} {
				one, err := r.Get(t.Context(), a, "thing", rec.ID)
				r.must(err)
				page, err := r.List(t.Context(), a, Query{Kinds: []string{"thing"}, Text: "joint"})
				r.must(err)
				many, err := r.Many(t.Context(), a, []string{rec.ID})
				r.must(err)
				for _, got := range []*Record{one, page.Records[0], many[rec.ID]} {
					stored, err := json.Marshal(got)
					r.must(err)
					got.raw = nil
					left, err := json.Marshal(got)
					r.must(err)
					same(r, a.Party, string(stored), string(left))
					same(r, a.Party+" sees what is hidden", strings.Contains(string(stored), hidden.ID), a.Party == "WSM")
					same(r, a.Party+" sees the telephone", strings.Contains(string(stored), "+685"), a.Party == "WSM" || a.Party == "KEN")
				}
			}
		}
	})
}

// An unrelated writer cannot touch the record; a partner never widens it.
func TestPartnerNeverShares(t *testing.T) {
	each(t, func(r *rig) {
		rec, _ := r.joint()
		own := access.Own
		for _, c := range []Change{
			{Audience: &own}, {Named: &[]string{"VUT"}}, {Narrowed: &map[string]access.Audience{}},
		} {
			_, err := r.Update(t.Context(), kenya(), "thing", rec.ID, rec.Revision, c)
			r.want(problem.Forbidden, err)
		}
		for _, a := range []access.Actor{estonia(), moderator(), gfce(), actor("KEN", access.Editor)} {
			r.want(problem.Forbidden, r.edit(a, rec.ID, func(x *thing) { x.Title = en("Taken") }))
		}
		_, err := r.Move(t.Context(), kenya(), "thing", rec.ID, 0, access.Withdraw, "")
		r.want(problem.Forbidden, err)
	})
}

// A record that points at what its writer cannot see is refused in the same
// words as one that points at nothing.
func TestPointingTellsNothing(t *testing.T) {
	each(t, func(r *rig) {
		hidden := r.make(samoa(), Draft{Audience: access.Own, Body: named("Hidden")}, access.Publish)
		absent := strings.Repeat("0", 26)
		for _, point := range []func(*thing, Ref){
			func(x *thing, to Ref) { x.Before = to },
			func(x *thing, to Ref) { x.Related = []Ref{to} },
			func(x *thing, to Ref) { x.Steps = []step{{Name: en("Look"), See: to}} },
		} {
			var said []string
			for _, id := range []string{hidden.ID, absent} {
				body := named("Pointer")
				point(body, Ref(id))
				_, err := r.Create(t.Context(), kenya(), Draft{Kind: "thing", Body: body})
				r.want(problem.Invalid, err)
				if err != nil {
					said = append(said, strings.ReplaceAll(err.Error(), id, "ID"))
				}
			}
			if len(said) == 2 && said[0] != said[1] {
				t.Errorf("hidden: %s; absent: %s", said[0], said[1])
			}
		}
	})
}

// What some readers of a record may not see is found, counted and ordered for
// nobody: not even for its owner, whose list others could compare with theirs.
func TestNarrowedFieldsAreNotIndexed(t *testing.T) {
	each(t, func(r *rig) {
		narrow := map[string]access.Audience{"phone": access.Own, "day": access.States, "summary": access.Own, "topics": access.States}
		for i, day := range []Date{"2030-01-01", "2010-01-01", "2020-01-01"} {
			body := named("T" + string(rune('a'+i)))
			body.Summary, body.Phone, body.Day, body.Mail = en("quagga"), "zebra", day, "okapi@example.org"
			r.make(samoa(), Draft{Audience: access.Public, Narrowed: narrow, Body: body}, access.Publish)
		}
		for _, a := range []access.Actor{nobody(), kenya(), samoa(), gfce()} {
			for _, word := range []string{"quagga", "zebra", "okapi", "2030"} {
				same(r, a.Party+" searches "+word, r.titles(a, Query{Text: word}), "")
			}
			page, err := r.List(t.Context(), a, Query{Kinds: []string{"thing"}, Facets: []string{"phone", "topics"}, Order: ByDate, Limit: 1})
			r.must(err)
			same(r, a.Party+" counts", len(page.Counts["phone"])+len(page.Counts["topics"]), 0)
			same(r, a.Party+" filters", r.titles(a, Query{Filter: map[string][]string{"phone": {"zebra"}}}), "")
			same(r, a.Party+" orders by the hidden day", r.titles(a, Query{Order: ByDate}), "Tc Tb Ta")
			if next := cursorText(t, page.Next); !strings.HasPrefix(next, "0.") {
				t.Errorf("the cursor of %s tells the day: %s", a.Party, next)
			}
		}
		var dates int64
		r.must(r.db.QueryRow(t.Context(), `SELECT max(date) FROM record`).Scan(&dates))
		same(r, "stored date", dates, 0)
	})
}

// Whom a record names is told to its owner and partners only, and so is which
// fields it narrows.
func TestEnvelopeToOthers(t *testing.T) {
	each(t, func(r *rig) {
		rec := r.make(samoa(), Draft{
			Audience: access.Group, Named: []string{"@sids", "KEN", "OAS"}, Partners: []string{"EST"}, Body: named("Named"),
			Narrowed: map[string]access.Audience{"phone": access.Own},
		}, access.Publish)
		for _, c := range []struct {
			who           access.Actor
			names, narrow bool
		}{{samoa(), true, true}, {estonia(), true, false}, {kenya(), false, false}, {vanuatu(), false, false}} {
			got, err := r.Get(t.Context(), c.who, "thing", rec.ID)
			r.must(err)
			b, err := json.Marshal(got)
			r.must(err)
			if c.names != strings.Contains(string(b), "OAS") || c.narrow != strings.Contains(string(b), "narrowed") {
				t.Errorf("%s sees %s", c.who.Party, b)
			}
		}
		for _, a := range []access.Actor{nobody(), moderator(), gfce(), actor("UNODA", access.Auditor)} {
			_, err := r.Get(t.Context(), a, "thing", rec.ID)
			r.want(problem.NotFound, err)
		}
	})
}

// What fails in a database that this program did not write fails closed.
func TestUnknownNarrowingIsNarrow(t *testing.T) {
	rec := &Record{Kind: "thing", Audience: access.Public, Narrowed: map[string]access.Audience{"phone": "secret"}}
	f := testKinds(t).Kind("thing").Field("phone")
	if got := rec.fieldAudience(f); got != "secret" {
		t.Errorf("a field kept for unknown readers is for %q", got)
	}
}

// Fields of rows cannot be kept for fewer readers: a kind that says so is
// refused, instead of shown.
func TestRowsHaveNoAudience(t *testing.T) {
	type row struct {
		Name string `json:"name" rec:"audience=states"`
	}
	type choice struct {
		Name string `json:"name" rec:"choice"`
	}
	type a struct {
		Title string `json:"title" rec:"title"`
		Rows  []row  `json:"rows"`
	}
	type b struct {
		Title string   `json:"title" rec:"title"`
		Rows  []choice `json:"rows"`
	}
	k := Kind{Name: "x", Plural: "xs", KindRule: access.KindRule{Authors: []access.PartyKind{access.State}, Audiences: []access.Audience{access.Own}}}
	if _, err := NewKind[a](k); err == nil {
		t.Error("a row has a field for States")
	}
	if _, err := NewKind[b](k); err == nil {
		t.Error("a row has a field with a choice")
	}
}
