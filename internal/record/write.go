package record

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"concord/internal/access"
	"concord/internal/audit"
	"concord/internal/db"
	"concord/internal/ids"
	"concord/internal/problem"
)

// Draft is a record to be made.
type Draft struct {
	Kind     string
	Audience access.Audience // "" = the kind's default
	Named    []string
	Partners []string
	Narrowed map[string]access.Audience
	Body     any      // pointer to the kind's struct
	Keys     []string // names that other systems have for it
	Origin   string
	Once     string // the same key makes the same record, however often it is sent
	Note     string
}

// Change is what to change in a record; nil leaves a part as it is.
type Change struct {
	Body     any // complete new fields; what the actor may not see stays
	Audience *access.Audience
	Named    *[]string
	Narrowed *map[string]access.Audience
	Note     string
}

// Writer makes changes inside one transaction: either all of them happen,
// with their revisions, search terms, list entries, audit lines and jobs, or
// none.
type Writer struct {
	Actor access.Actor
	Now   time.Time

	ctx context.Context
	s   *Store
	tx  *db.Tx
	dir Directory
	seq int64
}

// Do runs f with a Writer for the actor. A refusal is noted in the audit
// trail, although what f did before it is undone.
func (s *Store) Do(ctx context.Context, a access.Actor, f func(*Writer) error) error {
	if a.Anonymous() && a.Via != "job" {
		return problem.New(problem.SignIn, "")
	}
	dir, err := s.parties(ctx)
	if err != nil {
		return err
	}
	now := s.now()
	var refused *refusal
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		w := &Writer{Actor: a, Now: now, ctx: ctx, s: s, tx: tx, dir: dir}
		if err := tx.QueryRow(ctx, `UPDATE head SET seq = seq + 1 WHERE k = 1 RETURNING seq`).Scan(&w.seq); err != nil {
			return fmt.Errorf("take the head: %w", err)
		}
		return f(w)
	})
	if errors.As(err, &refused) {
		e := audit.Of(a, now, string(refused.action))
		e.Kind, e.Record, e.Outcome = refused.kind, refused.id, audit.Refused
		if note := s.db.Tx(ctx, func(tx *db.Tx) error { return audit.Write(ctx, tx, e) }); note != nil {
			return note // an attempt that cannot be recorded must not look like an ordinary refusal
		}
		return refused.problem
	}
	return err
}

// refusal is a forbidden act on its way to the audit trail.
type refusal struct {
	action   access.Action
	kind, id string
	problem  *problem.Error
}

func (r *refusal) Error() string { return r.problem.Error() }
func (r *refusal) Unwrap() error { return r.problem }

func refuse(act access.Action, kind, id string) error {
	return &refusal{act, kind, id, problem.New(problem.Forbidden, "forbidden."+string(act))}
}

// Create makes a record that the actor's party answers for, as a draft.
func (s *Store) Create(ctx context.Context, a access.Actor, d Draft, then ...access.Action) (rec *Record, err error) {
	err = s.Do(ctx, a, func(w *Writer) error {
		if rec, err = w.Create(d); err != nil {
			return err
		}
		for _, act := range then {
			if rec.Status != access.Draft { // sent twice: the first time already did it
				break
			}
			if rec, err = w.Move(rec.Kind, rec.ID, rec.Revision, act, d.Note); err != nil {
				return err
			}
		}
		return nil
	})
	return rec, err
}

// Update changes a record that is still at the given revision.
func (s *Store) Update(ctx context.Context, a access.Actor, kind, id string, revision int, c Change) (rec *Record, err error) {
	err = s.Do(ctx, a, func(w *Writer) error { rec, err = w.Update(kind, id, revision, c); return err })
	return rec, err
}

// Move takes a record along its lifecycle. Revision 0 means whichever it has.
func (s *Store) Move(ctx context.Context, a access.Actor, kind, id string, revision int, act access.Action, note string) (rec *Record, err error) {
	err = s.Do(ctx, a, func(w *Writer) error { rec, err = w.Move(kind, id, revision, act, note); return err })
	return rec, err
}

// Confirm notes that the record is still true and renews its review date.
func (s *Store) Confirm(ctx context.Context, a access.Actor, kind, id string) (rec *Record, err error) {
	err = s.Do(ctx, a, func(w *Writer) error { rec, err = w.Confirm(kind, id); return err })
	return rec, err
}

