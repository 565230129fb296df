package record

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"concord/internal/access"
	"concord/internal/audit"
	"concord/internal/db"
	"concord/internal/ids"
	"concord/internal/problem"
	"concord/internal/record/listindex"
	"concord/internal/search"
)

// Store is the one way to records. It is safe for concurrent use.
type Store struct {
	db      *db.DB
	kinds   *Kinds
	parties func(context.Context) (Directory, error)
	search  *search.Index
	now     func() time.Time

	bodies bodies
	index  atomic.Pointer[listindex.Index]
	epoch  string     // of the head row that index was loaded from; guarded by catch
	catch  sync.Mutex // one goroutine at a time brings index up to date
}

// NewStore returns the store of the database. parties gives the directory as
// of now; the clock is an argument so that tests can turn it.
func NewStore(d *db.DB, ks *Kinds, parties func(context.Context) (Directory, error), ix *search.Index, now func() time.Time) *Store {
	s := &Store{db: d, kinds: ks, parties: parties, search: ix, now: now}
	s.index.Store(listindex.New())
	return s
}

// cacheFor is the cache of bodies for reads of committed rows; inside a
// transaction there is none, because what it sees may be undone.
func (s *Store) cacheFor(q db.Querier) *bodies {
	if q == db.Querier(s.db) {
		return &s.bodies
	}
	return nil
}

// Kinds are the kinds of the portal.
func (s *Store) Kinds() *Kinds { return s.kinds }

// Now is the store's clock.
func (s *Store) Now() time.Time { return s.now() }

// notFound is the answer to what is not there and to what the actor may not
// see: the same in every byte.
func notFound() error { return problem.New(problem.NotFound, "") }

// Get returns the record of the kind with the id, as the actor may see it.
func (s *Store) Get(ctx context.Context, a access.Actor, kind, id string) (*Record, error) {
	dir, err := s.parties(ctx)
	if err != nil {
		return nil, err
	}
	rec, err := s.load(ctx, s.db, dir, a.Scope(), kind, id)
	if err != nil {
		return nil, err
	}
	return rec, s.clean(ctx, s.db, a.Scope(), rec)
}

// load reads one record through the predicate, as stored: fields and refs
// that the scope may not see are still in it.
func (s *Store) load(ctx context.Context, q db.Querier, dir Directory, sc access.Scope, kind, id string) (*Record, error) {
	if !ids.Valid(id) {
		return nil, notFound()
	}
	where, args := sc.SQL()
	n := len(args)
	query := fmt.Sprintf("SELECT %s FROM record r WHERE r.id = $%d AND r.kind = $%d AND %s", columns, n+1, n+2, where)
	var w row
	switch err := q.QueryRow(ctx, query, append(args, id, kind)...).Scan(w.dest()...); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, notFound()
	case err != nil:
		return nil, fmt.Errorf("read record: %w", err)
	}
	rec, err := w.record(s.kinds, dir, s.cacheFor(q))
	if err != nil {
		return nil, err
	}
	if !sc.May(rec.Subject()) { // the predicate and the rule disagree: the rule wins
		return nil, notFound()
	}
	return rec, nil
}

// clean makes records fit to leave: fields that the scope may not see are
// emptied, references that it may not follow removed. Every path out of the
// package ends here.
func (s *Store) clean(ctx context.Context, q db.Querier, sc access.Scope, recs ...*Record) error {
	var refs []string
	for _, r := range recs {
		k := s.kinds.Kind(r.Kind)
		subject := r.Subject()
		for _, f := range k.Fields {
			if !sc.MayField(subject, r.fieldAudience(f)) {
				f.Zero(r.Body)
				r.raw = nil
			}
		}
		if sc.Party != r.Owner { // which fields are narrowed, and for whom, is the owner's affair
			r.Narrowed = nil
			r.Author = ""
		}
		r.Named = visibleNames(sc, subject)
		if k.hasRefs() {
			refs = append(refs, k.pointsAt(r.Body)...)
		}
	}
	if len(refs) == 0 {
		return nil
	}
	visible, err := s.visible(ctx, q, sc, refs)
	if err != nil {
		return err
	}
	for _, r := range recs {
		s.kinds.Kind(r.Kind).refs(r.Body, func(_ string, _ *Field, ref Ref) bool {
			if !visible[string(ref)] {
				r.raw = nil
			}
			return visible[string(ref)]
		})
	}
	return nil
}

