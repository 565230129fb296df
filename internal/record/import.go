package record

import (
	"database/sql"
	"errors"
	"slices"

	"concord/internal/access"
	"concord/internal/problem"
)

// Import makes or changes a record in the name of its owner, for the operator:
// what the owner has published elsewhere, or test content. A record that has
// the draft's first key is changed where it differs; outcome tells which.
func (w *Writer) Import(owner string, d Draft, status access.Status) (rec *Record, outcome string, err error) {
	k := w.s.kinds.Kind(d.Kind)
	if k == nil {
		return nil, "", notFound()
	}
	if !w.Actor.Operator() || k.Internal {
		return nil, "", refuse(access.Create, d.Kind, "")
	}
	// A regional organisation may have stated for its members what only States
	// enter here.
	if by := w.dir.Kind(owner); by != access.Regional && !slices.Contains(k.Authors, by) {
		var f problem.Fields
		f.Add("owner", "party", problem.Clip(owner))
		return nil, "", f.Err()
	}
	var n int64
	err = sql.ErrNoRows
	if len(d.Keys) > 0 {
		err = w.tx.QueryRow(w.ctx, `SELECT n FROM record_key WHERE key = $1`, d.Keys[0]).Scan(&n)
	}
	if errors.Is(err, sql.ErrNoRows) {
		rec, err = w.createFor(owner, k, d, status, status == access.Draft)
		return rec, "created", err
	}
	if err != nil {
		return nil, "", err
	}
	return w.reimport(k, n, d)
}

// reimport brings an imported record to what its source says now. What its
// owner has changed since is the owner's and stays.
func (w *Writer) reimport(k *Kind, n int64, d Draft) (*Record, string, error) {
	var v row
	err := w.tx.QueryRow(w.ctx, "SELECT "+columns+" FROM record r WHERE r.n = $1", n).Scan(v.dest()...)
	if err != nil {
		return nil, "", err
	}
	rec, err := v.record(w.s.kinds, w.dir, nil)
	if err != nil {
		return nil, "", err
	}
	fresh, err := marshal(d.Body)
	if err != nil {
		return nil, "", err
	}
	if rec.Kind != k.Name || fresh == string(v.body) {
		return rec, "unchanged", nil
	}
	var last string
	err = w.tx.QueryRow(w.ctx, `SELECT account FROM revision WHERE n = $1 AND revision = $2`, rec.N, rec.Revision).Scan(&last)
	if err != nil {
		return nil, "", err
	}
	if last != w.Actor.Account {
		return rec, "kept", nil
	}
	rec.Body = d.Body
	if err := w.check(k, rec, rec.Status == access.Draft, nil); err != nil {
		return nil, "", err
	}
	return rec, "updated", w.save(k, rec, access.Edit, d.Note)
}