// Get reads a record inside the transaction, as the actor may see it.
func (w *Writer) Get(kind, id string) (*Record, error) {
	rec, err := w.s.load(w.ctx, w.tx, w.dir, w.Actor.Scope(), kind, id)
	if err != nil {
		return nil, err
	}
	return rec, w.s.clean(w.ctx, w.tx, w.Actor.Scope(), rec)
}

// Create makes a record as Store.Create does, always as a draft.
func (w *Writer) Create(d Draft) (*Record, error) {
	k := w.s.kinds.Kind(d.Kind)
	if k == nil {
		return nil, notFound()
	}
	if k.Internal || !access.MayCreate(w.Actor, k.KindRule) {
		return nil, refuse(access.Create, d.Kind, "")
	}
	return w.create(k, d, access.Draft, true)
}

// CreateOpen makes a record of an internal kind, published at once: for
// modules that run their own workflow and have settled who may start it.
func (w *Writer) CreateOpen(d Draft) (*Record, error) {
	k := w.s.kinds.Kind(d.Kind)
	if !access.MayCreate(w.Actor, k.KindRule) {
		return nil, refuse(access.Create, d.Kind, "")
	}
	return w.create(k, d, access.Published, false)
}

func (w *Writer) create(k *Kind, d Draft, status access.Status, draft bool) (*Record, error) {
	return w.createFor(w.Actor.Party, k, d, status, draft)
}

func (w *Writer) createFor(owner string, k *Kind, d Draft, status access.Status, draft bool) (*Record, error) {
	if d.Once != "" {
		var id string
		err := w.tx.QueryRow(w.ctx, `SELECT result FROM once WHERE key = $1`, w.onceKey(d.Once)).Scan(&id)
		if err == nil {
			return w.Get(d.Kind, id)
		} else if !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
	}
	if d.Audience == "" {
		d.Audience = k.Audiences[0]
	}
	rec := &Record{
		ID: ids.New(w.Now), Kind: k.Name, Owner: owner, Audience: d.Audience,
		Named: d.Named, Partners: d.Partners, Narrowed: d.Narrowed, Status: status,
		Created: w.Now, Verified: w.Now, Author: w.Actor.Account, Origin: d.Origin, Body: d.Body,
		ownerKind: w.dir.Kind(owner),
	}
	if err := w.check(k, rec, draft, nil); err != nil {
		return nil, err
	}
	err := w.tx.QueryRow(w.ctx, `UPDATE head SET n = n + 1 WHERE k = 1 RETURNING n`).Scan(&rec.N)
	if err != nil {
		return nil, err
	}
	if err := w.save(k, rec, access.Create, d.Note); err != nil {
		return nil, err
	}
	if err := w.keys(rec, d.Keys); err != nil {
		return nil, err
	}
	if d.Once != "" {
		if _, err := w.tx.Exec(w.ctx, `INSERT INTO once (key, result, at) VALUES ($1, $2, $3)`, w.onceKey(d.Once), rec.ID, db.Micro(w.Now)); err != nil {
			return nil, err
		}
	}
	return rec, nil
}

// onceKey keeps keys of different accounts apart.
func (w *Writer) onceKey(key string) string { return w.Actor.Account + " " + key }

func (w *Writer) keys(rec *Record, keys []string) error {
	for _, key := range keys {
		if _, err := w.tx.Exec(w.ctx, `INSERT INTO record_key (key, n) VALUES ($1, $2)`, key, rec.N); err != nil {
			if errors.Is(err, db.ErrConflict) {
				return problem.New(problem.Conflict, "key-taken", key)
			}
			return err
		}
	}
	return nil
}

// Update changes a record as Store.Update does.
func (w *Writer) Update(kind, id string, revision int, c Change) (*Record, error) {
	return w.update(kind, id, revision, c, func(k *Kind, s access.Subject) bool {
		return !k.Internal && access.MayEdit(w.Actor, s, k.KindRule)
	})
}

// UpdateOpen changes the fields of a record of an internal kind, for its owner
// or a partner in it; which fields each may change is for the module.
func (w *Writer) UpdateOpen(kind, id string, revision int, c Change) (*Record, error) {
	return w.update(kind, id, revision, c, func(k *Kind, s access.Subject) bool {
		return k.Internal && access.MayTakePart(w.Actor, s)
	})
}

