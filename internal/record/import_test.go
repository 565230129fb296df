package record

import (
	"testing"

	"concord/internal/access"
	"concord/internal/problem"
)

// bring imports a thing of the owner's under a key.
func (r *rig) bring(owner, key, title string, status access.Status) (rec *Record, outcome string, err error) {
	r.t.Helper()
	err = r.Do(r.t.Context(), operator(), func(w *Writer) error {
		rec, outcome, err = w.Import(owner, Draft{Kind: "thing", Audience: access.Public, Body: named(title), Keys: []string{key}, Origin: "test"}, status)
		return err
	})
	return rec, outcome, err
}

// An import brings in, changes what its source changed, and keeps what the
// owner has changed since.
func TestImport(t *testing.T) {
	each(t, func(r *rig) {
		try := func(title, want string) *Record {
			t.Helper()
			rec, outcome, err := r.bring("KEN", "source:1", title, access.Published)
			r.must(err)
			same(r, title, outcome, want)
			return rec
		}
		rec := try("One", "created")
		same(r, "owner", rec.Owner, "KEN")
		try("One", "unchanged")
		same(r, "revision", try("Two", "updated").Revision, 2)
		try("Two", "unchanged")
		r.must(r.edit(kenya(), rec.ID, func(x *thing) { x.Title = en("Kenya's own words") }))
		try("Three", "kept")
		same(r, "title", r.get(nobody(), rec.ID).Title.Get("en"), "Kenya's own words")
		same(r, "records", r.count("record"), 1)

		id, err := r.ByKey(t.Context(), nobody(), "source:1")
		r.must(err)
		same(r, "by its key", id, rec.ID)
		own := access.Own
		_, err = r.Update(t.Context(), kenya(), "thing", rec.ID, 0, Change{Audience: &own})
		r.must(err)
		for _, key := range []string{"source:1", "absent"} { // a hidden record has no key
			id, err = r.ByKey(t.Context(), nobody(), key)
			r.must(err)
			same(r, key, id, "")
		}
	})
}

func TestImportRefusals(t *testing.T) {
	each(t, func(r *rig) {
		for _, owner := range []string{"", "XXX", "@sids", "%moderation"} {
			_, _, err := r.bring(owner, "k", "x", access.Published)
			r.wantFields(err, "owner")
		}
		web := operator()
		for _, web.Via = range []string{"web", "api", "job", ""} {
			r.want(problem.Forbidden, r.Do(t.Context(), web, func(w *Writer) error {
				_, _, err := w.Import("KEN", Draft{Kind: "thing", Body: named("x")}, access.Published)
				return err
			}))
		}
		r.want(problem.Forbidden, r.Do(t.Context(), operator(), func(w *Writer) error {
			_, _, err := w.Import("KEN", Draft{Kind: "inner", Body: &inner{en("x")}}, access.Published)
			return err
		}))
		same(r, "records", r.count("record"), 0)
	})
}

// A key names one record, whatever other keys it comes with.
func TestKeysAreUnique(t *testing.T) {
	each(t, func(r *rig) {
		_, _, err := r.bring("KEN", "a", "x", access.Published)
		r.must(err)
		err = r.Do(t.Context(), operator(), func(w *Writer) error {
			_, _, err := w.Import("WSM", Draft{Kind: "thing", Body: named("y"), Keys: []string{"b", "a"}}, access.Published)
			return err
		})
		r.want(problem.Conflict, err)
		same(r, "records", r.count("record"), 1)
	})
}
