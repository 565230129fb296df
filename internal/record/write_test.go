package record

import (
	"strings"
	"testing"
	"time"

	"concord/internal/access"
	"concord/internal/audit"
	"concord/internal/i18n"
	"concord/internal/problem"
)

// last is the newest line of the audit trail.
func (r *rig) last() audit.Entry {
	r.t.Helper()
	list, err := r.Trail(r.t.Context(), "", 0, 1)
	r.must(err)
	if len(list) == 0 {
		return audit.Entry{}
	}
	return list[0]
}

func (r *rig) count(table string) (n int) {
	r.t.Helper()
	r.must(r.db.QueryRow(r.t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
	return n
}

func TestCreate(t *testing.T) {
	each(t, func(r *rig) {
		rec := r.make(samoa(), Draft{Body: &thing{Title: en("Only a title")}})
		same(r, "status", rec.Status, access.Draft)
		same(r, "audience", rec.Audience, access.States) // the kind's default
		same(r, "owner", rec.Owner, "WSM")
		_, err := r.Move(t.Context(), samoa(), "thing", rec.ID, 1, access.Publish, "")
		r.wantFields(err, "topics") // a draft may lack it, a publication may not
		_, err = r.Create(t.Context(), samoa(), Draft{Kind: "thing", Body: &thing{}})
		r.wantFields(err, "title")
		_, err = r.Create(t.Context(), samoa(), Draft{Kind: "absent", Body: named("x")})
		r.want(problem.NotFound, err)

		e := r.last() // of what failed nothing stays
		same(r, "trail", e.Record+" "+e.Action+" "+e.Outcome, rec.ID+" create done")
		same(r, "records", r.count("record"), 1)
		same(r, "revisions", r.count("revision"), 1)
	})
}

// A form that is sent twice makes one record, and only for its own account.
func TestOnce(t *testing.T) {
	each(t, func(r *rig) {
		d := Draft{Body: named("Once"), Once: "key"}
		first, again := r.make(samoa(), d, access.Publish), r.make(samoa(), d, access.Publish)
		same(r, "second sending", again.ID, first.ID)
		if other := r.make(kenya(), d); other.ID == first.ID {
			t.Error("two accounts share a key")
		}
		same(r, "records", r.count("record"), 2)
	})
}

// Two writers of one record: the second is told, and nothing is lost.
func TestConflict(t *testing.T) {
	each(t, func(r *rig) {
		rec := r.make(samoa(), Draft{Body: named("First")})
		_, err := r.Update(t.Context(), samoa(), "thing", rec.ID, 1, Change{Body: named("Second")})
		r.must(err)
		_, err = r.Update(t.Context(), samoa(), "thing", rec.ID, 1, Change{Body: named("Third")})
		r.want(problem.Conflict, err)
		_, err = r.Move(t.Context(), samoa(), "thing", rec.ID, 1, access.Publish, "")
		r.want(problem.Conflict, err)
		same(r, "title", r.get(samoa(), rec.ID).Title.Get("en"), "Second")
	})
}

// What may not be done is refused, changes nothing, and is on the trail; what
// may not even be seen is not there, and leaves no trace of the attempt's target.
func TestRefusalsAreOnTheTrail(t *testing.T) {
	each(t, func(r *rig) {
		rec := r.public(samoa(), named("Samoan"))
		reader := samoa()
		reader.Reads = true
		before := r.count("revision")
		for _, c := range []struct {
			what string
			who  access.Actor
			do   func(access.Actor) error
		}{
			{"edit", kenya(), func(a access.Actor) error {
				_, err := r.Update(t.Context(), a, "thing", rec.ID, 0, Change{Body: named("x")})
				return err
			}},
			{"withdraw", kenya(), func(a access.Actor) error {
				_, err := r.Move(t.Context(), a, "thing", rec.ID, 0, access.Withdraw, "")
				return err
			}},
			{"confirm", kenya(), func(a access.Actor) error { _, err := r.Confirm(t.Context(), a, "thing", rec.ID); return err }},
			{"create", actor("KEN", access.Viewer), func(a access.Actor) error {
				_, err := r.Create(t.Context(), a, Draft{Kind: "thing", Body: named("x")})
				return err
			}},
			{"create", samoa(), func(a access.Actor) error {
				_, err := r.Create(t.Context(), a, Draft{Kind: "inner", Body: &inner{en("x")}})
				return err
			}},
			{"edit", reader, func(a access.Actor) error {
				_, err := r.Update(t.Context(), a, "thing", rec.ID, 0, Change{Body: named("x")})
				return err
			}},
			{"create", moderator(), func(a access.Actor) error {
				return r.Do(t.Context(), a, func(w *Writer) error {
					_, _, err := w.Import("WSM", Draft{Kind: "thing", Body: named("x")}, access.Published)
					return err
				})
			}},
		} {
			r.want(problem.Forbidden, c.do(c.who))
			e := r.last()
			same(r, c.what, e.Action+" "+e.Outcome+" "+e.Account, c.what+" refused "+c.who.Account)
		}
		same(r, "revisions", r.count("revision"), before)
		r.want(problem.SignIn, r.Do(t.Context(), nobody(), func(*Writer) error { t.Error("nobody writes"); return nil }))

		hidden := r.make(samoa(), Draft{Audience: access.Own, Body: named("Hidden")})
		lines := r.count("audit")
		for _, id := range []string{hidden.ID, strings.Repeat("0", 26), "x", ""} {
			_, err := r.Update(t.Context(), kenya(), "thing", id, 0, Change{Body: named("x")})
			r.want(problem.NotFound, err)
			_, err = r.Move(t.Context(), kenya(), "thing", id, 0, access.Withdraw, "")
			r.want(problem.NotFound, err)
			_, err = r.Get(t.Context(), kenya(), "inner", hidden.ID)
			r.want(problem.NotFound, err)
		}
		same(r, "lines", r.count("audit"), lines)
	})
}

// The way of a stakeholder's record through the Secretariat.
func TestModeration(t *testing.T) {
	each(t, func(r *rig) {
		rec := r.make(gfce(), Draft{Audience: access.Public, Body: named("Offer")}, access.Submit)
		_, err := r.Get(t.Context(), kenya(), "thing", rec.ID)
		r.want(problem.NotFound, err)
		r.want(problem.Forbidden, r.edit(gfce(), rec.ID, func(x *thing) { x.Title = en("Later") })) // not while it is judged
		r.want(problem.Forbidden, r.edit(moderator(), rec.ID, func(x *thing) { x.Title = en("Edited") }))
		_, err = r.Move(t.Context(), moderator(), "thing", rec.ID, 0, access.Return, " ")
		r.wantFields(err, "note")
		_, err = r.Move(t.Context(), moderator(), "thing", rec.ID, 0, access.Return, "say more")
		if err != nil && !problem.Is(err, problem.NotFound) {
			t.Fatal(err)
		}
		r.must(r.edit(gfce(), rec.ID, func(x *thing) { x.Summary = en("More") }))
		_, err = r.Move(t.Context(), gfce(), "thing", rec.ID, 0, access.Submit, "")
		r.must(err)
		_, err = r.Move(t.Context(), moderator(), "thing", rec.ID, 0, access.Publish, "")
		r.must(err)
		same(r, "released", r.get(nobody(), rec.ID).Summary.Get("en"), "More")
		r.want(problem.Forbidden, r.edit(gfce(), rec.ID, func(x *thing) { x.Title = en("Unseen by the Secretariat") }))
	})
}

func TestValidation(t *testing.T) {
	each(t, func(r *rig) {
		bad := &thing{
			Title: en(strings.Repeat("x", 81)), Topics: []string{"no-such"}, Mail: "x", Day: "2026-13", Link: "javascript:alert(1)",
			Starts: Moment{"2026-11-23T10:00", "Nowhere/Land"}, People: 501, Host: "@sids", Guests: []PartyCode{"@sids", "XXX"}, Before: "x",
			Steps: []step{{Due: "x"}},
		}
		_, err := r.Create(t.Context(), samoa(), Draft{Kind: "thing", Body: bad})
		r.wantFields(err, "before", "day", "guests", "host", "link", "mail", "people", "starts", "steps.0.due", "title.en", "topics")
		for fields, d := range map[string]Draft{
			"audience": {Audience: "secret"}, "audience ": {Audience: access.Sealed}, "groups": {Audience: access.Group},
			"groups ":  {Audience: access.Group, Named: []string{"KEN", "%moderation"}},
			"groups  ": {Audience: access.Public, Partners: []string{""}},
			"narrowed": {Narrowed: map[string]access.Audience{"title": access.Own}}, "narrowed ": {Narrowed: map[string]access.Audience{"phone": "secret"}},
		} {
			d.Kind, d.Body = "thing", named("x")
			_, err := r.Create(t.Context(), samoa(), d)
			r.wantFields(err, strings.TrimSpace(fields))
		}
	})
}

// What nobody confirms is archived in its time, by the portal itself; what was
// confirmed stays.
func TestArchiveStale(t *testing.T) {
	each(t, func(r *rig) {
		stale, kept := r.public(samoa(), named("Stale")), r.public(samoa(), named("Kept"))
		r.make(samoa(), Draft{Body: named("Draft")})
		r.wait(review + expire - time.Hour)
		n, err := r.ArchiveStale(t.Context(), 10)
		r.must(err)
		same(r, "too early", n, 0)
		_, err = r.Confirm(t.Context(), samoa(), "thing", kept.ID)
		r.must(err)
		r.wait(2 * time.Hour)
		for _, want := range []int{1, 0} {
			n, err = r.ArchiveStale(t.Context(), 10)
			r.must(err)
			same(r, "archived", n, want)
		}
		rec, err := r.Get(t.Context(), nobody(), "thing", stale.ID)
		r.must(err)
		same(r, "status", rec.Status, access.Archived)
		same(r, "current", r.titles(nobody(), Query{}), "Kept")
		same(r, "all", r.titles(nobody(), Query{All: true}), "Stale Kept")
		e := r.last()
		same(r, "trail", e.Action+" "+e.Via+" "+e.Account, "archive job ")
	})
}

// Derive gives what was written since, as stored, and nothing twice.
func TestDerive(t *testing.T) {
	each(t, func(r *rig) {
		rec := r.make(samoa(), Draft{Audience: access.Own, Body: named("First")})
		recs, seq, err := r.Derive(t.Context(), []string{"thing"}, 0)
		r.must(err)
		if len(recs) != 1 || recs[0].ID != rec.ID || recs[0].Subject().OwnerKind != access.State {
			t.Errorf("derived %v", recs)
		}
		recs, same1, err := r.Derive(t.Context(), []string{"thing"}, seq)
		if err != nil || len(recs) > 0 || same1 != seq {
			t.Errorf("derived %v at %d, %v", recs, same1, err)
		}
		second := r.make(kenya(), Draft{Body: &thing{Title: i18n.NewText(i18n.French, "Deux")}})
		recs, _, err = r.Derive(t.Context(), []string{"thing"}, seq)
		if err != nil || len(recs) != 1 || recs[0].ID != second.ID {
			t.Errorf("derived %v, %v", recs, err)
		}
		recs, _, err = r.Derive(t.Context(), []string{"inner"}, 0)
		if err != nil || len(recs) > 0 {
			t.Errorf("derived %v of another kind, %v", recs, err)
		}
	})
}

// Records of internal kinds are written by both sides, through their module only.
func TestInternalKinds(t *testing.T) {
	each(t, func(r *rig) {
		var talk *Record
		r.must(r.Do(t.Context(), samoa(), func(w *Writer) (err error) {
			talk, err = w.CreateOpen(Draft{Kind: "inner", Audience: access.Own, Partners: []string{"GFCE"}, Body: &inner{en("Talk")}})
			return err
		}))
		say := func(a access.Actor) error {
			return r.Do(t.Context(), a, func(w *Writer) error {
				_, err := w.UpdateOpen("inner", talk.ID, 0, Change{Body: &inner{en("Said by " + a.Party)}})
				return err
			})
		}
		for _, a := range []access.Actor{samoa(), actor("WSM", access.Editor), gfce()} {
			r.must(say(a))
		}
		r.want(problem.Forbidden, say(actor("WSM", access.Viewer)))
		for _, a := range []access.Actor{kenya(), moderator()} {
			r.want(problem.NotFound, say(a))
		}
		_, err := r.Update(t.Context(), samoa(), "inner", talk.ID, 0, Change{Body: &inner{en("x")}})
		r.want(problem.Forbidden, err)
		_, err = r.Move(t.Context(), samoa(), "inner", talk.ID, 0, access.Withdraw, "")
		r.want(problem.Forbidden, err)
		own := access.Public
		r.want(problem.Forbidden, r.Do(t.Context(), gfce(), func(w *Writer) error {
			_, err := w.UpdateOpen("inner", talk.ID, 0, Change{Audience: &own})
			return err
		}))
	})
}