func (w *Writer) update(kind, id string, revision int, c Change, may func(*Kind, access.Subject) bool) (*Record, error) {
	k, rec, err := w.hold(kind, id)
	if err != nil {
		return nil, err
	}
	subject := rec.Subject()
	if !may(k, subject) {
		return nil, refuse(access.Edit, kind, id)
	}
	if err := fresh(rec, revision); err != nil {
		return nil, err
	}
	act := access.Edit
	if c.Audience != nil || c.Named != nil || c.Narrowed != nil {
		if !access.MayShare(w.Actor, subject, k.KindRule) {
			return nil, refuse(access.Share, kind, id)
		}
		if c.Audience != nil && *c.Audience != rec.Audience || c.Named != nil && !slices.Equal(*c.Named, rec.Named) {
			act = access.Share
		}
		set(&rec.Audience, c.Audience)
		set(&rec.Named, c.Named)
		set(&rec.Narrowed, c.Narrowed)
	}
	before := k.pointsAt(rec.Body)
	if c.Body != nil {
		if err := w.keepHidden(k, rec, c.Body); err != nil {
			return nil, err
		}
		rec.Body, rec.raw = c.Body, nil
	}
	if err := w.check(k, rec, rec.Status == access.Draft || rec.Status == access.Returned, before); err != nil {
		return nil, err
	}
	rec.Verified = w.Now
	if err := w.save(k, rec, act, c.Note); err != nil {
		return nil, err
	}
	return rec, w.s.clean(w.ctx, w.tx, w.Actor.Scope(), rec)
}

func set[T any](dst, src *T) {
	if src != nil {
		*dst = *src
	}
}

// keepHidden carries over into the new body what the actor could not see in
// the old one, and so cannot have meant to remove.
func (w *Writer) keepHidden(k *Kind, old *Record, body any) error {
	sc, subject := w.Actor.Scope(), old.Subject()
	for _, f := range k.Fields {
		if !sc.MayField(subject, old.fieldAudience(f)) {
			f.Set(body, f.Value(old.Body))
		}
	}
	visible, err := w.s.visible(w.ctx, w.tx, sc, k.pointsAt(old.Body))
	if err != nil {
		return err
	}
	carryRefs(k.Fields, reflect.ValueOf(old.Body).Elem(), reflect.ValueOf(body).Elem(), func(r Ref) bool { return !visible[string(r)] })
	return nil
}

// hold loads a record for a change, through the same predicate that shows it
// to the actor.
func (w *Writer) hold(kind, id string) (*Kind, *Record, error) {
	k := w.s.kinds.Kind(kind)
	if k == nil {
		return nil, nil, notFound()
	}
	rec, err := w.s.load(w.ctx, w.tx, w.dir, w.Actor.Scope(), kind, id)
	if err != nil {
		return nil, nil, err
	}
	return k, rec, nil
}

// fresh refuses a change of a record that is no longer at the revision the
// actor read; 0 means whichever it has. Permission is asked first: who may not
// change a record is told so, and noted, whatever it read.
func fresh(rec *Record, revision int) error {
	if revision != 0 && revision != rec.Revision {
		return problem.New(problem.Conflict, "changed-meanwhile", rec.Revision)
	}
	return nil
}

// Move takes a record along its lifecycle as Store.Move does.
func (w *Writer) Move(kind, id string, revision int, act access.Action, note string) (*Record, error) {
	k, rec, err := w.hold(kind, id)
	if err != nil {
		return nil, err
	}
	to, ok := access.Move(w.Actor, act, rec.Subject())
	if !ok || k.Internal {
		return nil, refuse(act, kind, id)
	}
	if err := fresh(rec, revision); err != nil {
		return nil, err
	}
	if (act == access.Return || act == access.Reject) && strings.TrimSpace(note) == "" {
		var f problem.Fields
		f.Add("note", "required")
		return nil, f.Err()
	}
	if act == access.Submit || act == access.Publish {
		if err := w.check(k, rec, false, k.pointsAt(rec.Body)); err != nil {
			return nil, err
		}
		rec.Verified = w.Now
	}
	rec.Status = to
	if err := w.save(k, rec, act, note); err != nil {
		return nil, err
	}
	return rec, w.s.clean(w.ctx, w.tx, w.Actor.Scope(), rec)
}

// Confirm renews a record's review date as Store.Confirm does.
func (w *Writer) Confirm(kind, id string) (*Record, error) {
	k, rec, err := w.hold(kind, id)
	if err != nil {
		return nil, err
	}
	if !access.MayConfirm(w.Actor, rec.Subject()) {
		return nil, refuse(access.Confirm, kind, id)
	}
	rec.Verified = w.Now
	if err := w.save(k, rec, access.Confirm, ""); err != nil {
		return nil, err
	}
	return rec, w.s.clean(w.ctx, w.tx, w.Actor.Scope(), rec)
}