// visibleNames is whom the record names, for its owner and partners; any other
// reader learns only that it is among them, not who else is.
func visibleNames(sc access.Scope, s access.Subject) []string {
	if sc.Party != "" && (sc.Party == s.Owner || slices.Contains(s.Partners, sc.Party)) {
		return s.Named
	}
	return nil
}

// fieldAudience is the audience of a field of the record if it is narrower
// than the record's own, else "".
func (r *Record) fieldAudience(f *Field) access.Audience {
	a := f.Audience
	if chosen := r.Narrowed[f.Name]; f.Choice && chosen != "" {
		a = chosen
	}
	if a != "" && r.Audience.Wider(a) {
		return a
	}
	return ""
}

// visible tells which of the ids the scope may read.
func (s *Store) visible(ctx context.Context, q db.Querier, sc access.Scope, ids []string) (map[string]bool, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	where, args := sc.SQL()
	query := "SELECT r.id FROM record r WHERE r.id IN " + db.In(len(args)+1, len(ids)) + " AND " + where
	for _, id := range ids {
		args = append(args, id)
	}
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read references: %w", err)
	}
	defer rows.Close()
	visible := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		visible[id] = true
	}
	return visible, rows.Err()
}

// Many returns those of the records that the actor may see, by id. It takes
// at most a few hundred ids.
func (s *Store) Many(ctx context.Context, a access.Actor, ids []string) (map[string]*Record, error) {
	found := map[string]*Record{}
	if len(ids) == 0 {
		return found, nil
	}
	dir, err := s.parties(ctx)
	if err != nil {
		return nil, err
	}
	sc := a.Scope()
	where, args := sc.SQL()
	query := "SELECT " + columns + " FROM record r WHERE r.id IN " + db.In(len(args)+1, len(ids)) + " AND " + where
	for _, id := range ids {
		args = append(args, id)
	}
	recs, err := s.query(ctx, s.db, dir, sc, query, args...)
	if err != nil {
		return nil, err
	}
	for _, r := range recs {
		found[r.ID] = r
	}
	return found, s.clean(ctx, s.db, sc, recs...)
}

// query reads records and drops those the rule does not admit.
func (s *Store) query(ctx context.Context, q db.Querier, dir Directory, sc access.Scope, query string, args ...any) ([]*Record, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read records: %w", err)
	}
	defer rows.Close()
	var recs []*Record
	for rows.Next() {
		var w row
		if err := rows.Scan(w.dest()...); err != nil {
			return nil, fmt.Errorf("read records: %w", err)
		}
		rec, err := w.record(s.kinds, dir, s.cacheFor(q))
		if err != nil {
			return nil, err
		}
		if sc.May(rec.Subject()) {
			recs = append(recs, rec)
		}
	}
	return recs, rows.Err()
}

// ByKey returns the id of the record that another system calls key, if the
// actor may see it; "" otherwise.
func (s *Store) ByKey(ctx context.Context, a access.Actor, key string) (string, error) {
	where, args := a.Scope().SQL()
	query := fmt.Sprintf("SELECT r.id FROM record r JOIN record_key k ON k.n = r.n WHERE k.key = $%d AND %s", len(args)+1, where)
	var id string
	err := s.db.QueryRow(ctx, query, append(args, key)...).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

// Trail is the audit trail of a party, or of all with "", newest first; who may
// see it is for the caller, because entries are no records.
func (s *Store) Trail(ctx context.Context, party string, before int64, limit int) ([]audit.Entry, error) {
	return audit.Page(ctx, s.db, party, "", before, limit)
}
