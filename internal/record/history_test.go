package record

import (
	"fmt"
	"strings"
	"testing"

	"concord/internal/access"
)

// history words the revisions an actor sees: number and phone of each.
func (r *rig) history(a access.Actor, id string) string {
	r.t.Helper()
	list, err := r.Revisions(r.t.Context(), a, "thing", id)
	if err != nil {
		return "none"
	}
	var words []string
	for _, rev := range list {
		words = append(words, fmt.Sprintf("%d:%s", rev.Number, rev.Body.(*thing).Phone))
	}
	return strings.Join(words, " ")
}

// What was once for fewer readers stays so, whoever reads the record now.
func TestHistoryBeforePublication(t *testing.T) {
	each(t, func(r *rig) {
		body := named("Help desk")
		body.Phone = "own-1"
		rec := r.make(samoa(), Draft{Audience: access.Own, Body: body}, access.Publish) // revisions 1, 2
		states, public := access.States, access.Public
		for phone, audience := range map[string]*access.Audience{"states-3": &states} {
			body.Phone = phone
			_, err := r.Update(t.Context(), samoa(), "thing", rec.ID, 2, Change{Body: body, Audience: audience})
			r.must(err)
		}
		same(r, "own record", r.history(samoa(), rec.ID), "3:states-3 2:own-1 1:own-1")
		same(r, "to other States", r.history(kenya(), rec.ID), "3:states-3")
		same(r, "to the public", r.history(nobody(), rec.ID), "none")
		body.Phone = "public-4"
		_, err := r.Update(t.Context(), samoa(), "thing", rec.ID, 3, Change{Body: body, Audience: &public})
		r.must(err)
		same(r, "to the public, widened", r.history(nobody(), rec.ID), "4:public-4")
		same(r, "to other States, widened", r.history(kenya(), rec.ID), "4:public-4 3:states-3")
		same(r, "to a stakeholder, widened", r.history(gfce(), rec.ID), "4:public-4")

		_, err = r.Move(t.Context(), samoa(), "thing", rec.ID, 4, access.Withdraw, "secret reason")
		r.must(err)
		same(r, "withdrawn", r.history(nobody(), rec.ID), "none")
		_, err = r.Move(t.Context(), samoa(), "thing", rec.ID, 5, access.Restore, "")
		r.must(err)
		_, err = r.Move(t.Context(), samoa(), "thing", rec.ID, 6, access.Publish, "")
		r.must(err)
		same(r, "published again", r.history(nobody(), rec.ID), "7:public-4")
		same(r, "own history", r.history(samoa(), rec.ID), "7:public-4 6:public-4 5:public-4 4:public-4 3:states-3 2:own-1 1:own-1")
	})
}

// A field that is kept for fewer readers is kept in the history too: as it is
// narrowed now, and as it was narrowed then.
func TestHistoryOfNarrowedFields(t *testing.T) {
	each(t, func(r *rig) {
		body := named("Hot line")
		body.Phone, body.Mail = "own-1", "x@example.org"
		own := map[string]access.Audience{"phone": access.Own}
		rec := r.make(samoa(), Draft{Audience: access.Public, Narrowed: own, Body: body}, access.Publish)
		for _, a := range []access.Actor{nobody(), kenya(), gfce(), moderator()} {
			same(r, "narrowed, to "+a.Party, r.history(a, rec.ID), "2:")
		}
		same(r, "narrowed, to the owner", r.history(samoa(), rec.ID), "2:own-1 1:own-1")
		list, err := r.Revisions(t.Context(), nobody(), "thing", rec.ID)
		r.must(err)
		same(r, "mail to the public", list[0].Body.(*thing).Mail, "")

		body.Phone = "open-3"
		_, err = r.Update(t.Context(), samoa(), "thing", rec.ID, 2, Change{Body: body, Narrowed: &map[string]access.Audience{}})
		r.must(err)
		same(r, "opened", r.history(nobody(), rec.ID), "3:open-3 2:")

		body.Phone = "closed-4"
		_, err = r.Update(t.Context(), samoa(), "thing", rec.ID, 3, Change{Body: body, Narrowed: &own})
		r.must(err)
		same(r, "closed again", r.history(nobody(), rec.ID), "4: 3: 2:")
		same(r, "closed again, to the owner", r.history(samoa(), rec.ID), "4:closed-4 3:open-3 2:own-1 1:own-1")
	})
}

// References in the history are followed by nobody who could not follow them
// today, and notes stay inside.
func TestHistoryHidesRefsAndNotes(t *testing.T) {
	each(t, func(r *rig) {
		hidden := r.make(samoa(), Draft{Audience: access.Own, Body: named("Hidden")}, access.Publish)
		body := named("Open")
		body.Before, body.Related, body.Steps = Ref(hidden.ID), []Ref{Ref(hidden.ID)}, []step{{Name: en("Look"), See: Ref(hidden.ID)}}
		rec := r.make(samoa(), Draft{Audience: access.Public, Body: body, Note: "secret note"}, access.Publish)
		list, err := r.Revisions(t.Context(), kenya(), "thing", rec.ID)
		r.must(err)
		for _, rev := range list {
			x := rev.Body.(*thing)
			if x.Before != "" || len(x.Related) > 0 || x.Steps[0].See != "" || rev.Note != "" || rev.Account != "" {
				t.Errorf("revision %d shows %+v", rev.Number, rev)
			}
		}
		mine, err := r.Revisions(t.Context(), samoa(), "thing", rec.ID)
		r.must(err)
		if len(mine) != 2 || mine[0].Note != "secret note" || mine[0].Account == "" || mine[0].Body.(*thing).Before == "" {
			t.Errorf("the owner sees %+v", mine)
		}
	})
}

// An auditor reads as the public does, in the Secretariat's own history too.
func TestHistoryToAnAuditor(t *testing.T) {
	each(t, func(r *rig) {
		body := named("Notice")
		body.Phone = "draft-1"
		rec := r.make(moderator(), Draft{Audience: access.Public, Body: body, Note: "secret note"})
		body.Phone = "public-2"
		_, err := r.Update(t.Context(), moderator(), "thing", rec.ID, 1, Change{Body: body})
		r.must(err)
		_, err = r.Move(t.Context(), moderator(), "thing", rec.ID, 2, access.Publish, "")
		r.must(err)
		same(r, "to an auditor", r.history(actor("UNODA", access.Auditor), rec.ID), "3:public-2")
		same(r, "to the moderator", r.history(moderator(), rec.ID), "3:public-2 2:public-2 1:draft-1")
	})
}
